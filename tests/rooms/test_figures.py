"""The figures of the first page, counted from books small enough to see."""

from datetime import date
from decimal import Decimal

from django.utils import translation

from daihou.kit import ladder
from daihou.rooms.dayend.pages import day_end, figures, targets
from tests.rooms.book import position, positions


def test_overdue_rate_is_the_principal_of_late_loans_over_all() -> None:
    book = positions(position(1), position(2, dpd=3), position(3), position(4))
    assert figures.overdue_rate(book) == Decimal("0.25")


def test_overdue_rate_leaves_written_off_and_settled_loans_out() -> None:
    book = positions(
        position(1),
        position(2, dpd=3),
        position(3, dpd=400, status="written_off"),
        position(4, status="settled", outstanding_principal=0),
    )
    assert figures.overdue_rate(book) == Decimal("0.5")
    assert figures.overdue_rate(positions()) is None


def test_recovered_counts_only_loans_whose_oldest_instalment_was_paid() -> None:
    before = positions(
        position(1, dpd=10),
        position(2, dpd=10),
        position(3, dpd=10),
        position(4, dpd=45),  # not M1: outside
    )
    now = positions(
        position(1),  # paid
        position(2, dpd=40),  # still the same instalment
        position(3, dpd=9, oldest_unpaid_due_on=date(2026, 3, 1)),  # a later one
        position(4),
    )
    assert figures.recovered_rate(before, now) == Decimal(2) / Decimal(3)
    assert figures.recovered_rate(positions(position(1)), now) is None


def test_loss_is_unknown_until_something_is_written_off() -> None:
    assert figures.loss_rate(positions(position(1, dpd=40))) is None
    book = positions(position(1, dpd=40), position(2, dpd=400, status="written_off"))
    assert figures.loss_rate(book) == Decimal("0.5")


def test_moves_leave_new_loans_out_and_tell_settled_ones() -> None:
    before = positions(position(1), position(2, dpd=30), position(3, dpd=5))
    now = positions(
        position(1, dpd=1),
        position(2, dpd=31),
        position(3, status="settled"),
        position(4, dpd=1),
    )
    told = {(m.from_bucket, m.to_bucket, m.loans) for m in figures.moves(before, now)}
    assert told == {("M0", "M1", 1), ("M1", "M2", 1), ("M1", "settled", 1)}
    moved = figures.movers(before, now)["loan_id"].to_pylist()
    assert sorted(moved) == [1, 2, 3]


def test_newly_late_and_cured() -> None:
    before = positions(position(1), position(2, dpd=30), position(3, dpd=5))
    now = positions(position(1, dpd=1), position(2), position(3, dpd=6), position(9))
    assert figures.became_late(before, now)["loan_id"].to_pylist() == [1]
    assert figures.came_back(before, now)["loan_id"].to_pylist() == [2]


def test_every_bucket_stands_in_the_ladder() -> None:
    stock = figures.stock_by_bucket(positions(position(1), position(2, dpd=200)))
    assert list(stock) == list(ladder.BUCKETS)
    assert (stock["M0"].loans, stock["M7"].loans, stock["M3"].loans) == (1, 1, 0)


def test_written_off_loans_stand_apart_from_the_ladder() -> None:
    lost = position(2, dpd=200, status="written_off")
    book = positions(position(1, dpd=200), lost)
    assert figures.stock_by_bucket(book)["M7"] == figures.Stock(1, 300_000)
    assert figures.written_off(book) == figures.Stock(1, 300_000)
    before = positions(position(1, dpd=199), position(2, dpd=180))
    assert figures.moves(before, book) == (figures.Move("M6", figures.LOST, 1),)


def test_a_target_says_how_far_it_is() -> None:
    ask = targets.Ask("x", "", Decimal("0.05"), below=True, missing="nothing")
    met = targets.target(ask, [Decimal("0.06"), Decimal("0.0462")])
    over = targets.target(ask, [Decimal("0.063")])
    none = targets.target(ask, [])
    assert (met.kind, met.value) == ("good", Decimal("0.0462"))
    assert over.kind == "bad" and "1.3" in over.state
    assert none.value is None and none.missing == "nothing"
    assert met.spark is not None and over.spark is None


def test_the_trend_takes_month_ends_and_the_day_itself() -> None:
    closed = [date(2026, 1, 31), date(2026, 2, 10), date(2026, 2, 28)]
    closed += [date(2026, 3, 18), date(2026, 3, 19)]
    assert targets.trend_dates(closed, date(2026, 3, 19)) == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2026, 3, 19),
    ]


def test_the_reason_of_a_run_is_said_in_the_language_of_the_page() -> None:
    with translation.override("en"):
        said = day_end.reason_words("late facts since 2026-03-15")
        assert said == "facts arrived late, true since 2026-03-15"
        assert day_end.reason_words("asked for") == "asked for by hand"
        assert day_end.reason_words("as agreed") == "as agreed"
        assert day_end.reason_words("") == ""
