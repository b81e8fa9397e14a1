"""How a room says its operations: what is read and what is written, and by whom."""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any, TypeVar

from django.http import HttpRequest
from ninja import Router as NinjaRouter
from ninja.decorators import decorate_view

from daihou.kit.api.guard import Rules, guarded

Allow = Callable[[HttpRequest], None]
F = TypeVar("F", bound=Callable[..., Any])


class Router(NinjaRouter):
    """The operations of one room; the docstring of each is what the reference says."""

    def read(
        self, path: str, *, scope: str, returns: Any, allow: Allow | None = None
    ) -> Callable[[F], F]:
        """Answer GET at `path` for tokens with `scope`; nothing is changed by it.

        `allow` raises for a person who may not, before anything else is looked at.
        """
        return self._operation("GET", path, Rules(scope, allow=allow), returns)

    def write(
        self,
        path: str,
        *,
        scope: str,
        returns: Any,
        allow: Allow | None = None,
        words: bool = True,
    ) -> Callable[[F], F]:
        """Answer POST at `path` for tokens with `scope`, once for each key.

        With `dry_run=true` all of it is done and then undone. `words=False` where the
        room looks at what the texts say itself.
        """
        rules = Rules(scope, writes=True, words=words, allow=allow)
        return self._operation("POST", path, rules, returns)

    def reckon(self, path: str, *, scope: str, returns: Any) -> Callable[[F], F]:
        """Answer POST at `path` with what follows from what was sent alone."""
        return self._operation("POST", path, Rules(scope), returns)

    def _operation(
        self, method: str, path: str, rules: Rules, returns: Any
    ) -> Callable[[F], F]:
        def register(view: F) -> F:
            summary, _, rest = cleandoc(view.__doc__ or "").partition("\n")
            decorate_view(guarded(rules))(view)
            view.rules = rules  # type: ignore[attr-defined]
            self.add_api_operation(
                path,
                [method],
                view,
                response=returns,
                operation_id=view.__name__,
                url_name=view.__name__,
                summary=summary,
                description=rest.strip() or " ",
            )
            return view

        return register
