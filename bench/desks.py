"""What people do at their desks: collectors, supervisors, and who looks things up."""

import http.client
import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import urlencode

from bench.cases import BOSS, PASSWORD, collectors, leads
from bench.load import name_of

BUCKETS = ("", "M1", "M2", "M3", "M4-", "M2-M3")
SORTS = ("", "-overdue", "dpd", "-outstanding", "oldest")
# Seconds that each kind of page may take at the 95th percentile.
LIMITS: Final[Mapping[str, float]] = {
    "next case": 0.2,
    "case": 0.3,
    "desk": 0.3,
    "save": 0.15,
    "floor": 0.3,
    "list": 0.3,
    "loan": 0.3,
    "search": 0.4,
    "suggest": 0.4,
}
_TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_PROBLEM: Final = re.compile(r'<p class="dh-error" role="alert">([^<]*)<')
_CASE: Final = re.compile(r'data-case="(A\d+)" data-version="(\d+)"')


@dataclass(frozen=True)
class Book:
    """What a session can ask for: numbers of loans by the login that may see them; and
    how many seconds people think between pages, on average."""

    loans: int
    numbers: Mapping[str, Sequence[int]]
    think: float


@dataclass
class Ledger:
    """What all sessions together were handed and saved, to be checked at the end."""

    handed: dict[str, str] = field(default_factory=dict)
    saved: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def hand(self, case: str, login: str) -> None:
        """A case came into somebody's hands; wrong where another has it."""
        with self._turn:
            first = self.handed.setdefault(case, login)
            if first != login:
                self.wrong.append(f"{case} was handed to {first} and to {login}")

    def save(self, case: str, login: str) -> None:
        """The site said that a result is saved."""
        with self._turn:
            self.saved.append((case, login))


class Session:
    """Somebody signed in, over one connection that is kept open."""

    def __init__(self, port: int, login: str) -> None:
        """Sign in; the page of the form gives the token first."""
        self.login = login
        self._wire = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: SimpleCookie = SimpleCookie()
        page = self.get("/sign-in/")[1]
        token = _TOKEN.search(page)
        assert token, "the sign-in page carries a token"
        form = {"username": login, "password": PASSWORD, "next": "/ledger/"}
        form["csrfmiddlewaretoken"] = token[1]
        status, _ = self._ask("POST", "/sign-in/", urlencode(form))
        assert status == 302, f"not signed in: {status}"

    def get(self, address: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask("GET", address)

    def post(self, address: str, token: str, **form: object) -> tuple[int, str]:
        """The same of what the desk sends, as its script sends it."""
        return self._ask("POST", address, urlencode(form), token=token)

    def _ask(
        self, how: str, address: str, body: str = "", *, token: str = ""
    ) -> tuple[int, str]:
        cookies = "; ".join(f"{c.key}={c.value}" for c in self._cookies.values())
        headers = {"Cookie": cookies} if cookies else {}
        if how == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if token:
            headers |= {"X-CSRFToken": token, "HX-Request": "true"}
        try:
            self._wire.request(how, address, body=body or None, headers=headers)
            answer = self._wire.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            # The site closes a connection nobody used; a browser asks again, too.
            self._wire.close()
            self._wire.request(how, address, body=body or None, headers=headers)
            answer = self._wire.getresponse()
        text = answer.read().decode()
        for value in answer.headers.get_all("Set-Cookie", []):
            self._cookies.load(value)
        return answer.status, text


# One page: its kind, and what to do for it; '' or what was wrong with the answer.
Act = tuple[str, Callable[[], str]]


def _seen(session: Session, address: str) -> str:
    status, _text = session.get(address)
    return "" if status in (200, 302) else f"{status} {address}"


def _typed(number: int, chance: random.Random) -> str:
    """What somebody types to find a loan: some of its number, or of a name."""
    name, digits = name_of(number), str(number)
    begun = digits[: max(3, len(digits) - 2)]
    return chance.choice((begun, digits[:4], name[:1], name[:2], name))


def _address(kind: str, number: int, chance: random.Random) -> str:
    if kind == "loan":
        return f"/loans/{number}/"
    if kind == "list":
        wish = {
            "bucket": chance.choice(BUCKETS),
            "sort": chance.choice(SORTS),
            "page": str(chance.randint(1, 20)),
        }
        return f"/ledger/?{urlencode({k: v for k, v in wish.items() if v})}"
    path = "/search/" if kind == "search" else "/search/suggest/"
    return f"{path}?{urlencode({'q': _typed(number, chance)})}"


_READ: Final = {"list": 4, "loan": 4, "search": 1, "suggest": 2}


def reader(
    session: Session, numbers: Sequence[int], chance: random.Random
) -> Iterator[Act]:
    """Who looks things up: the list, a loan of it, a search; for ever."""
    while True:
        (kind,) = chance.choices([*_READ], [*_READ.values()])
        address = _address(kind, chance.choice(numbers), chance)
        yield kind, partial(_seen, session, address)


def overseer(
    session: Session, numbers: Sequence[int], chance: random.Random
) -> Iterator[Act]:
    """A supervisor: the floor, and now and then the list or a loan."""
    looks_up = reader(session, numbers, chance)
    while True:
        yield "floor", partial(_seen, session, "/floor/")
        if chance.random() < 0.4:
            yield next(looks_up)


class Collector:
    """Somebody at the desk: the next case, a look at it, what came of it, the next."""

    def __init__(
        self,
        session: Session,
        numbers: Sequence[int],
        chance: random.Random,
        ledger: Ledger,
    ) -> None:
        self._session, self._numbers, self._chance = session, numbers, chance
        self._ledger, self._token = ledger, ""
        self._case, self._version = "", 0

    def acts(self) -> Iterator[Act]:
        """What they open next, for ever."""
        looks_up = reader(self._session, self._numbers, self._chance)
        yield "desk", self._open
        while True:
            yield "next case", self._take
            if self._case:
                yield "case", lambda: _seen(self._session, f"/cases/{self._case}/")
                if self._chance.random() < 0.5:
                    yield "desk", self._open
                yield "save", self._save
            if self._chance.random() < 0.5:
                yield next(looks_up)

    def _open(self) -> str:
        """The desk, with the case in hand."""
        query = f"?case={self._case}" if self._case else ""
        status, text = self._session.get(f"/desk/{query}")
        token, shown = _TOKEN.search(text), _CASE.search(text)
        self._token = token[1] if token else self._token
        if status != 200 or not self._token:
            return f"{status} /desk/{query}"
        if self._case and (not shown or shown[1] != self._case):
            return f"the desk shows another case than {self._case}"
        return ""

    def _take(self) -> str:
        """The next case; it is theirs alone."""
        status, text = self._session.post("/desk/take/", self._token)
        shown = _CASE.search(text)
        self._case = ""
        if status != 200 or not shown:
            return f"{status} /desk/take/ gave no case"
        self._case, self._version = shown[1], int(shown[2])
        self._ledger.hand(self._case, self._session.login)
        return ""

    def _save(self) -> str:
        """What came of it; the answer says that it is saved."""
        case, self._case = self._case, ""
        status, text = self._session.post(
            f"/desk/{case}/save/",
            self._token,
            code="REFUSE",
            came=1,
            version=self._version,
            note="bench",
        )
        if status != 200 or f"/desk/{case}/undo/" not in text:
            said = _PROBLEM.search(text)
            why = f": {said[1].strip()}" if said else ""
            return f"{status} the result of {case} is not said to be saved{why}"
        self._ledger.save(case, self._session.login)
        return ""


def login_of(place: int) -> tuple[str, str]:
    """(login, what they do) of a session: of ten, seven collect and one oversees."""
    kind = place % 10
    if kind < 7:
        known = collectors()
        return known[(place // 10 * 7 + kind) % len(known)][0], "collects"
    if kind == 7:
        # Every other one oversees the whole house, the others a branch.
        place //= 10
        return (BOSS if place % 2 else leads()[place % len(leads())][0]), "oversees"
    return ("risk", "supervisor")[kind - 8], "reads"


def acts_of(
    place: int, port: int, book: Book, ledger: Ledger, chance: random.Random
) -> Iterator[Act]:
    """Sign somebody in, and what they open one after the other."""
    login, does = login_of(place)
    session, numbers = Session(port, login), book.numbers[login]
    if does == "collects":
        return Collector(session, numbers, chance, ledger).acts()
    return (overseer if does == "oversees" else reader)(session, numbers, chance)
