"""Requests for relief as pages, programs and other rooms get them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.relief import sealing
from daihou.rooms.relief.models import Instalment, Relief
from daihou.rooms.relief.states import LIVE, OFFERED, OVER, UNDECIDED, Kind

SIZE = 50
GROUPS: Mapping[str, frozenset[str]] = {
    "undecided": UNDECIDED,
    "offered": OFFERED,
    "live": LIVE,
    "done": frozenset({"applied", "completed"}),
    "over": OVER | {"reversed"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One request; amounts in minor units of `currency`."""

    id: int
    number: str
    kind: str
    state: str
    customer_id: int
    loan_id: int
    loan_ids: tuple[int, ...]
    currency: str
    branch: str
    product: str
    officer: str
    parts: Mapping[str, int]
    given_up: int
    receive: int
    received: int
    since: date | None
    until: date | None
    offer_until: date | None
    terms: Mapping[str, Any]
    difficulty: str
    re_age: bool
    interest_freeze: bool
    verdict: str
    levels: tuple[str, ...]
    rules: Mapping[str, str]
    because: Mapping[str, Any]
    effect: Mapping[str, Any]
    pool: int
    policy: str
    reason: str
    evidence: str
    proposal_id: int | None
    asked_by: str
    asked_at: datetime
    asked_on: date
    decided_by: str
    decided_at: datetime | None
    accepted_on: date | None
    met_on: date | None
    ended_on: date | None
    ended_because: str
    replaces_id: int | None
    replans: int
    posted: bool
    version: int

    @property
    def undecided(self) -> bool:
        """Whether somebody has to decide."""
        return self.state in UNDECIDED

    @property
    def live(self) -> bool:
        """Whether it binds."""
        return self.state in LIVE

    @property
    def share(self) -> int:
        """Per cent of what has to come in that did, at most 100."""
        return min(100, 100 * self.received // self.receive) if self.receive else 0


@dataclass(frozen=True, slots=True)
class Row:
    """An instalment of a plan or a part of a settlement."""

    seq: int
    due_on: date
    amount: int
    paid: int
    missed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a list is narrowed by; '' is all."""

    kind: str = ""
    group: str = ""
    by: str = ""
    text: str = ""
    before: int | None = None


_PLAIN = [name for name in Line.__slots__ if name not in ("reason", "evidence")]


def line_of(row: Relief) -> Line:
    """A row as it is handed out; its sealed texts opened."""
    values = {name: getattr(row, name) for name in _PLAIN}
    values |= {
        "loan_ids": tuple(row.loan_ids),
        "levels": tuple(row.levels),
        "reason": sealing.opened(row.reason),
        "evidence": sealing.opened(row.evidence),
    }
    return Line(**values)


def _seen(scope: Scope) -> "QuerySet[Relief]":
    return scope.limit(Relief.objects.all())


def find(relief_id: int, *, scope: Scope) -> Line:
    """One request, or NotFound outside the scope."""
    row = _seen(scope).filter(pk=relief_id).first()
    if row is None:
        raise no_such(relief_id)
    return line_of(row)


def no_such(relief_id: int) -> NotFound:
    """There is none with this number that may be seen."""
    return NotFound(
        "relief_unknown",
        _("There is no request for relief %(id)s among what you may see.")
        % {"id": relief_id},
    )


def rows_of(relief_id: int) -> Sequence[Row]:
    """The rows of a plan, in order."""
    rows = Instalment.objects.filter(relief_id=relief_id).order_by("seq")
    return [Row(r.seq, r.due_on, r.amount, r.paid, r.missed) for r in rows]


def listed(asked: Asked, *, scope: Scope) -> Sequence[Line]:
    """A page of requests, newest first; one more than a page tells that there is more."""
    rows = _seen(scope)
    if asked.kind in set(Kind):
        rows = rows.filter(kind=asked.kind)
    if asked.group in GROUPS:
        rows = rows.filter(state__in=sorted(GROUPS[asked.group]))
    if asked.by:
        rows = rows.filter(asked_by=asked.by)
    if asked.text:
        rows = rows.filter(number__startswith=asked.text.upper())
    if asked.before is not None:
        rows = rows.filter(pk__lt=asked.before)
    return [line_of(row) for row in rows.order_by("-id")[: SIZE + 1]]


def after(
    key: int, *, scope: Scope, limit: int, kind: str = "", state: str = ""
) -> Sequence[Line]:
    """Requests in order of their numbers, those after one; for programs."""
    rows = _seen(scope).filter(pk__gt=key)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    return [line_of(row) for row in rows.order_by("pk")[:limit]]


def of_loan(loan_id: int, *, scope: Scope) -> Sequence[Line]:
    """The newest requests on a loan."""
    rows = _seen(scope).filter(loan_id=loan_id).order_by("-id")[:10]
    return [line_of(row) for row in rows]


def of_customer(customer_id: int, *, scope: Scope) -> Sequence[Line]:
    """The newest requests of a customer."""
    rows = _seen(scope).filter(customer_id=customer_id).order_by("-id")[:10]
    return [line_of(row) for row in rows]


def seen_among(ids: Collection[str], scope: Scope) -> set[str]:
    """Which of some requests lie within a scope."""
    rows = _seen(scope).filter(pk__in=[int(each) for each in ids])
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def relief_seen(ids: Iterable[str], scope: Scope) -> frozenset[str]:
    """The same for events on their way to another system."""
    return frozenset(seen_among([each for each in ids if each.isdigit()], scope))


def given_before(
    loan_id: int, *, on: date, days: int
) -> tuple[dict[str, int], dict[str, int]]:
    """What was given up of a loan in the days before, or is about to be (minor units).

    By component: all of it, and what of it is posted and so no longer owed.
    """
    rows = Relief.objects.filter(
        loan_id=loan_id, asked_on__gt=on - timedelta(days=days), given_up__gt=0
    ).exclude(state__in=sorted(OVER | {"reversed", "countered"}))
    found: dict[str, int] = {}
    gone: dict[str, int] = {}
    for parts, posted in rows.values_list("parts", "posted"):
        for component, amount in parts.items():
            found[component] = found.get(component, 0) + int(amount)
            if posted:
                gone[component] = gone.get(component, 0) + int(amount)
    return found, gone
