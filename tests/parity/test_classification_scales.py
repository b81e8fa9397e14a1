"""The scales of India and the EU: their laws, and the book equal to the plain text."""

from dataclasses import fields, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar.classification.book import DAY
from daihou.columnar.classification.scales import grades, standings
from daihou.engine.classification import eu_deciding, india
from daihou.engine.classification.codes import Grade, Sign, Standing
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.eu import EuRules, Exposure, stand
from daihou.engine.classification.india import Account, IndiaRules
from daihou.packs import law

AS_OF = date(2026, 8, 31)
INDIA = IndiaRules.of(law.known(), "lender", AS_OF)
EUROPE = EuRules.of(law.known(), "lender", AS_OF)
# Before the guidelines of 2026 no probation of other defaults is known.
EARLY = EuRules.of(law.known(), "lender", date(2022, 8, 31))
days = st.sampled_from(
    [AS_OF - timedelta(days=n) for n in (-1, 0, 1, 89, 90, 91, 92, 365, 366, 730, 731)]
)
maybe = st.one_of(st.none(), days)
accounts = st.builds(
    Account,
    loan=st.just("L"),
    dpd=st.sampled_from((0, 1, 29, 30, 31, 60, 61, 89, 90, 91)),
    arrears=st.sampled_from((0, 1)),
    due_date_counted=st.booleans(),
    previous=st.one_of(st.none(), st.sampled_from(Grade)),
    previous_since=maybe,
    approved_on=maybe,
)
exposures = st.builds(
    Exposure,
    loan=st.just("L"),
    exposure=st.sampled_from((0, 10_000, 1_000_000, 10**14)),
    arrears=st.sampled_from((0, 100, 10_000, 10_001, 50_000, 50_001, 10**13)),
    dpd=st.sampled_from((0, 30, 31, 100)),
    is_retail=st.booleans(),
    signs=st.sampled_from((*Sign, Sign(0), Sign(0), Sign(0))),
    material_since=maybe,
    previous=st.one_of(st.none(), st.sampled_from(Standing)),
    ceased_on=maybe,
    forborne_on=maybe,
    left_default_on=maybe,
    npv_before=st.sampled_from((0, 100, 10_000)),
    npv_after=st.sampled_from((0, 99, 9_900, 9_899)),
    approved_on=maybe,
)
europe = st.sampled_from((EUROPE, EARLY))


def columns(rows, scale):
    """The rows as columns; days as days, the previous step as its place."""
    found = {}
    for each in fields(rows[0]):
        values = [getattr(row, each.name) for row in rows]
        if each.name == "previous":
            values = [-1 if one is None else scale.index(one) for one in values]
        if each.name.endswith(("_on", "_since")):
            plain = [np.datetime64(one or "NaT", "D") for one in values]
            found[each.name] = np.array(plain, DAY)
        elif each.name not in ("loan", "currency"):
            found[each.name] = np.array([int(one) for one in values])
    return found


@given(rows=st.lists(accounts, min_size=1, max_size=8))
def test_accounts_of_a_book_agree(rows):
    found = grades(columns(rows, list(Grade)), INDIA, as_of=AS_OF)
    expected = [india.grade(each, INDIA, as_of=AS_OF) for each in rows]
    assert [list(Grade)[code] for code in found] == expected


@given(rows=st.lists(exposures, min_size=1, max_size=8), rules=europe)
def test_exposures_of_a_book_agree(rows, rules):
    given_ = columns(rows, list(Standing))
    given_["is_retail"] = given_["is_retail"].astype(bool)
    found = standings(given_, rules, as_of=AS_OF)
    for place, each in enumerate(rows):
        expected = stand(each, rules, as_of=AS_OF)
        assert list(Standing)[found.standing[place]] is expected.standing, each
        for name in ("material_since", "until"):
            day = getattr(found, name)[place]
            ours = None if np.isnat(day) else day.item()
            assert ours == getattr(expected, name), (each, name)


@given(account=accounts, more=st.integers(0, 100))
def test_more_days_never_improve_a_grade(account, more):
    worse = replace(account, dpd=account.dpd + more)
    before = list(Grade).index(india.grade(account, INDIA, as_of=AS_OF))
    assert list(Grade).index(india.grade(worse, INDIA, as_of=AS_OF)) >= before


@given(account=accounts)
def test_npa_is_left_only_with_all_paid_and_an_approval(account):
    left = india.grade(account, INDIA, as_of=AS_OF) is not Grade.NPA
    if account.previous is Grade.NPA and left:
        assert account.arrears == 0 and account.approved_on is not None


@given(exposure=exposures, rules=europe)
def test_default_is_left_only_by_approval_with_nothing_late(exposure, rules):
    found = stand(exposure, rules, as_of=AS_OF).standing
    was = exposure.previous in (Standing.DEFAULT, Standing.PROBATION)
    if was and found in (Standing.PERFORMING, Standing.FORBORNE):
        assert exposure.approved_on is not None and exposure.arrears == 0


@given(exposure=exposures)
def test_a_decision_of_an_exposure_names_changes_that_change_it(exposure):
    found = eu_deciding.classify(exposure, EUROPE, as_of=AS_OF)
    assert found.answer == stand(exposure, EUROPE, as_of=AS_OF).standing.value
    assert all(flip.answer != found.answer for flip in found.flips)


def test_the_counter_lives_day_by_day_and_resets_below_a_threshold():
    """91 days above both thresholds are default; a day below begins again."""
    first, broken = date(2026, 1, 1), date(2026, 3, 1)
    since, standing, seen = None, None, {}
    for number in range(160):
        day = first + timedelta(days=number)
        owed = 10_000 if day == broken else 20_000
        asked = Exposure("L", 1_000_000, owed, material_since=since, previous=standing)
        found = stand(asked, EUROPE, as_of=day)
        since, standing = found.material_since, found.standing
        seen[day] = standing
    turned = min(day for day, one in seen.items() if one is Standing.DEFAULT)
    assert turned == broken + timedelta(days=1 + 90)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2021-04-29", Grade.SMA_0),
        ("2021-04-30", Grade.SMA_1),
        ("2021-05-29", Grade.SMA_1),
        ("2021-05-30", Grade.SMA_2),
        ("2021-06-28", Grade.SMA_2),
        ("2021-06-29", Grade.NPA),
    ],
)
def test_the_circular_s_own_example(on, expected):
    """Due on 31 March 2021: SMA-1 on 30 April, SMA-2 on 30 May, NPA on 29 June."""
    as_of = date.fromisoformat(on)
    dpd = (as_of - date(2021, 3, 31)).days + 1
    assert india.grade(Account("L", dpd), INDIA, as_of=as_of) is expected


def test_a_day_before_the_rules_is_refused():
    with pytest.raises(ClassError, match="2000-01-01"):
        IndiaRules.of(law.known(), "lender", date(2000, 1, 1))
    with pytest.raises(ClassError, match="2000-01-01"):
        EuRules.of(law.known(), "lender", date(2000, 1, 1))
