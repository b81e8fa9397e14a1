"""Facts of allocation, interest, penalty and closing, each asked of the engine."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import payoff
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life.front import Contract, Interest, settle_life
from daihou.engine.ledger.schedule import due_dates, schedule
from daihou.engine.rulebook.policy import Advance, PenaltyTerms
from tests.conformance.facts import (
    Case,
    Told,
    day,
    loan_of,
    minor,
    policy,
    terms_of,
)

ONE = timedelta(days=1)


def _allocation(case: Case) -> Iterator[Told]:
    if "bullet_due" in case["loan"]:
        yield from _early(case)
        return
    terms = terms_of(case["loan"])
    [[_, amount]] = case["payments"]
    paid_on = terms.first_due_on + timedelta(days=5)
    rule = policy(penalty=PenaltyTerms(on_principal=True, grace_days=5))
    loan = loan_of(terms, [(paid_on, minor(amount))], penalty_nano=250_000_000)
    first = settle(loan, rule, as_of=paid_on).demands[0]
    for name, wanted in case["expected"].items():
        yield Told(name, minor(wanted), first.paid[name.removesuffix("_paid")])


def _early(case: Case) -> Iterator[Told]:
    """A bullet loan paid early in part: the days left bear interest on what is left."""
    loan, due = case["loan"], day(case["loan"]["bullet_due"])
    terms = terms_of(
        loan | {"first_due": loan["bullet_due"], "repayments": 1},
        method="bullet",
        day_count="ACT/365F",
        multiple_of=1,
        last_row="on_term",
    )
    contract = Contract(
        1, terms, policy(advance=Advance.NEXT), interest=Interest.RUNNING
    )
    [[on, amount, _]] = case["payments"]
    paid = _event(ev.PaymentReceived, 1, day(on), amount=minor(amount))
    state = settle_life(contract, [paid], as_of=due).state
    left = state.outstanding_principal
    days = (due - day(on)).days
    exact = Fraction(left) * Fraction(loan["rate_percent"]) * days / 36500
    ours = state.demands[-1].unpaid["interest"]
    yield Told(f"{days} days on {left}", round(exact), ours)


def _event(kind: type[Any], number: int, on: date, **fields: Any) -> Any:
    at = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return kind(event_id=number, happened_on=on, recorded_at=at, **fields)


def _accrual(case: Case) -> Iterator[Told]:
    steps = case.get("steps", ())
    frozen = [day(step["date"]) for step in steps if step.get("op") == "freeze"]
    if frozen:
        yield from _frozen(case, frozen[0])
        return
    if steps:
        yield from _kept_apart(case)
        return
    loan = case["loan"]
    last = day(case["expected"]["accrued_to"])  # that day's interest included
    terms = terms_of(
        loan | {"repayments": 1},
        method="bullet",
        day_count="ACT/ACT",
        first_due_on=last + ONE,
        multiple_of=1,
        last_row="on_term",
    )
    [row] = schedule(terms)
    yield Told("interest", minor(case["expected"]["interest"]), row.interest)


def _frozen(case: Case, on: date) -> Iterator[Told]:
    """No day after the freeze bears interest."""
    terms = terms_of(case["loan"])
    contract = Contract(1, terms, policy())
    pause = _event(ev.InterestPause, 1, on, until=on + timedelta(days=365))
    last = day(case["steps"][0]["date"])
    earned, running = {}, on
    while running < min(last, due_dates(terms)[1]):
        earned[running] = settle_life(contract, [pause], as_of=running).accrued
        running += ONE
    begun = settle_life(contract, [pause], as_of=on - ONE).accrued
    yield Told("interest of the day itself", theirs=True, ours=earned[on] > begun)
    last_grown = max(
        each for each in earned if each == on or earned[each] > earned[each - ONE]
    )
    wanted = case["steps"][-1]["check"]["last_accrual_date"]
    yield Told("last day with interest", wanted, last_grown.isoformat())


def _kept_apart(case: Case) -> Iterator[Told]:
    """Interest goes on running and is a memo from the day lateness is over 90."""
    loan, rule = loan_of(terms_of(case["loan"])), policy()
    on = day(case["steps"][-1]["check"]["last_accrual_date"])
    state = settle(loan, rule, as_of=on)
    yield Told("kept as a memo", state.overdue["interest"], state.memo["interest"])
    yield Told("since", theirs=True, ours=state.non_accrual_since is not None)
    grown = [payoff(loan, rule, on=each).running_interest for each in (on - ONE, on)]
    yield Told("interest of that day", theirs=True, ours=grown[0] < grown[1])


def _penalty(case: Case) -> Iterator[Told]:
    """Overdue amount x rate x days late / 365, nothing within the grace."""
    given = case["loan"]
    terms = terms_of(given | {"repayments": 12})
    rate = Decimal(given["penalty_rate_percent"]) / 100
    grace = given["grace_days"]
    rule = policy(
        penalty=PenaltyTerms(
            on_principal=True, on_interest=True, days_in_year=365, grace_days=grace
        )
    )
    loan = loan_of(terms, penalty_nano=int(rate * 10**9))
    first = loan.demands[0]
    for late in (grace, grace + 1, 20):
        state = settle(loan, rule, as_of=first.due_on + timedelta(days=late))
        ours = state.overdue["penalty"] + state.overdue["compound"]
        exact = [
            Fraction(part) * Fraction(rate) * late / 365
            for part in (first.principal, first.interest)
        ]
        theirs = sum(map(round, exact)) if late > grace else 0
        yield Told(f"{late} days late", theirs, ours)


def _write_off(case: Case) -> Iterator[Told]:
    contract = Contract(1, terms_of(case["loan"]), policy())
    happened: list[Any] = []
    for number, step in enumerate(case["steps"], 1):
        if step.get("op") == "write_off":
            happened.append(_event(ev.WriteOff, number, day(step["date"])))
        elif step.get("op") == "payment":
            settles = step["type"] == "write_off_settlement"
            kind = ev.SettlementAtDiscount if settles else ev.Recovery
            amount = minor(step["amount"])
            happened.append(_event(kind, number, day(step["date"]), amount=amount))
        else:
            on = happened[-1].happened_on
            state = settle_life(contract, happened, as_of=on).state
            yield Told("status", step["check"]["status"], state.status)
            came = minor(step["check"]["ledger"][0][1])
            placed = sum(each.amount for each in state.allocations)
            yield Told("money placed", came, placed + state.unapplied_credit)


def _taken_back(case: Case) -> Iterator[Told]:
    """What a settlement gave up is owed again when the settlement is cancelled."""
    contract = Contract(1, terms_of(case["loan"]), policy())
    [paid] = [step for step in case["steps"] if step.get("op") == "payment"]
    on, amount = day(paid["date"]), minor(paid["amount"])
    deal = _event(ev.SettlementAtDiscount, 1, on, amount=amount)
    closed = settle_life(contract, [deal], as_of=on).state
    given_up = sum(sum(each.waived.values()) for each in closed.demands)
    yield Told("something was given up", theirs=True, ours=given_up > 0)
    undone = [deal, _event(ev.Undo, 2, on, of=1)]
    again = settle_life(contract, undone, as_of=on).state
    yield Told("waived", 0, sum(sum(each.waived.values()) for each in again.demands))
    never = settle_life(contract, [], as_of=on).state
    yield Told("owed", never.outstanding_total, again.outstanding_total)


READERS: Mapping[str, Callable[[Case], Iterator[Told]]] = {
    "allocation": _allocation,
    "accrual": _accrual,
    "penalty": _penalty,
    "write_off": _write_off,
    "reversal": _taken_back,
}
