"""The floor of a lender: who works there, what day it is, what is known to nobody else."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock_time
from typing import Any, Final, TypeVar

from daihou.kit.refusal import Refused
from daihou.rooms.casework import door as casework
from daihou.rooms.people import door as people
from daihou.rooms.relief import door as relief
from daihou.town import reading
from daihou.town.characters import Character, Coming, character, draw
from daihou.town.outside import Outside
from daihou.town.products import OFFICES
from daihou.town.rates import RATES, Rates

T = TypeVar("T")
BY: Final = "town"
HEAD: Final = "town-head"
# Nobody signs in to a town that lives; the words only have to be strong enough.
_WORDS: Final = "qingjiang-%s-lives-here-2026"
_BEIJING: Final = 8  # hours ahead of UTC


def at_hour(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant of a day by the clock of Beijing."""
    assert _BEIJING <= hour <= 23, hour  # earlier is another day in UTC
    return datetime.combine(day, clock_time(hour - _BEIJING, minute, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Staff:
    """Logins by what they do; `home` is the branch of each."""

    collectors: tuple[str, ...]
    supervisors: tuple[str, ...]
    managers: tuple[str, ...]
    risk: tuple[str, ...]
    finance: str
    home: Mapping[str, str]

    @property
    def deciders(self) -> tuple[str, ...]:
        """Everybody who decides on what others ask."""
        return (*self.supervisors, *self.managers, *self.risk)


@dataclass(frozen=True, slots=True)
class Pledge:
    """Money that somebody said would come, with the loans it is meant for."""

    coming: Coming
    customer_id: int
    loan_ids: tuple[int, ...]
    why: str  # promise, plan, settlement, waiver


@dataclass(slots=True)
class Floor:
    """All that the town remembers while it lives; the rest is in the rooms."""

    seed: int
    staff: Staff
    outside: Outside
    day: date
    rates: Rates = RATES
    seconds: Callable[[], float] = time.perf_counter
    customers: dict[int, str] = field(default_factory=dict)
    loans: dict[int, str] = field(default_factory=dict)
    pledges: list[Pledge] = field(default_factory=list)
    bounces: list[tuple[date, int]] = field(default_factory=list)  # (day, payment)
    offers: dict[int, str] = field(default_factory=dict)  # relief -> who asked
    back_on: dict[str, date] = field(default_factory=dict)  # who is ill, until when
    cash: Counter[date] = field(default_factory=Counter)
    counts: Counter[tuple[date, str]] = field(default_factory=Counter)
    took: dict[str, list[float]] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)  # each one's last case and loan
    serial: int = 0
    _people: dict[str, people.Person] = field(default_factory=dict)

    def new_day(self, day: date) -> None:
        """It is another day: rights are looked up anew, and who came to the book."""
        self.day = day
        self._people.clear()
        self.customers.update(reading.ids("ledger_customer"))
        self.loans.update(reading.ids("ledger_loan"))

    def person(self, login: str) -> people.Person:
        """Somebody of the staff, as they may and see today."""
        if login not in self._people:
            self._people[login] = people.person(login, at=at_hour(self.day, 9))
        return self._people[login]

    def deed(self, login: str, at: datetime) -> casework.Deed:
        """A deed at a case or a contact."""
        return casework.Deed(by=self.person(login), at=at, business_date=self.day)

    def asking(self, login: str, at: datetime, reason: str) -> relief.Deed:
        """A deed that is decided on by others."""
        return relief.Deed(
            by=self.person(login), at=at, business_date=self.day, reason=reason
        )

    def draw(self, *key: object) -> Any:
        """Draws of this town for a key."""
        return draw(self.seed, *key)

    def character(self, customer_id: int) -> Character:
        """How a customer is; by the id of their lender, so that a seed repeats it."""
        return character(self.seed, self.customers.get(customer_id, str(customer_id)))

    def count(self, what: str, many: int = 1) -> None:
        """Something that only the town saw happened today."""
        self.counts[self.day, what] += many

    def refused(self, error: Refused) -> None:
        """The house said no: that is counted, by its code."""
        self.count(f"refused {error.code}")

    def timed(self, name: str, do: Callable[[], T]) -> T:
        """Do it and remember how long it took."""
        began = self.seconds()
        try:
            return do()
        finally:
            self.took.setdefault(name, []).append(self.seconds() - began)

    def next_serial(self) -> int:
        """A number nobody had yet."""
        self.serial += 1
        return self.serial


def hire(*, collectors: int, at: datetime) -> Staff:
    """Make the logins and seats of a floor: each branch has its share of collectors.

    Supervisors, managers and risk sit in the head office above the branches.
    """
    by = people.process(BY)
    _head_office(people.Deed(by, at))
    homes: dict[str, str] = {}
    wanted = _shared_out(collectors)
    for office in OFFICES:
        for place in range(wanted[office.code]):
            homes[f"{office.code}-{place + 1:02d}"] = office.code
    crew = tuple(homes)
    leads = {
        "supervisor": [
            f"lead-{n + 1}" for n in range(max(2, min(4, collectors // 10)))
        ],
        "branch_manager": ["head-1", "head-2"],
        "risk": ["risk-1", "risk-2"],
        "finance": ["till"],
    }
    for login in crew:
        _login(login, "collector", homes[login], at)
    for role, logins in leads.items():
        for login in logins:
            _login(login, role, HEAD, at)
            homes[login] = HEAD
    staff = Staff(
        collectors=crew,
        supervisors=tuple(leads["supervisor"]),
        managers=tuple(leads["branch_manager"]),
        risk=tuple(leads["risk"]),
        finance="till",
        home=homes,
    )
    _seats(staff, at=at)
    return staff


def _shared_out(collectors: int) -> dict[str, int]:
    """So many for each branch as its share of the loans; one at least."""
    exact = {office.code: office.share * collectors for office in OFFICES}
    found = {code: max(1, int(many)) for code, many in exact.items()}
    order = sorted(exact, key=lambda code: (int(exact[code]) - exact[code], code))
    for code in order * collectors:
        if sum(found.values()) >= collectors:
            break
        found[code] += 1
    return found


def _head_office(deed: people.Deed) -> None:
    people.save_unit(
        code=HEAD,
        name="总部",
        name_en="Head office",
        kind="head_office",
        new=True,
        deed=deed,
    )
    for office in OFFICES:
        people.save_unit(
            code=office.code,
            name=office.name,
            name_en=office.name_en,
            parent=HEAD,
            deed=deed,
        )


def _login(login: str, role: str, unit: str, at: datetime) -> None:
    people.create_user(
        username=login,
        password=_WORDS % login,
        role=role,
        branch=unit,
        full_name=login,
        by=BY,
        at=at,
    )


def _seats(staff: Staff, *, at: datetime) -> None:
    """Every second collector knows companies, every third is trained in legal review."""
    lead = casework.Deed(
        by=people.person(staff.supervisors[0]), at=at, business_date=None
    )
    for place, login in enumerate(staff.collectors):
        skills = ["company"] * (place % 2 == 0) + ["legal"] * (place % 3 == 0)
        casework.working.save_seat(
            login,
            said=casework.working.SeatSaid(skills=tuple(skills), most_cases=400),
            deed=lead,
        )
