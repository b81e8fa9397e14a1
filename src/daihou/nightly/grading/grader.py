"""Classes of closed days: what changed since the day before, or the whole book."""

import contextlib
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.classification.book import NO_CLASS, NO_DAY, ClassBook
from daihou.engine.basics.dates import DAY as ONE_DAY
from daihou.engine.classification.codes import AssetClass, Cause
from daihou.engine.classification.rules import ClassificationRules
from daihou.kit import grades
from daihou.nightly.engines import Engine, OneMachine
from daihou.nightly.errors import NightError
from daihou.nightly.grading import facts
from daihou.nightly.grading.changes import (
    Found,
    aligned,
    completed,
    moves_between,
    places_to_look_at,
)
from daihou.nightly.grading.events import seen_before, turned_bad
from daihou.nightly.grading.facts import Array, Day
from daihou.nightly.grading.single import claims_of
from daihou.nightly.stores import class_rows, runs
from daihou.nightly.stores import classes as stored
from daihou.nightly.stores.classes import ClassFiles, Connection, NewRun, Standing
from daihou.nightly.stores.parquet import PositionFiles
from daihou.tables.grades import CLASSES

FULL, DELTA, NONE = "full", "delta", "none"
MANY: Final = 100_000  # loans from which on it is quicker to read all of them


class Grader:
    """A `kit.grades.Grader` over one database and one DAIHOU_HOME."""

    def __init__(self, *, url: str, home: Path, engine: Engine | None = None) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self._engine = engine or OneMachine()
        self._positions = PositionFiles(home)
        self._classes = ClassFiles(home)
        self._static = facts.StaticStore(url)
        self._held: dict[str, pa.Table] = {}  # the classes of the last day made

    @contextlib.contextmanager
    def _locked(self) -> Iterator[Connection]:
        """One transaction, while nobody else classifies."""
        with (
            psycopg.connect(self.url, autocommit=True) as connection,
            connection.transaction(),
        ):
            if not stored.lock(connection):
                raise NightError("grading_busy")
            yield connection

    # -- which days ------------------------------------------------------------------

    def due(self) -> Sequence[date]:
        """Closed days without a class, or that rest on what changed since; in order.

        So are those whose file is gone, as after a restore: they are made again.
        """
        with psycopg.connect(self.url, autocommit=True) as connection:
            closed = runs.current(connection)
            graded = stored.standing(connection)
        last = ""
        for as_of in sorted(closed):
            run = graded.get(as_of)
            rests_on = (closed[as_of], last)
            if run is None or (run.positions, run.previous) != rests_on:
                return [day for day in sorted(closed) if day >= as_of]
            if not self._classes.path(as_of, run.fingerprint).exists():
                return [day for day in sorted(closed) if day >= as_of]
            last = run.fingerprint
        return []

    # -- one day ---------------------------------------------------------------------

    def grade(
        self,
        as_of: date,
        *,
        rules: ClassificationRules,
        law: str,
        at: datetime,
        by: str,
        full: bool = False,
    ) -> grades.Run:
        """Classify a closed day; see `kit.grades.Grader`."""
        begun = time.perf_counter()
        with self._locked() as connection:
            positions = self._closed(connection, as_of)
            last = stored.standing_before(connection, as_of)
            history = stored.history(connection)  # before anything is read
            digest = digest_of(rules)
            kind = _kind(as_of, last, digest, rules, full=full)
            table, moves, looked_at = self._made(
                connection, as_of, positions, last, rules, kind=kind, at=at
            )
            fingerprint = self._classes.write(as_of, table)
            counts = np.bincount(table["asset_class"].to_numpy(), minlength=5)
            run = NewRun(
                as_of=as_of,
                kind=kind,
                positions=positions,
                previous=last.fingerprint if last else "",
                rules=digest,
                history=history,
                law=law,
                licence=rules.licence,
                fingerprint=fingerprint,
                loans=table.num_rows,
                looked_at=looked_at,
                moved=moves.num_rows,
                counts={each.code: int(counts[each]) for each in AssetClass},
                seconds=time.perf_counter() - begun,
                at=at,
                by=by,
            )
            stored.write_moves(connection, stored.write_run(connection, run), moves)
        self._held = {fingerprint: table}
        return grades.Run(
            as_of, kind, run.loans, looked_at, run.moved, run.seconds, fingerprint
        )

    def _made(
        self,
        connection: Connection,
        as_of: date,
        positions: str,
        last: Standing | None,
        rules: ClassificationRules,
        *,
        kind: str,
        at: datetime,
    ) -> tuple[pa.Table, pa.Table, int]:
        """The classes of a day, who moved, and how many were looked at."""
        before = self._before(last)
        if kind == NONE:
            table = CLASSES.empty_table()
            return table, moves_between(table, table, as_of), 0
        stored.forget_events(connection, as_of)
        day = self._day(as_of, positions)
        whole = kind == FULL
        found = self._find(connection, day, before, last, rules, as_of, whole=whole)
        table = completed(day, before, found, rules, as_of=as_of)
        stored.write_events(
            connection,
            [
                (one.loan_id, one.customer_id, one.kind, one.begins_on, one.known_on)
                for one in found.seen
            ],
            seen_on=as_of,
            at=at,
        )
        return table, moves_between(before, table, as_of), len(found.places)

    def show(self) -> int:
        """Let pages read the classes of the last day; return how many rows changed."""
        with self._locked() as connection:
            standing = stored.standing(connection)
            if not standing:
                return 0
            last = standing[max(standing)]
            shown = stored.shown(connection)
            if shown is not None and shown.id == last.id:
                return 0
            before = None
            if shown is not None:
                with contextlib.suppress(NightError):  # then all is written anew
                    before = self._read(shown)
            now = self._read(last)
            return class_rows.project(connection, before, now, as_of=last.as_of)

    # -- questions -------------------------------------------------------------------

    def claims(self, loan_id: int, *, as_of: date) -> grades.Claims | None:
        """The facts behind a class on a graded day; None for a loan not open then."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            run = stored.standing_on(connection, as_of)
            if run is None:
                raise self._not_graded(connection, as_of)
            own = facts.read_some(connection, "l.id", np.array([loan_id]))
            if not len(own.loan_id):
                return None
            theirs = facts.read_some(connection, "l.customer_id", own.customer_id)
            few = pc.field("loan_id").isin(pa.array(theirs.loan_id))
            day = self._day(as_of, run.positions, filters=few)
            if loan_id not in day.loan_id:
                return None
            last = stored.standing_before(connection, as_of)
            known = facts.read_facts(connection, on=as_of)
        static = theirs.take(day.loan_id)
        before = aligned(self._before(last, filters=few), day.loan_id)
        book = facts.class_book(day, static, before, known, as_of=as_of)
        claims = {int(each.loan): each for each in claims_of(book)}
        others = (each for number, each in claims.items() if number != loan_id)
        return grades.Claims(claims[loan_id], tuple(others))

    def rehearse(
        self, before: ClassificationRules, after: ClassificationRules, *, as_of: date
    ) -> grades.Rehearsed:
        """Classify a graded day under both rules; nothing is written."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            run = stored.standing_on(connection, as_of)
            if run is None:
                raise self._not_graded(connection, as_of)
            last = stored.standing_before(connection, as_of)
            known = facts.read_facts(connection, on=as_of)
            every = self._static.current(connection)
        day = self._day(as_of, run.positions)
        static = every.take(day.loan_id)
        earlier = aligned(self._before(last), day.loan_id)
        book = facts.class_book(day, static, earlier, known, as_of=as_of)
        book = self._as_if_new(book, before, as_of)
        was = self._classified(book, before, as_of)
        becomes = self._classified(book, after, as_of)
        differ = np.flatnonzero(was[0] != becomes[0])
        turns = [
            grades.Turn(
                int(book.loan_id[place]),
                AssetClass(int(was[0][place])),
                AssetClass(int(becomes[0][place])),
                Cause(int(was[1][place]) | int(becomes[1][place])),
            )
            for place in differ
        ]
        return grades.Rehearsed(len(book), turns)

    def _as_if_new(
        self, book: ClassBook, rules: ClassificationRules, as_of: date
    ) -> ClassBook:
        """Forget what was before for every loan whose class rests on rules alone.

        Else a loan that a rule lowered long ago would stay there by its history, and a
        rehearsal without the rule would show nothing. What people hold lower is kept.
        """
        if rules.is_empty:
            return book
        found = self._engine.classes(book, rules, as_of=as_of)
        by_rule = found.asset_class == found.machine_class
        return replace(
            book,
            previous_class=np.where(by_rule, NO_CLASS, book.previous_class),
            previous_causes=np.where(by_rule, 0, book.previous_causes),
            previous_since=np.where(by_rule, NO_DAY, book.previous_since),
        )

    def _classified(
        self, book: ClassBook, rules: ClassificationRules, as_of: date
    ) -> tuple[Array, Array]:
        """Class and causes of each loan; without any rule all are normal."""
        if rules.is_empty:
            return np.zeros(len(book), np.int8), np.zeros(len(book), np.int32)
        found = self._engine.classes(book, rules, as_of=as_of)
        return found.asset_class, found.causes

    # -- pieces ----------------------------------------------------------------------

    def _closed(self, connection: Connection, as_of: date) -> str:
        """The fingerprint of the positions of a closed day."""
        found = runs.standing(connection, as_of)
        if found is None:
            days = sorted(runs.current(connection))
            told = f"{days[0]} – {days[-1]}" if days else "–"
            raise NightError("not_closed", as_of=as_of, days=told)
        return found[1]

    @staticmethod
    def _not_graded(connection: Connection, as_of: date) -> NightError:
        days = sorted(stored.standing(connection))
        told = f"{days[0]} – {days[-1]}" if days else "–"
        return NightError("not_graded", as_of=as_of, days=told)

    def _day(self, as_of: date, positions: str, *, filters: Any = None) -> Day:
        columns = facts.POSITION_COLUMNS
        found = self._positions.read(as_of, positions, columns=columns, filters=filters)
        return facts.day_of(found)

    def _read(self, run: Standing, *, filters: Any = None) -> pa.Table:
        held = self._held.get(run.fingerprint)
        if held is not None:
            return held
        return self._classes.read(run.as_of, run.fingerprint, filters=filters)

    def _before(self, last: Standing | None, *, filters: Any = None) -> pa.Table:
        if last is None:
            return CLASSES.empty_table()
        return self._read(last, filters=filters)

    def _find(
        self,
        connection: Connection,
        day: Day,
        before: pa.Table,
        last: Standing | None,
        rules: ClassificationRules,
        as_of: date,
        *,
        whole: bool,
    ) -> Found:
        """Classify the loans whose class may have changed, with all of their debtors."""
        known = facts.read_facts(connection, on=as_of)
        if whole or last is None:
            places = np.arange(len(day.loan_id))
            static = self._static.current(connection).take(day.loan_id)
        else:
            places = places_to_look_at(
                connection, day, before, known, as_of=as_of, last=last
            )
            ids = day.loan_id[places]
            if len(ids) > MANY:
                static = self._static.current(connection).take(ids)
            else:
                static = facts.read_some(connection, "l.id", ids)
        part = day.take(places)
        earlier = aligned(before, part.loan_id)
        last_on = last.as_of if last is not None else None
        seen = seen_before(
            connection, part, static, earlier, known, as_of=as_of, last_on=last_on
        )
        book = facts.class_book(part, static, earlier, [*known, *seen], as_of=as_of)
        found = self._engine.classes(book, rules, as_of=as_of)
        seen += turned_bad(part, static, earlier, known, found, as_of=as_of)
        return Found(places, static, book, found, tuple(seen))


def digest_of(rules: ClassificationRules) -> str:
    """A digest of what the rules say, whatever the day they were taken from."""
    return hashlib.sha256(repr(replace(rules, on=date.min)).encode()).hexdigest()[:32]


def _kind(
    as_of: date,
    last: Standing | None,
    digest: str,
    rules: ClassificationRules,
    *,
    full: bool,
) -> str:
    if rules.is_empty:
        return NONE
    changed = last is None or last.rules != digest
    return FULL if full or changed or _is_whole_day(as_of, rules) else DELTA


def _is_whole_day(as_of: date, rules: ClassificationRules) -> bool:
    """Whether the rule asks for the whole book on this day: the end of every n-th month."""
    if rules.whole_every is None or (as_of + ONE_DAY).day != 1:
        return False
    return (12 * as_of.year + as_of.month) % max(1, rules.whole_every.value) == 0
