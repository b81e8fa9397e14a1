"""The moving plan and the ledger of fixed demands say the same where both can speak."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.moving.account import PlanAccount
from daihou.engine.ledger.moving.terms import Future, Order, PlanTerms, Timing
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import (
    Demand,
    Loan,
    LoanState,
    LoanTerms,
    Payment,
    Row,
)
from daihou.engine.rulebook.policy import (
    Advance,
    Component,
    Direction,
    DpdMethod,
    Mode,
    Policy,
)

START = date(2024, 1, 31)
COMPONENTS = ("fee", "interest", "principal")
orders = st.permutations(COMPONENTS)
Move = tuple[date, int, bool]  # the day, the amount, reversed later


def plan_terms(periods: int, percent: str, order: Order, **more: object) -> PlanTerms:
    return PlanTerms(
        principal=0,
        yearly_percent=Decimal(percent),
        start_on=START,
        periods=periods,
        days_in_year="360",
        days_in_month="30",
        levelling_rounds=0,
        orders={"default": order},
        **more,  # type: ignore[arg-type]
    )


def horizontal(order: list[str]) -> Order:
    return Order(
        tuple((timing, each) for timing in Timing for each in order), Future.NEXT
    )


def vertical(order: list[str]) -> Order:
    due = (Timing.PAST_DUE, Timing.DUE)
    return Order(tuple((timing, each) for each in order for timing in due))


def lived(terms: PlanTerms, principal: int, moves: list[Move]) -> PlanAccount:
    """A loan paid out on START with payments, some of them taken back at the end."""
    account = PlanAccount(terms)
    account.disburse(START, principal, today=START)
    paid = [account.post("repayment", on, sum_, today=on) for on, sum_, _ in moves]
    last = max((on for on, _, _ in moves), default=START)
    for entry, (_, _, taken_back) in zip(paid, moves, strict=True):
        if taken_back:
            account.reverse(entry, today=last)
    return account


def settled(
    account: PlanAccount,
    order: list[str],
    moves: list[Move],
    direction: Direction,
    advance: Advance,
) -> LoanState:
    """The same loan on the ledger of demands, its rows taken from the plan."""
    last = max((on for on, _, _ in moves), default=START)
    demands = tuple(
        Demand(number, number, row.due, row.owed["principal"], row.owed["interest"])
        for number, row in enumerate(account.state.rows, 1)
    )
    payments = tuple(
        Payment(number, on, amount, ends_on=last if back else None)
        for number, (on, amount, back) in enumerate(moves, 1)
    )
    loan = Loan(1, "CNY", account.state.terms.principal, START, demands, payments)
    named = tuple(Component(each) for each in order)
    rest = tuple(each for each in Component if each not in named)
    policy = Policy(
        product="any",
        begins_on=START,
        mode=Mode.OWN,
        dpd=DpdMethod("any"),
        order=(*named, *rest),
        direction=direction,
        advance=advance,
    )
    return settle(loan, policy, as_of=last)


@st.composite
def some_moves(draw: st.DrawFn) -> list[Move]:
    count = draw(st.integers(0, 5))
    days = sorted(draw(st.integers(0, 130)) for _ in range(count))
    return [
        (START + timedelta(days=day), draw(st.integers(1, 60)), draw(st.booleans()))
        for day in days
    ]


def paid(state: LoanState) -> list[tuple[int, int]]:
    return [(each.paid["principal"], each.paid["interest"]) for each in state.demands]


@given(some_moves(), orders, st.integers(1, 4), st.sampled_from(["0", "12", "99"]))
def test_payments_by_instalment_go_to_the_same_places(moves, order, periods, percent):
    terms = plan_terms(periods, percent, horizontal(order))
    account = lived(terms, 100, moves)
    ours = settled(account, order, moves, Direction.HORIZONTAL, Advance.NEXT)
    theirs = [(r.paid["principal"], r.paid["interest"]) for r in account.state.rows]
    assert paid(ours) == theirs
    assert ours.unapplied_credit == account.state.over


@given(some_moves(), orders, st.integers(1, 4))
def test_payments_by_component_go_to_the_same_places(moves, order, periods):
    terms = plan_terms(periods, "24", vertical(order), vertical=True)
    account = lived(terms, 100, moves)
    # Money held waits for the next due date in the ledger, not in the plan.
    assume(not any(each.over for each in account.state.entries))
    ours = settled(account, order, moves, Direction.VERTICAL, Advance.HOLD)
    assume(ours.unapplied_credit == 0)
    theirs = [(r.paid["principal"], r.paid["interest"]) for r in account.state.rows]
    assert paid(ours) == theirs


@given(
    st.integers(1, 10**7),
    st.sampled_from(["0", "3.65", "7", "14.4", "36"]),
    st.integers(1, 24),
)
def test_the_first_plan_is_the_schedule_of_the_contract(principal, percent, periods):
    account = PlanAccount(plan_terms(periods, percent, horizontal(list(COMPONENTS))))
    account.disburse(START, principal, today=START)
    rows = schedule(
        LoanTerms(
            currency="CNY",
            principal_minor=principal,
            annual_rate=Decimal(percent) / 100,
            method="equal_instalment",
            periods=periods,
            period_unit="months",
            disbursed_on=START,
            first_due_on=date(2024, 2, 29),
        )
    )
    assume(not any(half_a_cent(principal, percent, rows)))
    ours = [(row.due_on, row.principal, row.interest) for row in rows]
    plan = account.state.rows
    assert [(r.due, r.owed["principal"], r.owed["interest"]) for r in plan] == ours


def half_a_cent(balance: int, percent: str, rows: tuple[Row, ...]) -> Iterator[bool]:
    """Say of each row whether its exact interest lies half way between two cents.

    The plan keeps 19 digits on the way, a convention of its kind; the schedule is
    exact. Only on an exact half can the two round apart.
    """
    for row in rows:
        yield (balance * Fraction(percent) / 1200).denominator == 2
        balance -= row.principal
