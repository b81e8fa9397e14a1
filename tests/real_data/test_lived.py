"""Month-ends, positions as others get them, and the counts over them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from daihou.columnar.settle import Settler
from daihou.config.real_data import charts, report
from daihou.config.real_data.lived import (
    live,
    month_ends,
    without_extensions,
    write,
)
from daihou.config.real_data.summary import (
    MonthCount,
    ZeroCount,
    balance_gap,
    count,
    zero_months,
)
from daihou.packs.products import policies
from daihou.tables import facts
from daihou.tables.positions import POSITIONS_OUT
from tests.real_data.cast import INSTALMENT, loan

OPENED, MOVED = date(2019, 5, 1), date(2019, 7, 1)
LAST = date(2019, 8, 31)
NAMES = pa.table({"id": [1], "external_id": ["1"], "currency": ["USD"]})


def demand(number: int, due_on: date, **changes: object) -> dict[str, object]:
    row = dict.fromkeys(facts.DEMANDS.names, 0)
    known = {"loan_id": 1, "demand_id": number, "seq": number, "due_on": due_on}
    terms = {"begins_on": OPENED, "ends_on": None, "principal": INSTALMENT}
    return {**row, **known, **terms, **changes}


def settler() -> Settler:
    """Three instalments; the last two moved by three months from July on."""
    demands = [
        demand(1, date(2019, 6, 15)),
        demand(2, date(2019, 7, 15), ends_on=MOVED),
        demand(3, date(2019, 8, 15), ends_on=MOVED),
        {**demand(4, date(2019, 10, 15), begins_on=MOVED), "seq": 2},
        {**demand(5, date(2019, 11, 15), begins_on=MOVED), "seq": 3},
    ]
    book = {
        "loan_id": 1,
        "product": "auto_loan_us",
        "customer_id": 1,
        "currency": "USD",
        "principal": 3 * INSTALMENT,
        "disbursed_on": OPENED,
        "status": "active",
        "status_on": None,
        "penalty_rate_nano": 0,
    }
    paid = {"loan_id": 1, "payment_id": 1, "ends_on": None, "amount": INSTALMENT}
    return Settler(
        loans=pa.Table.from_pylist([book], schema=facts.LOANS),
        demands=pa.Table.from_pylist(demands, schema=facts.DEMANDS),
        payments=pa.Table.from_pylist(
            [{**paid, "paid_on": date(2019, 6, 15)}], schema=facts.PAYMENTS
        ),
        policies_on=lambda day: policies(on=day),
    )


def lived(book: Settler) -> dict[date, pa.Table]:
    days = month_ends([loan([1, 0, 0])])
    return dict(live(book, days=days, names=NAMES, deals={"1": "deal"}))


def test_each_month_of_a_deal_has_its_end() -> None:
    other = loan([1], deal="other", begins_on=date(2019, 6, 1))
    assert month_ends([loan([1, 1]), other]) == {
        date(2019, 6, 30): {"deal"},
        date(2019, 7, 31): {"deal", "other"},
    }


def test_a_moved_schedule_keeps_the_loan_on_time() -> None:
    assert lived(settler())[LAST]["dpd"].to_pylist() == [0]
    book = settler()
    plain = Settler(
        loans=book.loans,
        demands=without_extensions(book.demands),
        payments=book.payments,
        policies_on=book.policies_on,
    )
    late = lived(plain)[LAST]
    assert late["dpd"].to_pylist() == [47]
    assert late["overdue_total"].to_pylist() == [Decimal("400.00")]


def test_positions_out_have_the_columns_and_the_sender_s_ids(tmp_path: Path) -> None:
    path = tmp_path / "positions.parquet"
    write(lived(settler()).values(), path)
    table = pq.read_table(path)
    assert table.column_names == list(POSITIONS_OUT)
    assert table["as_of"].to_pylist() == [date(2019, 6, 30), date(2019, 7, 31), LAST]
    assert table["outstanding_principal"].to_pylist() == [Decimal("400.00")] * 3
    assert [p.name for p in tmp_path.iterdir()] == ["positions.parquet"]


def test_a_deal_that_reports_no_more_is_not_shown_getting_later() -> None:
    days = {date(2019, 6, 30): frozenset({"deal"}), LAST: frozenset({"other"})}
    tables = dict(live(settler(), days=days, names=NAMES, deals={"1": "deal"}))
    assert [len(table) for table in tables.values()] == [1, 0]


def test_counts_are_of_running_loans() -> None:
    table = pa.table(
        {
            "loan_id": ["a", "b", "c", "d"],
            "status": ["active", "active", "settled", "active"],
            "bucket": ["M0", "M4", "M4", "M0"],
        }
    )
    month = count(LAST, table)
    assert (month.active, month.status["settled"]) == (3, 1)
    assert round(month.share("M4"), 1) == 33.3
    assert count(LAST, table, only=frozenset({"b", "d"})).share("M4") == 50


def test_zero_months_are_of_loans_that_owe_and_report() -> None:
    paid_off = loan([1, 0], closing=1_00, next_due=1_00, opening=1_00)
    assert [zero.loans for zero in zero_months([paid_off])] == []
    gone = loan([1, None, None])
    june, july, august = zero_months([loan([1, 0, 0]), loan([0, 1, 1]), gone])
    assert (june.loans, june.unpaid) == (3, 1)
    assert (july.loans, july.unpaid) == (2, 1)
    assert august.share == 50


def test_the_balance_gap_is_against_the_published_balance() -> None:
    made = loan([1])
    published = made.months[0].balance
    assert published is not None
    owed = Decimal(published).scaleb(-2) * Decimal("1.02")
    table = pa.table(
        {"loan_id": ["1"], "outstanding_principal": [owed], "status": ["active"]}
    )
    gap = balance_gap(date(2019, 6, 30), table, {"1": made})
    assert round(gap.median, 6) == round(gap.ninetieth, 6) == 2


def figures() -> report.Figures:
    months = [
        MonthCount(date(2020, m, 28), {"active": 4}, {"M0": 3, "M4": 1})
        for m in (5, 6, 7)
    ]
    return report.Figures(
        loans=4,
        by_month=months,
        without=months,
        moved=months,
        moved_without=months,
        zero=(
            ZeroCount(date(2019, 6, 30), 10, 4),  # a Sunday
            ZeroCount(date(2019, 7, 31), 20, 2),
            ZeroCount(date(2020, 5, 31), 10, 9),  # in the wave
        ),
        gaps=(),
        opening=(1, 2),
        matched=(3, 4),
        extended={2: 5},
        endings={"R": {"settled": 2}, "": {"active": 2}},
    )


def test_the_page_is_filled_where_it_asks_to_be() -> None:
    parts = report.blocks(figures())
    text = "a\n<!-- made: extended -->\nold\n<!-- end -->\nb\n"
    filled = report.filled(text, parts)
    assert "old" not in filled
    assert "| 2 | 5 |" in filled
    assert report.filled(filled, parts) == filled
    assert "**3 of 4**" in parts["outcomes"]
    assert "40 loan-months with a balance, 15 (37.5 %)" in parts["zero"]
    assert "weekend (1) show 40.0 %, the others (1) 10.0 %" in parts["zero"]
    assert "1 began late and 2 ahead" in parts["opening"]


def test_a_chart_draws_every_month_of_every_series() -> None:
    months = [date(2020, m, 28) for m in (5, 6, 7)]
    stacked = charts.columns("t & u", months, {"M1": [1, 2, 3], "M2": [0, 1, 0]})
    assert stacked.count("<rect") == 1 + 2 * 3 + 2
    bars = re.findall(r'y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', stacked)
    for lower, upper in zip(bars[:6:2], bars[1:6:2], strict=True):
        assert float(upper[0]) + float(upper[1]) == pytest.approx(
            float(lower[0]), abs=0.2
        )
    assert "t &amp; u" in stacked
    drawn = charts.lines("t", months, {"a": [1, 2, 3], "b": [3, 2, 40]})
    assert drawn.count("<polyline") == 2
