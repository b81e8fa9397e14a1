"""Who works cases: what they see, can and hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Sum

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Assignment, Case, Seat
from daihou.rooms.casework.states import Lifecycle, Method
from daihou.rooms.people import door as people

_ANEW: Final = (Method.BATCH.value, Method.MANUAL.value, Method.NEXT.value)


@dataclass(frozen=True, slots=True)
class Taker:
    """A collector who may be given cases; amounts in minor units.

    `most_cases` and `most_amount` are their own limits (None: the queue's). `away`: off
    duty, on leave, or put aside. `leads`: they manage cases, and are given none by
    themselves unless they have a seat.
    """

    login: str
    name: str
    team: str
    scope: Scope
    skills: frozenset[str]
    languages: frozenset[str]
    queues: frozenset[str]
    most_cases: int | None
    most_amount: int | None
    most_a_day: int | None
    away: bool
    leads: bool
    cases: int
    amount: int

    def sees(self, branch: str, product: str, officer: str) -> bool:
        """Whether a case of this branch, product and officer lies in their scope."""
        return self.scope.allows(branch, product=product, officer=officer)


def takers(
    *,
    logins: Sequence[str] | None = None,
    away: frozenset[str] = frozenset(),
    counted: bool = True,
) -> Mapping[str, Taker]:
    """Everybody who works cases and is on duty, by login; a handful of queries.

    Not `counted`: what they hold is left at nothing, where nobody asks for it (it is
    a look at every open case).
    """
    wanted = None if logins is None else set(logins)
    seats = {row.username: row for row in Seat.objects.all()}
    held = _held() if counted else {}
    return {
        each.username: _made(
            each,
            seats.get(each.username),
            held.get(each.username, (0, 0)),
            away=each.username in away,
        )
        for each in people.people()
        if (wanted is None or each.username in wanted)
        and each.active
        and each.may(people.Permission.WORK_CASES)
    }


def taker_of(person: people.Person) -> Taker:
    """Somebody who works cases, alone; two queries."""
    seat = Seat.objects.filter(username=person.username).first()
    mine = Case.objects.filter(
        lifecycle=Lifecycle.OPEN.value, held=False, collector=person.username
    ).aggregate(cases=Count("pk"), amount=Sum("overdue_total"))
    held = (int(mine["cases"]), int(mine["amount"] or 0))
    return _made(person, seat, held, away=False)


def given_on(day: date, *, login: str = "") -> Mapping[str, int]:
    """How many cases each was given anew on a business day, by login.

    What they had before, stood in for or got back by an undo does not count.
    """
    rows = Assignment.objects.filter(business_date=day, method__in=_ANEW)
    rows = rows.filter(collector=login) if login else rows.exclude(collector="")
    found = rows.values("collector").annotate(cases=Count("case", distinct=True))
    return {row["collector"]: row["cases"] for row in found}


def _made(
    person: people.Person, seat: Seat | None, held: tuple[int, int], *, away: bool
) -> Taker:
    leads = seat is None and person.may(people.Permission.MANAGE_CASES)
    seat = seat or Seat(username=person.username)
    return Taker(
        login=person.username,
        name=person.name,
        team=person.branch or "",
        scope=person.scope,
        skills=frozenset(seat.skills),
        languages=frozenset(seat.languages),
        queues=frozenset(seat.queues),
        most_cases=seat.most_cases,
        most_amount=seat.most_amount,
        most_a_day=seat.most_a_day,
        away=away or seat.away,
        leads=leads,
        cases=held[0],
        amount=held[1],
    )


def _held() -> dict[str, tuple[int, int]]:
    """How many cases each has in hand, and how much is overdue on them."""
    rows = (
        Case.objects.filter(lifecycle=Lifecycle.OPEN.value, held=False)
        .exclude(collector="")
        .values("collector")
        .annotate(cases=Count("pk"), amount=Sum("overdue_total"))
    )
    return {row["collector"]: (row["cases"], row["amount"]) for row in rows}
