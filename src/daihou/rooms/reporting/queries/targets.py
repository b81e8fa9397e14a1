"""Targets of a month as they stand, and how far each has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Target
from daihou.rooms.reporting.queries.work.money import Came, came
from daihou.rooms.reporting.states import Measure, Whose

Key = tuple[str, str]  # whose, and the code of the unit or the login
_UNITS = {"branch": Whose.BRANCH, "team": Whose.TEAM, "agency": Whose.TEAM}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can have a target: the house, a unit or a person; `depth` indents."""

    whose: Whose
    code: str
    name: str
    depth: int = 0

    @property
    def key(self) -> Key:
        """What a target of theirs is kept under."""
        return (self.whose.value, self.code)


@dataclass(frozen=True, slots=True)
class Progress:
    """Targets and what came; minor units and cases, None without a target."""

    owner: Owner
    cash_target: int | None
    cash: int
    cured_target: int | None
    cured: int

    @property
    def cash_share(self) -> Fraction | None:
        """How much of the target for cash is there."""
        return Fraction(self.cash, self.cash_target) if self.cash_target else None

    @property
    def cured_share(self) -> Fraction | None:
        """How much of the target for cases is there."""
        return Fraction(self.cured, self.cured_target) if self.cured_target else None

    @property
    def has_one(self) -> bool:
        """Whether there is a target at all."""
        return self.cash_target is not None or self.cured_target is not None


def owners(person: people.Person) -> Sequence[Owner]:
    """Everybody in the reader's sight who can have a target, units as in the tree."""
    scope = person.scope
    found = [Owner(Whose.HOUSE, "", "")] if scope.everything else []
    workers: dict[str, list[Owner]] = {}
    for each in people.people():
        if each.active and each.may(people.Permission.WORK_CASES):
            one = Owner(Whose.PERSON, each.username, each.name)
            workers.setdefault(each.branch or "", []).append(one)
    for unit in people.unit_choices():
        if not scope.everything and not scope.allows(unit.code):
            continue
        whose = _UNITS.get(unit.kind)
        depth = unit.depth
        if whose is not None:
            found.append(Owner(whose, unit.code, unit.name, depth))
        found += [
            Owner(one.whose, one.code, one.name, depth + 1)
            for one in workers.get(unit.code, ())
        ]
    if scope.everything:
        found += [
            Owner(one.whose, one.code, one.name, 1) for one in workers.get("", ())
        ]
    return found


def any_in(month: str) -> bool:
    """Whether anybody has a target for a month."""
    return Target.objects.filter(month=month).exists()


def standing(month: str, *, currency: str) -> Mapping[tuple[Key, str], int]:
    """The targets of a month that stand, by owner and measure."""
    rows = (
        Target.objects.filter(month=month, currency__in=(currency, ""))
        .order_by("whose", "code", "measure", "-id")
        .distinct("whose", "code", "measure")
    )
    return {
        ((row.whose, row.code), row.measure): row.amount
        for row in rows
        if row.amount is not None
    }


def first_day(month: str) -> date:
    """The first day of YYYY-MM."""
    return date.fromisoformat(f"{month}-01")


def last_day(month: str) -> date:
    """The last day of YYYY-MM."""
    return (first_day(month) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def progress(
    person: people.Person, month: str, *, today: date, currency: str
) -> Sequence[Progress]:
    """Everybody in sight with their targets and what came up to `today`.

    Cash on loans while they are in a case, as the reports count it: each payment once.
    """
    told = standing(month, currency=currency)
    until = min(today, last_day(month))
    since = first_day(month) - timedelta(days=1)
    brought = _nothing()
    if until > since:
        brought = came(scope=person.scope, since=since, until=until, currency=currency)
    units = {each.username: each.branch or "" for each in people.people()}
    return [
        Progress(
            owner=owner,
            cash_target=told.get((owner.key, Measure.CASH.value)),
            cash=_of(owner, brought.cash, units),
            cured_target=told.get((owner.key, Measure.CURED.value)),
            cured=_of(owner, brought.cured, units),
        )
        for owner in owners(person)
    ]


def _nothing() -> Came:
    return Came({}, {})


def _of(
    owner: Owner, sums: Mapping[tuple[str, str], int], units: Mapping[str, str]
) -> int:
    """The part of an owner in what came by branch of the case and hand."""
    match owner.whose:
        case Whose.HOUSE:
            return sum(sums.values())
        case Whose.BRANCH:
            return sum(n for (branch, _hand), n in sums.items() if branch == owner.code)
        case Whose.TEAM:
            return sum(
                n
                for (_branch, hand), n in sums.items()
                if units.get(hand) == owner.code
            )
        case Whose.PERSON:
            return sum(n for (_branch, hand), n in sums.items() if hand == owner.code)
