"""The steps of the night on Spark: classes, next steps, provisions and months, to the bit.

Books are cut into pieces of a few rows, so that a customer with several loans, or a
loan with several tables, would show it if one of them went elsewhere.
"""

from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daihou.columnar import providing
from daihou.columnar.classification import ClassBook, EventRows
from daihou.columnar.classification.book import COLUMNS
from daihou.columnar.portfolio.months import Inputs, Told
from daihou.columnar.strategy.columns import Coded
from daihou.columnar.strategy.facts import Customers
from daihou.columnar.strategy.stepping import Before, Lexicon, Steps, Version
from daihou.engine.provision.rules import TABLES, ProvisionRules
from daihou.engine.strategy.inputs import INPUTS, MAY_BE_UNKNOWN
from daihou.engine.strategy.strategy import Arm, Experiment, Strategy
from daihou.engine.strategy.table import ORDERED
from daihou.nightly.engines import OneMachine, OnSpark
from daihou.nightly.stores.months import month_digest
from daihou.nightly.strategy.counts import counts_of, table_of
from daihou.packs import holidays, law, strategies
from daihou.tables.months import MONTHS
from tests.nightly.months import random_inputs
from tests.parity.classification_books import AS_OF, RULES, claims

pytest.importorskip("pyspark", reason="Spark is not installed: tools/setup.py spark")

from daihou.columnar.spark import pieces

pytestmark = [
    pytest.mark.alone,
    # Spark leaves the sockets it read results from to the collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
HERE = OneMachine()


@pytest.fixture
def there(session: Any, monkeypatch: pytest.MonkeyPatch) -> OnSpark:
    """An engine on the running session, with small pieces."""
    monkeypatch.setattr(pieces, "ROWS_AT_A_TIME", 9)
    found = OnSpark("local[2]", partitions=3)
    found._session = session
    return found


few = settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[
        *(HealthCheck.function_scoped_fixture, HealthCheck.too_slow),
        HealthCheck.data_too_large,
    ],
)


# -- classes ---------------------------------------------------------------------------


@st.composite
def large_books(draw: st.DrawFn) -> ClassBook:
    """Forty claims on twelve customers."""
    customers = st.sampled_from("abcdefghijkl")
    return ClassBook.of_facts(
        [draw(claims(loan=str(n), customer=draw(customers))) for n in range(40)]
    )


@few
@given(book=large_books(), licence=st.sampled_from(sorted(RULES)))
def test_a_random_book_is_classified_alike(there, book, licence):
    wanted = HERE.classes(book, RULES[licence], as_of=AS_OF)
    found = there.classes(book, RULES[licence], as_of=AS_OF)
    for each in fields(wanted):
        one, other = getattr(wanted, each.name), getattr(found, each.name)
        np.testing.assert_array_equal(other, one, err_msg=each.name)
        assert other.dtype == one.dtype, each.name


def test_what_happened_on_one_day_keeps_its_order(there):
    columns = {
        **{name: np.array([1, 2, 3]) for name in ("loan_id", "balance")},
        "customer_id": np.array([5, 4, 5]),
        "dpd": np.array([0, 0, 0]),
    }
    on, first = date(2026, 3, 1), date(2026, 4, 1)
    events = EventRows.of(
        (place, 0, on, first + timedelta(days=30 * n), months, 0)
        for n, months in enumerate((1, 6, 3))
        for place in (2, 0, 1)
    )
    backwards = replace(events, first_due_on=events.first_due_on[::-1])
    books = [ClassBook.of(columns, rows) for rows in (events, backwards)]
    until = [
        HERE.classes(book, RULES["bank"], as_of=AS_OF).observed_until for book in books
    ]
    assert (until[0] != until[1]).any(), "the order makes no difference"
    found = there.classes(books[1], RULES["bank"], as_of=AS_OF)
    np.testing.assert_array_equal(found.observed_until, until[1])


def test_no_claim_has_no_class(there):
    book = ClassBook.of({name: [] for name in COLUMNS})
    assert len(there.classes(book, RULES["bank"], as_of=AS_OF).asset_class) == 0


# -- next steps ------------------------------------------------------------------------


def some_customers(random: Random, size: int) -> Customers:
    """Customers of whom anything may be so; two of the columns may be unknown."""
    ids = np.array(sorted(random.sample(range(1, 9 * size), size)), np.int64)
    columns: dict[str, Any] = {}
    for name, asked in INPUTS.items():
        if asked.input.kind in ORDERED:
            values = np.array([random.choice((0, 0, 1, 3, 8, 31, 95)) for _ in ids])
            if name in MAY_BE_UNKNOWN:
                values[::3] = np.iinfo(np.int64).min
            columns[name] = values.astype(np.int64)
        else:
            words = tuple(asked.input.choices) or ("no", "yes")
            codes = [random.randrange(len(words)) for _ in ids]
            columns[name] = Coded(words, np.array(codes, np.int8))
    return Customers(ids, columns)


def tried(strategy: Strategy) -> Strategy:
    """The strategy with an experiment over all of its rows."""
    titles = {"zh-Hans": "试", "en": "trial"}
    arms = (Arm("same", titles, 500), Arm("none", titles, 500, hold_out=True))
    return replace(strategy, experiment=Experiment("trial", titles, "salt", arms))


def stood_as(steps: Steps) -> Before:
    """Where the journeys stand after a night, as the next one reads it."""
    on = np.flatnonzero(steps.texts["journey"] != 0)

    def words(name: str) -> Coded:
        texts = steps.text(name, on)
        known = sorted(set(texts))
        return Coded(tuple(known), np.array([known.index(t) for t in texts], np.int32))

    return Before(
        steps.customers.customer_id[on],
        *(words(name) for name in ("journey", "journey_step", "journey_sets")),
        *(steps.days[name][on] for name in ("journey_since", "step_since", "next_on")),
    )


def is_working(day: date) -> bool:
    return not holidays.holidays().is_off(day)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_customers_are_told_the_same(there, seed):
    random = Random(seed)
    consumer = strategies.shipped()["consumer"]
    versions = [Version(4, tried(consumer)), Version(9, consumer)][seed - 1 :]
    customers, before = some_customers(random, 240), Before.none()
    as_of = date(2026, 9, 30)
    for day in (as_of, as_of + timedelta(days=9)):
        asked: Any = {"as_of": day, "is_working": is_working}
        wanted = HERE.steps(versions, customers, before, **asked, words=Lexicon())
        found = there.steps(versions, customers, before, **asked, words=Lexicon())
        assert table_of(found).equals(table_of(wanted))
        assert counts_of(found) == counts_of(wanted)
        for name in ("version", "row", "priority", "open_case", "held_out"):
            one, other = getattr(wanted, name), getattr(found, name)
            np.testing.assert_array_equal(other, one, err_msg=name)
        before = stood_as(wanted)
    assert len(before.customer_id) > 3, "nobody is on a journey"
    assert len(set(wanted.text("row_id", wanted.kept))) > 3
    if seed == 1:
        assert wanted.held_out.any()


def test_nobody_has_no_step(there):
    some = some_customers(Random(1), 3).columns
    none = np.zeros(0, np.int64)
    nobody = Customers(
        none,
        {
            name: column.take(none) if isinstance(column, Coded) else column[none]
            for name, column in some.items()
        },
    )
    versions = [Version(1, strategies.shipped()["consumer"])]
    found = there.steps(
        versions, nobody, Before.none(), as_of=AS_OF, is_working=is_working
    )
    assert len(found.kept) == 0


# -- provisions ------------------------------------------------------------------------


def a_graded_day(random: Random, loans: list[int]) -> providing.Graded:
    size = len(loans)
    amounts = (0, 1, 3, 99, 10**13)
    return providing.Graded(
        loans=np.array(loans, np.int64),
        classes=np.array([random.randrange(5) for _ in loans], np.int8),
        balances=np.array([random.choice(amounts) for _ in loans], np.int64),
        model=np.array([random.choice((0, 0, 7)) for _ in loans], np.int64),
        branch=np.array([loan % 3 for loan in loans], np.int32)[:size],
        currency=np.array([loan % 2 for loan in loans], np.int32)[:size],
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_random_days_are_provided_for_alike(there, seed):
    random = Random(seed)
    known = {
        table: ProvisionRules.of(law.known(), "microloan", AS_OF, table=table)
        for table in TABLES
    }
    assert len(known) > 1, "two tables would show if sums were mixed"
    loans = sorted(random.sample(range(1, 300), 80))
    gone = set(random.sample(loans, 9))
    opening = a_graded_day(random, loans)
    closing = a_graded_day(random, [loan for loan in loans if loan not in gone])
    off = np.array(sorted(gone)[::2], np.int64)
    left = opening.balances[np.searchsorted(opening.loans, off)] // 2
    both = providing.Given(
        opening, closing, providing.Off(off, left, (off % 2).astype(np.int32))
    )
    wanted = HERE.provided(both, known, {})
    found = there.provided(both, known, {})
    assert found.equals(providing.added([wanted]))
    assert {row["what"] for row in found.to_pylist()} == {0, 1, 2, 3}
    nobody = a_graded_day(random, [])
    empty = providing.Given(nobody, nobody, providing.Off(off[:0], left[:0], off[:0]))
    assert there.provided(empty, known, {}).num_rows == 0


# -- months ----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_random_months_are_counted_alike(there, seed):
    for n, counted in enumerate(random_inputs(seed, loans=60, months=3)):
        recovered = Told(counted.cash.loan_id, counted.cash.value // 2)
        asked = replace(counted, recovered=recovered)
        if n == 2 and seed == 2:
            asked = replace(asked, classes=None)
        wanted, found = HERE.month(asked), there.month(asked)
        assert found.equals(wanted)
        assert month_digest(found) == month_digest(wanted)
        assert found.schema.equals(MONTHS)


def test_a_month_without_a_loan_is_counted(there):
    some, *_ = random_inputs(1, loans=3, months=1)
    nobody: Inputs = replace(
        some,
        positions=some.positions.slice(0, 0),
        register=some.register.slice(0, 0),
        first={},
        lost=Told.nothing(),
        cash=Told.nothing(),
    )
    found: pa.Table = there.month(nobody)
    assert found.equals(HERE.month(nobody))
    assert not found.num_rows
