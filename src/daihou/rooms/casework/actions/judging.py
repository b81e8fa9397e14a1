"""Promises are judged: for some customers at once, after money came and each morning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from daihou.engine.commitments.judging import Money, Standing, judge, next_state
from daihou.engine.commitments.promise import ENDED, FAILED, Part, State
from daihou.engine.commitments.promise import Promise as Judged
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import items, opening, resolving
from daihou.rooms.casework.actions.common import Deed, many_told
from daihou.rooms.casework.actions.telling_promises import promises_told
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.promises import (
    Appropriation,
    Promise,
    PromisePart,
    Verdict,
)
from daihou.rooms.casework.models.work import Result, WorkItem
from daihou.rooms.casework.queries import money
from daihou.rooms.casework.states import Lifecycle, Resolution, Treatment

BATCH: Final = 500  # customers judged in one transaction
_EVENTS: Final[Mapping[State, str]] = {
    State.ACTIVE: "promise.reopened",
    State.KEPT: "promise.kept",
    State.PARTIALLY_KEPT: "promise.partially_kept",
    State.BROKEN: "promise.broken",
    State.INVALIDATED: "promise.invalidated",
}
_CLOSED: Final = Lifecycle.CLOSED.value
_BETTER: Final = (State.BROKEN, State.PARTIALLY_KEPT, State.KEPT)


@dataclass(slots=True)
class Moved:
    """What a judgement changed: promises by the state they went to."""

    moved: dict[State, list[Promise]] = field(default_factory=lambda: defaultdict(list))

    def counts(self) -> Mapping[str, int]:
        """How many went to each state."""
        return {state.value: len(rows) for state, rows in sorted(self.moved.items())}


def judge_customers(
    customers: Iterable[int], *, as_of: date, deed: Deed
) -> Mapping[str, int]:
    """Judge the promises of these customers on a business day; how many moved where.

    In transactions of some hundred customers each; doing it again changes nothing.
    """
    wanted = sorted(set(customers))
    total: dict[str, int] = defaultdict(int)
    for start in range(0, len(wanted), BATCH):
        with transaction.atomic():
            found = judge_some(wanted[start : start + BATCH], as_of=as_of, deed=deed)
        for state, count in found.items():
            total[state] += count
    return dict(total)


def judge_some(
    customers: Sequence[int], *, as_of: date, deed: Deed
) -> Mapping[str, int]:
    """The same in the transaction that is open; their cases are locked to its end."""
    watched = Promise.objects.filter(
        customer_id__in=customers, ended_at=None, watch_until__gte=as_of
    )
    cases = {
        row.pk: row
        for row in Case.objects.filter(
            ~Q(lifecycle=Lifecycle.CLOSED.value) | Q(pk__in=watched.values("case")),
            customer_id__in=customers,
        )
        .order_by("pk")
        .select_for_update()
    }
    rows = list(
        Promise.objects.filter(customer_id__in=customers)
        .order_by("pk")
        .select_for_update()
    )
    if not rows:
        return {}
    facts = _Facts.of(rows, left_behind=_left_behind(cases))
    moved = Moved()
    for mine in _by_customer(rows).values():
        found = facts.judged(mine, as_of)
        for row in mine:
            if row.ended_at is None and row.watch_until >= as_of:
                _written(row, found[row.pk], facts, as_of, deed, moved)
    facts.keep_money(deed)
    for row in moved.moved.get(State.ACTIVE, ()):  # its money was taken back
        if cases[row.case_id].lifecycle == _CLOSED:
            opening.come_back(cases[row.case_id], deed=deed)
    opened = {pk: row for pk, row in cases.items() if row.lifecycle != _CLOSED}
    _follow(moved, opened, deed)
    return moved.counts()


def _left_behind(cases: Mapping[int, Case]) -> set[int]:
    """Closed cases of customers who have another one, open or later."""
    ranked = sorted(cases.values(), key=lambda row: (row.lifecycle != _CLOSED, row.pk))
    followed = {row.customer_id: row.pk for row in ranked}
    return {row.pk for row in ranked} - set(followed.values())


def _by_customer(rows: Sequence[Promise]) -> Mapping[int, list[Promise]]:
    found: dict[int, list[Promise]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found


@dataclass(slots=True)
class _Facts:
    """What the judgement of some customers rests on, read at once."""

    parts: Mapping[int, list[PromisePart]]
    payments: Mapping[int, list[Money]]
    owed: Mapping[int, money.Owed]
    taken: dict[int, dict[tuple[int, int], Appropriation]]
    left_behind: AbstractSet[int]
    gone: list[int] = field(default_factory=list)
    new: list[Appropriation] = field(default_factory=list)

    @classmethod
    def of(cls, rows: Sequence[Promise], *, left_behind: AbstractSet[int]) -> "_Facts":
        ids = [row.pk for row in rows]
        loans = sorted({loan for row in rows for loan in row.loans})
        parts: dict[int, list[PromisePart]] = defaultdict(list)
        for part in PromisePart.objects.filter(promise__in=ids).order_by("seq"):
            parts[part.promise_id].append(part)
        payments: dict[int, list[Money]] = defaultdict(list)
        since = min(row.made_on for row in rows)
        for each in money.money_of(loans, since=since):
            payments[each.loan].append(each)
        taken: dict[int, dict[tuple[int, int], Appropriation]] = defaultdict(dict)
        for took in Appropriation.objects.filter(promise__in=ids, undone_at=None):
            taken[took.promise_id][took.part, took.payment_id] = took
        return cls(parts, payments, money.owed_on(loans), taken, left_behind)

    def judged(self, rows: Sequence[Promise], as_of: date) -> Mapping[int, Standing]:
        """How the promises of one customer stand."""
        loans = {loan for row in rows for loan in row.loans}
        paid = [each for loan in sorted(loans) for each in self.payments.get(loan, ())]
        return judge([self._plain(row) for row in rows], paid, as_of=as_of)

    def _plain(self, row: Promise) -> Judged:
        return Judged(
            id=row.pk,
            made_on=row.made_on,
            made_at=row.taken_at,
            parts=tuple(Part(each.due_on, each.amount) for each in self.parts[row.pk]),
            grace_days=row.grace_days,
            tolerance=row.tolerance,
            loans=frozenset(row.loans),
            window_days=row.window_days,
            ended_at=row.ended_at,
        )

    def needless(self, row: Promise) -> str:
        """Why a promise that is not kept is not needed either; "": it is."""
        if row.case_id in self.left_behind:
            return "later_case"
        return "cleared" if self._cleared(row) else ""

    def _cleared(self, row: Promise) -> bool:
        """Whether what was promised for is owed no more."""
        mine = [self.owed[loan] for loan in row.loans if loan in self.owed]
        if not any(each.live for each in mine):
            return True
        late = sum(each.overdue_total for each in mine)
        return row.overdue_then > 0 and late == 0

    def take(self, row: Promise, found: Standing, deed: Deed) -> None:
        """Note which money a promise has now, and which it has no more."""
        before = self.taken[row.pk]
        wanted = {(one.part, one.payment): one for one in found.shares}
        for key, took in before.items():
            if key not in wanted or wanted[key].amount != took.amount:
                self.gone.append(took.pk)
        for key, share in wanted.items():
            if key in before and before[key].amount == share.amount:
                continue
            self.new.append(
                Appropriation(
                    promise=row,
                    part=share.part,
                    payment_id=share.payment,
                    amount=share.amount,
                    paid_on=share.paid_on,
                    at=deed.at,
                )
            )

    def keep_money(self, deed: Deed) -> None:
        """Write it, what goes first."""
        if self.gone:
            Appropriation.objects.filter(pk__in=self.gone).update(undone_at=deed.at)
        Appropriation.objects.bulk_create(self.new, batch_size=1_000)


def _written(
    row: Promise,
    found: Standing,
    facts: _Facts,
    as_of: date,
    deed: Deed,
    moved: Moved,
) -> None:
    """Write how one promise stands, and the verdict where it moved."""
    before = State(row.state)
    needless = facts.needless(row)
    after = next_state(before, found.state, cleared=bool(needless))
    facts.take(row, found, deed)
    changed = (row.appropriated, row.met) != (found.appropriated, found.met)
    if after is before and not changed:
        return
    row.appropriated, row.met = found.appropriated, found.met
    row.state, row.judged_at = after.value, deed.at
    row.decided_on = as_of if after is State.INVALIDATED else found.decided_on
    if after in ENDED:
        row.ended_at, row.ended_by = deed.at, deed.by.username
    row.save()
    if after is before:
        return
    Verdict.objects.create(
        promise=row,
        before=before.value,
        after=after.value,
        appropriated=found.appropriated,
        ratio=found.ratio,
        as_of=as_of,
        decided_on=row.decided_on,
        because=needless if after is State.INVALIDATED else _because(before, after),
        by=deed.by.username,
        at=deed.at,
    )
    moved.moved[after].append(row)


def _because(before: State, after: State) -> str:
    if before is State.ACTIVE:
        return "money" if after is State.KEPT else "day_over"
    if after is State.ACTIVE:
        return "money_back"
    better = _BETTER.index(after) > _BETTER.index(before)
    return "late_money" if better else "money_back"


def _follow(moved: Moved, cases: Mapping[int, Case], deed: Deed) -> None:
    """What comes of the verdicts: events, the case, what is to be done, facts."""
    everyone = [row for rows in moved.moved.values() for row in rows]
    if not everyone:
        return
    for state, rows in sorted(moved.moved.items()):
        many_told(
            _EVENTS[state], [(row.case_id, payload_of(row)) for row in rows], deed=deed
        )
    decided = {
        f"promise:{row.pk}": row.case_id
        for row in everyone
        if row.state != State.ACTIVE.value
    }
    resolving.end_many(decided, at=deed.at, deed=deed)
    resolving.begin_many(
        [
            resolving.Kept(row.case_id, Resolution.PROMISE, f"promise:{row.pk}")
            for row in moved.moved.get(State.ACTIVE, [])
            if row.case_id in cases and row.pauses
        ],
        deed=deed,
    )
    items.dismiss_of_promises(
        [row.pk for row in everyone if row.state != State.ACTIVE.value],
        outcome="promise_decided",
        deed=deed,
    )
    for row in everyone:
        case = cases.get(row.case_id)
        if case is not None:
            _resume(case, row, deed)
    promises_told([row.customer_id for row in everyone])


def paused_until(case_id: int) -> datetime | None:
    """When a case with promises that stand is looked at again; None: none stands.

    After the grace of the first part that is not met, of the promise that waits least.
    """
    standing = Promise.objects.filter(
        case=case_id, state=State.ACTIVE.value, pauses=True
    )
    found = []
    for row in standing.order_by("pk"):
        parts = list(PromisePart.objects.filter(promise=row).order_by("seq"))
        part = parts[min(row.met, len(parts) - 1)]
        on = part.due_on + timedelta(days=row.grace_days + 1)
        found.append(timezone.make_aware(datetime.combine(on, time())))
    return min(found, default=None)


def not_before(case: Case, wished: datetime | None) -> datetime | None:
    """When a locked case is next: as wished, but not while a promise of it stands."""
    pause = paused_until(case.pk)
    if pause is None or wished is None:
        return pause or wished
    return max(pause, wished)


def go_on(case: Case) -> None:
    """A locked case is worked where no promise stands any more, else it waits."""
    case.next_at = paused_until(case.pk)
    was, becomes = Treatment.PAUSED, Treatment.RUNNING
    if case.next_at is not None:
        was, becomes = becomes, was
    if case.treatment == was.value and not case.held:
        case.treatment = becomes.value
    case.save(update_fields=["next_at", "treatment"])


def _resume(case: Case, row: Promise, deed: Deed) -> None:
    """A case whose promise was decided is worked on; a failed one before all others."""
    state = State(row.state)
    go_on(case)
    if state not in FAILED:
        return
    item = items.put(
        case,
        kind=codes.ItemKind.CALL,
        reason=f"promise_{state.value}",
        due_at=deed.at,
        deed=deed,
        priority=codes.URGENT,
    )
    _system_result(case, row, item, deed)


def _system_result(case: Case, row: Promise, item: WorkItem, deed: Deed) -> None:
    assert deed.business_date is not None, deed
    Result.objects.create(
        case=case,
        customer_id=case.customer_id,
        action=codes.Action.REVIEW.value,
        code="BROKEN",
        promise=row,
        item=item,
        overdue_total=case.overdue_total,
        dpd=case.dpd,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
    )


def payload_of(row: Promise) -> Mapping[str, object]:
    """What the events of a promise say of it; minor units."""
    return {
        "promise": row.pk,
        "customer": row.customer_id,
        "amount": row.amount,
        "currency": row.currency,
        "due_on": row.due_on.isoformat(),
        "appropriated": row.appropriated,
        "state": row.state,
    }
