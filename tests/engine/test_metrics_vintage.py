"""Vintage curves by hand: who counts, from when, and what stays blank."""

from fractions import Fraction

from daihou.engine.metrics.vintage import Aged, curves

ROWS = [
    Aged("a", 1, bad=False, balance=100, disbursed=100),
    Aged("a", 2, bad=True, balance=90, disbursed=100),
    Aged("a", 3, bad=False, balance=80, disbursed=100),
    Aged("b", 1, bad=False, balance=300, disbursed=300),
    Aged("b", 2, bad=True, balance=200, disbursed=300, stays=True),
    Aged("c", 2, bad=True, balance=50, disbursed=50),
    Aged("c", 3, bad=True, balance=40, disbursed=50),
]


def test_ever_stays_and_counts_what_was_paid_out():
    found = curves(ROWS)
    assert found.cohorts == ("1", "2")
    assert found.mobs == (0, 1, 2)
    assert found.size == (2, 1)
    assert found.count == ((0, 2, 2), (1, 1, None))
    assert found.disbursed == (400, 50)
    assert found.amount == ((0, 400, 400), (50, 50, None))
    assert found.rate[0] == (0, 1, 1)


def test_current_falls_again_but_a_loan_written_off_stays():
    found = curves(ROWS, timing="current")
    assert found.count == ((0, 2, 1), (1, 1, None))
    assert found.amount == ((0, 290, 200), (50, 40, None))
    assert found.amount_rate[0][2] == Fraction(1, 2)


def test_months_on_book_by_both_conventions():
    one = curves(ROWS, mob_base=1)
    assert one.mobs == (1, 2, 3)
    assert one.count == curves(ROWS).count


def test_what_the_panel_does_not_reach_is_blank():
    rows = [Aged("a", 3, bad=False, cohort=1), Aged("b", 3, bad=True, cohort=3)]
    ever = curves(rows)
    assert ever.count == ((None, None, None), (1, None, None)), "a's start is not seen"
    now = curves(rows, timing="current")
    assert now.count == ((None, None, 0), (1, None, None))


def test_cuts_of_a_cohort_are_lines_of_their_own():
    rows = [Aged("a", 1, bad=True, cut="car"), Aged("b", 1, bad=False, cut="cash")]
    found = curves(rows)
    assert found.cuts == ("car", "cash")
    assert found.rate == ((1,), (0,))


def test_content_says_null_for_what_is_not_known():
    content = curves(ROWS).content()
    assert content["rate"] == [[0.0, 1.0, 1.0], [1.0, 1.0, None]]
    assert content["mob"] == [0, 1, 2]
    assert (content["timing"], content["mob_base"]) == ("ever", 0)
