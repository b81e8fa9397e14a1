"""How a signed-in person is named in the top bar."""

from django.http import HttpRequest
from django.utils.translation import get_language, gettext

from daihou.kit import shell
from daihou.rooms.people import door
from daihou.rooms.people.words import role_word


def person(request: HttpRequest) -> shell.Person | None:
    """The person behind a request, or None when nobody is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    known = door.person_of(user)
    scope = gettext("All branches")
    if not known.scope.everything:
        names = door.branch_names(language=get_language() or "zh-hans")
        codes = sorted(known.scope.branches or ())
        scope = ", ".join(names.get(code, code) for code in codes) or gettext("None")
    return shell.Person(
        name=known.name,
        role=role_word(known.role),
        scope=scope,
        theme=known.theme,
        density=known.density,
    )
