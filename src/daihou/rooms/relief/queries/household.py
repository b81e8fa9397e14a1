"""Plans for households as pages and programs get them, and the facts behind the class."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from daihou.engine.commitments.recoverability import Facts
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.casework import door as casework
from daihou.rooms.ledger import door as ledger
from daihou.rooms.relief import sealing
from daihou.rooms.relief.models import HouseholdPlan

YEAR = 365


@dataclass(frozen=True, slots=True)
class SourceLine:
    """What the household can pay from."""

    kind: str
    amount: int
    every: str
    from_on: date
    note: str


@dataclass(frozen=True, slots=True)
class MeansLine:
    """A means in its place."""

    id: int
    place: int
    code: str
    planned_on: date
    done_on: date | None
    outcome: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """What is to have come in by a day; `reached` once it did."""

    on: date
    amount: int
    reached: bool


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A whole plan; amounts in minor units of `currency`."""

    id: int
    customer_id: int
    loan_id: int
    currency: str
    branch: str
    product: str
    officer: str
    state: str
    proposed: str
    because: Any
    confirmed: str
    confirmed_by: str
    confirmed_why: str
    review_on: date
    willingness: str
    story: str
    owner: str
    owed_then: int
    goal: int
    goal_on: date
    got: int
    began_on: date
    next_on: date
    stuck_because: str
    ended_on: date | None
    version: int
    sources: tuple[SourceLine, ...] = ()
    means: tuple[MeansLine, ...] = ()
    targets: tuple[TargetLine, ...] = ()

    @property
    def share(self) -> int:
        """Per cent of the goal that came in, at most 100."""
        return min(100, 100 * self.got // self.goal)

    @property
    def runs(self) -> bool:
        """Whether it is still worked."""
        return self.state in ("running", "stuck")


_PLAIN = [
    name
    for name in PlanLine.__slots__
    if name not in ("confirmed_why", "story", "sources", "means", "targets")
]


def _line(row: HouseholdPlan, *, whole: bool) -> PlanLine:
    values = {name: getattr(row, name) for name in _PLAIN}
    values["confirmed_why"] = sealing.opened(row.confirmed_why)
    values["story"] = sealing.opened(row.story)
    if whole:
        values["sources"] = tuple(
            SourceLine(s.kind, s.amount, s.every, s.from_on, sealing.opened(s.note))
            for s in row.sources.order_by("pk")
        )
        values["means"] = tuple(
            MeansLine(
                m.pk,
                m.place,
                m.code,
                m.planned_on,
                m.done_on,
                sealing.opened(m.outcome),
            )
            for m in row.means.order_by("place")
        )
        values["targets"] = tuple(
            TargetLine(t.on, t.amount, row.got >= t.amount)
            for t in row.targets.order_by("on")
        )
    return PlanLine(**values)


def plan_of(customer_id: int, *, scope: Scope) -> PlanLine | None:
    """The newest plan of a customer within the scope."""
    rows = scope.limit(HouseholdPlan.objects.filter(customer_id=customer_id))
    row = rows.order_by("-id").first()
    return None if row is None else _line(row, whole=True)


def plan(plan_id: int, *, scope: Scope) -> PlanLine:
    """One plan, or NotFound outside the scope."""
    row = scope.limit(HouseholdPlan.objects.filter(pk=plan_id)).first()
    if row is None:
        raise no_such(plan_id)
    return _line(row, whole=True)


def no_such(plan_id: int) -> NotFound:
    """There is none with this number that may be seen."""
    return NotFound(
        "household_unknown",
        _("There is no household plan %(id)s among what you may see.")
        % {"id": plan_id},
    )


def plans(*, scope: Scope, stuck: bool = False, limit: int = 100) -> Sequence[PlanLine]:
    """Plans that run, what is due next first; only stuck ones if wished."""
    rows = scope.limit(HouseholdPlan.objects.all())
    states = ["stuck"] if stuck else ["running", "stuck"]
    rows = rows.filter(state__in=states).order_by("next_on", "id")
    return [_line(row, whole=False) for row in rows[:limit]]


def after(
    key: int, *, scope: Scope, limit: int, stuck: bool = False
) -> Sequence[PlanLine]:
    """Plans that run in order of their numbers, those after one; for programs."""
    states = ["stuck"] if stuck else ["running", "stuck"]
    rows = scope.limit(HouseholdPlan.objects.filter(pk__gt=key, state__in=states))
    return [_line(row, whole=False) for row in rows.order_by("pk")[:limit]]


def household_seen(ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """Which of some plans lie within a scope."""
    keys = [int(each) for each in ids if each.isdigit()]
    rows = scope.limit(HouseholdPlan.objects.filter(pk__in=keys))
    return frozenset(str(pk) for pk in rows.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Owing:
    """A customer's loans within a scope: the largest, all that is overdue."""

    loan: ledger.reading.LoanLine
    overdue: int
    facts: Facts


def owing(customer_id: int, *, on: date, scope: Scope) -> Owing:
    """What a household owes and what is known of it; NotFound outside the scope."""
    owed = ledger.reading.owed_by(customer_id, scope=scope)
    ids = [each.loan_id for each in owed] or [
        loan for loan, _number in ledger.reaching.loans_of(customer_id, scope=scope)
    ]
    if not ids:
        raise NotFound(
            "customer_unknown",
            _("There is no live loan of this customer among what you may see."),
        )
    largest = (
        max((each.outstanding_total, each.loan_id) for each in owed)[1]
        if owed
        else ids[0]
    )
    line = ledger.reading.lines_of([largest], scope=scope)[largest]
    money = ledger.relieving.money_since(ids, since=on - timedelta(days=YEAR))
    paid = [each.on for each in money if each.amount > 0 and each.ends_on is None]
    case = casework.case_of(customer_id)
    facts = Facts(
        dpd=max((each.dpd for each in owed), default=0),
        days_since_paid=(on - max(paid)).days if paid else None,
        broken_promises=casework.broken_promises(customer_id) if case else 0,
        reachable=bool(ledger.reaching.ways(customer_id)),
        secured=ledger.relieving.secured(ids),
    )
    overdue = sum(each.overdue_total for each in owed)
    return Owing(line, overdue, facts)
