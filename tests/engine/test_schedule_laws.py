"""What is true of every repayment plan, whatever its conventions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given, reject
from hypothesis import strategies as st

from daihou.engine.basics.dates import DAY_COUNTS, UNITS, add_period
from daihou.engine.basics.rounding import MODES
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule import METHODS, due_dates, remaining, schedule
from daihou.engine.ledger.terms import (
    Applies,
    FirstPeriod,
    GraceInterest,
    Holidays,
    InterestTo,
    Keeps,
    LevelBy,
    LoanTerms,
    RateChange,
    Row,
    Tranche,
)

COMPUTED = METHODS[:5]
LEVEL = ("equal_instalment", "equal_principal", "flat")
RATES = [Decimal(0), Decimal("0.06"), Decimal("0.24"), Decimal(3)]
BIG = (1_000_003, 10_000_000)
ONE = timedelta(days=1)


@st.composite
def plain(
    draw: st.DrawFn,
    methods: Sequence[str] = COMPUTED,
    principals: Sequence[int] = (3, 40, 1_000_003, 10_000_000),
    periods: Sequence[int] = (1, 2, 3, 7),
) -> LoanTerms:
    """Draw terms around month ends and a leap day, with a first period of any length."""
    disbursed = draw(
        st.sampled_from([date(2024, 1, 30), date(2024, 1, 31), date(2024, 2, 29)])
    )
    unit, every = draw(st.sampled_from(UNITS)), draw(st.sampled_from([1, 2]))
    stub = draw(st.sampled_from([0, -3, 5]))
    first = add_period(add_period(disbursed, every, unit), stub, "days")
    return LoanTerms(
        currency="CNY",
        principal_minor=draw(st.sampled_from(principals)),
        annual_rate=draw(st.sampled_from(RATES)),
        method=draw(st.sampled_from(methods)),
        periods=draw(st.sampled_from(periods)),
        period_unit=unit,
        disbursed_on=disbursed,
        first_due_on=max(first, disbursed + ONE),
        every=every,
        day_count=draw(st.sampled_from(DAY_COUNTS)),
        rounding=draw(st.sampled_from(MODES)),
        level_by=draw(st.sampled_from(LevelBy)),
        first_period=draw(st.sampled_from(FirstPeriod)),
    )


@st.composite
def terms(draw: st.DrawFn) -> LoanTerms:
    """Draw terms with every convention that their method knows."""
    base = draw(plain())
    last, change = due_dates(base)[-1], dict[str, Any]()
    grace = st.integers(0, base.periods - 1)
    span = st.integers(1, max(1, (last - base.disbursed_on).days - 1))
    days = sorted(draw(st.sets(span, max_size=2)))
    on = [base.disbursed_on + timedelta(days=count) for count in days]
    if draw(st.booleans()):
        part = base.principal_minor // 3
        change["tranches"] = tuple(Tranche(each, part) for each in on)
    if draw(st.booleans()):
        change["rate_changes"] = tuple(
            RateChange(
                each,
                draw(st.sampled_from(RATES)),
                draw(st.sampled_from(Applies)),
                draw(st.sampled_from(Keeps))
                if base.method == "equal_instalment"
                else Keeps.TERM,
            )
            for each in on
        )
    if base.method in LEVEL:
        change["grace_principal"] = draw(grace)
        if all(each.keeps == "term" for each in change.get("rate_changes", ())):
            change["balloon_minor"] = draw(st.sampled_from([0, 1]))
        change["multiple_of"] = draw(st.sampled_from([1, 5]))
    if base.method != "bullet":
        change["grace_interest"] = draw(grace)
        change["grace_interest_to"] = draw(st.sampled_from(GraceInterest))
    change["down_payment_share"] = draw(st.sampled_from([Decimal(0), Decimal("0.25")]))
    change["holidays"] = draw(st.sampled_from(Holidays))
    change["interest_to"] = draw(st.sampled_from(InterestTo))
    return replace(base, **change)


CLOSED = st.sets(
    st.integers(1, 99).map(lambda count: date(2024, 1, 31) + timedelta(days=count)),
    max_size=30,
)


def made(given_terms: LoanTerms, closed: set[date]) -> tuple[Row, ...]:
    """Make a plan; one that is refused (too small a multiple...) is not looked at."""
    try:
        return schedule(given_terms, closed=closed)
    except TermsError:
        reject()


@given(terms(), CLOSED)
def test_the_principal_adds_up_and_the_balance_is_never_negative(
    given_terms: LoanTerms, closed: set[date]
) -> None:
    rows = made(given_terms, closed)
    assert sum(row.principal for row in rows) == given_terms.principal_minor
    assert all(row.principal >= 0 and row.interest >= 0 for row in rows)
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    dates = [row.due_on for row in rows]
    assert dates == sorted(dates)
    later = sum(each.amount_minor for each in given_terms.tranches)
    paid_out = given_terms.principal_minor - later
    balances = [(given_terms.disbursed_on, paid_out)]
    balances += [(each.on, each.amount_minor) for each in given_terms.tranches]
    balances += [(row.due_on, -row.principal) for row in rows]
    left = 0
    if given_terms.holidays == "unmoved":
        for _, amount in sorted(balances, key=lambda each: (each[0], -each[1])):
            left += amount
            assert left >= 0
        assert left == 0


@given(terms(), CLOSED)
def test_nothing_is_asked_for_on_a_closed_day(
    given_terms: LoanTerms, closed: set[date]
) -> None:
    assume(given_terms.holidays != "unmoved")
    own = {given_terms.disbursed_on, *(each.on for each in given_terms.tranches)}
    for row in made(given_terms, closed):
        assert row.due_on not in closed or row.due_on in own


@given(plain())
def test_the_instalment_is_the_one_that_clears_the_loan(
    given_terms: LoanTerms,
) -> None:
    """Exact balances, no rounding: half a fen a period more or less would miss."""
    whole = replace(
        given_terms,
        method="equal_instalment",
        rounding="half_even",
        day_count="ACT/365F",
        level_by="counted",
        first_period="in_instalment",
        principal_minor=10_000_000,
        periods=7,
    )
    rows = schedule(whole)
    instalment = rows[0].principal + rows[0].interest
    balance, tails, start = Fraction(whole.principal_minor), Fraction(0), None
    for on in due_dates(whole):
        days = (on - (start or whole.disbursed_on)).days
        growth = 1 + Fraction(whole.annual_rate) * days / 365
        balance = balance * growth - instalment
        tails = tails * growth + 1
        start = on
    assert abs(balance) <= tails / 2
    assert {row.principal + row.interest for row in rows[:-1]} == {instalment}
    last = rows[-1].principal + rows[-1].interest
    # Half a unit a row for its interest and half for the instalment, grown.
    assert abs(last - instalment) <= tails + 1


@given(plain(), st.sampled_from(RATES), st.sampled_from(RATES))
def test_a_higher_rate_never_costs_less(
    given_terms: LoanTerms, one: Decimal, two: Decimal
) -> None:
    low = schedule(replace(given_terms, annual_rate=min(one, two)))
    high = schedule(replace(given_terms, annual_rate=max(one, two)))
    cost = [sum(row.interest for row in rows) for rows in (low, high)]
    # Equal instalments round the principal too: a unit a row.
    slack = len(low) if given_terms.method == "equal_instalment" else 0
    assert cost[0] <= cost[1] + slack
    if not slack:
        pairs = zip(low, high, strict=True)
        assert all(lower.interest <= higher.interest for lower, higher in pairs)


@given(plain(methods=(*LEVEL, "interest_only")), st.data())
def test_grace_on_interest_moves_it_and_loses_none(
    given_terms: LoanTerms, data: st.DataObject
) -> None:
    before = schedule(given_terms)
    grace = data.draw(st.integers(0, given_terms.periods - 1))
    for place in ("next", "spread", "last"):
        moved = replace(given_terms, grace_interest=grace, grace_interest_to=place)
        rows = schedule(moved)
        assert [row.principal for row in rows] == [row.principal for row in before]
        assert sum(row.interest for row in rows) == sum(r.interest for r in before)
        own = len(rows) - given_terms.periods
        assert not any(row.interest for row in rows[own : own + grace])


@given(plain())
def test_where_the_first_days_go_changes_no_amount_of_the_plan(
    given_terms: LoanTerms,
) -> None:
    plans = [
        schedule(replace(given_terms, first_period=place))
        for place in ("on_first", "own_row", "at_disbursement", "spread")
    ]
    assert len({sum(row.interest for row in rows) for rows in plans}) == 1
    parts = {tuple(row.principal for row in rows if row.principal) for rows in plans}
    assert len(parts) == 1


@given(plain(methods=LEVEL, principals=BIG), st.sampled_from([1, 5]))
def test_after_a_down_payment_the_plan_is_that_of_the_rest(
    given_terms: LoanTerms, multiple: int
) -> None:
    given_terms = replace(
        given_terms, multiple_of=multiple, first_period="in_instalment"
    )
    amount = given_terms.principal_minor // 4
    first, *rest = schedule(replace(given_terms, down_payment_minor=amount))
    assert first == Row(1, given_terms.disbursed_on, amount, 0)
    without = replace(given_terms, principal_minor=given_terms.principal_minor - amount)
    assert [replace(row, seq=row.seq - 1) for row in rest] == list(schedule(without))


@given(plain(methods=LEVEL[:2], principals=BIG, periods=(3, 7)), st.data())
def test_what_remains_after_a_due_date_is_the_rest_of_the_plan(
    given_terms: LoanTerms, data: st.DataObject
) -> None:
    given_terms = replace(given_terms, first_period="in_instalment", level_by="counted")
    rows, due = schedule(given_terms), due_dates(given_terms)
    done = data.draw(st.integers(1, given_terms.periods - 2))
    balance = sum(row.principal for row in rows[done:])
    level = given_terms.method == "equal_instalment"
    again = remaining(
        given_terms,
        balance=balance,
        from_on=due[done - 1],
        first_due_on=due[done],
        periods=given_terms.periods - done,
        instalment_minor=rows[0].principal + rows[0].interest if level else None,
        first_seq=done + 1,
    )
    if level:
        assert again == rows[done:]
    else:  # the parts of principal are evened anew
        assert [row.due_on for row in again] == due[done:]
        assert again[0].interest == rows[done].interest


@given(plain(principals=BIG), st.integers(1, 60), st.sampled_from(Applies))
def test_a_new_rate_that_is_the_old_one_changes_nothing(
    given_terms: LoanTerms, days: int, applies: Applies
) -> None:
    on = given_terms.disbursed_on + timedelta(days=days)
    keeps = Keeps.TERM
    if given_terms.method == "equal_instalment":
        assume(given_terms.annual_rate < 1)
        assume(given_terms.rounding.startswith("half"))
        assume(given_terms.level_by == "counted")
        keeps = Keeps.INSTALMENT
    change = RateChange(on, given_terms.annual_rate, applies, keeps)
    again = schedule(replace(given_terms, rate_changes=(change,)))
    assert again == schedule(given_terms)


@given(plain(), st.integers(1, 40), st.sampled_from(["ACT/365F", "ACT/360"]))
def test_two_payouts_bear_the_interest_of_two_loans(
    given_terms: LoanTerms, days: int, day_count: str
) -> None:
    second = given_terms.disbursed_on + timedelta(days=days)
    whole = replace(
        given_terms,
        method="interest_only",
        principal_minor=3_000_000,
        day_count=day_count,
        first_period="in_instalment",
        tranches=(Tranche(second, 1_000_000),),
    )
    last = due_dates(whole)[-1]
    assume(second < last)
    year = 360 if day_count == "ACT/360" else 365
    exact = (
        Fraction(whole.annual_rate)
        / year
        * (
            2_000_000 * (last - whole.disbursed_on).days
            + 1_000_000 * (last - second).days
        )
    )
    rows = schedule(whole)
    assert abs(sum(row.interest for row in rows) - exact) <= len(rows)


@given(
    plain(methods=LEVEL, principals=BIG),
    st.sampled_from([5, 100]),
    st.sampled_from(MODES),
)
def test_every_instalment_but_the_last_is_a_whole_multiple(
    given_terms: LoanTerms, multiple: int, mode: str
) -> None:
    in_multiples = replace(
        given_terms,
        multiple_of=multiple,
        multiple_rounding=mode,
        first_period="in_instalment",
        level_by="counted",
    )
    rows = made(in_multiples, set())
    for row in rows[:-1]:
        interest = 0 if given_terms.method == "equal_principal" else row.interest
        assert (row.principal + interest) % multiple == 0


@given(plain(), CLOSED)
def test_a_moved_due_date_moves_days_of_interest_not_their_sum(
    given_terms: LoanTerms, closed: set[date]
) -> None:
    base = replace(
        given_terms,
        method="interest_only",
        day_count="ACT/365F",
        holidays="following",
        first_period="in_instalment",
        principal_minor=10_000_000,
        rounding="half_even",
    )
    agreed = schedule(base, closed=closed)
    unmoved = schedule(replace(base, holidays="unmoved"))
    assert [row.interest for row in agreed] == [row.interest for row in unmoved]
    moved = schedule(replace(base, interest_to="moved"), closed=closed)
    days = (moved[-1].due_on - base.disbursed_on).days
    exact = base.principal_minor * Fraction(base.annual_rate) * days / 365
    assert abs(sum(row.interest for row in moved) - exact) <= len(moved)
