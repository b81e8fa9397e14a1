"""How a signed-in person is named in the top bar, and what they see, in words."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from daihou.kit import shell
from daihou.kit.scope import Scope
from daihou.rooms.people import door
from daihou.rooms.people.permissions import Reach
from daihou.rooms.people.queries import Person
from daihou.rooms.people.words import product_name, reach_word


def person(request: HttpRequest) -> shell.Person | None:
    """The person behind a request, or None when nobody is signed in."""
    known: Person | None = getattr(request, "person", None)
    if known is None:
        return None
    user = request.user  # how the page looks is the choice of who sits before it
    return shell.Person(
        name=known.name,
        role=known.role_name,
        scope=SimpleLazyObject(lambda: sight(known)),  # a piece of a page has no bar
        theme=user.theme if user.is_authenticated else known.theme,
        density=user.density if user.is_authenticated else known.density,
    )


def sight(person: Person) -> str:
    """What somebody sees, in a few words: everything, a unit, their own."""
    ways = person.scope.ways
    if person.scope.everything:
        words = [gettext("All branches")]
    elif not ways:
        words = [gettext("None")]
    else:
        words = [_way(way, person) for way in ways]
    return ", ".join(dict.fromkeys(words))


def _way(way: Scope, person: Person) -> str:
    if way.officers == {person.username}:
        words = reach_word(Reach.OWN)
    elif way.officers is not None:
        words = gettext("Loans of %(officers)s") % {
            "officers": listed(sorted(way.officers))
        }
    elif way.branches is None:
        words = gettext("All branches")
    else:
        names = door.branch_names(language=get_language() or "zh-hans")
        words = listed([names.get(code, code) for code in sorted(way.branches)])
    if way.products is None:
        return words
    products = listed([product_name(code) for code in sorted(way.products)])
    return gettext("%(sight)s (%(products)s only)") % {
        "sight": words,
        "products": products,
    }


def listed(words: list[str], *, most: int = 3) -> str:
    """The first few of many words, and how many more there are."""
    told = ", ".join(words[:most])
    more = len(words) - most
    return (
        told
        if more <= 0
        else gettext("%(told)s and %(more)s more")
        % {
            "told": told,
            "more": more,
        }
    )


def viewing(request: HttpRequest) -> Person | None:
    """The person whose eyes an administrator looks through, for the banner."""
    known: Person | None = getattr(request, "person", None)
    return known if known is not None and known.viewing_as else None


def covering(request: HttpRequest) -> str | None:
    """Whom the person stands in for today, for the banner."""
    known: Person | None = getattr(request, "person", None)
    return ", ".join(known.covering) if known is not None and known.covering else None
