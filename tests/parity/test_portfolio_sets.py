"""The Ibis text says what the plain and the fast one say: on DuckDB, and on Spark."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from daihou.columnar.portfolio import cube, flows, roll_matrix, vintage
from daihou.engine.metrics.definition import Ratio
from daihou.engine.metrics.dictionary import METRICS
from daihou.tables import months as shape

ibis = pytest.importorskip("ibis", reason="Ibis is not installed: the extra portfolio")

from daihou.columnar.portfolio import cells, sets

STATES = ("M0", "M1", "M2", "paid", None)
COLUMNS = {"id": "loan", "period": "month", "status": "bucket"}
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss", None)


@pytest.fixture(
    params=["duckdb", pytest.param("spark", marks=pytest.mark.alone)], scope="module"
)
def on(request: pytest.FixtureRequest) -> Iterator[Any]:
    """What makes an Ibis table of an Arrow table, on one engine or the other."""
    if request.param == "duckdb":
        yield lambda rows: ibis.duckdb.connect().create_table("given", rows)
        return
    session = request.getfixturevalue("session")
    engine = ibis.pyspark.connect(session)

    def held(rows: pa.Table) -> Any:
        session.createDataFrame(rows).createOrReplaceTempView("given")
        return engine.table("given")

    yield held


pytestmark = [
    # Spark leaves the sockets it read results from to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    # Spark 4.0 and Ibis 12 use what pandas 3 has on its way out.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option"),
]


def a_panel(seed: int) -> pa.Table:
    random = Random(seed)
    rows = [
        (loan, month, random.choice(STATES), random.choice((0, 1, 7, 2**45 + 1)))
        for loan in range(80)
        for month in range(-2, 6)
        if random.random() < 0.8
    ]
    random.shuffle(rows)
    names = ("loan", "month", "bucket", "balance")
    return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def test_a_random_panel_gives_the_same_matrix(on):
    panel = a_panel(5)
    table = on(panel)
    counted = sets.moves(table, **COLUMNS, amount="balance")
    assert sets.matrix_of(counted, weighed=True) == roll_matrix(
        panel, **COLUMNS, amount="balance"
    )
    assert sets.twins(table, id="loan", period="month").to_pyarrow().num_rows == 0


def test_two_rows_for_one_period_are_found(on):
    rows = pa.table({"loan": ["a", "a", "b"], "month": [1, 1, 1]})
    table = on(rows)
    found = sets.twins(table, id="loan", period="month").to_pyarrow().to_pylist()
    assert found == [{"loan": "a", "month": 1, "rows": 2}]


def test_a_random_panel_gives_the_same_first_bad_ages(on):
    panel = a_panel(6)
    table = on(panel)
    lives = sets.ever_bad(sets.first_bad(table, **COLUMNS, bad=["M2"]))
    found: Counter[tuple[str, int | None]] = Counter()
    for row in lives.to_pyarrow().to_pylist():
        age = None if row["age"] is None else int(row["age"])
        found[str(row["cohort"]), age] += int(row["count"])
    curves = vintage(panel, **COLUMNS, bad=["M2"])
    for cohort, size, row in zip(
        curves.cohorts, curves.size, curves.count, strict=True
    ):
        assert size == sum(n for (at, _), n in found.items() if at == cohort)
        for age, count in enumerate(row):
            if count is not None:
                assert count == sum(found[cohort, a] for a in range(age + 1))


def test_ratios_of_the_dictionary_on_a_random_book(on):
    random = Random(7)
    loans = [
        {
            "status": random.choice(("active", "settled", "written_off")),
            "dpd": random.choice((0, 1, 29, 30, 59, 60, 90, 91)),
            "asset_class": random.choice(CLASSES),
            "outstanding_principal": random.choice((0, 1, 2**45 + 1)),
            "branch": random.choice(("N", "S")),
        }
        for _ in range(300)
    ]
    table = on(pa.Table.from_pylist(loans))
    for metric in METRICS.values():
        if not isinstance(metric.expression, Ratio):
            continue
        for row in sets.ratio(metric, table, by=["branch"]).to_pyarrow().to_pylist():
            own = [loan for loan in loans if loan["branch"] == row["branch"]]
            told = metric.expression.part.of(own), metric.expression.whole.of(own)
            assert (int(row["part"]), int(row["whole"])) == told, metric.id


def a_month(seed: int, *, loans: int = 400) -> pa.Table:
    """A month at random, in the form of `tables.months`, its words as plain text."""
    random = Random(seed)
    amount = (0, 1, 99, 2**45 + 1)
    small = {
        "cohort": (24300, 24301),
        "state": range(len(shape.STATES)),
        "state_before": range(len(shape.STATES)),
        "asset_class": range(-1, len(shape.CLASSES)),
        "class_before": range(-1, len(shape.CLASSES)),
        "dpd": (0, 1, 6, 7, 29, 30, 31, 89, 90, 91, 400),
        "worst_dpd": (0, 1, 30, 60, 90, 361),
        "restructured": (False, True),
        "currency": ("CNY", "USD"),
        **{f"first_{n}": (-1, 0, 1) for n in shape.FIRST_PAYMENTS},
    }
    rows = []
    for number in range(loans):
        row: dict[str, Any] = {"loan_id": number, "age": 1}
        for field in shape.MONTHS:
            if field.name in small:
                row[field.name] = random.choice(small[field.name])
            elif pa.types.is_dictionary(field.type):
                row[field.name] = random.choice(("a", "b", ""))
            elif field.name not in row:
                row[field.name] = random.choice(amount)
        rows.append(row)
    kinds = [
        (field.name, pa.string() if pa.types.is_dictionary(field.type) else field.type)
        for field in shape.MONTHS
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))


def listed(table: pa.Table) -> list[tuple[Any, ...]]:
    """The rows as values, in an order of their own."""
    names = [*shape.CELL_DIMS, *shape.CELL_SUMS]
    return sorted(tuple(row[name] for name in names) for row in table.to_pylist())


def test_cells_of_a_random_month_and_all_that_is_made_of_them(on):
    month = a_month(8)
    found = cells.gathered(cells.cells(on(month)))
    wanted = cube.cells_of(month.cast(shape.MONTHS))
    assert listed(found) == listed(wanted)
    assert 100 < found.num_rows <= month.num_rows
    here, there = cube.Rows(wanted), cube.Rows(found)
    for metric in METRICS.values():
        if isinstance(metric.expression, Ratio):
            sums = [
                cube.ratio_of(rows, metric.expression, rows.of("state"), 14)
                for rows in (here, there)
            ]
            assert sums[0] == sums[1], metric.id
            assert any(sums[0][1]), metric.id
    for classes in (False, True):
        for amount in (False, True):
            asked = {"classes": classes, "amount": amount}
            assert flows.matrix(here, **asked) == flows.matrix(there, **asked)


def test_cells_by_what_is_no_dimension_of_theirs_add_up(on):
    month = a_month(9)
    found = cells.cells(on(month), dims=("officer", "state")).to_pyarrow().to_pylist()
    assert sum(int(row["loans"]) for row in found) == month.num_rows
    assert len(found) <= 3 * len(shape.STATES)
