"""One entry after another: each is put on the rows, in the order of its day."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import cast

from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving import closing, credits, reshaping
from daihou.engine.ledger.moving.accrual_moves import catch_up, outstanding_on
from daihou.engine.ledger.moving.allocation import allocate, use_overpayment
from daihou.engine.ledger.moving.charges import put_on_rows
from daihou.engine.ledger.moving.cumulative import Changes, cumulative_rows
from daihou.engine.ledger.moving.cumulative_as_paid import follow
from daihou.engine.ledger.moving.dates import spans
from daihou.engine.ledger.moving.factors import set_factors
from daihou.engine.ledger.moving.instalments import (
    change_rate,
    disburse,
    extend,
    pause,
    settle_last,
)
from daihou.engine.ledger.moving.plain_orders import allocate_plainly
from daihou.engine.ledger.moving.state import (
    MEMO,
    MONEY_IN,
    Charge,
    Entry,
    Row,
    State,
    Variation,
    nothing,
)
from daihou.engine.ledger.moving.stretches import Period, Stretches


def replay(state: State, today: date) -> None:
    """Derive everything again from the first day; mark entries that came out anew."""
    for charge in state.charges:
        if not charge.at_once:
            charge.paid = 0
            charge.parts_paid = {}
    state.over = state.interest_refunded = 0
    state.charged_off = state.terminated = state.reshaped = False
    state.done = []
    begin(state, today)
    before = {each.number: dict(each.parts) for each in state.entries}
    changed_days: set[date] = set()
    for step in _steps(state):
        if isinstance(step, Variation):
            _vary(state, step)
        elif isinstance(step, Charge):
            put_on_rows(state, step)
            _spend_overpaid(state)
        else:
            process(state, step)
            state.done.append(step)
            _mark(step, before, changed_days)
    recalculate(state, today)


def _mark(entry: Entry, before: dict[int, dict[str, int]], days: set[date]) -> None:
    """Note an entry whose money went elsewhere, and those after it on that day."""
    known, entry.placed = entry.placed, True
    if entry.kind in MEMO or not known:
        return
    if before[entry.number] != entry.parts or entry.on in days:
        entry.replayed = True
        days.add(entry.on)


def begin(state: State, today: date) -> None:
    """Lay out empty rows, or the rows of a plan worked out once."""
    dates = layout(state)
    if not state.terms.progressive:
        given = [(e.on, e.amount) for e in state.live("disbursement")]
        state.rows = cumulative_rows(state.terms, dates, given, _changes(state))
        if state.terms.recalculates and state.terms.bears_interest:
            paid = [(each.on, each.amount) for each in state.live(*MONEY_IN)]
            follow(state.terms, state.normal, given, paid, today)
        state.plan = None
        return
    state.rows = [Row(begins, due) for begins, due in dates]
    state.plan = Stretches(state.terms, [Period(begins, due) for begins, due in dates])


def layout(state: State) -> list[tuple[date, date]]:
    """Return the periods; those worked out once with all changes of the contract."""
    if state.terms.progressive:
        return spans(state.terms, state.start)
    changes = _changes(state)
    extra = sum(changes.extra.values()) + sum(changes.grace.values())
    return spans(state.terms, state.start, moved=_moved(state), extra=extra)


def _moved(state: State) -> dict[date, date]:
    """Return the due dates that were moved, from their old days to the new ones."""
    return {
        each.on: cast(date, each.value)
        for each in state.variations
        if each.live and each.kind == "new_due"
    }


def _changes(state: State) -> Changes:
    """Return periods added or free of principal, at the due dates as they are now."""
    moved = _moved(state)
    found: dict[str, dict[date, int]] = {"extra": {}, "grace": {}}
    for each in state.variations:
        if each.live and each.kind in found:
            due = moved.get(each.on, each.on)
            known = found[each.kind]
            known[due] = known.get(due, 0) + cast(int, each.value)
    return Changes(found["extra"], found["grace"])


def _steps(state: State) -> list[Variation | Charge | Entry]:
    """Return variations, charges and entries in the order they take effect."""
    legacy = not state.terms.progressive
    ends = list(state.live("charge_off", "contract_termination"))
    found: list[tuple[tuple[object, ...], Variation | Charge | Entry]] = []
    for change in state.variations:
        if change.live and change.kind in ("new_rate", "pause", "extra") and not legacy:
            found.append(((change.on, 0, change.seq), change))
    for charge in state.charges:
        if charge.active and not charge.at_once and (charge.due or charge.parts):
            day = date.min if legacy or charge.parts else charge.effective_on
            if charge.parts and not legacy:
                day = charge.submitted_on
            for end in ends:  # what was charged by then belongs to the plan that ends
                if charge.seq < end.seq and not legacy:
                    day = min(day, end.on)
            found.append(((day, 1, charge.seq), charge))
    for entry in state.live():
        found.append(((entry.on, 1, entry.seq), entry))
    found.sort(key=lambda pair: pair[0])
    return [step for _, step in found]


def _vary(state: State, change: Variation) -> None:
    plan = state.plan
    assert plan is not None
    if change.kind == "new_rate":
        change_rate(plan, change.on, cast(Decimal, change.value))
    elif change.kind == "pause":
        pause(plan, change.on, cast(date, change.value))
    else:
        more = cast(int, change.value)
        every = spans(state.terms, plan.periods[0].begins, extra=more)
        added = every[len(plan.periods) : len(plan.periods) + more]
        extend(plan, change.on, added)
        state.rows += [Row(begins, due) for begins, due in added]
        state.sort()
    read_open(state, change.on)


def read_open(state: State, since: date) -> None:
    """Write the plan into the rows that are not yet settled."""
    assert state.plan is not None
    state.plan.work_out()
    for period in state.plan.periods:
        for row in state.rows:
            same = row.due == period.due and not row.down_payment
            if same and since <= row.due and (row.open or not row.total):
                row.owed["principal"] = period.principal
                row.owed["interest"] = period.interest


def recalculate(state: State, on: date) -> None:
    """Let interest run on what is overdue up to a day, where interest follows."""
    plan, recalculation = state.plan, state.terms.recalculation
    if plan is None or recalculation is None or not _runs(state):
        return
    runs_on = recalculation.to_due_date(closing=state.closing)
    if catch_up(plan, on, to_due_date=runs_on):
        _read_by_begin(state)


def run_on(state: State, on: date, *, closing: bool) -> Stretches | None:
    """Return a copy of the plan with what is overdue running up to a day."""
    plan, recalculation = state.plan, state.terms.recalculation
    if plan is None or recalculation is None or not _runs(state):
        return plan
    twin = plan.copy()
    twin.overdue_on = plan.overdue_on
    runs_on = recalculation.to_due_date(closing=closing)
    catch_up(twin, on, to_due_date=runs_on)
    return twin


def _runs(state: State) -> bool:
    """Tell whether interest runs on overdue principal at this moment."""
    recalculation = state.terms.recalculation
    if recalculation is None or not state.terms.bears_interest or state.expected:
        return False
    if state.charged_off or state.terminated or not recalculation.on_past_due:
        return False
    return any(True for _ in state.live("disbursement"))


def _read_by_begin(state: State) -> None:
    assert state.plan is not None
    state.plan.work_out()
    for period in state.plan.periods:
        for row in state.rows:
            if row.begins == period.begins and not row.down_payment:
                row.owed["principal"] = period.principal
                row.owed["interest"] = period.interest
                break


def process(state: State, entry: Entry) -> None:
    """Put one entry on the rows."""
    if entry.kind in MEMO:
        return
    entry.shares = []
    if state.terms.progressive:
        if entry.kind in MONEY_IN:
            state.closing = _closes(state, entry)
        recalculate(state, entry.on)
    if entry.kind in MONEY_IN:
        _money(state, entry)
    else:
        _HOW[entry.kind](state, entry)


def _closes(state: State, entry: Entry) -> bool:
    """Tell whether a payment would close the loan at the end of its period."""
    plan = state.plan
    if plan is None or not state.terms.recalculates:
        return False
    period = plan.find(entry.on)
    if period is None:
        return False
    return entry.amount >= sum(outstanding_on(plan, period.due))


def _money(state: State, entry: Entry) -> None:
    entry.parts.update(nothing())
    entry.over = 0
    if entry.kind == "charge_payment":
        entry.parts["fee"] = entry.amount
        return
    if state.terms.progressive:
        left = allocate(state, entry, entry.amount)
    else:
        left = allocate_plainly(state, entry, entry.amount)
    entry.over = left
    state.over += left


def _disburse(state: State, entry: Entry) -> None:
    entry.over = 0
    if not state.terms.progressive:
        for row in state.rows:  # they know of all disbursements from the start
            if row.total == 0:
                row.check(entry.on)
        return
    down = state.terms.down_payment(entry.amount)
    net = entry.amount - down
    if state.terms.down_payment_percent is not None:
        row = Row(entry.on, entry.on, down_payment=True)
        row.owed["principal"] = down
        state.rows.append(row)
        state.sort()
    if state.reshaped:
        spread(state, entry.on, net)
    else:
        assert state.plan is not None
        if net:
            disburse(state.plan, entry.on, net)
            _move_dates(state)
            _after_disbursement(state, entry, net)
    use_overpayment(state, entry)


def _move_dates(state: State) -> None:
    """Move due dates as rescheduled; the instalment stays, interest does not."""
    plan, moved = state.plan, _moved(state)
    if plan is None or not any(each.due in moved for each in plan.periods):
        return
    extra = len(plan.periods) - state.terms.periods
    dates = spans(state.terms, state.start, moved=moved, extra=extra)
    normal = state.normal
    for period, row, (begins, due) in zip(plan.periods, normal, dates, strict=True):
        period.begins = row.begins = begins
        period.due = row.due = due
        period.stretches[0].begins = begins
        period.stretches[-1].ends = due
    set_factors(plan)
    settle_last(plan, min(moved))
    state.sort()


def _after_disbursement(state: State, entry: Entry, net: int) -> None:
    plan = state.plan
    assert plan is not None
    if all(row.due < entry.on for row in state.normal):
        row = state.extra_row(entry.on)
        row.owed["principal"] += net
        return
    plan.work_out()
    for period in plan.periods:
        for row in state.rows:
            same = row.due == period.due and not row.down_payment
            if same and row.due >= entry.on:
                row.owed["principal"] = period.principal
                row.owed["interest"] = period.interest
                row.check(entry.on)
                break


def spread(state: State, on: date, amount: int) -> None:
    """Add money evenly to the rows to come, where no plan is left to follow."""
    rows = [
        row
        for row in state.rows
        if row.due > on and not row.down_payment and not row.additional
    ]
    if not amount:
        return
    rows = rows or [state.extra_row(on)]
    part, left = divide(amount, len(rows)), amount
    for row in rows:
        old = row.owed["principal"]
        row.owed["principal"] = state.terms.in_multiples(old + part)
        left -= row.owed["principal"] - old
        row.check(on)
    rows[-1].owed["principal"] += left


def _spend_overpaid(state: State) -> None:
    """Let payments that had too much pay a charge that came later."""
    if not state.terms.progressive:
        return
    paid_over = [e for e in state.done if e.kind in MONEY_IN and e.over and e.live]
    for entry in paid_over:
        amount = min(state.over, entry.over)
        if not amount or not any(row.open for row in state.rows):
            continue
        left = allocate(state, entry, amount)
        entry.over -= amount - left
        state.over -= amount - left
        entry.replayed = True


_HOW: dict[str, Callable[[State, Entry], None]] = {
    "disbursement": _disburse,
    "chargeback": credits.charge_back,
    "credit_balance_refund": credits.refund_credit,
    "charge_off": closing.close,
    "contract_termination": closing.close,
    "write_off": closing.write_off,
    "refund": credits.refund,
    "reage": reshaping.re_age,
    "reamortize": reshaping.re_amortise,
}
