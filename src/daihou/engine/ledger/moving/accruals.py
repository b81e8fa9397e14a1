"""Income as it is earned: accruals up to a day, and their correction."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import cast

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.rounding import divide
from daihou.engine.ledger.moving.accrual_moves import interest_till
from daihou.engine.ledger.moving.allocation import charges_of
from daihou.engine.ledger.moving.state import Charge, Entry, Row, State, nothing

Post = Callable[[str, date, dict[str, int]], Entry]


def earned_of(
    state: State,
    row: Row,
    till: date,
    *,
    by_submission: bool,
    interest_till_day: date | None = None,
) -> dict[str, int]:
    """Return what one row has earned by a day, by component.

    Interest may count to another day: the first day already bears some where the
    contract says so.
    """
    earned = nothing()
    if row.down_payment:
        return earned
    if not row.additional:
        earned["interest"] = max(
            0,
            _interest(state, row, interest_till_day or till) - row.credited["interest"],
        )
    for charge in charges_of(state, row):
        since = charge.submitted_on if by_submission else charge.effective_on
        if charge.parts:
            since = row.due
            amount = charge.parts.get(row.due, 0)
        else:
            amount = charge.amount - charge.waived
        if since <= till:
            earned[charge.component] += amount
    return earned


def _interest(state: State, row: Row, till: date) -> int:
    if till > row.due:
        return row.owed["interest"]
    if till <= row.begins:
        return 0
    plan = None if state.charged_off or state.terminated else state.plan
    if plan is not None and plan.by_due(row.due) is not None:
        earned = interest_till(plan, row.due, till, credited=True)
        known = state.terms.recalculates  # what was credited is part of the plan
        return earned + (0 if known else row.credited["interest"])
    whole = Fraction(row.owed["interest"]) * (till - row.begins).days
    exact = whole / max(1, (row.due - row.begins).days)
    return divide(exact.numerator, exact.denominator)


def booked(state: State) -> dict[str, int]:
    """Return what is accrued so far, by component."""
    total = nothing()
    for entry in state.live("accrual", "accrual_adjustment"):
        sign = 1 if entry.kind == "accrual" else -1
        for component, amount in entry.parts.items():
            total[component] += sign * amount
    return total


def accrue(state: State, till: date, post: Post, *, by_submission: bool) -> None:
    """Post what was earned up to `till` and not yet booked."""
    rows = [row for row in state.rows if not row.down_payment]
    before = booked(state)
    if state.terms.progressive:
        counted = till + DAY if state.terms.year_ends_on_1_january else till
        total = nothing()
        for row in rows:
            for component, amount in earned_of(
                state,
                row,
                till,
                by_submission=by_submission,
                interest_till_day=counted,
            ).items():
                total[component] += amount
        more = {each: total[each] - before[each] for each in total}
        up = {each: max(0, amount) for each, amount in more.items()}
        down = {each: max(0, -amount) for each, amount in more.items()}
        till = min(till, max(row.due for row in rows))
        if any(up.values()):
            post("accrual", till, up)
        if any(down.values()):
            post("accrual_adjustment", till, down)
        return
    for row in rows:
        earned = earned_of(state, row, till, by_submission=by_submission)
        more = nothing()
        for component, amount in earned.items():
            used = min(before[component], amount)
            before[component] -= used
            more[component] = amount - used
        if any(more.values()):
            post("accrual", min(till, row.due), more)


def true_up(state: State, on: date, post: Post) -> None:
    """Book all that is left to book, or take back what is too much: the loan ended."""
    before, total = booked(state), nothing()
    for row in state.rows:
        if not row.down_payment:
            for component in ("interest", "fee", "penalty"):
                total[component] += (
                    row.owed[component]
                    - row.waived[component]
                    - row.credited[component]
                )
    more = {each: total[each] - before[each] for each in total}
    up = {each: max(0, amount) for each, amount in more.items()}
    down = {each: max(0, -amount) for each, amount in more.items()}
    if any(up.values()):
        post("accrual", on, up)
    if any(down.values()):
        post("accrual_adjustment", on, down)


def earned_interest(state: State, on: date) -> int:
    """Return the interest all rows have earned by a day."""
    return sum(
        earned_of(state, row, on, by_submission=False)["interest"]
        for row in state.rows
        if not row.down_payment
    )


def correct_interest(state: State, on: date, earned: int, post: Post) -> None:
    """Book interest up to what was earned by a day, or take back what is too much."""
    more = earned - booked(state)["interest"]
    if more > 0:
        post("accrual", on, nothing() | {"interest": more})
    elif more < 0:
        post("accrual_adjustment", on, nothing() | {"interest": -more})


def book_to_the_end(state: State, post: Post) -> None:
    """Book interest to the day of a charge-off or termination, not beyond it."""
    for entry in list(state.live("charge_off", "contract_termination")):
        if not entry.amount and "earned" in entry.details:
            entry.details["lifted"] = True
            entry.reversed_on = entry.on
            continue
        earned = cast(int, entry.details.get("earned", 0))
        correct_interest(state, entry.on, earned, post)


def post_activity(state: State, till: date, post: Post) -> None:
    """Say what each instalment due by a day earned, on its due date."""
    done = {entry.details.get("due") for entry in state.live("accrual_activity")}
    for row in state.rows:
        parts = nothing() | _earned_whole(row)
        if (
            row.down_payment
            or row.due in done
            or row.due > till
            or not any(parts.values())
        ):
            continue
        post("accrual_activity", row.due, parts).details["due"] = row.due


def end_activity(state: State, on: date, post: Post) -> None:
    """Say on the day a loan ended what all instalments from that day on earned."""
    post_activity(state, on - DAY, post)
    rest = nothing()
    for row in state.rows:
        if not row.down_payment and row.due >= on:
            earned = _earned_whole(row)
            rest = {each: rest[each] + earned.get(each, 0) for each in rest}
    said = [entry for entry in state.live("accrual_activity") if entry.on >= on]
    if [(entry.on, entry.parts) for entry in said] == [(on, rest)]:
        return
    for entry in said:
        entry.details["lifted"] = True
        entry.reversed_on = on
    if any(rest.values()):
        post("accrual_activity", on, rest).details["closing"] = True


def renew_activity(
    state: State, *, ended: bool, reopened: bool, today: date, post: Post
) -> None:
    """Keep what instalments earned in step with their rows; nothing ends while open.

    A loan open again that should long have been paid: what was said at its end
    belongs to the instalment of that time, and the later ones have earned too.
    """
    rows = {row.due: row for row in state.rows if not row.down_payment}
    for entry in list(state.live("accrual_activity")):
        row = rows.get(cast(date, entry.details.get("due")))
        if entry.details.get("closing") and not ended:
            row = next((r for r in rows.values() if entry.on <= r.due), None)
            if row is None or row.due >= today:
                row = None
                entry.details["lifted"] = True
                entry.reversed_on = entry.on
            else:
                entry.on = row.due
                entry.details.update(due=row.due, closing=False)
        if row is None:
            continue
        parts = nothing() | _earned_whole(row)
        if parts != entry.parts:
            entry.parts, entry.amount = parts, sum(parts.values())
            entry.replayed = True
    if reopened:
        post_activity(state, today - DAY, post)


def _earned_whole(row: Row) -> dict[str, int]:
    return {
        each: row.owed[each] - row.waived[each]
        for each in ("interest", "fee", "penalty")
    }


def booked_for(*, state: State, charge: Charge) -> int:
    """Return how much of a charge is booked as income, earliest charges first."""
    left = booked(state)[charge.component]
    for each in sorted(state.charges, key=lambda one: (one.effective_on, one.number)):
        if each.component != charge.component or not each.active:
            continue
        if each is charge:
            return min(left, each.amount)
        left = max(0, left - (each.amount - each.waived))
    return 0
