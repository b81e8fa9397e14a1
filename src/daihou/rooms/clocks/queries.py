"""The only reader of clocks, what was told of them, and runs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from daihou.engine.clocks.channels import payment
from daihou.engine.clocks.rules import ClockRules
from daihou.engine.clocks.values import Clock as Reckoned
from daihou.engine.clocks.values import Happened, State
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.packs import holidays
from daihou.rooms.clocks import reckoning, sealing
from daihou.rooms.clocks.models import Clock, ClockEvent, ClockRun
from daihou.rooms.clocks.reckoning import Book, Subject
from daihou.rooms.clocks.states import GROUPS, OF_THE_CLAIM, Closed, Group, Kind
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.rulebooks import door as rulebooks

MOST: Final = 10_000  # rows counted for the foot of a list; more is "10,000+"


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One clock as lists show it; a `loan_id` of None is of the house."""

    id: int
    kind: str
    loan_id: int | None
    customer_id: int | None
    party_id: int
    name: str
    begins_on: date | None
    facts: Mapping[str, Any]
    by_hand: bool
    told: bool
    state: str
    counted_to: date | None
    ends_on: date | None
    rule: str
    rule_since: date | None
    unverified: bool
    alarm: int | None
    reckoned_on: date
    started_by: str
    started_at: datetime
    closed_on: date | None
    closed_because: str
    closed_by: str
    branch: str
    product: str

    def days_left(self, today: date) -> int | None:
        """Days from a day to the end; negative once it has passed."""
        return None if self.ends_on is None else (self.ends_on - today).days


@dataclass(frozen=True, slots=True)
class EventLine:
    """Something told of a clock; `evidence` opened."""

    id: int
    kind: str
    happened_on: date
    until_on: date | None
    evidence_kind: str
    signed_by: str
    arrived: bool
    debtor_missing: bool
    party_id: int
    evidence: str
    by: str
    at: datetime
    struck_by: str
    struck_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which clocks of the list; empty does not narrow. `within`: days from `today`."""

    today: date
    group: Group | None = None
    kind: str = ""
    state: str = ""
    within: int | None = None
    branch: str = ""
    step: int | None = None
    loans: Collection[int] | None = None


@dataclass(frozen=True, slots=True)
class RunLine:
    """The last look at the clocks."""

    as_of: date
    positions: str
    law: str
    licence: str
    clocks: int
    changed: int
    alarms: int
    seconds: float
    at: datetime


_LINE: Final = tuple(ClockLine.__dataclass_fields__)
_EVENT: Final = tuple(EventLine.__dataclass_fields__)
_RUN: Final = tuple(RunLine.__dataclass_fields__)
_RUNNING: Final = (State.RUNNING, State.DUE, State.NOT_BEGUN)


def last_run() -> RunLine | None:
    """The last look, or None before the first."""
    row = ClockRun.objects.order_by("-id").values_list(*_RUN).first()
    return RunLine(*row) if row else None


# -- the law ---------------------------------------------------------------------------


def applies() -> bool:
    """Whether the law of this lender's country sets clocks that are kept here."""
    return rulebooks.jurisdiction() == "cn"


def book(as_of: date, *, decided_by: date | None = None) -> Book:
    """The rules of the lender on a day, and its days off."""
    law = rulebooks.lawbook(decided_by)
    rules = ClockRules.of(law, rulebooks.licence(), as_of)
    return Book(rules, holidays.holidays(), as_of)


# -- rows ------------------------------------------------------------------------------


def seen(scope: Scope, *, of_house: bool) -> "QuerySet[Clock]":
    """The clocks a person sees: those of their loans, and of the house where they may."""
    rows = scope.limit(Clock.objects.all(), by="branch")
    if scope.everything:
        return rows if of_house else rows.exclude(loan_id=None, customer_id=None)
    rows = rows.filter(Q(loan_id__isnull=False) | Q(customer_id__isnull=False))
    return rows


def _chosen(wish: Wish, rows: "QuerySet[Clock]") -> "QuerySet[Clock]":
    if wish.state == "closed":
        rows = rows.filter(closed_on__isnull=False)
    else:
        rows = rows.filter(closed_on=None)
    if wish.state == "running":
        rows = rows.filter(state__in=_RUNNING)
    elif wish.state and wish.state != "closed":
        rows = rows.filter(state=wish.state)
    if wish.kind:
        rows = rows.filter(kind=wish.kind)
    elif wish.group is not None:
        rows = rows.filter(kind__in=GROUPS[wish.group])
    if wish.within is not None:
        until = date.fromordinal(wish.today.toordinal() + wish.within)
        rows = rows.filter(ends_on__gte=wish.today, ends_on__lte=until)
    if wish.step is not None:
        rows = rows.filter(alarm=wish.step)
    if wish.branch:
        rows = rows.filter(branch=wish.branch)
    if wish.loans is not None:
        rows = rows.filter(loan_id__in=list(wish.loans))
    return rows


def count(wish: Wish, *, scope: Scope, of_house: bool) -> int:
    """How many clocks a list has, at most one more than MOST."""
    rows = _chosen(wish, seen(scope, of_house=of_house))
    return int(rows.order_by()[: MOST + 1].count())


def clocks(
    wish: Wish, *, scope: Scope, of_house: bool, start: int = 0, stop: int = 50
) -> Sequence[ClockLine]:
    """Clocks of a list, the one that ends first at the top; what has no end last."""
    rows = _chosen(wish, seen(scope, of_house=of_house))
    ordered = rows.order_by(F("ends_on").asc(nulls_last=True), "id")
    if wish.state in (State.EXPIRED, "closed"):
        ordered = rows.order_by(F("ends_on").desc(nulls_last=True), "-id")
    return [_line(row) for row in ordered.values_list(*_LINE)[start:stop]]


def clocks_after(
    after: int, *, scope: Scope, of_house: bool, limit: int, kind: str = ""
) -> Sequence[ClockLine]:
    """Open clocks with an id above `after`, by id."""
    rows = seen(scope, of_house=of_house).filter(closed_on=None, pk__gt=after)
    rows = rows.filter(kind=kind) if kind else rows
    return [_line(row) for row in rows.order_by("pk").values_list(*_LINE)[:limit]]


def _line(row: tuple[Any, ...]) -> ClockLine:
    return ClockLine(*row)


def clock(clock_id: int, *, scope: Scope, of_house: bool) -> ClockLine:
    """One clock of the scope, or NotFound."""
    rows = seen(scope, of_house=of_house).filter(pk=clock_id)
    row = rows.values_list(*_LINE).first() if clock_id < 2**63 else None
    if row is None:
        raise NotFound(
            "clock_unknown", _("There is no such clock among those you may see.")
        )
    return _line(row)


def clocks_of(loan_id: int) -> Sequence[ClockLine]:
    """The open clocks of a loan that the page has found, by their end."""
    rows = Clock.objects.filter(loan_id=loan_id, closed_on=None)
    ordered = rows.order_by(F("ends_on").asc(nulls_last=True), "id")
    return [_line(row) for row in ordered.values_list(*_LINE)]


def open_lines(ids: Iterable[int]) -> Sequence[ClockLine]:
    """These clocks, whoever asks: for runs."""
    rows = Clock.objects.filter(pk__in=list(ids), closed_on=None).order_by("pk")
    return [_line(row) for row in rows.values_list(*_LINE)]


def apart() -> Sequence[ClockLine]:
    """The open clocks that are not reckoned with the book: by hand, told, watched."""
    of_book = Q(kind__in=(Kind.LIMITATION, Kind.GUARANTEE), by_hand=False, told=False)
    rows = Clock.objects.filter(closed_on=None).exclude(of_book).order_by("pk")
    return [_line(row) for row in rows.values_list(*_LINE)]


def done_by(event: ClockEvent) -> Sequence[int]:
    """The clocks that are closed as done and heard an event."""
    rows = Clock.objects.filter(closed_because=Closed.DONE)
    if event.loan_id is None:
        rows = rows.filter(pk=event.clock_id)
    else:
        rows = rows.filter(loan_id=event.loan_id, kind__in=OF_THE_CLAIM)
    return list(rows.values_list("pk", flat=True))


def evidence_of(clock_id: int) -> tuple[str, str]:
    """Why a clock began, and why it was taken off the list, as it was written."""
    row = Clock.objects.filter(pk=clock_id).values_list("evidence", "closed_evidence")
    began, closed = row.get()
    return sealing.opened(began), sealing.opened(closed)


def events_of(line: ClockLine) -> Sequence[EventLine]:
    """Everything told of a clock, struck or not, in order of time."""
    rows = ClockEvent.objects.filter(_of(line)).order_by("happened_on", "id")
    return [_event(row) for row in rows.values_list(*_EVENT)]


def _of(line: ClockLine) -> Q:
    if line.loan_id is not None and line.kind in OF_THE_CLAIM:
        return Q(loan_id=line.loan_id) | Q(clock_id=line.id)
    return Q(clock_id=line.id)


def _event(row: tuple[Any, ...]) -> EventLine:
    values = dict(zip(_EVENT, row, strict=True))
    for name in ("evidence", "struck_because"):
        values[name] = sealing.opened(values[name])
    return EventLine(**values)


# -- reckoning -------------------------------------------------------------------------


def happened(line: EventLine, *, party: str = "") -> Happened:
    """An event as the law hears it."""
    return Happened(
        on=line.happened_on,
        kind=line.kind,
        evidence=line.evidence_kind or None,
        signed_by=line.signed_by or None,
        arrived=line.arrived,
        debtor_missing=line.debtor_missing,
        until=line.until_on,
        party=party or None,
        id=f"event {line.id}",
    )


def subjects_of(lines: Sequence[ClockLine], *, as_of: date) -> Mapping[int, Subject]:
    """What these clocks run on, by id; a handful of queries however many there are."""
    loans = {each.loan_id for each in lines if each.loan_id is not None}
    claims = ledger.reading.claims_of(loans, on=as_of) if loans else {}
    told = _told(lines, loans)
    watched = [e.loan_id for e in lines if e.kind == Kind.OBSERVATION and e.loan_id]
    changes = grading.changes_of(watched, on=as_of) if watched else {}
    found = {}
    for line in lines:
        claim = claims.get(line.loan_id or 0)
        events = [_heard(each, line) for each in told[line.id]]
        begins_on = line.begins_on
        if claim is not None and not line.by_hand and line.kind in _BY_SCHEDULE:
            begins_on = claim.last_due_on
        if claim is not None and begins_on is not None and line.kind in _HEARS_MONEY:
            events += _payments(claim, begins_on)
        found[line.id] = Subject(
            kind=Kind(line.kind),
            name=line.name or (claim.number if claim else line.kind),
            begins_on=begins_on,
            facts=line.facts,
            events=events,
            changes=changes.get(line.loan_id or 0, ()),
            party_id=line.party_id,
        )
    return found


_BY_SCHEDULE: Final = (Kind.LIMITATION, Kind.GUARANTEE)
_HEARS_MONEY: Final = (Kind.LIMITATION, Kind.ENFORCEMENT)


def _payments(claim: ledger.reading.Claim, begins_on: date) -> list[Happened]:
    """The payments on a claim since its clock began; before, there was none to hear."""
    return [
        payment(each.paid_on, each.channel, id=f"payment {each.id}")
        for each in claim.paid
        if each.paid_on >= begins_on
    ]


def _heard(event: EventLine, line: ClockLine) -> Happened:
    """What a clock hears: an act against another guarantor keeps the other's name."""
    party = ""
    if event.party_id:
        party = line.name if event.party_id == line.party_id else str(event.party_id)
    return happened(event, party=party)


def _told(
    lines: Sequence[ClockLine], loans: Collection[int]
) -> Mapping[int, list[EventLine]]:
    rows = ClockEvent.objects.filter(struck_at=None).filter(
        Q(clock_id__in=[each.id for each in lines]) | Q(loan_id__in=list(loans))
    )
    of_clock: dict[int, list[EventLine]] = defaultdict(list)
    of_loan: dict[int, list[EventLine]] = defaultdict(list)
    names = (*_EVENT, "clock_id", "loan_id")
    for row in rows.order_by("happened_on", "id").values_list(*names):
        event = _event(row[:-2])
        (of_clock[row[-2]] if row[-2] else of_loan[row[-1]]).append(event)
    found: dict[int, list[EventLine]] = defaultdict(list)
    for each in lines:
        found[each.id] = list(of_clock[each.id])
        if each.loan_id is not None and each.kind in OF_THE_CLAIM:
            found[each.id] += of_loan[each.loan_id]
    return found


def reckoned(line: ClockLine, *, as_of: date) -> Reckoned:
    """How a clock stands at the end of a day, with its events, alarms and decision."""
    known = book(as_of)
    return reckoning.clock_of(subjects_of([line], as_of=as_of)[line.id], known)
