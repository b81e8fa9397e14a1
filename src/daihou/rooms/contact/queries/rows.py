"""Rows of contact for pages and programs, within a person's scope."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from daihou.kit.scope import Scope
from daihou.rooms.contact import sealing
from daihou.rooms.contact.models import (
    Attempt,
    ComplianceItem,
    Consent,
    Decision,
    PersonFlag,
    Template,
)
from daihou.rooms.contact.states import (
    GOOD_FOR,
    LATE,
    OPENS,
    DecisionState,
    ItemState,
)

SHOWN = 50


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One answer of the gate, as it was given."""

    id: int
    loan_id: int
    customer_id: int
    person: str
    point_id: int
    channel: str
    purpose: str
    actor: str
    jurisdiction: str
    licence: str
    request: dict[str, Any]
    verdict: str
    until: datetime | None
    rules: list[str]
    because: list[dict[str, Any]]
    unknown: list[str]
    law_digest: str
    asked_by: str
    asked_at: datetime
    state: str
    held_at: datetime | None
    staff_count: int | None

    def stands(self, at: datetime) -> bool:
        """Whether a contact may still be made on it at an instant."""
        is_open = self.verdict == "allow" and self.state == DecisionState.OPEN.value
        return is_open and self.held_at is None and at <= self.asked_at + GOOD_FOR

    def waits(self, at: datetime) -> bool:
        """Whether what came of it may still be written down."""
        is_open = self.verdict == "allow" and self.state == DecisionState.OPEN.value
        return is_open and at <= self.asked_at + GOOD_FOR + LATE


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One contact; `note` opened."""

    id: int
    decision_id: int | None
    loan_id: int | None
    customer_id: int
    person: str
    point_id: int
    channel: str
    purpose: str
    actor: str
    at: datetime
    result: str
    connected: bool
    conversation: bool
    failed: bool
    recorded_by: str
    note: str


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag, `evidence` opened; `stands` now."""

    id: int
    customer_id: int
    point_id: int
    kind: str
    from_at: datetime
    until_at: datetime | None
    raised_by: str
    lifted_by: str
    lifted_at: datetime | None
    evidence: str
    lift_evidence: str
    fact_id: int | None
    confirmed_by: str
    confirmed_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether another person is to confirm it before it opens a way to others."""
        return self.kind in OPENS and self.confirmed_at is None

    def stands(self, at: datetime) -> bool:
        """Whether it holds contact at an instant."""
        ended = self.until_at is not None and self.until_at <= at
        lifted = self.lifted_at is not None and self.lifted_at <= at
        return self.from_at <= at and not ended and not lifted


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent, `evidence` opened."""

    id: int
    customer_id: int
    kind: str
    channel: str
    given_at: datetime
    withdrawn_at: datetime | None
    recorded_by: str
    evidence: str
    fact_id: int | None
    confirmed_by: str
    confirmed_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether nobody confirmed it and it was not taken back."""
        return not (self.confirmed_at or self.withdrawn_at or self.fact_id)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Something for compliance, `words` and `reason` opened."""

    id: int
    code: str
    way: str
    place: str
    field: str
    let_in: bool
    customer_id: int | None
    loan_id: int | None
    by: str
    first_at: datetime
    last_at: datetime
    times: int
    state: str
    closed_by: str
    closed_at: datetime | None
    reason: str
    words: str


def _values(rows: "QuerySet[Any]", kind: type, opened: dict[str, str]) -> list[Any]:
    names = list(kind.__dataclass_fields__)  # type: ignore[attr-defined]
    found = []
    for row in rows.values(*names):
        for name, about in opened.items():
            row[name] = sealing.opened(row[name], about=about)
        found.append(kind(**row))
    return found


def decision(decision_id: int, *, scope: Scope) -> DecisionRow | None:
    """One answer of the gate, if the reader may see it."""
    rows = scope.limit(Decision.objects.filter(pk=decision_id), by="branch")
    found = _values(rows, DecisionRow, {})
    return found[0] if found else None


def attempt_of(decision_id: int) -> AttemptRow | None:
    """The contact that rests on an answer, if it was made."""
    rows = Attempt.objects.filter(decision_id=decision_id)
    found = _values(rows, AttemptRow, {"note": sealing.NOTE})
    return found[0] if found else None


def decisions_of(customer_id: int, *, scope: Scope) -> Sequence[DecisionRow]:
    """The newest answers of the gate about a customer."""
    rows = Decision.objects.filter(customer_id=customer_id).order_by("-pk")
    return _values(scope.limit(rows, by="branch")[:SHOWN], DecisionRow, {})


def attempts_of(
    customer_id: int, *, scope: Scope, limit: int = SHOWN
) -> Sequence[AttemptRow]:
    """The newest contacts of a customer, whoever made them for whichever loan.

    They count together, so who sees the customer sees all of them, but the notes of
    those alone whose loan lies within the scope.
    """
    rows = Attempt.objects.filter(customer_id=customer_id).order_by("-at", "-pk")
    found = _values(rows[:limit], AttemptRow, {"note": sealing.NOTE})
    if scope.everything:
        return found
    seen = scope.limit(Attempt.objects.filter(customer_id=customer_id), by="branch")
    mine = set(seen.values_list("pk", flat=True))
    return [row if row.id in mine else replace(row, note="") for row in found]


def flags_of(customer_id: int) -> Sequence[FlagRow]:
    """Flags a customer has or had: those not lifted first, then the newest."""
    rows = PersonFlag.objects.filter(customer_id=customer_id)
    rows = rows.order_by(F("lifted_at").desc(nulls_first=True), "-pk")
    opened = {"evidence": sealing.EVIDENCE, "lift_evidence": sealing.EVIDENCE}
    return _values(rows[:SHOWN], FlagRow, opened)


def flag_stands(flag_id: int, *, at: datetime) -> bool:
    """Whether a flag holds contact still."""
    rows = PersonFlag.objects.filter(pk=flag_id, lifted_at=None)
    return bool(rows.filter(Q(until_at=None) | Q(until_at__gt=at)).exists())


def consents_of(customer_id: int) -> Sequence[ConsentRow]:
    """Every consent a customer gave, the newest first."""
    rows = Consent.objects.filter(customer_id=customer_id).order_by("-given_at", "-pk")
    return _values(rows[:SHOWN], ConsentRow, {"evidence": sealing.EVIDENCE})


def attempts_after(customer_id: int, *, after: int, limit: int) -> Sequence[AttemptRow]:
    """Contacts of a customer with an id above `after`, by id; without notes."""
    rows = Attempt.objects.filter(customer_id=customer_id, pk__gt=after)
    found = _values(rows.order_by("pk")[:limit], AttemptRow, {})
    return [replace(row, note="") for row in found]


def flags_after(customer_id: int, *, after: int, limit: int) -> Sequence[FlagRow]:
    """Flags of a customer with an id above `after`, by id; without evidence."""
    rows = PersonFlag.objects.filter(customer_id=customer_id, pk__gt=after)
    found = _values(rows.order_by("pk")[:limit], FlagRow, {})
    return [replace(row, evidence="", lift_evidence="") for row in found]


def consents_after(customer_id: int, *, after: int, limit: int) -> Sequence[ConsentRow]:
    """Consents of a customer with an id above `after`, by id; without evidence."""
    rows = Consent.objects.filter(customer_id=customer_id, pk__gt=after)
    found = _values(rows.order_by("pk")[:limit], ConsentRow, {})
    return [replace(row, evidence="") for row in found]


def changes_ahead(
    customers: Sequence[int], *, after: datetime, until: datetime
) -> Sequence[datetime]:
    """The instants at which a flag of these customers begins or ends by itself."""
    found: set[datetime] = set()
    rows = PersonFlag.objects.filter(customer_id__in=customers, lifted_at=None)
    ahead = Q(from_at__gt=after, from_at__lt=until) | Q(
        until_at__gt=after, until_at__lt=until
    )
    for begins, ends in rows.filter(ahead).values_list("from_at", "until_at"):
        found |= {each for each in (begins, ends) if each and after < each < until}
    return sorted(found)


def items(*, state: str, before: int = 0, only: int = 0) -> Sequence[ItemRow]:
    """Items for compliance: open the oldest first, closed the newest."""
    rows = ComplianceItem.objects.all()
    if only:
        rows = rows.filter(pk=only)
    elif state in set(ItemState):
        rows = rows.filter(state=state)
    if before:
        rows = rows.filter(pk__lt=before)
    opened = {"words": sealing.WORDS, "reason": sealing.REASON}
    return _values(rows.order_by("-pk")[:SHOWN], ItemRow, opened)


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """The newest wording of a template in one language."""

    code: str
    channel: str
    language: str
    version: int
    body: str
    written_by: str
    written_at: datetime


def templates() -> Sequence[TemplateRow]:
    """The newest wording of each template, by code and language."""
    rows = Template.objects.order_by("code", "language", "-version")
    return _values(rows.distinct("code", "language"), TemplateRow, {})


def open_items() -> int:
    """How many items wait."""
    return int(ComplianceItem.objects.filter(state=ItemState.OPEN.value).count())
