"""First payments and times to an event, by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.first_payment import (
    Defaults,
    Instalment,
    payment_default,
)
from daihou.engine.metrics.survival import Spell, band, incidence

DUE = date(2024, 2, 25)


def row(
    loan: str, number: int, paid_after: int | None, *, due: date = DUE
) -> Instalment:
    settled = None if paid_after is None else due + timedelta(paid_after)
    return Instalment(loan, number, due, settled)


@pytest.mark.parametrize(
    ("paid_after", "days", "late"),
    [(0, 1, 0), (1, 1, 1), (6, 7, 0), (7, 7, 1), (None, 7, 1), (-3, 1, 0)],
)
def test_n_days_late_is_unpaid_at_the_end_of_day_n_minus_one(paid_after, days, late):
    found = payment_default(
        [row("a", 1, paid_after)], as_of=date(2024, 6, 1), days=days
    )
    assert found == Defaults(1, late)


def test_a_loan_counts_only_when_its_instalment_is_old_enough():
    unpaid = [row("a", 1, None)]
    early = payment_default(unpaid, as_of=date(2024, 3, 2), days=7)
    assert (early, early.rate) == (Defaults(0, 0), None)
    assert payment_default(unpaid, as_of=date(2024, 3, 3), days=7).rate == 1


def test_a_second_payment_default_leaves_out_those_late_before():
    later = DUE + timedelta(30)
    rows = [
        *(row("a", 1, 0), row("a", 2, None, due=later)),
        *(row("b", 1, 40), row("b", 2, None, due=later)),
        *(row("c", 1, 3), row("c", 2, 0, due=later)),
        row("d", 1, 0),  # has no second
    ]
    asked = {"as_of": date(2024, 9, 1), "days": 7, "number": 2}
    assert payment_default(rows, **asked) == Defaults(2, 1)
    assert payment_default(rows, **asked, pure=False) == Defaults(3, 2)


SPELLS = [
    Spell(1, "cured"),
    Spell(1, "cured"),
    Spell(1, None),  # watched through age 1, and no longer
    Spell(2, "lost"),
    Spell(3, "cured"),
    Spell(3, None, entered=1),  # first watched after age 1
]


def test_times_to_an_event_by_hand():
    one, two, three = incidence(SPELLS)
    assert (one.at_risk, one.events) == (5, {"cured": 2, "lost": 0})
    assert one.surviving == Fraction(3, 5)
    assert (two.at_risk, two.hazard["lost"]) == (3, Fraction(1, 3))
    assert two.surviving == Fraction(2, 5)
    assert (three.at_risk, three.surviving) == (2, Fraction(1, 5))
    assert three.incidence == {"cured": Fraction(3, 5), "lost": Fraction(1, 5)}


@given(
    st.lists(
        st.builds(
            Spell,
            left=st.integers(3, 6),
            event=st.sampled_from((None, "cured", "lost")),
            entered=st.integers(0, 2),
        )
    )
)
def test_incidences_and_survival_are_the_whole(spells):
    for step in incidence(spells):
        assert step.surviving + sum(step.incidence.values()) == 1
        assert 0 <= step.surviving <= 1


def test_without_censoring_survival_is_a_share_of_all():
    found = incidence([Spell(n, "x") for n in (1, 2, 2, 4)])
    assert [step.surviving for step in found] == [
        Fraction(3, 4),
        Fraction(1, 4),
        Fraction(0),
    ]


def test_a_band_is_that_of_greenwood_and_says_nothing_of_the_sure() -> None:
    """Ten wait; four end at 1, then three of six: S = 0.3, variance S^2 (4/60 + 3/18)."""
    spells = [Spell(1, "cured")] * 4 + [Spell(2, "paid")] * 3 + [Spell(2, None)] * 3
    first, second = incidence(spells)
    assert first.spread == Fraction(6, 10) ** 2 * Fraction(4, 60)
    assert first.spread == first.spreads["cured"] == Fraction(24, 1000)  # p q / n
    assert second.surviving == Fraction(3, 10)
    assert second.spread == Fraction(9, 100) * (Fraction(4, 60) + Fraction(3, 18))
    low, high = band(second.surviving, second.spread)
    assert low is not None and high is not None
    assert 0 < low < second.surviving < high < 1
    assert band(Fraction(1), Fraction(0)) == band(Fraction(0), Fraction(0))
    assert band(Fraction(1), Fraction(0)) == (None, None)
    nobody = incidence([Spell(1, "cured")] * 3)[0]
    assert band(nobody.surviving, nobody.spread) == (None, None)
