"""Spells of a whole panel equal those found one account at a time, and lifelines'."""

import itertools

import lifelines
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar.portfolio import cures as book
from daihou.engine.metrics import cures as plain
from daihou.engine.metrics.cures import End, Month
from daihou.engine.metrics.survival import Spell, band, incidence, incidence_of

CLOSED = (None, None, None, None, End.SETTLED, End.WRITTEN_OFF, End.TRANSFERRED)


@st.composite
def panels(draw: st.DrawFn) -> list[Month]:
    """A few accounts, with gaps, closings, contacts and new loans."""
    cells = st.tuples(st.integers(0, 4), st.integers(0, 12))
    spots = draw(st.lists(cells, unique=True, max_size=40))
    late = st.sampled_from((0, 0, 0, 5, 35, 95))
    return [
        Month(
            str(account),
            period,
            draw(late),
            draw(st.sampled_from(CLOSED)),
            contacted=draw(st.booleans()),
            replaced=draw(st.booleans()),
        )
        for account, period in sorted(spots)
    ]


def columns(rows: list[Month]) -> book.Months:
    codes = [book.OPEN if r.closed is None else book.ENDS.index(r.closed) for r in rows]
    return book.Months(
        account=np.array([int(r.account) for r in rows], np.int64),
        period=np.array([r.period for r in rows], np.int64),
        dpd=np.array([r.dpd for r in rows], np.int64),
        closed=np.array(codes, np.int8),
        contacted=np.array([r.contacted for r in rows], np.bool_),
        replaced=np.array([r.replaced for r in rows], np.bool_),
    )


@given(rows=panels(), stay=st.integers(1, 4), late_again=st.sampled_from((1, 30)))
def test_a_random_panel_has_the_same_spells(rows, stay, late_again):
    how = {"stay": stay, "late_again": late_again}
    expected = plain.spells(rows, **how)
    assert book.spells(columns(rows), **how).rows() == list(expected)


@given(rows=panels(), stay=st.integers(1, 3), within=st.integers(1, 6))
def test_the_rates_are_the_same(rows, stay, within):
    last = max((row.period for row in rows), default=0)
    spells, whole = plain.spells(rows, stay=stay), book.spells(columns(rows), stay=stay)
    asked = {"within": within, "last": last, "stay": stay}
    assert book.cure_rate(whole, **asked) == plain.cure_rate(spells, **asked)
    alone = book.cure_rate(whole, **asked, alone=True)
    assert alone == plain.self_cure_rate(spells, **asked)
    assert alone.part <= book.cure_rate(whole, **asked).part
    back = book.redefault_rate(whole, within=within)
    assert back == plain.redefault_rate(spells, within=within)


@given(rows=panels())
def test_the_curves_of_waiting_are_the_same(rows):
    expected = incidence(each.waiting for each in plain.spells(rows))
    assert incidence_of(book.waiting(book.spells(columns(rows)))) == expected


def random_book(accounts: int, periods: int, seed: int) -> book.Months:
    """Accounts that fall behind, come back, close, at random."""
    rng = np.random.default_rng(seed)
    late = rng.choice([0, 0, 0, 10, 40], size=(accounts, periods)).ravel()
    closed = rng.choice(
        [book.OPEN, 1, 2, 3], p=[0.94, 0.03, 0.02, 0.01], size=accounts * periods
    )
    size = accounts * periods
    return book.Months(
        account=np.repeat(np.arange(accounts), periods),
        period=np.tile(np.arange(periods), accounts),
        dpd=late.astype(np.int64),
        closed=closed.astype(np.int8),
        contacted=rng.random(size) < 0.3,
        replaced=rng.random(size) < 0.05,
    )


def test_kaplan_meier_agrees_with_lifelines():
    found = book.spells(random_book(400, 24, seed=3))
    told = [each.waiting for each in found.rows()]
    steps = incidence_of(book.waiting(found))
    ages = np.array([spell.left for spell in told], float)
    assert len(told) > 1000 and {"cured", "settled"} <= set(steps[0].events)
    any_end = [spell.event is not None for spell in told]
    fitter = lifelines.KaplanMeierFitter().fit(ages, any_end)
    theirs, bands = fitter.survival_function_, fitter.confidence_interval_
    judged = 0
    for step in steps:
        assert float(step.surviving) == pytest.approx(theirs.loc[step.age].item())
        low, high = band(step.surviving, step.spread)
        if low is not None and high is not None:
            ours = float(low), float(high)
            assert ours == pytest.approx(bands.loc[step.age].tolist(), abs=1e-6)
            assert low < step.surviving < high
            judged += 1
    assert judged > 5


def test_aalen_johansen_agrees_with_lifelines():
    """Where no two spells end at one age: ties lifelines moves apart at random."""
    told = [each.waiting for each in book.spells(random_book(60, 24, seed=4)).rows()]
    order = np.random.default_rng(1).permutation(len(told))
    apart = [
        Spell(spell.left * len(told) + int(n), spell.event)
        for spell, n in zip(told, order, strict=True)
    ]
    steps = incidence(apart)
    kinds = sorted(steps[0].events)
    assert {"cured", "replaced", "settled", "written_off"} <= set(kinds)
    ages = np.array([spell.left for spell in apart], float)
    codes = np.array([kinds.index(s.event) + 1 if s.event else 0 for s in apart])
    for code, kind in enumerate(kinds, start=1):
        fitter = lifelines.AalenJohansenFitter(calculate_variance=True)
        theirs = fitter.fit(ages, codes, event_of_interest=code).cumulative_density_
        for step in steps:
            ours = float(step.incidence[kind])
            assert ours == pytest.approx(theirs.loc[step.age].item(), abs=1e-9)
            spread = fitter.variance_.loc[step.age].item()
            if np.isnan(spread):  # they divide by nobody once all are gone
                assert step is steps[-1]
                continue
            assert float(step.spreads[kind]) == pytest.approx(spread, abs=1e-9)
            low, high = band(step.incidence[kind], step.spreads[kind])
            if low is not None and high is not None:
                bounds = fitter.confidence_interval_.loc[step.age].tolist()
                assert (float(low), float(high)) == pytest.approx(bounds, abs=1e-6)


def test_curves_never_fall_and_add_up():
    steps = incidence_of(
        book.waiting(book.spells(random_book(200, 18, seed=5), stay=2))
    )
    for before, after in itertools.pairwise(steps):
        assert after.surviving <= before.surviving
        for kind, reached in after.incidence.items():
            assert reached >= before.incidence[kind]
    for step in steps:
        assert step.surviving + sum(step.incidence.values()) == 1
