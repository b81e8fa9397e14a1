"""Figures of the book read through Spark: every metric, by every cut, to the unit."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import pyarrow as pa
import pytest

from daihou.columnar.portfolio import flows
from daihou.engine.metrics.dictionary import METRICS
from daihou.kit.kept import Kept
from daihou.kit.portfolio import Asked, Cut, Point, Sight
from daihou.nightly.engines import OneMachine, OnSpark
from daihou.nightly.errors import NotCounted
from daihou.nightly.portfolio import losses, provided
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.nightly.portfolio.rows import Book
from daihou.nightly.portfolio.work import asked as work
from daihou.nightly.stores.months import MonthFiles, Row
from daihou.tables import months as shape
from tests.nightly.months import FIRST, random_months

pytest.importorskip("pyspark", reason="Spark is not installed: tools/setup.py spark")

pytestmark = [
    pytest.mark.alone,
    # Spark leaves the sockets it read results from to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
# Work, losses and provisions rest on rows of the database, which no engine reads.
OF_BOOK = sorted(
    name
    for name in METRICS
    if not (work.answers(name) or name in losses.METRICS or name in provided.METRICS)
)
CUTS = (None, *(cut for cut in Cut if cut.value in (*shape.CUTS, "cohort")))
CUTS += (Cut.BUCKET, Cut.CLASS)
ALL = (Sight(),)
SOME = (
    Sight(branches=frozenset({"N", "S"}), officers=frozenset({"赵", "钱"})),
    Sight(products=frozenset({"farmer_loan"})),
)


class Counted(PortfolioBook):
    """A book whose months are told, with talks that need no database."""

    def __init__(self, book: Book) -> None:
        """Of the months of a book."""
        self._one = book
        self._answers, self._matrices = Kept(1), Kept(1)

    def _book(self) -> Book:
        return self._one

    def _talks(self, metric: Any) -> Any:
        def talked(loans: Any) -> set[tuple[int, str]]:
            random = Random(3)
            months = [row.name for row in self._one.months]
            return {(loan, random.choice(months)) for loan in loans.tolist()}

        return talked


def asked(metric: str, **more: Any) -> Asked:
    return Asked(metric, **{"sight": ALL, "currency": "CNY", **more})


@pytest.fixture(scope="module")
def books(session: Any, tmp_path_factory: Any) -> tuple[Book, Book]:
    """The same months: read here, and through Spark."""
    files = MonthFiles(tmp_path_factory.mktemp("home"))
    return on_both(files, random_months(5, loans=90, months=10), session)


def on_both(
    files: MonthFiles, months: Sequence[pa.Table], session: Any
) -> tuple[Book, Book]:
    """Months written once, as a book for either engine."""
    rows = written(files, months)
    spark = OnSpark("local[2]", partitions=3)
    spark._session = session
    here, there = (e.months(files, rows) for e in (OneMachine(), spark))
    assert here is files
    return Book(here, rows), Book(there, rows)


def written(files: MonthFiles, months: Sequence[pa.Table]) -> tuple[Row, ...]:
    """The months as counted ones; the last but one was not closed to its end."""
    rows = []
    for n, table in enumerate(months):
        name = shape.month_name(FIRST + n)
        year, month = divmod(FIRST + n, 12)
        day = 20 if n == len(months) - 2 else monthrange(year, month + 1)[1]
        row = Row(
            name=name,
            as_of=date(year, month + 1, day),
            loans=table.num_rows,
            positions="",
            classes="" if n == 2 else "graded",
            rests_on="",
            fingerprint=files.write(name, table),
            complete=n != len(months) - 2,
        )
        rows.append(row)
    return tuple(rows)


def points(book: Book, question: Asked) -> list[Point] | str:
    """The points of a figure, or why there are none."""
    try:
        return list(Counted(book)._points(book, question, METRICS[question.metric])[1])
    except NotCounted as error:
        return error.code


@pytest.mark.parametrize("metric", OF_BOOK)
def test_a_metric_is_the_same_through_spark(books, metric):
    here, there = books
    random = Random(metric)
    told = 0
    for by in (None, random.choice(CUTS)):
        sight = random.choice((ALL, SOME))
        question = asked(metric, by=by, sight=sight)
        wanted, found = points(here, question), points(there, question)
        assert found == wanted, question
        told += 0 if isinstance(wanted, str) else sum(p.whole for p in wanted)
    assert told, "nothing was told"


def test_what_stands_in_a_cut_is_the_same(books):
    here, there = books
    assert there.currencies() == here.currencies() == ["CNY", "USD"]
    for cut in (Cut.BRANCH, Cut.OFFICER, Cut.COHORT, Cut.CLASS):
        found = [Counted(book).values(cut, sight=SOME) for book in books]
        assert found[0] == found[1]
        assert len(found[0]) > 1


def test_only_some_of_a_cut_and_another_currency(books):
    here, there = books
    for question in (
        asked("overdue_30_amount", only={Cut.BUCKET: ("M1", "M2")}, by=Cut.BRANCH),
        asked("roll_amount", only={Cut.CHANNEL: ("app",)}, currency="USD"),
        asked("cure_3", only={Cut.REGION: ("北京",)}, by=Cut.OFFICER),
        asked("npl_ratio", since="2026-03", until="2026-05"),
        asked("npl_ratio", sight=()),
    ):
        wanted = points(here, question)
        assert points(there, question) == wanted
        assert isinstance(wanted, list), question


@pytest.mark.parametrize("of", [Cut.BUCKET, Cut.CLASS])
def test_matrices_of_one_month_and_of_longer_steps(books, of):
    here, there = books
    question = asked("roll_count", only={Cut.BRANCH: ("N", "E")}, sight=SOME)
    rows = here.months
    steps = [*list(pairwise(rows))[-2:], (rows[0], rows[3])]
    for last, row in steps:
        found = []
        for book in (here, there):
            own = book.rows_since(last, row, question)
            if (last, row) in steps[:2]:
                own = book.rows(row, question, flows.FLOW_COLUMNS)
            found.append(flows.matrix(own, classes=of is Cut.CLASS, amount=True))
        assert found[0] == found[1], (last.name, row.name)
        assert sum(map(sum, found[0].count)) > 5


def test_the_loans_behind_a_figure_are_the_same(books):
    here, there = books
    for metric, key, by in (
        ("overdue_30_amount", "N", Cut.BRANCH),
        ("cure_3", "", None),
        ("post_write_off_recovery", "", None),
    ):
        question = asked(metric, by=by)
        for book in (here, there):
            assert points(book, question)
        at = here.months[3].name if metric != "post_write_off_recovery" else "2"
        wanted, found = (
            list(Counted(book).loans(question, at=at, key=key)) for book in books
        )
        assert found == wanted


def test_a_month_without_a_loan_is_empty_on_both(session, tmp_path):
    some = random_months(6, loans=20, months=3)
    some[1] = some[1].slice(0, 0)
    here, there = on_both(MonthFiles(tmp_path), some, session)
    for metric in ("overdue_30_count", "roll_count", "post_write_off_recovery"):
        wanted = points(here, asked(metric))
        assert points(there, asked(metric)) == wanted
        assert isinstance(wanted, list)
    none = points(there, asked("overdue_30_count"))[1]
    assert (none.part, none.whole) == (0, 0)


def test_a_month_whose_file_is_gone_says_so(books):
    _, there = books
    lost = replace(there.last, name="2031-01", fingerprint="f" * 32)
    with pytest.raises(NotCounted) as refused:
        there.files.read(lost.name, lost.fingerprint, level="cells", columns=["loans"])
    assert refused.value.code == "gone"
