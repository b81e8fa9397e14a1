"""Loss given default: what came is worth less the later it comes, to the unit."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.metrics.losses import SCALE, Default, Loss, losses, worth
from daihou.engine.metrics.recovery import Flow, loss_given_default

RATES = st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("0.2399")])
FLOWS = st.lists(
    st.builds(Flow, st.integers(-2, 800), st.integers(-300, 900)), max_size=6
).map(tuple)
DEFAULTS = st.lists(
    st.builds(
        Default,
        period=st.integers(0, 2),
        exposure=st.integers(1, 1000),
        annual_rate=RATES,
        days=st.integers(0, 730),
        flows=FLOWS,
    ),
    max_size=6,
)


def test_a_year_later_a_unit_is_worth_so_much_less() -> None:
    assert worth(Decimal("0.1"), 0) == SCALE
    assert worth(Decimal("0.1"), 365) == 909_090_909_091
    assert worth(Decimal("0.1"), 730) == 826_446_280_992
    assert worth(Decimal(0), 730) == SCALE


def test_what_comes_is_taken_off_at_its_worth_then() -> None:
    one = Default(5, 100_00, Decimal("0.1"), 365, (Flow(365, 55_00),))
    other = Default(5, 50_00, Decimal("0.1"), 365, (Flow(366, 50_00), Flow(0, 9)))
    assert losses([one]) == {5: Loss(50_00, 100_00)}
    assert losses([one, other]) == {5: Loss(100_00, 150_00)}  # too late, and too early
    back = Default(5, 100_00, Decimal(0), 365, (Flow(1, 70_00), Flow(9, -70_00)))
    assert losses([back]) == {5: Loss(100_00, 100_00)}


@given(DEFAULTS)
def test_of_one_loan_it_is_the_plain_formula(defaults: list[Default]) -> None:
    for each in defaults:
        counted = [f for f in each.flows if 0 < f.days <= each.days]
        share = loss_given_default(
            counted, exposure=each.exposure, annual_rate=each.annual_rate
        )
        lost = losses([each])[each.period].lost
        assert abs(lost - share * each.exposure) <= Decimal("0.500001")


@given(DEFAULTS, st.integers(1, 500))
def test_more_or_sooner_money_never_makes_a_greater_loss(
    defaults: list[Default], amount: int
) -> None:
    for each in defaults:
        if each.days < 2:
            continue
        late = Default(
            each.period,
            each.exposure,
            each.annual_rate,
            each.days,
            (*each.flows, Flow(each.days, amount)),
        )
        soon = Default(
            each.period,
            each.exposure,
            each.annual_rate,
            each.days,
            (*each.flows, Flow(1, amount)),
        )
        plain, later, sooner = (
            losses([x])[each.period].lost for x in (each, late, soon)
        )
        assert sooner <= later <= plain


@given(DEFAULTS)
def test_what_was_owed_is_that_of_the_loans_of_the_period(
    defaults: list[Default],
) -> None:
    found = losses(defaults)
    assert found.keys() == {each.period for each in defaults}
    for period, loss in found.items():
        theirs = [each for each in defaults if each.period == period]
        assert loss.exposure == sum(each.exposure for each in theirs)
