"""The day-end of one date after another: freeze, compute, publish, apply.

Each step commits on its own. A run that was broken off is taken up again: its facts
are frozen anew, and when they and the rules are the same, a file already published
is used as it lies. Nothing a reader sees changes before `apply`, one transaction.
"""

import contextlib
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import psycopg
import pyarrow as pa
from psycopg import IsolationLevel

from daihou.kit import seals
from daihou.nightly.engines import Engine, OneMachine
from daihou.nightly.errors import NightError, told
from daihou.nightly.plan import Currencies, Plan, differences, make_plan
from daihou.nightly.rules import Rules, shipped
from daihou.nightly.stores import positions as stored
from daihou.nightly.stores import runs
from daihou.nightly.stores.facts import FactStore, Snapshot
from daihou.nightly.stores.parquet import PositionFiles, no_positions
from daihou.nightly.stores.runs import Connection, Run

DAY = timedelta(days=1)
LATE_FACTS = "late facts since {since}"


@dataclass(frozen=True, slots=True)
class StepDone:
    """One step of a run: how long it took and how many rows it handled."""

    name: str
    seconds: float
    rows: int
    peak_mb: int  # most memory this process ever had until then


@dataclass(frozen=True, slots=True)
class DayClosed:
    """What closing one day, or closing it again, came to."""

    run: Run
    reason: str  # why a date was run again
    plan: Plan
    fingerprint: str
    same: bool  # run again with the same result, bit for bit
    differences: pa.Table | None  # against the run that stood before; None: first run
    steps: tuple[StepDone, ...]


@dataclass(slots=True)
class _Work:
    """One run on its way through the steps."""

    run: Run
    facts: Snapshot
    rules_digest: str
    steps: list[StepDone] = field(default_factory=list)


class Night:
    """Closes days on one database and one DAIHOU_HOME; keeps facts between days.

    `now` tells the instant and `today` the real date; the night reads no clock.
    `by` is who asked, for the log.
    """

    def __init__(
        self,
        *,
        url: str,
        home: Path,
        now: Callable[[], datetime],
        today: Callable[[], date],
        by: str = "night",
        rules: Rules | None = None,
        engine: Engine | None = None,
    ) -> None:
        """Connects on first use; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self.by = by
        self.rules = rules or shipped()
        self._engine = engine or OneMachine()
        self._now = now
        self._today = today
        self._files = PositionFiles(home)
        self._facts = FactStore(url=url, rules=self.rules)
        self._connection: Connection | None = None
        self._last: dict[tuple[date, str], pa.Table] = {}
        self._in_database: pa.Table | None = None  # what ledger_position holds

    # -- the database ------------------------------------------------------------

    @contextlib.contextmanager
    def _transaction(
        self, *, frozen: bool = False, durable: bool = True
    ) -> Iterator[Connection]:
        """A transaction; `frozen` sees one moment, not `durable` may be lost whole.

        What is lost in a power cut by not waiting for the disk is only done again;
        `apply` waits, and with it everything before.
        """
        connection = self._connection
        assert connection is not None
        connection.isolation_level = (
            IsolationLevel.REPEATABLE_READ if frozen else IsolationLevel.READ_COMMITTED
        )
        with connection.transaction():
            if not durable:
                connection.execute("set local synchronous_commit = off")
            yield connection
            self._facts.wrote(connection)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Hold the night's lock; raises NightError when another night runs."""
        if self._connection is None:
            self._connection = psycopg.connect(self.url, autocommit=True)
        if not runs.lock(self._connection):
            raise NightError("busy")
        try:
            yield
        finally:
            if not self._connection.closed:
                runs.unlock(self._connection)

    def shut(self) -> None:
        """Close the connection; the engine is its maker's."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # -- what callers ask --------------------------------------------------------

    def close(
        self, as_of: date | None = None, *, through: date | None = None
    ) -> Iterator[DayClosed]:
        """Close the open day (or every day up to `through`), one result a date.

        A date that is closed is run again. Dates touched by late facts are run
        again first. Raises NightError when a day before `as_of` is still open.
        """
        with self._locked():
            last = self._prepare(as_of, through)
            while (work := self._next(last)) is not None:
                yield self._carry_out(work)

    def must_lie_ahead(self, day: date) -> None:
        """Raise NightError("past") for a day before the open one; reads one row."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            on = runs.business_date(connection)
        if on is not None and day < on:
            raise NightError("past", as_of=day, on=on)

    def begin(self, on: date) -> bool:
        """Open a new book on `on`; False, and nothing done, when one is open."""
        with self._locked(), self._transaction() as connection:
            if runs.business_date(connection) is not None:
                return False
            runs.set_business_date(connection, on, today=self._today())
            runs.tell_begun(connection, on, at=self._now(), by=self.by)
            return True

    def plan(self, as_of: date | None = None) -> Plan:
        """What closing a day would change; nothing is written."""
        with self._locked(), self._transaction(frozen=True) as connection:
            on = runs.business_date(connection)
            day = as_of or on
            if day is None:
                raise NightError("no_business_date")
            facts = self._facts.current(connection, as_of=day)
            return self._plan(connection, day, self._compute(facts, day), facts)

    def differences(self, as_of: date) -> pa.Table:
        """What running a closed date again would change now; nothing is written."""
        with self._locked(), self._transaction(frozen=True) as connection:
            found = runs.standing(connection, as_of)
            if found is None:
                raise NightError("not_closed", as_of=as_of, days="–")
            facts = self._facts.current(connection, as_of=as_of)
            return differences(self._positions(*found), self._compute(facts, as_of))

    # -- choosing what to do -----------------------------------------------------

    def _prepare(self, as_of: date | None, through: date | None) -> date:
        """Check the dates asked for; return the last first run to make."""
        with self._transaction() as connection:
            on = runs.business_date(connection)
            if on is None:
                first = as_of or through
                if first is None or through is not None and as_of is None:
                    raise NightError("no_business_date")
                runs.set_business_date(connection, first, today=self._today())
                on = first
            if through is not None:
                return through
            if as_of is None or as_of == on:
                return on
            if as_of > on:
                raise NightError("not_reached", as_of=as_of, on=on)
            if runs.standing(connection, as_of) is None:
                first_day = runs.first_closed(connection)
                raise NightError("before_first", as_of=as_of, first=first_day)
            runs.ask_again(
                connection, as_of, at=self._now(), by=self.by, reason="asked for"
            )
            return on - DAY

    def _next(self, last: date) -> _Work | None:
        """Freeze the next run: late dates first, then the open day up to `last`."""
        begun, at = time.perf_counter(), self._now()
        with self._transaction(frozen=True, durable=False) as connection:
            on = runs.business_date(connection)
            assert on is not None
            self._take_in_late(connection, on)
            run = runs.next_open(connection)
            if run is None:
                if on > last:
                    return None
                run = runs.begin(connection, on, at=at, by=self.by)
            facts = self._facts.current(connection, as_of=run.as_of)
            runs.take_in(connection, run.id, run.as_of, before=False)
            rules_digest = self.rules.digest(run.as_of)
            runs.frozen(connection, run, inputs=facts.digest, rules=rules_digest)
            work = _Work(run, facts, rules_digest)
            self._step(connection, work, "freeze", begun, at, facts.rows)
        return work

    def _take_in_late(self, connection: Connection, on: date) -> None:
        """Facts came in for closed days: put those days in line."""
        since = runs.late_since(connection, on)
        if since is None:
            return
        reason = LATE_FACTS.format(since=since)
        first = runs.put_in_line(
            connection, since, at=self._now(), by=self.by, reason=reason
        )
        if first is not None:
            runs.take_in(connection, first, on, before=True)
        elif (waiting := runs.next_open(connection)) is not None:
            runs.take_in(connection, waiting.id, on, before=True)

    # -- the steps ---------------------------------------------------------------

    def _carry_out(self, work: _Work) -> DayClosed:
        try:
            positions, plan = self._compute_step(work)
            fingerprint = self._publish_step(work, positions)
            differences = self._apply_step(work, positions, plan, fingerprint)
        except Exception as error:
            self._break_off(work.run, error)
            raise
        former = differences[1] if differences else None
        return DayClosed(
            run=work.run,
            reason=work.run.reason,
            plan=plan,
            fingerprint=fingerprint,
            same=former == fingerprint,
            differences=differences[0] if differences else None,
            steps=tuple(work.steps),
        )

    def _break_off(self, run: Run, error: Exception) -> None:
        """Say in the run why it stopped; if even that fails, the error itself counts."""
        with contextlib.suppress(psycopg.Error), self._transaction() as connection:
            runs.failed(connection, run, error=told(error))

    def _compute_step(self, work: _Work) -> tuple[pa.Table, Plan]:
        begun, at, run = time.perf_counter(), self._now(), work.run
        same = (work.facts.digest, work.rules_digest)
        if run.fingerprint and same == (run.inputs_digest, run.rules_digest):
            positions = self._positions(run.as_of, run.fingerprint)
        else:
            positions = self._compute(work.facts, run.as_of)
        with self._transaction(durable=False) as connection:
            plan = self._plan(connection, run.as_of, positions, work.facts)
            runs.computed(connection, run, plan.to_json())
            self._step(connection, work, "compute", begun, at, positions.num_rows)
        return positions, plan

    def _publish_step(self, work: _Work, positions: pa.Table) -> str:
        begun, at, run = time.perf_counter(), self._now(), work.run
        fingerprint = self._files.write(run.as_of, positions)
        with self._transaction(durable=False) as connection:
            runs.published(connection, run, fingerprint)
            self._step(connection, work, "publish", begun, at, positions.num_rows)
        return fingerprint

    def _apply_step(
        self, work: _Work, positions: pa.Table, plan: Plan, fingerprint: str
    ) -> tuple[pa.Table, str] | None:
        begun, at, run = time.perf_counter(), self._now(), work.run
        found = None
        with self._transaction() as connection:
            stored.lock(connection)
            on = runs.business_date(connection)
            assert on is not None and run.as_of <= on
            written = 0
            if run.as_of >= on - DAY:
                written = self._write_positions(connection, run, positions, on)
            if run.again:
                found = self._write_differences(connection, run, positions, fingerprint)
            else:
                runs.set_business_date(connection, on + DAY, today=self._today())
            runs.close(connection, run, fingerprint, at=self._now())
            payload = {
                "fingerprint": fingerprint,
                "loans": plan.loans,
                "late": plan.late,
                "moving": plan.moving,
                "written": written,
                "differences": found[0].num_rows if found else 0,
            }
            runs.tell(connection, run, at=self._now(), by=self.by, payload=payload)
            with connection.cursor() as cursor:
                seals.seal(cursor, on=run.as_of, at=self._now(), by=self.by)
            self._step(connection, work, "apply", begun, at, written)
        self._last = {(run.as_of, fingerprint): positions}
        return found

    def _write_positions(
        self,
        connection: Connection,
        run: Run,
        positions: pa.Table,
        on: date,
    ) -> int:
        standing = self._in_database
        if standing is None or not self._facts.untouched(connection):
            standing = stored.lock_and_read(connection, self.url)
        skip = stored.newer_elsewhere(connection, on)
        self._in_database = None  # until it is committed nothing is sure
        written = stored.write_changed(
            connection, standing, positions, as_of=run.as_of, skip=skip
        )
        if not len(skip):
            self._in_database = positions
        return written

    def _write_differences(
        self,
        connection: Connection,
        run: Run,
        positions: pa.Table,
        fingerprint: str,
    ) -> tuple[pa.Table, str] | None:
        former = runs.standing(connection, run.as_of)
        if former is None:
            return None
        if former[1] == fingerprint:
            found = differences(positions.slice(0, 0), positions.slice(0, 0))
        else:
            found = differences(self._positions(*former), positions)
        stored.write_differences(connection, run.id, run.as_of, found)
        return found, former[1]

    # -- pieces ------------------------------------------------------------------

    def _compute(self, facts: Snapshot, as_of: date) -> pa.Table:
        settler = facts.settler(self.rules, as_of=as_of)
        return self._engine.positions(settler, as_of)

    def _plan(
        self, connection: Connection, as_of: date, positions: pa.Table, facts: Snapshot
    ) -> Plan:
        found = runs.standing(connection, as_of, before=True)
        before = self._positions(*found) if found else no_positions()
        since = found[0] if found else None
        money = Currencies.of(facts.loans)
        return make_plan(before, positions, as_of=as_of, since=since, currencies=money)

    def _positions(self, as_of: date, fingerprint: str) -> pa.Table:
        held = self._last.get((as_of, fingerprint))
        return self._files.read(as_of, fingerprint) if held is None else held

    def _step(
        self,
        connection: Connection,
        work: _Work,
        name: str,
        begun: float,
        at: datetime,
        rows: int,
    ) -> None:
        seconds = time.perf_counter() - begun
        runs.step(connection, work.run, name, at=at, seconds=seconds, rows=rows)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        peak_mb = peak // (2**20 if sys.platform == "darwin" else 2**10)
        work.steps.append(StepDone(name, seconds, rows, peak_mb))
