"""The fast figures of a panel equal the plain ones, however the panel is given."""

from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv, parquet

from daihou.columnar.portfolio import panel, roll_matrices, roll_matrix, vintage
from daihou.columnar.portfolio.columns import period_text
from daihou.engine.metrics import migration as plain
from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.matrix import added
from daihou.engine.metrics.migration import Standing
from daihou.engine.metrics.vintage import Aged, curves

STATES = ("M0", "M1", "M2", "paid", "written_off")
COLUMNS = {"id": "loan", "period": "month", "status": "bucket"}
MARCH = 2024 * 12 + 2


@st.composite
def panels(draw: st.DrawFn) -> list[Standing]:
    """A few accounts in a few periods, with gaps, in any order of rows."""
    cells = st.tuples(st.integers(0, 5), st.integers(-2, 5))
    spots = draw(st.lists(cells, unique=True, min_size=1, max_size=30))
    return [
        Standing(
            f"0{account}",
            period,
            draw(st.sampled_from((*STATES, None))),
            draw(st.sampled_from((0, 1, 333, 2**45 + 1))),
        )
        for account, period in spots
    ]


def frame(rows: list[Standing], **more: Any) -> pa.Table:
    return pa.table(
        {
            "loan": [row.account for row in rows],
            "month": pa.array([row.period for row in rows], pa.int16()),
            "bucket": pa.array([row.state for row in rows], pa.string()),
            "balance": pa.array([row.amount for row in rows], pa.int64()),
            **more,
        }
    )


@given(rows=panels(), missing=st.booleans())
def test_a_random_panel_agrees(rows, missing):
    found = roll_matrix(frame(rows), **COLUMNS, amount="balance", missing=missing)
    assert found == plain.roll_matrix(rows, missing=missing)


@given(rows=panels(), missing=st.booleans())
def test_months_add_up_to_the_whole_and_rows_are_whole(rows, missing):
    whole = panel(frame(rows), **COLUMNS, amount="balance")
    months = roll_matrices(whole, missing=missing)
    if not months:
        assert whole.first == whole.last
        return
    assert added(months.values()) == plain.roll_matrix(rows, missing=missing)
    for matrix in months.values():
        for row in (*matrix.rate, *matrix.amount_rate):
            assert set(row) == {None} or sum(row) == 1


@given(rows=panels())
def test_with_missing_nobody_once_seen_is_lost(rows):
    """Each pair of periods holds every account seen by its beginning."""
    said = [row for row in rows if row.state is not None]
    begun = {row.account: row.period for row in sorted(said, key=lambda r: -r.period)}
    whole = panel(frame(rows), **COLUMNS)
    for period, matrix in roll_matrices(whole, missing=True).items():
        counted = sum(map(sum, matrix.count))
        assert counted == sum(1 for first in begun.values() if first <= period)


@st.composite
def ages(draw: st.DrawFn) -> list[Aged]:
    """Accounts of a few cohorts and cuts, some seen late, some written off."""
    rows = []
    for account in range(draw(st.integers(1, 6))):
        cohort = draw(st.integers(0, 3))
        seen = draw(st.sets(st.integers(cohort, 6), min_size=1, max_size=5))
        cut, paid = draw(st.sampled_from("ab")), draw(st.sampled_from((5, 2**45 + 1)))
        for period in seen:
            state = draw(st.sampled_from(STATES))
            rows.append(
                Aged(
                    account=str(account),
                    period=period,
                    bad=state in ("M2", "written_off"),
                    cohort=cohort,
                    cut=cut,
                    balance=draw(st.sampled_from((1, 7, 2**44))),
                    disbursed=paid,
                    stays=state == "written_off",
                )
            )
    return draw(st.permutations(rows))


@given(
    rows=ages(),
    timing=st.sampled_from(("ever", "current")),
    base=st.sampled_from((0, 1)),
    given_cohort=st.booleans(),
)
def test_curves_of_a_random_panel_agree(rows, timing, base, given_cohort):
    if not given_cohort:
        rows = [
            Aged(
                **{name: getattr(row, name) for name in row.__slots__}
                | {"cohort": None}
            )
            for row in rows
        ]
    table = pa.table(
        {
            "loan": [row.account for row in rows],
            "month": [row.period for row in rows],
            "bucket": [_state(row) for row in rows],
            "balance": pa.array([row.balance for row in rows], pa.int64()),
            "paid": pa.array([row.disbursed for row in rows], pa.int64()),
            "began": [row.cohort for row in rows],
            "cut": [row.cut for row in rows],
        }
    )
    known = set(table["bucket"].to_pylist())
    found = vintage(
        table,
        **COLUMNS,
        bad=known & {"M2", "written_off"} or known,
        stays=known & {"written_off"},
        cohort="began" if given_cohort else None,
        by="cut",
        amount="balance",
        disbursed="paid",
        timing=timing,
        mob_base=base,
    )
    if not known & {"M2", "written_off"}:
        rows = [
            Aged(**{name: getattr(row, name) for name in row.__slots__} | {"bad": True})
            for row in rows
        ]
    assert found == curves(rows, timing=timing, mob_base=base)


def _state(row: Aged) -> str:
    if row.stays:
        return "written_off"
    return "M2" if row.bad else "M0"


@given(rows=ages())
def test_ever_never_falls_and_is_never_below_current(rows):
    ever, now = curves(rows), curves(rows, timing="current")
    for one, other in zip(ever.count, now.count, strict=True):
        known = [n for n in one if n is not None]
        assert known == sorted(known)
        for e, c in zip(one, other, strict=True):
            assert e is None or c <= e


def book(tmp_path: Path) -> tuple[pa.Table, list[Standing]]:
    random = Random(3)
    rows = [
        Standing(f"{n:03}", MARCH + t, random.choice(STATES), random.randrange(10**7))
        for n in range(40)
        for t in range(14)
        if random.random() < 0.9
    ]
    random.shuffle(rows)
    months = [period_text(row.period, months=True) for row in rows]
    amounts = [f"{row.amount / 100:.2f}" for row in rows]
    table = frame(rows, month=months, balance=amounts)
    return table, rows


@pytest.mark.parametrize(
    "kind", ["arrow", "coded", "pandas", "csv", "semicolons", "gz"]
)
def test_every_way_to_give_a_panel_says_the_same(kind, tmp_path):
    table, rows = book(tmp_path)
    given_as: Any = table
    if kind == "coded":
        given_as = tmp_path / "panel.parquet"
        texts = table.set_column(2, "bucket", table["bucket"].dictionary_encode())
        parquet.write_table(texts, given_as, row_group_size=100)
    if kind == "pandas":
        given_as = pytest.importorskip("pandas") and table.to_pandas()
    if kind in ("csv", "semicolons", "gz"):
        given_as = tmp_path / ("panel.csv.gz" if kind == "gz" else "panel.csv")
        options = csv.WriteOptions(delimiter=";" if kind == "semicolons" else ",")
        with pa.output_stream(given_as, compression="detect") as file:
            csv.write_csv(table, file, options)
    found = roll_matrix(given_as, **COLUMNS, amount="balance")
    expected = plain.roll_matrix(rows)
    assert found.scale == 2
    assert (found.states, found.count, found.amount) == (
        *(expected.states, expected.count),
        expected.amount,
    )


def test_numbers_with_gaps_and_dates_are_read_as_meant():
    pandas = pytest.importorskip("pandas")
    made = pandas.DataFrame(
        {
            "loan": [7, 7, 8],
            "month": pandas.to_datetime(["2024-12-31", "2025-01-31", "2025-01-15"]),
            "bucket": [0.0, 1.0, None],
            "balance": [0.1, 0.25, 3.0],
        }
    )
    found = roll_matrix(made, **COLUMNS, amount="balance")
    assert (found.states, found.count) == (("0", "1"), ((0, 1), (0, 0)))
    assert (found.amount, found.scale) == (((0, 10), (0, 0)), 2)


def small(**columns: list[Any]) -> pa.Table:
    usual = {"loan": ["a", "a"], "month": [1, 2], "bucket": ["x", "y"]}
    return pa.table({**usual, **columns})


@pytest.mark.parametrize(
    ("columns", "more", "told"),
    [
        ({"month": [1, 1]}, {}, "loan a has 2 rows for period 1.*--keep last"),
        ({"month": ["2024-13", "2024-12"]}, {}, "'2024-13'.*such as 2026-03"),
        ({"month": ["2024-11", "3"]}, {}, "mixes whole numbers"),
        ({"month": [None, 1]}, {}, "1 rows have no value in column 'month'"),
        ({"loan": [None, "a"]}, {}, "1 rows have no value in column 'loan'"),
        ({"loan": ["", "a"]}, {}, "1 rows have no value in column 'loan'"),
        ({"money": ["1,000", "2"]}, {"amount": "money"}, "'1,000'.*not an amount"),
        ({"money": ["0.1234567", "2"]}, {"amount": "money"}, "at most six"),
        ({"money": [0.12345678, 2]}, {"amount": "money"}, "at most six"),
        ({"money": [None, 2]}, {"amount": "money"}, "1 rows have no value"),
        ({}, {"status": "state"}, "no column 'state'.*loan, month, bucket"),
        ({}, {"states": ["x"]}, "'y' is not among"),
        ({"bucket": ["missing", "y"]}, {"missing": True}, "rename it"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_way_out(columns, more, told):
    with pytest.raises(PanelError, match=told):
        roll_matrix(small(**columns), **{**COLUMNS, **more})


def test_neither_a_frame_nor_a_status():
    with pytest.raises(PanelError, match="cannot be read as a table"):
        roll_matrix(object(), **COLUMNS)
    many = small(
        loan=[str(n) for n in range(300)],
        month=[1] * 300,
        bucket=[str(n) for n in range(300)],
    )
    with pytest.raises(PanelError, match="300 different values"):
        roll_matrix(many, **COLUMNS)


@pytest.mark.parametrize(("keep", "states"), [("first", "x"), ("last", "y")])
def test_of_two_rows_the_one_named_counts(keep, states):
    twice = small(loan=["a"] * 3, month=[1, 1, 2], bucket=["x", "y", "z"])
    found = roll_matrix(twice, **COLUMNS, keep=keep)
    assert found.share(states, "z") == 1


def test_states_listed_give_the_order_and_may_be_empty():
    found = roll_matrix(small(), **COLUMNS, states=["y", "none", "x"])
    assert found.states == ("y", "none", "x")
    assert found.count[2] == (1, 0, 0)


def test_far_apart_accounts_and_periods_are_counted_too():
    big = 2**62
    far = small(loan=[big, -big, big], month=[1, 5, 2], bucket=["x", "x", "y"])
    assert roll_matrix(far, **COLUMNS).share("x", "y") == 1
    periods = [-(10**17), 10**17, 10**17 + 1]
    wide = small(loan=["b", "a", "a"], month=periods, bucket=["x", "x", "y"])
    assert roll_matrix(wide, **COLUMNS).share("x", "y") == 1
    with pytest.raises(PanelError, match="apart"):
        vintage(wide, **COLUMNS, bad=["x"])


def test_days_past_due_from_a_number_on_are_bad():
    late = small(dpd=[29, 30])
    found = vintage(late, id="loan", period="month", dpd="dpd", over=30)
    assert found.count == ((0, 1),)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({}, "what counts as bad"),
        ({"status": "bucket"}, "what counts as bad"),
        ({"status": "bucket", "over": 3}, "what counts as bad"),
        ({"status": "bucket", "bad": ["z"]}, "No row has the status 'z'"),
        ({"dpd": "bucket", "over": 3}, "not a number of days"),
        ({"status": "bucket", "bad": ["x"], "cohort": "late"}, "before its cohort"),
        ({"status": "bucket", "bad": ["x"], "by": "two"}, "different values"),
    ],
)
def test_a_curve_that_cannot_be_drawn_is_refused(asked, told):
    table = small(late=[2, 2], two=["p", "q"])
    with pytest.raises(PanelError, match=told):
        vintage(table, id="loan", period="month", **asked)
