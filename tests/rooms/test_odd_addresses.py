"""Whatever an address or a form holds, a page answers with a sentence, never a 500."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.book import Book
from tests.rooms.cast import AT, PASSWORD, Cast
from tests.rooms.dayend.test_dayend import make_run
from tests.rooms.test_pages import LAST, book, loans, signed_in, text_of  # noqa: F401

LONG = "9" * 3_000
PARSED = {"as_of", "page", "least", "currency", "q"}
ODD = [
    "",
    "-1",
    "0",
    "99999",
    LONG,
    "abc",
    "1e400",
    "NaN",
    "\x00",
    "a=\x00",
    "é贷\u202e",
]
ODD += ["' or 1=1 --", "<script>", "%s%n", "{x}", "2026-02-30", "9999-12-31", "١٢"]
ODD += ["../../etc/passwd", "https://evil.example/", "0001-01-01", "M2-M9", "\ud800"]
NAMES = [
    "as_of",
    "page",
    "sort",
    "bucket",
    "branch",
    "product",
    "officer",
    "least",
    "text",
    "view",
    "unit",
    "currency",
    "q",
    "plan",
    "payments",
    "kind",
    "reason",
    "on",
    "next",
    "source",
    "step",
    "mapping",
    "accept_good",
    "username",
    "password",
    "language",
    "theme",
    "density",
    "product[]",
]


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every route of the site with its name."""
    for each in resolver.url_patterns:
        route = prefix + str(each.pattern)
        if isinstance(each, URLPattern):
            yield route, each.lookup_str
        else:
            yield from addresses(each, route)


OPEN_TO_ALL = ("sign-in/", "language/")
ROUTES = [route for route, _ in addresses(get_resolver())]
# One book for the routes that begin alike: making it costs more than asking them.
GROUPS: dict[str, list[str]] = {}
for _route in ROUTES:
    _parts = _route.split("/")
    _begin = _parts[:3] if _parts[0] == "api" else _parts[:1]
    GROUPS.setdefault("/".join(_begin), []).append(_route)


def filled(route: str, number: str) -> str:
    """A route with a number, or a word, in its gaps."""
    route = re.sub(r"<int:\w+>", number, route)
    return "/" + re.sub(r"<\w+:\w+>", "0" * 64, route)


Clients = dict[str, Client]


@pytest.fixture
def clients(book: Book, cast: Cast) -> Clients:  # noqa: F811
    """Somebody of each role, one who only reads, and nobody."""
    people.create_user(
        username="ada", password=PASSWORD, role="admin", by="test", at=AT
    )
    make_run(LAST)
    known = {name: signed_in(name) for name in ("mei", "arun", "sam", "ada")}
    found = known | {"nobody": Client()}
    for client in found.values():
        client.raise_request_exception = False
    return found


@contextmanager
def as_if_alone(clients: Clients) -> Iterator[Clients]:
    """The clients as they were; whatever is written and said to them is forgotten."""
    kept = {name: Client(raise_request_exception=False) for name in clients}
    for name, client in kept.items():
        held = clients[name].cookies
        client.cookies = SimpleCookie({key: held[key].value for key in held})
    with transaction.atomic():
        yield kept
        transaction.set_rollback(True)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Which values of addresses and forms were read since it was emptied."""
    names: set[str] = set()

    def watch(method: str, *, every: bool) -> None:
        real = getattr(QueryDict, method)

        def watched(self: QueryDict, *args: object, **more: object) -> object:
            names.update(NAMES if every else [str(args[0])])
            return real(self, *args, **more)

        monkeypatch.setattr(QueryDict, method, watched)

    for method in ("__getitem__", "get", "getlist"):
        watch(method, every=False)
    for method in ("items", "lists", "values", "dict", "urlencode", "copy"):
        watch(method, every=True)
    return names


def test_the_walk_finds_the_pages() -> None:
    assert {"", "ledger/", "loans/<int:loan_id>/", "day-end/ask/"} <= set(ROUTES)
    assert len(ROUTES) >= 14


def answered(response: object, asked: str) -> None:
    assert response.status_code < 500, f"{response.status_code}: {asked}"
    if response.status_code in (400, 404):
        text = re.sub(r"<[^>]+>|\s+", " ", text_of(response))
        assert len(text.split()) > 5, f"no sentence: {asked}"


def posted(route: str) -> bool:
    """Whether a form is sent there: what signs out would end the walk."""
    return "sign-out" not in route


@pytest.mark.parametrize("group", GROUPS)
def test_an_address_is_answered(
    clients: Clients,
    loans: list[Loan],  # noqa: F811
    group: str,
) -> None:
    odd = f"?as_of={LONG}&page=-1&sort=foo&product[]=%00"
    for route in GROUPS[group]:
        with as_if_alone(clients) as alone:
            address = filled(route, str(loans[0].pk))
            for name, client in alone.items():
                answered(client.get(address + odd), f"{name} {address}{odd[:40]}")
                if posted(route):
                    answered(client.post(address), f"{name} POST {address}")
            for number in ("0", "9" * 19, "9" * 40) if "<int:" in route else ():
                address = filled(route, number)
                answered(alone["ada"].get(address), f"ada {address}")
                answered(alone["arun"].get(address), f"arun {address}")
                if posted(route):
                    answered(alone["ada"].post(address), f"ada POST {address}")


@pytest.mark.parametrize("group", GROUPS)
def test_odd_values_are_answered(
    clients: Clients,
    loans: list[Loan],  # noqa: F811
    read: set[str],
    group: str,
) -> None:
    for route in GROUPS[group]:
        address = filled(route, str(loans[0].pk))
        names = ("ada", "nobody") if route in OPEN_TO_ALL else ("ada",)
        with as_if_alone(clients) as alone:
            for name in names:
                for how in ("get", "post") if posted(route) else ("get",):
                    ask_oddly(alone[name], how, address, read)


def ask_oddly(client: Client, how: str, address: str, read: set[str]) -> None:
    """Send every odd value under every name, but to pages that read none of them."""
    for odd in ODD:
        given = dict.fromkeys(NAMES, odd.encode("utf-8", "surrogatepass"))
        read.clear()
        answered(getattr(client, how)(address, given), f"{how} {address} {odd[:40]!r}")
        if not read & set(NAMES):
            return


def test_who_reads_what_is_noticed(clients: Clients, read: set[str]) -> None:
    clients["arun"].get("/search/?q=x")
    assert "q" in read
    read.clear()
    clients["arun"].get("/organisation/?q=x")
    assert not read & set(NAMES)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/", "currency"),
        ("/ledger/", "as_of page least sort bucket branch text view unit currency"),
        ("/search/", "q"),
        ("/loans/{loan}/", "as_of plan payments"),
    ],
)
def test_one_odd_value_alone_is_shown_or_left_out(
    clients: Clients,
    loans: list[Loan],  # noqa: F811
    address: str,
    names: str,
) -> None:
    address = address.format(loan=loans[0].pk)
    for place, name in enumerate(names.split()):
        # What is parsed is asked for everything, a mere word for a third of it each.
        for odd in ODD if name in PARSED else ODD[place % 3 :: 3]:
            if (name, odd) == ("as_of", "0001-01-01") and "loans" in address:
                continue  # a day before the loan: 404, and asked below
            content = odd.encode("utf-8", "surrogatepass")
            response = clients["arun"].get(address, {name: content})
            assert response.status_code in (200, 302), f"{address} {name}={odd!r}"


@pytest.mark.parametrize("as_of", ["2020-01-01", "2025-12-31", "0001-01-01"])
def test_a_day_before_the_loan_says_so(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
    as_of: str,
) -> None:
    address = f"/loans/{loans[0].pk}/?as_of={as_of}"
    mei = signed_in("mei").get(address)
    assert mei.status_code == 404 and as_of in text_of(mei)
    bola = signed_in("bola").get(address)
    assert bola.status_code == 404 and "2026-01-01" not in text_of(bola)


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("abc", "“abc” is no date"),
        ("2026-02-30", "“2026-02-30” is no date"),
        ("2026-03-20", "2026-03-20 is not closed yet"),
        ("2031-01-01", "2031-01-01 is not closed yet"),
    ],
)
def test_a_day_that_cannot_be_shown_is_told(
    book: Book,  # noqa: F811
    loans: list[Loan],  # noqa: F811
    as_of: str,
    told: str,
) -> None:
    page = text_of(signed_in("mei").get(f"/loans/{loans[0].pk}/?as_of={as_of}"))
    assert told in page and "Why 46 days late?" in page
    ledger = text_of(signed_in("mei").get(f"/ledger/?as_of={as_of}"))
    assert (told if "no date" in told else "has no closed day") in ledger


def test_djangos_own_language_switch_is_not_there(clients: Clients) -> None:
    assert clients["mei"].get("/i18n/setlang/").status_code == 404
