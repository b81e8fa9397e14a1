"""Caps on cost: what is claimed never passes them, and nothing unknown is asserted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.caps.claim import check_claim
from daihou.engine.caps.lpr import LprTable, Quote
from daihou.engine.caps.price import check_price
from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.values import (
    Charge,
    Claim,
    Lending,
    Price,
    PriceAnswer,
    Standing,
    Stretch,
)
from daihou.engine.caps.words import PHRASES
from daihou.engine.rulebook.decision import words
from daihou.packs import decision_json, law, lpr

BOOK = law.known()
LPR = lpr.known()
DAY = date(2026, 11, 22)
BANK = Lending("bank", date(2025, 1, 2))
PRIVATE = Lending("private_lending", date(2025, 1, 2))


def price(lending: Lending, table: LprTable = LPR, **rates: str) -> PriceAnswer:
    found = CapRules.of(BOOK, lending, table)
    given = {name: Decimal(rate) for name, rate in rates.items()}
    return check_price(Price(**given), found, subject="L", as_of=DAY)


def test_18_and_half_more_is_three_points_too_many() -> None:
    found = price(BANK, rate="0.18", overdue_rate="0.27")
    assert (found.standing, found.excess) == (Standing.OVER, Decimal("0.03"))
    (flip,) = found.decision.flips
    assert (flip.input, flip.becomes) == ("overdue_rate", Decimal("0.24"))


def test_16_and_half_more_fits_until_compound_interest_pushes_it_over() -> None:
    assert price(BANK, rate="0.16", overdue_rate="0.24").standing is Standing.WITHIN
    rules = CapRules.of(BOOK, BANK, LPR)
    stretch = Stretch(date(2025, 3, 1), date(2026, 2, 24), 10_000_000)
    charges = {Charge.PENALTY: 2_400_000, Charge.COMPOUND: 96_000}
    claim = Claim("CNY", (stretch,), charges, days_in_year=360)
    found = check_claim(claim, rules, subject="L", as_of=DAY)
    assert found.excess == 96_000 and found.cut == {Charge.COMPOUND: 96_000}


def test_the_flip_of_a_price_flips_it() -> None:
    found = price(BANK, rate="0.18", overdue_rate="0.27")
    (flip,) = found.decision.flips
    again = price(BANK, rate="0.18", overdue_rate=str(flip.becomes))
    assert again.standing is Standing.WITHIN
    (up,) = again.decision.flips
    assert isinstance(up.becomes, Decimal)
    above = up.becomes + Decimal("0.0001")
    over = price(BANK, rate="0.18", overdue_rate=str(above))
    assert over.standing is Standing.OVER


def test_nothing_is_asserted_by_a_rate_nobody_cites() -> None:
    unknown = LprTable(
        "x", (Quote(date(2020, 1, 1), None, unverified=True, source=""),)
    )
    for table in (unknown, LprTable("x", ())):
        found = price(PRIVATE, table, rate="0.36")
        assert (found.standing, found.cap) == (Standing.NOT_ASSERTED, None)
        assert found.decision.is_unverified


def test_an_unverified_rate_is_used_and_marked() -> None:
    doubted = LprTable(
        "x", (Quote(date(2020, 1, 1), Decimal("0.03"), unverified=True, source="x"),)
    )
    found = price(PRIVATE, doubted, rate="0.15")
    assert (found.standing, found.cap) == (Standing.OVER, Decimal("0.12"))
    assert found.decision.is_unverified
    assert not price(PRIVATE, rate="0.15").decision.is_unverified


@pytest.mark.parametrize("licence", ["bank", "consumer_finance", "microloan"])
def test_the_cap_of_an_assignee_is_that_of_who_lent(licence: str) -> None:
    own = price(Lending(licence, BANK.originated_on), rate="0.20", overdue_rate="0.30")
    lending = Lending("assignee", BANK.originated_on, originator=licence)
    assigned = price(lending, rate="0.20", overdue_rate="0.30")
    assert (own.cap, own.excess) == (assigned.cap, assigned.excess)


money = st.integers(0, 3_000_000)
charges = st.dictionaries(st.sampled_from(list(Charge)), money)


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    """A claim over stretches that follow one another, with gaps."""
    day, rows = date(2025, 3, 1), []
    for _ in range(draw(st.integers(1, 3))):
        day += timedelta(days=draw(st.integers(0, 5)))
        to = day + timedelta(days=draw(st.integers(0, 400)))
        rows.append(Stretch(day, to, draw(st.integers(0, 20_000_000))))
        day = to
    return Claim(
        currency="CNY",
        stretches=tuple(rows),
        charges=draw(charges),
        days_in_year=draw(st.sampled_from([360, 365])),
        kept_back=draw(st.sampled_from([0, 0, 500_000])),
        first_principal=draw(st.none() | st.just(10_000_000)),
    )


@given(claims(), st.sampled_from([BANK, PRIVATE]))
def test_what_may_be_claimed_keeps_within_and_adds_up(
    claim: Claim, lending: Lending
) -> None:
    found = check_claim(claim, CapRules.of(BOOK, lending, LPR), subject="L", as_of=DAY)
    assert found.allowance is not None and found.cap is not None
    left = sum(found.claimable.values())
    assert left + sum(found.cut.values()) == found.claimed
    assert left == min(found.claimed, found.allowance)
    assert all(part >= 0 for part in found.claimable.values())
    assert (found.standing is Standing.OVER) == (found.claimed > found.allowance)
    for charge in found.cut:  # only when all that is cut before it is gone
        for earlier in list(Charge)[: list(Charge).index(charge)]:
            assert not found.claimable.get(earlier, 0)
    for language in ("zh", "en"):
        assert len(words(found.decision, language, PHRASES)) > 2
    as_json = decision_json.to_json(found.decision)
    assert decision_json.from_json(as_json) == found.decision


@given(claims(), st.sampled_from(list(Charge)), money)
def test_claiming_more_never_lowers_the_excess(
    claim: Claim, charge: Charge, more: int
) -> None:
    rules = CapRules.of(BOOK, BANK, LPR)
    before = check_claim(claim, rules, subject="L", as_of=DAY)
    charges = {**claim.charges, charge: claim.charges.get(charge, 0) + more}
    larger = Claim("CNY", claim.stretches, charges, claim.days_in_year, claim.kept_back)
    after = check_claim(larger, rules, subject="L", as_of=DAY)
    assert before.excess <= after.excess <= before.excess + more


@given(
    st.integers(0, 4000).map(lambda n: Decimal(n) / 10_000),
    st.integers(0, 10_000_000).map(lambda n: n * 360),
)
def test_a_year_s_claim_at_a_rate_stands_as_the_rate_does(
    rate: Decimal, principal: int
) -> None:
    """A claim of a whole year at a rate is over the cap if, and only if, the rate is."""
    rules = CapRules.of(BOOK, BANK, LPR)
    stretch = Stretch(date(2025, 3, 1), date(2026, 2, 24), principal)
    due = int(principal * rate)
    claim = Claim("CNY", (stretch,), {Charge.INTEREST: due}, days_in_year=360)
    found = check_claim(claim, rules, subject="L", as_of=DAY)
    asked = check_price(Price(rate), rules, subject="L", as_of=DAY)
    if principal:
        assert (found.excess > 0) == (int(asked.excess * principal) > 0) or (
            abs(found.excess - int(asked.excess * principal)) <= 1
        )
    assert abs(found.excess - asked.excess * principal) <= 1


@given(
    st.integers(1, 3000).map(lambda n: Decimal(n) / 10_000),
    st.integers(1000, 2500).map(lambda n: Decimal(n) / 1000),
)
def test_a_rate_for_lateness_keeps_its_multiple(rate: Decimal, times: Decimal) -> None:
    rules = CapRules.of(BOOK, BANK, LPR)
    asked = Price(rate, overdue_rate=rate * times)
    found = check_price(asked, rules, subject="L", as_of=DAY)
    assert found.overdue_most == rate * Decimal("1.5")
    too_dear = rate * max(times, Decimal(1)) > Decimal("0.24")
    over = times > Decimal("1.5") or too_dear
    assert (found.standing is Standing.OVER) == over


def test_the_lowest_of_several_caps_holds() -> None:
    """From 2028 a small loan has 24 % and four times the LPR above it."""
    for rate, cap in (("0.03", "0.12"), ("0.07", "0.24")):
        quote = Quote(date(2028, 1, 1), Decimal(rate), unverified=False, source="x")
        lending = Lending("microloan", date(2028, 3, 1))
        found = price(lending, LprTable("x", (quote,)), rate="0.13")
        assert found.cap == Decimal(cap)
        assert (found.standing is Standing.OVER) == (cap == "0.12")


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ("1.299", "below"),
        ("1.3", "between"),
        ("1.5", "between"),
        ("1.501", "above"),
    ],
)
def test_the_multiple_is_named_at_its_edges(times: str, said: str) -> None:
    rate = Decimal("0.10")
    found = price(BANK, rate=str(rate), overdue_rate=str(rate * Decimal(times)))
    outcomes = {each.outcome for each in found.decision.path}
    assert f"overdue_{said}" in outcomes
    assert len(outcomes & {"overdue_below", "overdue_between", "overdue_above"}) == 1
