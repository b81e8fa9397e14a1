"""Lives drawn from small alphabets: a few periods of three days, amounts of 1 to 30."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life.events import KINDS, Event
from daihou.engine.ledger.life.front import Contract, Interest
from daihou.engine.ledger.values import LoanTerms
from daihou.engine.rulebook.policy import (
    Advance,
    Component,
    CostCap,
    Direction,
    DpdMethod,
    Mode,
    PenaltyTerms,
    Policy,
)

FIRST = date(2024, 2, 26)
DAYS = [FIRST + timedelta(days=count) for count in range(20)]
LAST = DAYS[-1]
DUE = [FIRST + timedelta(days=count) for count in (3, 6, 9)]
days = st.sampled_from(DAYS) | st.sampled_from(DUE)
ends = st.just(LAST) | days  # most lives are looked at when they have been lived
RATE = Decimal("9.125")  # two and a half per cent a day: every rounding shows
CAP = CostCap("CN-INT-02", date(2000, 1, 1), Decimal("3.65"), days_in_year=365)
counts = st.integers(1, 4)
amounts = st.integers(1, 30)
shares = st.sampled_from([Decimal(0), Decimal("3.65"), RATE])


def instant(day: date, *, hour: int = 9) -> datetime:
    """Return an hour of a day."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


@st.composite
def contracts(
    draw: st.DrawFn,
    *,
    interest: Interest = Interest.FIXED,
    caps: tuple[CostCap, ...] = (),
) -> Contract:
    """Draw a contract of a few short periods under any order of allocation."""
    method = draw(st.sampled_from(["equal_instalment", "equal_principal", "bullet"]))
    terms = LoanTerms(
        currency="CNY",
        principal_minor=draw(st.sampled_from([30, 100])),
        annual_rate=RATE,
        method=method,
        periods=draw(counts),
        period_unit="days",
        disbursed_on=FIRST,
        first_due_on=FIRST + timedelta(days=3),
        every=3,
        day_count="ACT/365F",
    )
    policy = Policy(
        product="law",
        begins_on=date(2000, 1, 1),
        mode=Mode.OWN,
        dpd=DpdMethod(id="DPD-CN-01", tolerance_minor=draw(st.integers(0, 1))),
        penalty=PenaltyTerms(
            multiplier=Decimal(2),
            on_principal=draw(st.booleans()),
            on_interest=draw(st.booleans()),
        ),
        order=tuple(draw(st.permutations(list(Component)))),
        direction=draw(st.sampled_from(Direction)),
        advance=draw(st.sampled_from(Advance)),
        day_count="ACT/365F",
        cost_caps=caps,
    )
    return Contract(1, terms, policy, interest)


def _later(day: date) -> st.SearchStrategy[date]:
    return st.integers(1, 6).map(lambda count: day + timedelta(days=count))


# What each kind needs beyond its id and days; `day` is the day it happens.
DETAILS: dict[str, Callable[[date], dict[str, st.SearchStrategy[Any]]]] = {
    "disbursement": lambda day: {"amount": amounts},
    "charge": lambda day: {"amount": counts},
    "waiver": lambda day: {
        "component": st.sampled_from([each.value for each in Component]),
        "amount": st.none() | counts,
    },
    "penalty_adjustment": lambda day: {"amount": st.sampled_from([-2, -1, 1])},
    "rate_change": lambda day: {
        "annual_rate": shares,
        "begins": st.sampled_from(["day", "next_due"]),
    },
    "interest_pause": lambda day: {"until": _later(day), "penalty": st.booleans()},
    "due_day_change": lambda day: {"first_due_on": _later(day)},
    "extension": lambda day: {"periods": counts},
    "reschedule": lambda day: {
        "periods": counts,
        "first_due_on": _later(day),
        "arrears": st.booleans(),
    },
    "re_age": lambda day: {
        "periods": counts,
        "first_due_on": _later(day),
        "penalty": st.sampled_from(["keep", "waive"]),
    },
    "re_amortise": lambda day: {},
    "contract_termination": lambda day: {},
    "charge_off": lambda day: {
        "behaviour": st.sampled_from(
            ["regular", "zero_interest", "accelerate_maturity"]
        )
    },
    "settlement_at_discount": lambda day: {"amount": amounts},
    "prepayment": lambda day: {
        "amount": amounts,
        "effect": st.sampled_from(["reduce_instalment", "shorten_term", "keep"]),
    },
    "payment": lambda day: {"amount": amounts},
    "refund": lambda day: {"amount": counts},
    "delinquency_pause": lambda day: {"until": st.none() | _later(day)},
    "write_off": lambda day: {},
    "transfer": lambda day: {},
}
# What makes rows anew; drawn beside much money, what it must leave alone shows.
RESHAPING = (
    *("extension", "reschedule", "re_age", "re_amortise", "due_day_change"),
    *("rate_change", "interest_pause", "contract_termination", "disbursement"),
    *("prepayment", "settlement_at_discount"),
)
MONEY = ("payment", "prepayment", "refund")
RUNNING = ("payment", "refund", "charge", "waiver", "rate_change", "interest_pause")


@st.composite
def happenings(
    draw: st.DrawFn,
    *,
    most: int = 5,
    kinds: tuple[str, ...] = (),
    taken_back: bool = True,
) -> tuple[Event, ...]:
    """Draw a few events of any kinds, some of them taken back later."""
    found: list[Event] = []
    kinds = kinds or draw(st.sampled_from([tuple(DETAILS), RESHAPING]))
    for number in range(1, draw(st.integers(0, most)) + 1):
        kind = draw(st.sampled_from(kinds) | st.sampled_from(["payment"]))
        on = draw(days)
        details = {name: draw(each) for name, each in DETAILS[kind](on).items()}
        recorded = instant(on, hour=draw(st.integers(0, 3)))
        recorded += timedelta(days=draw(st.integers(0, 4)))
        found.append(
            KINDS[kind](
                event_id=number, happened_on=on, recorded_at=recorded, **details
            )
        )
    if found and taken_back and draw(st.booleans()):
        aim = draw(st.sampled_from(found))
        money = isinstance(aim, ev.MONEY_IN)
        kind = draw(st.sampled_from(["undo", "reversal"] if money else ["undo"]))
        on = draw(days.filter(lambda day: day >= aim.happened_on))
        found.append(
            (ev.Undo if kind == "undo" else ev.Reversal)(
                event_id=99, happened_on=on, recorded_at=instant(on), of=aim.event_id
            )
        )
    return tuple(found)
