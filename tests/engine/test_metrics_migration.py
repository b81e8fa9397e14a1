"""Migration by hand: what a roll matrix counts, and the published rates."""

from fractions import Fraction

import pytest

from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.matrix import RollMatrix, added, in_order
from daihou.engine.metrics.migration import (
    Standing,
    loss_rate,
    net_flows,
    roll_matrix,
)
from daihou.engine.metrics.regulatory import (
    ClassMoves,
    migration_rate,
    migration_rates,
)

ROWS = [
    Standing("a", 1, "M0", 100),
    Standing("a", 2, "M1", 90),
    Standing("a", 3, "M2", 80),
    Standing("b", 1, "M0", 7),
    Standing("b", 3, "M0", 5),  # nothing in period 2: no pair
    Standing("c", 2, "M0", 30),
    Standing("c", 3, "paid", 0),
]


def test_only_pairs_of_consecutive_periods_count():
    found = roll_matrix(ROWS)
    assert found.states == ("M0", "M1", "M2", "paid")
    assert found.count == ((0, 1, 0, 1), (0, 0, 1, 0), (0, 0, 0, 0), (0, 0, 0, 0))
    assert found.amount == ((0, 100, 0, 30), (0, 0, 90, 0), (0,) * 4, (0,) * 4)


def test_a_row_is_whole_by_count_and_by_opening_amount():
    found = roll_matrix(ROWS)
    assert found.share("M0", "M1") == Fraction(1, 2)
    assert found.amount_rate[0] == (0, Fraction(10, 13), 0, Fraction(3, 13))
    assert found.rate[2] == (None,) * 4, "of nobody there is no share"


def test_an_absent_account_stands_in_missing_if_asked():
    found = roll_matrix(ROWS, missing=True)
    at = {state: n for n, state in enumerate(found.states)}
    assert found.states[-1] == "missing"
    assert found.count[at["M0"]] == (0, 1, 0, 1, 1)
    assert found.count[at["missing"]] == (1, 0, 0, 0, 0), "b comes back"
    assert found.amount[at["M0"]][at["missing"]] == 7


def test_one_who_is_gone_stays_missing_to_the_end_of_the_panel():
    rows = [Standing("a", 1, "M0"), Standing("b", 4, "M0")]
    found = roll_matrix(rows, missing=True)
    assert found.count == ((0, 1), (0, 2))


def test_a_row_without_a_state_counts_as_no_row():
    rows = [Standing("a", 1, "M0"), Standing("a", 2, None), Standing("a", 3, "M1")]
    assert roll_matrix(rows).count == ((0, 0), (0, 0))
    assert roll_matrix(rows, missing=True).count == ((0, 0, 1), (0, 0, 0), (0, 1, 0))


def test_two_rows_for_one_period_are_refused_with_a_way_out():
    with pytest.raises(PanelError, match="--keep last") as refused:
        roll_matrix([*ROWS, Standing("a", 2, "M0")])
    assert refused.value.params["period"] == 2
    assert refused.value.params["count"] == 2


def test_a_panel_with_a_state_called_missing_cannot_ask_for_it_again():
    with pytest.raises(PanelError, match="rename it"):
        roll_matrix([Standing("a", 1, "missing")], missing=True)


def test_states_come_in_the_order_of_people():
    assert in_order(["M10", "missing", "M2", "C", "10", "9", "M2"]) == (
        *("9", "10", "C", "M2", "M10"),
        "missing",
    )


def test_months_add_up():
    one = RollMatrix(("x", "y"), ((1, 2), (0, 3)), ((5, 6), (0, 7)), 2)
    both = added([one, one])
    assert both.count == ((2, 4), (0, 6))
    assert both.amount == ((10, 12), (0, 14))
    assert both.rate == one.rate


def test_content_is_plain_numbers_and_amounts_in_major_units():
    one = RollMatrix(("x", "y"), ((1, 3), (0, 0)), ((50, 100), (0, 0)), 2)
    assert one.content() == {
        "states": ["x", "y"],
        "count": [[1, 3], [0, 0]],
        "rate": [[0.25, 0.75], [0.0, 0.0]],
        "amount": [[0.5, 1], [0, 0]],
        "amount_rate": [[50 / 150, 100 / 150], [0.0, 0.0]],
    }


def test_net_flows_compare_balances_and_may_exceed_one():
    flows = net_flows({"M0": 200, "M1": 10}, {"M1": 50, "M2": 15}, ["M0", "M1", "M2"])
    assert flows == {("M0", "M1"): Fraction(1, 4), ("M1", "M2"): Fraction(3, 2)}
    assert net_flows({}, {"M1": 1}, ["M0", "M1"]) == {("M0", "M1"): None}


def test_a_loss_is_the_product_of_its_flows():
    flows = [Fraction(1, 10), Fraction(1, 2)]
    assert loss_rate(flows) == Fraction(1, 20)
    assert loss_rate(flows, recovered=Fraction(1, 5)) == Fraction(1, 25)


@pytest.mark.parametrize(
    ("opening", "fell", "decreased", "percent"),
    [(10_000, 1_000, 500, "10.53"), (1_000, 600, 200, "75.00")],
)
def test_the_published_check_values(opening, fell, decreased, percent):
    rate = migration_rate(opening=opening, fell=fell, decreased=decreased)
    assert f"{float(rate) * 100:.2f}" == percent


def test_the_five_rates_from_moves_between_classes():
    moves = ClassMoves(
        moved={
            ("normal", "normal"): 8_000,
            ("normal", "special_mention"): 700,
            ("normal", "loss"): 300,
            ("special_mention", "normal"): 100,
            ("special_mention", "special_mention"): 300,
            ("special_mention", "doubtful"): 100,
            ("substandard", "substandard"): 200,
            ("substandard", "doubtful"): 400,
            ("substandard", "loss"): 200,
            ("doubtful", "substandard"): 1,
            ("doubtful", "loss"): 3,
        },
        decreased={"normal": 500, "substandard": 200},
    )
    assert moves.opening("normal") == 9_500
    rates = migration_rates(moves)
    assert rates.normal_to_bad == Fraction(400, 9_500)
    assert rates.normal == Fraction(1_000, 9_000)
    assert rates.special_mention == Fraction(100, 500)
    assert rates.substandard == Fraction(600, 800)
    assert rates.doubtful == Fraction(3, 4)


def test_a_class_nobody_was_in_has_no_rate():
    rates = migration_rates(ClassMoves(moved={}, decreased={"doubtful": 5}))
    assert rates.doubtful is None
    assert rates.normal_to_bad is None
