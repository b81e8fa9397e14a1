"""Loans drawn from small alphabets: ten days around a leap day, amounts of 0 to 3."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from daihou.engine.ledger.values import Demand, Loan, Payment, RateStep, Waiver
from daihou.engine.rulebook.policy import (
    Advance,
    Anchor,
    Component,
    CostCap,
    Direction,
    DpdMethod,
    Mode,
    OrderRule,
    PauseEffect,
    PenaltyTerms,
    Policy,
)

FIRST = date(2024, 2, 26)  # a Monday; the 29th is in the week
DAYS = [FIRST + timedelta(days=count) for count in range(10)]
days = st.sampled_from(DAYS)
amounts = st.integers(0, 3)
# A tenth and a quarter of a unit a day: roundings and ties are common.
rates = st.sampled_from([0, 36 * 10**9, 90 * 10**9])
maybe_days = st.none() | days

# The latest late demand makes a loan younger when it falls due.
EARLIEST = (Anchor.OLDEST_UNPAID, Anchor.FIRST_MATERIAL_BREACH)
# Law 3 wants one order of components for all days: under an order that changes with
# lateness, money that makes a loan younger may go to other components than it would
# have gone to. Money in advance that skips the coming demand (last, even) was better
# paid on the due date; shares of it rounded to a cent (even) may fall by that cent.
AHEAD = (Advance.HOLD, Advance.NEXT)
FIRST_OR_LAST = (*AHEAD, Advance.LAST)


@st.composite
def demands(draw: st.DrawFn, *, versions: bool = False) -> tuple[Demand, ...]:
    """Draw up to four demands; two may fall due on one day, one may be a charge."""
    count = draw(st.integers(0, 4))
    return tuple(
        Demand(
            demand_id=number,
            seq=draw(st.sampled_from([0, number])),
            due_on=draw(days),
            principal=draw(amounts),
            interest=draw(amounts),
            fee=draw(st.integers(0, 1)),
            begins_on=draw(days) if versions and draw(st.booleans()) else date.min,
            ends_on=draw(maybe_days) if versions else None,
        )
        for number in range(1, count + 1)
    )


@st.composite
def payments(
    draw: st.DrawFn, *, most: int = 4, refunds: bool = True, reversals: bool = True
) -> tuple[Payment, ...]:
    """Draw up to four payments, some given back, some reversed later."""
    count = draw(st.integers(0, most))
    lowest = -3 if refunds else 1
    return tuple(
        Payment(
            payment_id=number,
            paid_on=draw(days),
            amount=draw(st.integers(lowest, 6).filter(bool)),
            ends_on=draw(maybe_days) if reversals else None,
        )
        for number in range(1, count + 1)
    )


@st.composite
def waivers(
    draw: st.DrawFn, *, most: int = 2, ended: bool = True
) -> tuple[Waiver, ...]:
    """Draw up to two waivers of any component, some ended later."""
    count = draw(st.integers(0, most))
    return tuple(
        Waiver(
            waiver_id=number,
            on=draw(days),
            component=draw(st.sampled_from(Component)).value,
            amount=draw(st.integers(1, 4)),
            demand_id=draw(st.none() | st.integers(1, 2)),
            ends_on=draw(maybe_days) if ended else None,
        )
        for number in range(1, count + 1)
    )


@st.composite
def rate_steps(draw: st.DrawFn) -> tuple[RateStep, ...]:
    """Draw up to two repricings, on different days, in order."""
    begins = draw(st.lists(days, max_size=2, unique=True))
    return tuple(RateStep(begin, draw(rates)) for begin in sorted(begins))


@st.composite
def loans(
    draw: st.DrawFn,
    *,
    versions: bool = True,
    most_payments: int = 4,
    refunds: bool = True,
    reversals: bool = True,
    pauses: bool = True,
    closed: bool = True,
    waived: bool = True,
) -> Loan:
    """Draw one loan paid out on the first day.

    Without `reversals` nothing is taken back later, no payment and no waiver.
    """
    owed = draw(demands(versions=versions))
    pause = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))
    status = draw(st.sampled_from(["active", "written_off", "settled"]))
    return Loan(
        loan_id=1,
        currency="CNY",
        principal=sum(each.principal for each in owed) or 1,
        disbursed_on=FIRST,
        demands=owed,
        payments=draw(
            payments(most=most_payments, refunds=refunds, reversals=reversals)
        ),
        penalty_rate_nano=draw(rates),
        status=status if closed else "active",
        status_on=draw(maybe_days) if closed else None,
        pauses=tuple(draw(st.lists(pause, max_size=2))) if pauses else (),
        waivers=draw(waivers(ended=reversals)) if waived else (),
        rate_steps=draw(rate_steps()),
    )


@st.composite
def order_rules(draw: st.DrawFn) -> tuple[OrderRule, ...]:
    """Draw up to two other orders: by lateness, by status, from a day on."""
    return tuple(
        OrderRule(
            order=tuple(draw(st.permutations(list(Component)))),
            dpd_over=draw(st.none() | st.integers(0, 2)),
            status=draw(st.sampled_from([None, None, "active", "written_off"])),
            begins_on=draw(maybe_days),
        )
        for _ in range(draw(st.integers(0, 2)))
    )


@st.composite
def cost_caps(draw: st.DrawFn) -> tuple[CostCap, ...]:
    """Draw no cap or up to two, some from after the payout on; rates like `rates`."""
    begins = draw(st.lists(st.sampled_from(DAYS[:2]), max_size=2, unique=True))
    rate = st.sampled_from([Decimal(9), Decimal(36), Decimal(100)])
    return tuple(
        CostCap("CN-INT-02", begin, draw(rate), draw(st.sampled_from([360, 365])))
        for begin in sorted(begins)
    )


@st.composite
def policies(
    draw: st.DrawFn,
    *,
    mode: Mode = Mode.OWN,
    anchors: Collection[Anchor] = tuple(Anchor),
    advances: Collection[Advance] = tuple(Advance),
    rules: bool = True,
    caps: bool = True,
) -> Policy:
    """Draw a policy of any conventions."""
    grace = st.integers(0, 2)
    return Policy(
        product="law",
        begins_on=date(2000, 1, 1),
        mode=mode,
        dpd=DpdMethod(
            id="DPD-CN-01",
            due_date_counts=draw(st.integers(0, 1)),
            anchor=draw(st.sampled_from(list(anchors))),
            grace_days_loan=draw(grace),
            grace_days_instalment=draw(grace),
            tolerance_minor=draw(st.integers(0, 1)),
            tolerance_share=draw(st.sampled_from([Decimal(0), Decimal("0.5")])),
            pause_effect=draw(st.sampled_from(PauseEffect)),
        ),
        penalty=PenaltyTerms(
            on_principal=draw(st.booleans()),
            on_interest=draw(st.booleans()),
            grace_days=draw(grace),
            from_due=draw(st.booleans()),
        ),
        order=tuple(draw(st.permutations(list(Component)))),
        direction=draw(st.sampled_from(Direction)),
        advance=draw(st.sampled_from(list(advances))),
        day_count=draw(st.sampled_from(["30/360", "ACT/360"])),
        order_rules=draw(order_rules()) if rules else (),
        cost_caps=draw(cost_caps()) if caps else (),
        non_accrual_after=draw(st.none() | st.integers(0, 2)),
        rounding=draw(st.sampled_from(["half_even", "up", "down"])),
    )
