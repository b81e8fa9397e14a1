"""What every page carries around its content: navigation, date, person, theme.

Rooms register their part at start-up, so that the kit knows none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy

THEMES = ("light", "dark", "auto")
DENSITIES = ("compact", "cozy", "roomy")


class Group(StrEnum):
    """What stands together in the navigation, in the order of a day's work.

    The first has no heading: it is what one begins with, and the bar of a phone.
    """

    TODAY = "today"
    COLLECT = "collect"
    BOOK = "book"
    PORTFOLIO = "portfolio"
    LAW = "law"
    SYSTEM = "system"


_HEADINGS: dict[Group, str | Promise] = {
    Group.TODAY: "",
    Group.COLLECT: pgettext_lazy("navigation group", "Collections"),
    Group.BOOK: pgettext_lazy("navigation group", "Book"),
    Group.PORTFOLIO: pgettext_lazy("navigation group", "Portfolio"),
    Group.LAW: pgettext_lazy("navigation group", "Law and audit"),
    Group.SYSTEM: pgettext_lazy("navigation group", "System"),
}
_PLACES = {group: place for place, group in enumerate(Group)}


@dataclass(frozen=True)
class Entry:
    """One line of the navigation; `key` is the letter behind G, `order` in its group.

    `also` are the beginnings of other addresses that belong to it. With `permission`
    only who holds it is shown the line, with `whole` only who sees every loan. `count`
    says how many things wait behind it.
    """

    label: str
    url_name: str
    icon: str
    key: str
    order: int
    also: tuple[str, ...] = ()
    permission: str = ""
    whole: bool = False
    count: Callable[[HttpRequest], int] | None = None
    group: Group = Group.BOOK


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the top bar names them, and how they like their pages."""

    name: str
    role: str
    scope: str
    theme: str = "auto"
    density: str = "compact"

    @property
    def initial(self) -> str:
        """The first letter or character of the name."""
        return self.name[:1].upper()


@dataclass(frozen=True)
class _Shown:
    label: str
    url: str
    icon: str
    key: str
    current: bool
    count: int
    group: Group


@dataclass(frozen=True)
class _Together:
    name: Group
    heading: str
    lines: tuple[_Shown, ...]


@dataclass(frozen=True)
class _Part:
    template: str
    read: Callable[[HttpRequest], object | None]


_entries: dict[str, Entry] = {}
_bar: dict[str, _Part] = {}
_banners: dict[str, _Part] = {}
_person: list[Callable[[HttpRequest], Person | None]] = []
_search_url_name: list[str] = []


def register_entry(entry: Entry) -> None:
    """Add a line to the navigation; the same address again replaces it."""
    _entries[entry.url_name] = entry


def entries() -> tuple[Entry, ...]:
    """Every line of the navigation there is, in order, whoever may see it."""
    return tuple(
        sorted(_entries.values(), key=lambda each: (_PLACES[each.group], each.order))
    )


def register_person(read: Callable[[HttpRequest], Person | None]) -> None:
    """Say who can name the person behind a request."""
    _person[:] = [read]


def register_search(url_name: str, *, suggest: str = "") -> None:
    """Say where the search of the top bar leads, and who suggests while one types."""
    _search_url_name[:] = [url_name, suggest]


def register_bar(template: str, read: Callable[[HttpRequest], object | None]) -> None:
    """Put a small template into the top bar; what `read` finds is its `part`.

    Nothing is drawn where it finds None. The same template again replaces it.
    """
    _bar[template] = _Part(template, read)


def register_banner(
    template: str, read: Callable[[HttpRequest], object | None]
) -> None:
    """Put a line above every page, like that of the simulated clock; see above."""
    _banners[template] = _Part(template, read)


def _parts(of: dict[str, _Part], request: HttpRequest) -> list[dict[str, object]]:
    found = [(each.template, each.read(request)) for each in of.values()]
    return [
        {"template": template, "part": part}
        for template, part in found
        if part is not None
    ]


def _navigation(request: HttpRequest) -> list[_Shown]:
    shown, path = [], request.path
    for entry in entries():
        if entry.permission and not request.person.may(entry.permission):
            continue
        if entry.whole and not request.person.scope.everything:
            continue
        url = reverse(entry.url_name)
        current = path == url if url == "/" else path.startswith((url, *entry.also))
        count = entry.count(request) if entry.count is not None else 0
        label = str(entry.label)
        shown.append(
            _Shown(label, url, entry.icon, entry.key, current, count, entry.group)
        )
    return shown


def _groups(lines: Callable[[], list[_Shown]]) -> list[_Together]:
    """The lines by group; a group that holds nothing for this person is not there."""
    return [
        _Together(group, str(_HEADINGS[group]), tuple(together))
        for group, together in groupby(lines(), key=lambda line: line.group)
    ]


def _suggest_url() -> str:
    name = _search_url_name[1] if _search_url_name else ""
    return reverse(name) if name else ""


def _tenant() -> str:
    chinese = (get_language() or "zh-hans").startswith("zh")
    return str(settings.LENDER_NAME if chinese else settings.LENDER_NAME_EN)


def context(request: HttpRequest) -> dict[str, dict[str, object]]:
    """Template context processor: everything under the name `shell`."""
    person = _person[0](request) if _person else None
    # The choice is the person's; the cookie serves the page where nobody is known.
    choice = person.theme if person else request.COOKIES.get("daihou_theme", "auto")
    choice = choice if choice in THEMES else "auto"
    density = person.density if person else "compact"
    shell: dict[str, object] = {
        "theme_choice": choice,
        "theme": "dark" if choice == "dark" else "light",
        "density": density if density in DENSITIES else "compact",
        "tenant": _tenant(),
        "frame": "kit/base.html" if person else "kit/plain.html",
    }
    if person is not None:
        # Called by the templates that draw them: a piece of a page asks for nothing.
        lines = cache(partial(_navigation, request))  # drawn twice
        shell |= {
            "person": person,
            "navigation": lines,
            "groups": partial(_groups, lines),
            "search_url": reverse(_search_url_name[0]) if _search_url_name else "/",
            "suggest_url": _suggest_url(),
            "bar": partial(_parts, _bar, request),
            "banners": partial(_parts, _banners, request),
            "business_date": lambda: (day := request.business_day()) and day.on,
            "simulated": lambda: bool(
                (day := request.business_day()) and day.simulated
            ),
        }
    return {"shell": shell}
