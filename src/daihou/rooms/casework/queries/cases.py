"""Cases as others see them: one, those of a person, those after another."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.casework.models import (
    Assignment,
    Case,
    CaseFacts,
    CaseLoan,
    Commitment,
)
from daihou.rooms.casework.states import Lifecycle


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case; amounts in minor units of `currency`."""

    id: int
    number: str
    customer_id: int
    lifecycle: str
    delinquency: str
    treatment: str
    held: bool
    assignment: str
    collector: str
    team: str
    cover: str
    placement: str
    legal: str
    resolution: str
    queue: str
    segment: str
    action: str
    journey: str
    because: Mapping[str, str]
    priority: int
    expected_value: int
    currency: str
    dpd: int
    loans: int
    overdue_total: int
    outstanding_total: int
    disputed: int
    paid: int
    branch: str
    product: str
    officer: str
    opened_on: date
    opened_because: str
    reopened: int
    closed_on: date | None
    close_code: str
    last_worked_at: datetime | None
    last_worked_by: str
    next_at: datetime | None
    lawful_from: datetime | None
    taken_by: str
    taken_until: datetime | None
    version: int

    @property
    def is_open(self) -> bool:
        """Whether it is worked, or waits to be."""
        return self.lifecycle != Lifecycle.CLOSED.value

    @property
    def asked(self) -> int:
        """What the customer is asked for: overdue and not disputed, minor units."""
        return max(0, self.overdue_total - self.disputed)

    @property
    def worker(self) -> str:
        """Who works it now: the cover of its collector, or the collector."""
        return self.cover or self.collector


FIELDS = tuple(CaseLine.__dataclass_fields__)


def line(row: Case) -> CaseLine:
    """A case as it is told."""
    return CaseLine(**{name: getattr(row, name) for name in FIELDS})


def case(case_id: int, *, scope: Scope) -> CaseLine:
    """One case of the scope, or NotFound."""
    row = scope.limit(Case.objects.filter(pk=case_id)).first()
    if row is None:
        raise no_such_case(case_id)
    return line(row)


def case_numbered(number: str, *, scope: Scope) -> CaseLine:
    """The case of this number within the scope, or NotFound."""
    rows = Case.objects.filter(number=number.replace("\0", ""))
    row = scope.limit(rows).first()
    if row is None:
        raise no_such_case(number)
    return line(row)


def case_of(customer_id: int, *, scope: Scope | None = None) -> CaseLine | None:
    """The case of a customer that is not closed, within the scope if one is given."""
    rows = Case.objects.filter(customer_id=customer_id)
    rows = rows.exclude(lifecycle=Lifecycle.CLOSED.value)
    row = (rows if scope is None else scope.limit(rows)).first()
    return None if row is None else line(row)


def customers_of(case_ids: Sequence[int]) -> frozenset[int]:
    """The customers of some cases."""
    rows = Case.objects.filter(pk__in=list(case_ids))
    return frozenset(rows.values_list("customer_id", flat=True))


def broken_promises(customer_id: int) -> int:
    """How many promises of a customer were broken."""
    rows = CaseFacts.objects.filter(customer_id=customer_id)
    return rows.values_list("broken_promises", flat=True).first() or 0


def case_of_loan(loan_id: int) -> CaseLine | None:
    """The case a loan is in now; None where it is in none."""
    rows = CaseLoan.objects.filter(loan_id=loan_id, until=None)
    found = rows.select_related("case").first()
    return None if found is None else line(found.case)


def cases_of(customer_id: int, *, scope: Scope) -> Sequence[CaseLine]:
    """Every case of a customer within the scope, the newest first."""
    rows = scope.limit(Case.objects.filter(customer_id=customer_id))
    return [line(row) for row in rows.order_by("-id")]


def cases_after(
    after: int, *, scope: Scope, limit: int, **equal: Any
) -> Sequence[CaseLine]:
    """Cases of the scope with an id above `after`, by id; empty values do not narrow."""
    given = {name: value for name, value in equal.items() if value not in ("", None)}
    rows = scope.limit(Case.objects.filter(pk__gt=after, **given))
    return [line(row) for row in rows.order_by("pk")[:limit]]


def cases_seen(ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """Which of these cases, by our numbers as text, lie within the scope."""
    wanted = [int(each) for each in ids if each.isdecimal()]
    found = scope.limit(Case.objects.filter(pk__in=wanted))
    return frozenset(str(pk) for pk in found.values_list("pk", flat=True))


def no_such_case(case: int | str) -> NotFound:
    """The refusal for a case that is not there, or not for these eyes."""
    return NotFound(
        "case_unknown",
        _("There is no case %(case)s among those you may see.") % {"case": case},
        case=case,
    )


@dataclass(frozen=True, slots=True)
class LoanIn:
    """A loan of a case, by our number, and from when until when it was in it."""

    loan_id: int
    since: date
    until: date | None
    outstanding: int


def loans_in(case_id: int) -> Sequence[LoanIn]:
    """The loans of a case, those that left it too, in the order they came."""
    rows = CaseLoan.objects.filter(case=case_id).order_by("pk")
    return [
        LoanIn(each.loan_id, each.since, each.until, each.outstanding) for each in rows
    ]


@dataclass(frozen=True, slots=True)
class Given:
    """To whom a case was given, and how."""

    assignment: str
    collector: str
    team: str
    cover: str
    method: str
    from_at: datetime
    until_at: datetime | None
    by: str
    reason: str
    downgraded: str


def given(case_id: int) -> Sequence[Given]:
    """Whose a case was, the newest first."""
    rows = Assignment.objects.filter(case=case_id).order_by("-pk")
    names = tuple(Given.__dataclass_fields__)
    return [Given(**{name: getattr(row, name) for name in names}) for row in rows]


@dataclass(frozen=True, slots=True)
class Agreed:
    """Something agreed on a case that lives."""

    resolution: str
    reference: str
    since_at: datetime


def agreed(case_id: int) -> Sequence[Agreed]:
    """What lives of what was agreed, the oldest first."""
    rows = Commitment.objects.filter(case=case_id, ended_at=None).order_by("pk")
    return [Agreed(row.resolution, row.reference, row.since_at) for row in rows]
