"""Whatever an address or a form holds, a page answers with a sentence, never a 500."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from daihou.rooms.ledger.models import Loan
from daihou.rooms.people import door as people
from tests.rooms.book import Book
from tests.rooms.cast import AT, PASSWORD, Cast
from tests.rooms.test_dayend import make_run
from tests.rooms.test_pages import LAST, book, loans, signed_in, text_of  # noqa: F401

LONG = "9" * 3_000
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


def filled(route: str, number: str) -> str:
    """A route with a number, or a word, in its gaps."""
    route = re.sub(r"<int:\w+>", number, route)
    return "/" + re.sub(r"<\w+:\w+>", "0" * 64, route)


@pytest.fixture
def clients(book: Book, cast: Cast) -> dict[str, Client]:  # noqa: F811
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


def test_the_walk_finds_the_pages() -> None:
    assert {"", "ledger/", "loans/<int:loan_id>/", "day-end/ask/"} <= set(ROUTES)
    assert len(ROUTES) >= 14


def answered(response: object, asked: str) -> None:
    assert response.status_code < 500, f"{response.status_code}: {asked}"
    if response.status_code in (400, 404):
        text = re.sub(r"<[^>]+>|\s+", " ", text_of(response))
        assert len(text.split()) > 5, f"no sentence: {asked}"


@pytest.mark.parametrize("route", ROUTES)
def test_an_address_is_answered(
    clients: dict[str, Client],
    loans: list[Loan],  # noqa: F811
    route: str,
) -> None:
    numbers = ["0", str(loans[0].pk), "9" * 19, "9" * 40] if "<" in route else ["0"]
    for address in (filled(route, number) for number in numbers):
        for name, client in clients.items():
            for odd in ("", f"?as_of={LONG}", "?page=-1&sort=foo&product[]=%00"):
                answered(client.get(address + odd), f"{name} {address}{odd}")
            if "sign-out" not in route:
                answered(client.post(address), f"{name} POST {address}")


@pytest.mark.parametrize("route", ROUTES)
def test_odd_values_are_answered(
    clients: dict[str, Client],
    loans: list[Loan],  # noqa: F811
    route: str,
) -> None:
    address = filled(route, str(loans[0].pk))
    for odd in ODD:
        given = dict.fromkeys(NAMES, odd.encode("utf-8", "surrogatepass"))
        for name in ("ada", "nobody") if route in OPEN_TO_ALL else ("ada",):
            asked = f"{name} {address} {odd[:40]!r}"
            answered(clients[name].get(address, given), asked)
            if "sign-out" not in route:
                answered(clients[name].post(address, given), f"POST {asked}")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/", "currency"),
        ("/ledger/", "as_of page sort bucket branch least text view unit currency"),
        ("/search/", "q"),
        ("/loans/{loan}/", "as_of plan payments"),
    ],
)
def test_one_odd_value_alone_is_shown_or_left_out(
    clients: dict[str, Client],
    loans: list[Loan],  # noqa: F811
    address: str,
    names: str,
) -> None:
    address = address.format(loan=loans[0].pk)
    for name in names.split():
        for odd in ODD:
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


def test_djangos_own_language_switch_is_not_there(clients: dict[str, Client]) -> None:
    assert clients["mei"].get("/i18n/setlang/").status_code == 404
