"""Months of the book: counted after the day's classes, asked by pages and reports."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.portfolio import flows
from daihou.columnar.portfolio.months import Array, Inputs, as_counted
from daihou.engine.metrics.definition import Basis, Metric
from daihou.engine.metrics.dictionary import metric as definition
from daihou.engine.metrics.matrix import RollMatrix
from daihou.kit import portfolio as port
from daihou.kit.kept import Kept
from daihou.kit.portfolio import Asked, Axis, Cut, Point, Series, Sight, said
from daihou.kit.portfolio_cuts import WORK_ONLY
from daihou.nightly.digests import digest_of
from daihou.nightly.engines import Engine, OneMachine
from daihou.nightly.errors import NightError, NotCounted
from daihou.nightly.portfolio import cures, curves, drill, facts, losses, provided
from daihou.nightly.portfolio.asked import ROLLS, by_month, by_pair, monthly
from daihou.nightly.portfolio.closed import LAW, Closed, last_days, waits
from daihou.nightly.portfolio.rows import Book, grouped, in_order
from daihou.nightly.portfolio.work import asked as work
from daihou.nightly.stores import months as stored
from daihou.nightly.stores import runs
from daihou.nightly.stores.classes import ClassFiles
from daihou.nightly.stores.months import MonthFiles, Row
from daihou.nightly.stores.parquet import PositionFiles
from daihou.tables import months as shape

Connection = psycopg.Connection[Any]
_DAY: Final = timedelta(days=1)
_POSITIONS: Final = (
    *("loan_id", "dpd", "worst_dpd", "overdue_total", "outstanding_principal"),
    "status",
)
_CLASSES: Final = ("loan_id", "asset_class", "observed_until")
_DATED: Final = shape.CUTS[:5]  # arms of experiments say themselves since when
_HELD: Final = 256  # answers kept in a process
_HELD_DEFAULTS: Final = 4  # of one currency each
_HELD_MATRICES: Final = 1024  # a forecast is made of nearly fifty
_TALKS_SQL: Final = "select count(*), coalesce(max(id), 0) from contact_attempt"


class PortfolioBook:
    """A `kit.portfolio.Portfolio` over one database and one DAIHOU_HOME.

    `now` tells the instant at which a month was counted.
    """

    def __init__(
        self,
        *,
        url: str,
        home: Path,
        now: Callable[[], datetime],
        engine: Engine | None = None,
    ) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self._engine = engine or OneMachine()
        self._now = now
        self._files = MonthFiles(home)
        self._positions = PositionFiles(home)
        self._classes = ClassFiles(home)
        self._register = facts.Register(url)
        self._answers: Kept[Series] = Kept(_HELD)
        self._defaulted: Kept[losses.Defaults] = Kept(_HELD_DEFAULTS)
        self._matrices: Kept[RollMatrix] = Kept(_HELD_MATRICES)

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection

    # -- counting ----------------------------------------------------------------------

    def due(self) -> Sequence[str]:
        """Months to count, in order; see `kit.portfolio`.

        A month waits while its last day is classified, or will be soon. The ones after
        a month that is counted again rest on it, and are named too.
        """
        with self._connected() as connection:
            closed, counted = last_days(connection), stored.rows(connection)
        found: list[str] = []
        last: Row | None = None
        for each in closed:
            if waits(each, closed):
                break
            row = counted.get(each.name)
            if found or row is None or not self._stands(row, each, last):
                found.append(each.name)
            last = row
        return found

    def fill(self) -> str:
        """Make what one month lacks of an older version; see `kit.portfolio`."""
        for row in reversed(list(self._rows().values())):
            if self._files.there(*_key(row)) and self._files.fill(*_key(row)):
                return row.name
        return ""

    def _stands(self, row: Row, day: Closed, last: Row | None) -> bool:
        there = self._files.there(row.name, row.fingerprint)
        return there and row.rests_on == day.rests_on(last) and row.as_of == day.as_of

    def count(self, month: str) -> port.Month:
        """Count a month from its closed days; see `kit.portfolio`."""
        begun = time.perf_counter()
        with self._connected() as connection, connection.transaction():
            if not stored.lock(connection):
                raise NightError("months_busy")
            closed = last_days(connection)
            stored.forget(
                connection,
                sorted({*stored.rows(connection)} - {each.name for each in closed}),
            )
            day = next((each for each in closed if each.name == month), None)
            if day is None:
                known = f"{closed[0].name} – {closed[-1].name}" if closed else "–"
                raise NotCounted("month", month=month, known=known)
            counted = stored.rows(connection)
            last = max((n for n in counted if n < month), default=None)
            before = counted[last] if last is not None else None
            given = self._inputs(connection, day, before, counted.get(month))
            table = self._engine.month(given)
            fingerprint = self._files.write(month, table)
            row = Row(
                name=month,
                as_of=day.as_of,
                loans=table.num_rows,
                positions=day.positions,
                classes=day.classes if given.classes is not None else "",
                rests_on=day.rests_on(before),
                fingerprint=fingerprint,
                complete=(day.as_of + _DAY).day == 1,
            )
            seconds = time.perf_counter() - begun
            stored.write_row(connection, row, seconds=seconds, at=self._now())
        # Who reads the one that stood until now may go on with it.
        former = counted[month].fingerprint if month in counted else fingerprint
        self._files.keep_only(month, fingerprint, former)
        for steps in shape.STEPS:  # what a forecast asks first
            name = shape.month_name(shape.month_number(month) - steps)
            if name in counted:
                self._files.kept_since(counted[name], row)
        return _month(row)

    def _inputs(
        self,
        connection: Connection,
        day: Closed,
        before: Row | None,
        former: Row | None,
    ) -> Inputs:
        """What a month is counted from; `former` is how it stood until now."""
        positions = self._positions.read(day.as_of, day.positions, columns=_POSITIONS)
        register = self._register.current(connection)
        # A day between that no month was counted for is in this one.
        since = before.as_of + _DAY if before else day.as_of.replace(day=1)
        until = day.as_of
        closed = runs.current(connection)

        def read(on: date, columns: Sequence[str], loans: Array) -> pa.Table:
            return self._few(closed, on, columns, loans)

        last = before and self._files.read(before.name, before.fingerprint)
        lived = facts.lived(register, positions)
        words = facts.of_month(lived, connection, as_of=until)
        if former and former.as_of == day.as_of and self._files.there(*_key(former)):
            then = self._files.read(*_key(former), columns=["loan_id", *_DATED])
            words = as_counted(words, then, _DATED)
        return Inputs(
            period=shape.month_number(day.name),
            register=words,
            positions=positions,
            classes=self._graded(day),
            before=last,
            cash=facts.cash(self.url, since=since, until=until),
            recovered=facts.recovered(self.url, since=since, until=until),
            lost=facts.lost(lived, since=since, until=until, read=read),
            first=facts.first_payments(
                lived, connection, since=since, until=until, read=read
            ),
        )

    def _few(
        self,
        closed: Mapping[date, str],
        on: date,
        columns: Sequence[str],
        loans: Array,
    ) -> pa.Table:
        """Some loans of a closed day; none of a day that is not closed or not there."""
        if on not in closed or not self._positions.path(on, closed[on]).exists():
            return pa.table({name: pa.array([], pa.int64()) for name in columns})
        near = (pc.field("loan_id") >= loans[0]) & (pc.field("loan_id") <= loans[-1])
        day = self._positions.read(on, closed[on], columns=columns, filters=near)
        here = np.isin(day["loan_id"].to_numpy(), loans)
        return day.filter(pa.array(here))

    def _graded(self, day: Closed) -> pa.Table | None:
        if day.grade is None:
            return None
        found = self._classes.read(day.as_of, day.classes, columns=_CLASSES)
        if not found.num_rows:
            return None  # no rules of classes then, or nothing to classify
        until = pc.fill_null(
            pc.greater_equal(found["observed_until"], pa.scalar(day.as_of)),
            fill_value=False,
        )
        return found.select(["loan_id", "asset_class"]).append_column(
            "restructured", until
        )

    # -- questions ---------------------------------------------------------------------

    def months(self) -> Sequence[port.Month]:
        """Every counted month, the earliest first."""
        return [_month(row) for row in self._rows().values()]

    def _rows(self) -> Mapping[str, Row]:
        with self._connected() as connection:
            return stored.rows(connection)

    def _book(self) -> Book:
        rows = tuple(self._rows().values())
        return Book(self._engine.months(self._files, rows), rows)

    def values(self, cut: Cut, *, sight: Sequence[Sight]) -> Sequence[str]:
        """What stands in a cut in the last month; see `kit.portfolio`."""
        if cut in WORK_ONLY:
            with self._connected() as connection:
                return work.values(connection, cut, sight=sight)
        book = self._book()
        found: set[str] = set()
        for currency in book.currencies():
            asked = Asked("", by=cut, sight=sight, currency=currency)
            rows = book.rows(book.last, asked, ())
            codes, keys = grouped(rows, cut)
            found |= {keys[n] for n in np.unique(codes).tolist()}
        return in_order(found, cut)

    def series(self, asked: Asked) -> Series:
        """The figure of a metric; see `kit.portfolio`."""
        metric = definition(asked.metric)
        if work.answers(metric.id):
            with self._connected() as connection:
                return work.series(connection, asked)
        book = self._book().known_at(asked.known_at)
        if metric.id in provided.METRICS:
            with self._connected() as connection:
                return provided.series(connection, book, asked, metric)
        key = digest_of(
            LAW,
            str(metric.version),
            said(asked),
            self._mark(metric),
            *(m.fingerprint for m in book.months),
        )

        def made() -> Series:
            axis, points = self._points(book, asked, metric)
            return Series(metric.id, axis, points, book.last.as_of, key)

        return self._answers.get(key, made)

    def _points(
        self, book: Book, asked: Asked, metric: Metric
    ) -> tuple[Axis, list[Point]]:
        if curves.is_vintage(metric):
            return Axis.AGE, curves.vintage(book, asked, metric)
        if cures.kind_of(metric.id) is not None:
            return Axis.MONTH, cures.rate(book, asked, self._talks(metric))
        if metric.id == cures.POST_WRITE_OFF:
            return Axis.AGE, cures.after_write_off(book, asked)
        if metric.id in losses.METRICS:
            told, within = self._defaults(book, asked), losses.METRICS[metric.id]
            return Axis.MONTH, losses.rate(book, asked, told, within=within)
        if curves.is_first_payment(metric):
            return Axis.MONTH, curves.first_payments(book, asked, metric)
        if metric.id in ROLLS and asked.by in (None, Cut.BUCKET, Cut.CLASS):
            amount, classes = metric.basis is Basis.AMOUNT, asked.by is Cut.CLASS
            pairs = by_pair(
                book,
                asked,
                lambda rows: flows.rolled(rows, by_amount=amount, classes=classes),
                classes=classes,
            )
            return Axis.MONTH, pairs
        if metric.id == "net_flow":
            if asked.by not in (None, Cut.BUCKET):
                raise NotCounted("cut", metric=metric.id, cut=asked.by)
            return Axis.MONTH, by_pair(book, asked, flows.net)
        figure = monthly(metric, asked)
        if figure is None:
            raise NotCounted("metric", metric=metric.id)
        return Axis.MONTH, by_month(book, asked, figure)

    def _defaults(self, book: Book, asked: Asked) -> losses.Defaults:
        """The defaults of these months, whoever asks and however cut.

        Money taken in late counts once its month is counted anew, as everywhere. No
        window ends in a month that still runs, so nothing rests on that.
        """
        whole = (m.fingerprint for m in book.months if m.complete)
        key = digest_of(LAW, asked.currency, *whole)

        def made() -> losses.Defaults:
            with self._connected() as connection:
                ledger = losses.OfHome(connection, self._positions)
                return losses.defaults(book, ledger, currency=asked.currency)

        return self._defaulted.get(key, made)

    def _talks(self, metric: Metric) -> cures.Talks:
        """Who was spoken with when; only self-cures ask for it."""
        if not metric.id.startswith("self_cure_"):
            return cures.nobody

        def talked(loans: Array) -> Collection[tuple[int, str]]:
            with self._connected() as connection:
                return work.talked(connection, loans.tolist())

        return talked

    def _mark(self, metric: Metric) -> str:
        """What an answer rests on beside the months: another text, another answer.

        Talks are added and never changed; whose they are is what the ledger says.
        """
        if not metric.id.startswith("self_cure_"):
            return ""
        with self._connected() as connection:
            return repr(connection.execute(_TALKS_SQL).fetchone())

    def matrix(self, asked: Asked, *, of: Cut, month: str, amount: bool) -> RollMatrix:
        """Where the loans of the month before stand; see `kit.portfolio`."""
        assert of in (Cut.BUCKET, Cut.CLASS), of
        book = self._book()
        row = book.at(month)
        last = book.at(asked.since) if asked.since else book.before(row)
        if last is None or last.name >= month:
            raise NotCounted("month", month=asked.since or month, known=book.known())
        if of is Cut.CLASS and not (row.classes and last.classes):
            raise NotCounted("classes", month=month)
        key = digest_of(
            *(LAW, said(asked), of, repr(amount), last.fingerprint, row.fingerprint)
        )

        def made() -> RollMatrix:
            if book.before(row) == last:
                rows = book.rows(row, asked, flows.FLOW_COLUMNS)
            else:
                rows = book.rows_since(last, row, asked)
            return flows.matrix(rows, classes=of is Cut.CLASS, amount=amount)

        return self._matrices.get(key, made)

    def loans(
        self, asked: Asked, *, at: str, key: str = "", most: int = 200
    ) -> Sequence[int]:
        """The loans of one numerator, the largest first; see `kit.portfolio`."""
        metric = definition(asked.metric)
        if work.answers(metric.id):
            with self._connected() as connection:
                return work.loans(connection, asked, at=at, key=key, most=most)
        book = self._book()
        if cures.kind_of(metric.id) is not None or metric.id == cures.POST_WRITE_OFF:
            talks = self._talks(metric)
            return cures.loans(book, asked, metric, talks, at=at, key=key)[:most]
        if metric.id in losses.METRICS:
            told, within = self._defaults(book, asked), losses.METRICS[metric.id]
            return losses.loans(
                book, asked, told, within=within, at=at, key=key, most=most
            )
        return drill.loans(book, asked, metric, at=at, key=key, most=most)


def _key(row: Row) -> tuple[str, str]:
    return row.name, row.fingerprint


def _month(row: Row) -> port.Month:
    return port.Month(row.name, row.as_of, row.loans, row.fingerprint, row.complete)
