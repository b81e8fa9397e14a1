"""Two treatments of one loan side by side: what each costs borrower and lender.

Both are worked out as if every instalment were paid on its due date and everything
already due on the day of the comparison. The yearly cost is the rate of interest,
compounded once a year, at which those payments are worth the principal owed today
(an internal rate of return, ACT/365).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext

from daihou.engine.basics.dates import DAY
from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money
from daihou.engine.delinquency.buckets import bucket
from daihou.engine.ledger.fixed.replay import Calendar
from daihou.engine.ledger.life.events import Event
from daihou.engine.ledger.life.front import Contract, LifeState, settle_life
from daihou.engine.ledger.values import Row
from daihou.engine.rulebook.policy import Component

UNPAID_AFTER = (30, 60, 90, 180)  # days at which lateness without any payment is shown
RATE_DIGITS = Decimal("0.000001")  # the yearly cost is found to a millionth


@dataclass(frozen=True, slots=True)
class Treatment:
    """What might be done to a loan: a name and the events that do it."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one treatment leads to; amounts in minor units.

    `instalments` are what is to be paid from the day on: what is due then in one row
    (seq 0), then each due date. `cost` is what is paid beyond the principal owed.
    `given_up` is what the lender gets less than without any treatment (negative: it
    gets more). `yearly_cost` None: no such rate, as when nothing is paid.
    `late_unpaid` says how late the loan is so many days on if nobody pays.
    """

    name: str
    life: LifeState
    instalments: tuple[Row, ...]
    total: int
    cost: int
    yearly_cost: Decimal | None
    given_up: int
    present_value: int
    last_due_on: date | None
    late_unpaid: tuple[tuple[int, int, str], ...]  # days on, days past due, bucket


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two outcomes, what doing nothing leads to, and the difference in words."""

    nothing: Outcome
    first: Outcome
    second: Outcome
    lines: tuple[Line, ...]


def compare(
    contract: Contract,
    events: Sequence[Event],
    first: Treatment,
    second: Treatment,
    *,
    as_of: date,
    discount_rate: Decimal,
    calendar: Calendar | None = None,
) -> Comparison:
    """Return two treatments of a loan side by side at the end of `as_of`.

    `discount_rate` is the lender's yearly rate (a share) for the present value,
    ACT/365 compounded. Events of a treatment happen by `as_of`, or count not.
    """
    bare = Treatment("", ())
    nothing, one, other = (
        _outcome(contract, events, each, as_of, discount_rate, calendar)
        for each in (bare, first, second)
    )
    one = _against(nothing, one)
    other = _against(nothing, other)
    return Comparison(nothing, one, other, tuple(_lines(contract, one, other)))


def _outcome(
    contract: Contract,
    events: Sequence[Event],
    treatment: Treatment,
    as_of: date,
    rate: Decimal,
    calendar: Calendar | None,
) -> Outcome:
    every = (*events, *treatment.events)
    life = settle_life(contract, every, as_of=as_of, calendar=calendar)
    rows = to_pay(life)
    total = sum(row.principal + row.interest + row.fee for row in rows)
    flows = [(row.due_on, row.principal + row.interest + row.fee) for row in rows]
    owed = life.state.outstanding_principal
    return Outcome(
        name=treatment.name,
        life=life,
        instalments=rows,
        total=total,
        cost=total - owed,
        yearly_cost=yearly_cost(owed, flows, on=as_of),
        given_up=0,
        present_value=present_value(flows, on=as_of, rate=rate),
        last_due_on=max((row.due_on for row in rows), default=None),
        late_unpaid=_late_unpaid(contract, every, as_of, calendar),
    )


def _against(nothing: Outcome, outcome: Outcome) -> Outcome:
    return replace(outcome, given_up=nothing.cost - outcome.cost)


def to_pay(life: LifeState) -> tuple[Row, ...]:
    """Return what is to be paid: all that is due as row 0, then each due date.

    Penalty and compound count as fee of row 0; held money is not taken off. Amounts
    in minor units.
    """
    on = life.state.as_of
    due, coming = Row(0, on, 0, 0), dict[date, Row]()
    for each in life.state.demands:
        left = each.unpaid
        penal = left[Component.PENALTY] + left[Component.COMPOUND]
        fee = left[Component.FEE] + penal
        parts = (left[Component.PRINCIPAL], left[Component.INTEREST], fee)
        if each.due_on <= on:
            due = _added(due, *parts)
        elif any(parts):
            known = coming.get(each.due_on, Row(each.demand.seq, each.due_on, 0, 0))
            coming[each.due_on] = _added(known, *parts)
    rows = [coming[day] for day in sorted(coming)]
    return (due, *rows) if due.principal or due.interest or due.fee else tuple(rows)


def _added(row: Row, principal: int, interest: int, fee: int) -> Row:
    return Row(
        row.seq,
        row.due_on,
        row.principal + principal,
        row.interest + interest,
        row.fee + fee,
    )


def _late_unpaid(
    contract: Contract,
    events: Sequence[Event],
    as_of: date,
    calendar: Calendar | None,
) -> tuple[tuple[int, int, str], ...]:
    known = tuple(each for each in events if each.happened_on <= as_of)
    found = []
    for days in (0, *UNPAID_AFTER):
        day = as_of + DAY * days
        state = settle_life(contract, known, as_of=day, calendar=calendar).state
        found.append((days, state.dpd, bucket(state.dpd, contract.policy.bucket_set)))
    return tuple(found)


def present_value(flows: Sequence[tuple[date, int]], *, on: date, rate: Decimal) -> int:
    """Return what payments are worth on a day at a yearly rate, ACT/365 compounded."""
    with localcontext() as context:
        context.prec = 40
        return int(_worth(flows, on, rate).to_integral_value("ROUND_HALF_EVEN"))


def _worth(flows: Sequence[tuple[date, int]], on: date, rate: Decimal) -> Decimal:
    growth = (1 + rate).ln()
    return sum(
        (
            amount * (-growth * Decimal((day - on).days) / 365).exp()
            for day, amount in flows
        ),
        Decimal(0),
    )


def yearly_cost(
    owed: int, flows: Sequence[tuple[date, int]], *, on: date
) -> Decimal | None:
    """Return the yearly rate at which the payments are worth what is owed.

    A share, exact to a millionth, found by halving. None where no rate from -99 % to
    10,000 % a year does it, as when all is due at once.
    """
    low, high = Decimal("-0.99"), Decimal(100)
    later = [(day, amount) for day, amount in flows if day > on]
    if owed <= 0 or not later:
        return None
    with localcontext() as context:
        context.prec = 28
        if not _worth(flows, on, high) < owed <= _worth(flows, on, low):
            return None
        while high - low > RATE_DIGITS / 4:
            middle = (low + high) / 2
            if _worth(flows, on, middle) >= owed:
                low = middle
            else:
                high = middle
        return low.quantize(RATE_DIGITS)


def _lines(contract: Contract, one: Outcome, other: Outcome) -> list[Line]:
    currency = contract.terms.currency

    def pair(code: str, first: int, second: int) -> Line:
        return Line(
            code,
            {
                "a": one.name,
                "b": other.name,
                "first": Money(currency, first),
                "second": Money(currency, second),
                "more": Money(currency, second - first),
            },
            second - first,
        )

    lines = [
        pair("compare_total", one.total, other.total),
        pair("compare_cost", one.cost, other.cost),
        pair("compare_given_up", one.given_up, other.given_up),
        pair("compare_value", one.present_value, other.present_value),
    ]
    rates = {"first": one.yearly_cost, "second": other.yearly_cost}
    if None not in rates.values():
        lines.append(Line("compare_rate", rates))
    last = {"first": one.last_due_on, "second": other.last_due_on}
    if None not in last.values():
        lines.append(Line("compare_last", last))
    dpd = {"first": one.life.state.dpd, "second": other.life.state.dpd}
    original = {"original": one.life.dpd_original}
    return [*lines, Line("compare_dpd", {**dpd, **original})]
