"""Laws of what is agreed with a customer: authority, waivers, plans, settlements."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.commitments import arrangement, settlement
from daihou.engine.commitments.arrangement import (
    ARRANGEMENT_MOVES,
    ArrangementError,
    ArrangementState,
    Instalment,
    Missed,
    Plan,
)
from daihou.engine.commitments.authority import (
    PHRASES,
    Ask,
    Matrix,
    Row,
    Verdict,
    authorise,
    automatic_most,
)
from daihou.engine.commitments.receipts import Receipt, reached_on, received
from daihou.engine.commitments.settlement import Band, SettlementError
from daihou.engine.commitments.waiver import Condition, WaiverState, judge
from daihou.engine.rulebook.decision import words

DAY = date(2028, 2, 26)  # a week around a leap day
days = st.integers(0, 12).map(lambda n: DAY + timedelta(days=n))
money = st.lists(
    st.builds(
        Receipt,
        on=days,
        amount=st.sampled_from([1, 2, 3, -1]),
        ends_on=st.none() | days,
        payment_id=st.integers(1, 3),
    ),
    max_size=6,
)
parts = ("penalty", "interest", "principal")
LEVELS = ("supervisor", "branch_manager", "risk")


@st.composite
def matrices(draw: st.DrawFn) -> Matrix:
    """Rows whose later ones never need fewer levels, as a sane matrix has them."""
    rows, level = [], 0
    for number in range(draw(st.integers(1, 4))):
        level = min(3, level + draw(st.integers(0, 1)))
        rows.append(
            Row(
                id=f"A{number}",
                components=draw(st.sampled_from([(), ("penalty",), parts])),
                amount=draw(st.none() | st.integers(0, 4)),
                total=draw(st.none() | st.integers(0, 6)),
                share=draw(st.none() | st.sampled_from([Decimal("0.5"), Decimal(1)])),
                pool=draw(st.none() | st.integers(0, 4)),
                levels=LEVELS[:level],
            )
        )
    return Matrix("M", DAY, tuple(rows))


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    amounts = {part: draw(st.integers(0, 3)) for part in parts}
    return Ask(
        kind="waiver",
        currency="CNY",
        parts=amounts,
        owed={part: draw(st.integers(3, 6)) for part in parts},
        dpd=40,
        product="consumer_loan",
        role="collector",
        pool_used=draw(st.integers(0, 4)),
    )


def _rank(found: object) -> tuple[int, int]:
    verdict = found.verdict  # type: ignore[attr-defined]
    place = [Verdict.AUTO, Verdict.NEEDS_LEVEL, Verdict.REFUSED].index(verdict)
    return place, len(found.levels)  # type: ignore[attr-defined]


@given(matrices(), asks(), st.sampled_from(parts))
def test_more_given_up_never_needs_less(matrix: Matrix, ask: Ask, part: str) -> None:
    more = replace(ask, parts={**ask.parts, part: ask.parts[part] + 1})
    before, after = (authorise(matrix, each, as_of=DAY) for each in (ask, more))
    if sum(ask.parts.values()):
        assert _rank(after) >= _rank(before)


@given(matrices(), asks())
def test_slicing_never_needs_less_than_the_whole(matrix: Matrix, ask: Ask) -> None:
    """What was given up before counts as if it were asked for again."""
    first = {part: amount // 2 for part, amount in ask.parts.items()}
    rest = {part: amount - first[part] for part, amount in ask.parts.items()}
    if not all(rest[part] for part in parts if ask.parts[part]):
        return
    plain = Matrix("M", DAY, tuple(replace(row, pool=None) for row in matrix.rows))
    whole = authorise(plain, ask, as_of=DAY)
    slice_ = authorise(plain, replace(ask, parts=rest, before=first), as_of=DAY)
    assert _rank(slice_) == _rank(whole)


@given(matrices(), asks())
def test_a_spent_pool_never_grants_more(matrix: Matrix, ask: Ask) -> None:
    spent = authorise(matrix, replace(ask, pool_used=ask.pool_used + 1), as_of=DAY)
    assert _rank(spent) >= _rank(authorise(matrix, ask, as_of=DAY))
    assert all(words(spent.decision, tongue, PHRASES) for tongue in ("zh-hans", "en"))


@given(matrices(), asks(), st.sampled_from(parts))
def test_the_most_that_is_automatic_is_automatic_and_one_more_is_not(
    matrix: Matrix, ask: Ask, part: str
) -> None:
    alone = replace(ask, parts={part: 0})
    most = automatic_most(matrix, alone, part)
    if most > 0:
        found = authorise(matrix, replace(alone, parts={part: most}), as_of=DAY)
        assert found.verdict is Verdict.AUTO
    if most < ask.owed[part]:
        found = authorise(matrix, replace(alone, parts={part: most + 1}), as_of=DAY)
        assert found.verdict is not Verdict.AUTO


@given(money, days, st.integers(1, 4))
def test_a_condition_met_is_met_whatever_the_order(
    receipts: list[Receipt], as_of: date, amount: int
) -> None:
    condition = Condition(amount, DAY, DAY + timedelta(days=6))
    found = judge(condition, receipts, as_of=as_of)
    assert judge(condition, receipts[::-1], as_of=as_of).state is found.state
    in_time = [each for each in receipts if each.on <= condition.until]
    enough = received(in_time, since=DAY, as_of=as_of) >= amount
    assert (found.state is WaiverState.APPLIED) == enough
    if not enough:
        late = as_of > condition.until
        assert found.state is (WaiverState.LAPSED if late else WaiverState.CONDITIONAL)


@given(money, days, st.integers(1, 4))
def test_what_was_applied_is_reversed_when_the_money_goes(
    receipts: list[Receipt], as_of: date, amount: int
) -> None:
    condition = Condition(amount, DAY, DAY + timedelta(days=6))
    again = judge(condition, receipts, as_of=as_of, was=WaiverState.APPLIED)
    enough = judge(condition, receipts, as_of=as_of).state is WaiverState.APPLIED
    assert again.state is (WaiverState.APPLIED if enough else WaiverState.REVERSED)


@given(money, days)
def test_the_day_it_was_enough_is_one_on_which_it_was(
    receipts: list[Receipt], as_of: date
) -> None:
    day = reached_on(receipts, 2, since=DAY, as_of=as_of)
    if day is not None:
        counted = [r for r in receipts if r.ends_on is None or r.ends_on > as_of]
        assert sum(r.amount for r in counted if DAY <= r.on <= day) >= 2


@given(st.integers(1, 400), st.integers(1, 12))
def test_a_plan_makes_and_loses_no_cent(total: int, count: int) -> None:
    if total < count:
        with pytest.raises(ArrangementError):
            arrangement.spread(total, count=count, first_due_on=DAY)
        return
    rows = arrangement.spread(total, count=count, first_due_on=DAY)
    assert sum(row.amount for row in rows) == total
    assert [row.seq for row in rows] == list(range(1, count + 1))
    assert all(a.due_on < b.due_on for a, b in pairwise(rows))


@given(st.integers(1, 400), st.lists(st.integers(1, 5), min_size=1, max_size=6))
def test_a_season_s_plan_makes_and_loses_no_cent(total: int, shares: list[int]) -> None:
    on = [DAY + timedelta(days=30 * n) for n in range(len(shares))]
    rows = arrangement.spread_by(total, shares, on)
    assert sum(row.amount for row in rows) == total


def _plan(**wish: object) -> Plan:
    rows = tuple(Instalment(n, DAY + timedelta(days=3 * n), 2) for n in (1, 2, 3))
    return Plan(**({"rows": rows, "accepted_on": DAY} | wish))  # type: ignore[arg-type]


_ORDER = ["completed", "active", "at_risk", "defaulted"]
positive = st.lists(
    st.builds(Receipt, on=days, amount=st.sampled_from([1, 2, 3])), max_size=6
)


@given(positive, days, days, st.integers(0, 2), st.sampled_from(list(Missed)))
def test_paying_more_never_makes_a_plan_worse(
    receipts: list[Receipt], paid: date, as_of: date, allowance: int, missed: Missed
) -> None:
    plan = _plan(allowance=allowance, missed=missed)
    before = arrangement.standing(plan, receipts, as_of=as_of)
    after = arrangement.standing(plan, [*receipts, Receipt(paid, 2)], as_of=as_of)
    assert _ORDER.index(after.state) <= _ORDER.index(before.state)


@given(positive, days, st.integers(0, 2))
def test_a_larger_allowance_never_breaks_a_plan(
    receipts: list[Receipt], as_of: date, allowance: int
) -> None:
    strict = arrangement.standing(_plan(allowance=allowance), receipts, as_of=as_of)
    mild = arrangement.standing(_plan(allowance=allowance + 1), receipts, as_of=as_of)
    assert _ORDER.index(mild.state) <= _ORDER.index(strict.state)


@given(positive, days)
def test_a_broken_plan_stays_broken(receipts: list[Receipt], as_of: date) -> None:
    plan = _plan()
    found = arrangement.standing(plan, receipts, as_of=as_of)
    if found.state is ArrangementState.DEFAULTED:
        later = [*receipts, Receipt(as_of, 100)]
        again = arrangement.standing(plan, later, as_of=as_of + timedelta(days=1))
        early = found.on is not None and found.on <= as_of
        assert early and again.state is ArrangementState.DEFAULTED


def test_a_plan_missed_once_is_at_risk_and_caught_up_again() -> None:
    plan = _plan(allowance=1)
    late = DAY + timedelta(days=4)
    assert arrangement.standing(plan, [], as_of=late).state == "at_risk"
    paid = [Receipt(late, 2)]
    assert arrangement.standing(plan, paid, as_of=late).state == "active"
    ever = arrangement.standing(replace(plan, missed=Missed.EVER), paid, as_of=late)
    assert (ever.state, ever.misses) == ("active", (1,))


def test_a_first_payment_is_waited_for() -> None:
    plan = _plan(first_payment=3, first_by=DAY + timedelta(days=2))
    assert arrangement.standing(plan, [], as_of=DAY).state == "accepted"
    over = DAY + timedelta(days=3)
    assert arrangement.standing(plan, [], as_of=over).state == "lapsed"
    paid = [Receipt(DAY, 3)]
    assert arrangement.standing(plan, paid, as_of=over).state == "active"


def test_an_instalment_is_put_off_as_often_as_agreed() -> None:
    plan = _plan(skips=1)
    moved = arrangement.skip(plan, 2, every=1, unit="weeks", as_of=DAY)
    assert [row.due_on.day for row in moved.rows] == [29, 10, 13]
    with pytest.raises(ArrangementError) as told:
        arrangement.skip(moved, 3, every=1, unit="weeks", as_of=DAY)
    assert told.value.code == "no_skip"
    with pytest.raises(ArrangementError) as told:
        arrangement.skip(plan, 1, every=1, unit="weeks", as_of=DAY + timedelta(days=5))
    assert told.value.code == "skip_past"


def test_every_state_of_a_plan_is_reached() -> None:
    reached = {"proposed"}
    while True:
        more = reached | {str(b) for a, b in ARRANGEMENT_MOVES if str(a) in reached}
        if more == reached:
            break
        reached = more
    assert reached == {str(each) for each in ArrangementState}


BAND = Band(
    id="S",
    dpd_from=91,
    dpd_to=181,
    least=Decimal("0.8"),
    expected=Decimal("0.45"),
    months=18,
    days=15,
)


@given(st.integers(1, 1000), st.integers(0, 1000))
def test_a_band_takes_what_is_least_and_nothing_below(owed: int, amount: int) -> None:
    least = settlement.least_of(BAND, owed=owed)
    assert least * 10 >= owed * 8 > (least - 1) * 10
    allowed = least <= amount < owed
    try:
        settlement.check_offer(BAND, amount, owed=owed, currency="CNY")
    except SettlementError:
        assert not allowed
    else:
        assert allowed


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 10_000)), max_size=5),
    st.sampled_from([Decimal(0), Decimal("0.06"), Decimal("0.24")]),
)
def test_money_later_is_worth_no_more(
    flows: list[tuple[int, int]], rate: Decimal
) -> None:
    worth = settlement.present_value(flows, rate=rate)
    later = settlement.present_value([(d + 30, a) for d, a in flows], rate=rate)
    assert later <= worth <= sum(amount for _, amount in flows)
    if rate == 0:
        assert worth == sum(amount for _, amount in flows)


@given(st.integers(1_000, 1_000_000), st.integers(0, 60))
def test_at_its_break_even_a_settlement_is_worth_going_on(owed: int, wait: int) -> None:
    on = DAY + timedelta(days=wait)
    known = {"owed": owed, "as_of": DAY, "rate": Decimal("0.06")}
    found = settlement.worth(BAND, parts=[(on, owed)], **known)  # type: ignore[arg-type]
    level = settlement.worth(BAND, parts=[(on, found.break_even)], **known)  # type: ignore[arg-type]
    assert abs(level.gain) <= 1


def test_there_is_one_counter_offer() -> None:
    settlement.check_counter(counters=0, expires_on=DAY, as_of=DAY)
    with pytest.raises(SettlementError) as told:
        settlement.check_counter(counters=1, expires_on=DAY, as_of=DAY)
    assert told.value.code == "countered"
    with pytest.raises(SettlementError) as told:
        settlement.check_counter(
            counters=0, expires_on=DAY, as_of=DAY + timedelta(days=1)
        )
    assert told.value.code == "expired"


def test_amounts_in_another_currency_than_the_matrix_are_for_nobody() -> None:
    rows = (Row(id="A", pool=100), Row(id="B", levels=LEVELS))
    ask = Ask(
        kind="waiver",
        currency="USD",
        parts={"penalty": 3},
        owed={"penalty": 3},
        dpd=40,
        product="consumer_loan",
        role="collector",
    )
    here = authorise(Matrix("M", DAY, rows, "USD"), ask, as_of=DAY)
    there = authorise(Matrix("M", DAY, rows, "CNY"), ask, as_of=DAY)
    assert (here.verdict, there.verdict) == (Verdict.AUTO, Verdict.REFUSED)
    assert there.draws == 0
    said = [words(there.decision, tongue, PHRASES) for tongue in ("zh-hans", "en")]
    assert all("CNY" in str(each) for each in said)
    nothing = replace(ask, parts={"penalty": 0})
    free = authorise(Matrix("M", DAY, rows, "CNY"), nothing, as_of=DAY)
    assert free.verdict is Verdict.AUTO


def test_an_instalment_already_paid_is_not_put_off() -> None:
    plan = _plan(skips=1)
    with pytest.raises(ArrangementError) as told:
        arrangement.skip(plan, 1, every=1, unit="weeks", as_of=DAY, paid=2)
    assert told.value.code == "skip_past"
    moved = arrangement.skip(plan, 2, every=1, unit="weeks", as_of=DAY, paid=2)
    assert moved.skipped == 1
