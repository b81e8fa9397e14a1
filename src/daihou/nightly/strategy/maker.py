"""Next steps of every customer after a closed day, and what another version would do."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.strategy.facts import Customers, gather
from daihou.columnar.strategy.stepping import Before, Lexicon, Steps, Version
from daihou.engine.strategy.limits import Limit
from daihou.engine.strategy.table import Value
from daihou.kit import steps as port
from daihou.nightly.digests import digest_of, table_digest
from daihou.nightly.engines import Engine, OneMachine
from daihou.nightly.errors import NightError
from daihou.nightly.stores import classes as graded
from daihou.nightly.stores import runs
from daihou.nightly.stores import steps as stored
from daihou.nightly.stores.classes import ClassFiles
from daihou.nightly.stores.parquet import PositionFiles
from daihou.nightly.stores.rehearsals import RehearsalFiles
from daihou.nightly.strategy import facts, orders
from daihou.nightly.strategy.compared import compare
from daihou.nightly.strategy.counts import counts_of, table_of
from daihou.nightly.strategy.limits import broken
from daihou.packs.holidays import holidays
from daihou.packs.strategies import digest

Connection = psycopg.Connection[Any]
_CLASS_COLUMNS = ("loan_id", "asset_class")


class StepMaker:
    """A `kit.steps.StepMaker` over one database and one DAIHOU_HOME."""

    def __init__(self, *, url: str, home: Path, engine: Engine | None = None) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self._engine = engine or OneMachine()
        self._positions = PositionFiles(home)
        self._classes = ClassFiles(home)
        self._rehearsals = RehearsalFiles(home)
        self._register = facts.RegisterStore(url)
        self._holidays = home / "holidays" / "cn.yaml"  # the lender's own list

    @contextlib.contextmanager
    def _connected(self) -> Iterator[Connection]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            yield connection

    # -- the night ---------------------------------------------------------------------

    def due(self, live: Sequence[port.Live]) -> Sequence[date]:
        """The last closed day, if it was not asked like this; see `kit.steps`."""
        with self._connected() as connection:
            closed = runs.current(connection)
            last = stored.last_run(connection)
            if not closed or (not live and last is None):
                return []
            as_of = max(closed)
            grade = graded.standing_on(connection, as_of)
            if grade is not None and grade.positions != closed[as_of]:
                return []  # it is being classified again
            if grade is None and graded.standing(connection):
                return []  # it will be classified soon
            rests_on = _digest(closed[as_of], grade, live)
        return [] if last == (as_of, rests_on) else [as_of]

    def evaluate(
        self, as_of: date, *, live: Sequence[port.Live], at: datetime, by: str
    ) -> port.Run:
        """Write the next step of every customer; see `kit.steps`."""
        begun = time.perf_counter()
        with self._connected() as connection, connection.transaction():
            if not stored.lock(connection):
                raise NightError("steps_busy")
            closed = runs.current(connection)
            if closed and as_of != max(closed):
                raise NightError("steps_past", as_of=as_of, last=max(closed))
            positions = _fingerprint(closed, as_of)
            grade = graded.standing_on(connection, as_of)
            customers = self._customers(connection, as_of, positions, grade)
            again = stored.is_again(connection, as_of)
            orders.hold_still(connection)
            stood = stored.before(self.url, again=again)
            given = _Given.of(connection, as_of)
            steps = self._steps(live, customers, stood, as_of, given)
            table = table_of(steps)
            fingerprint = table_digest(table)
            if not again:
                stored.keep_before(connection)
            changed = stored.write_steps(connection, table, as_of=as_of)
            alarms = int(pc.sum(pc.not_equal(table["alarm"], "")).as_py() or 0)
            run = stored.NewRun(
                as_of=as_of,
                positions=positions,
                versions=[each.version_id for each in live],
                digest=_digest(positions, grade, live),
                fingerprint=fingerprint,
                customers=len(customers),
                steps=table.num_rows,
                changed=changed,
                alarms=alarms,
                counts=counts_of(steps),
                seconds=time.perf_counter() - begun,
                at=at,
                by=by,
            )
            stored.write_run(connection, run)
        return port.Run(
            *(as_of, run.customers, run.steps, changed, alarms),
            *(run.seconds, fingerprint),
        )

    # -- questions -----------------------------------------------------------------------

    def facts(self, customer_id: int, *, as_of: date) -> Mapping[str, Value] | None:
        """Everything a strategy may ask of a customer on a day; None: no open loan."""
        with self._connected() as connection:
            positions = _fingerprint(runs.current(connection), as_of)
            register = facts.read_customer(connection, customer_id)
            if not len(register.loan_id):
                return None
            grade = graded.standing_on(connection, as_of)
            cases = facts.casework(connection, self.url, customer_id=customer_id)
        few = pc.field("loan_id").isin(pa.array(register.loan_id))
        day = self._positions.read(
            as_of, positions, columns=facts.POSITION_COLUMNS, filters=few
        )
        loans = facts.open_loans(day, register, self._graded(as_of, grade, few))
        if not len(loans.loan_id):
            return None
        return gather(loans, cases, as_of=as_of).facts(0)

    def rehearse(
        self,
        before: Sequence[port.Live],
        after: Sequence[port.Live],
        *,
        as_of: date,
        told: port.Told | None = None,
        limits: Sequence[Limit] = (),
        zone: str = "Asia/Shanghai",
    ) -> port.Rehearsed:
        """Ask both on a closed day and compare; see `kit.steps`."""
        tell: Callable[[float], object] = told or (lambda share: None)
        tell(0.0)
        with self._connected() as connection:
            positions = _fingerprint(runs.current(connection), as_of)
            grade = graded.standing_on(connection, as_of)
            customers = self._customers(connection, as_of, positions, grade)
            again = stored.is_again(connection, as_of)
            given = _Given.of(connection, as_of)
        tell(0.4)
        stood, words = stored.before(self.url, again=again), Lexicon()
        was = self._steps(before, customers, stood, as_of, given, words)
        tell(0.6)
        becomes = self._steps(after, customers, stood, as_of, given, words)
        tell(0.8)
        summary, moves = compare(was, becomes, as_of=as_of)
        with self._connected() as connection:
            caps, capped = broken(
                connection, limits, (was, becomes), as_of=as_of, zone=zone
            )
        summary["breaks"] |= {"caps": caps, "capped": capped}
        key = self._rehearsals.write(
            digest_of(_digest(positions, grade, before), _digest("", None, after)),
            moves,
        )
        tell(1.0)
        return port.Rehearsed(key, summary)

    def moves(
        self,
        key: str,
        *,
        start: int = 0,
        size: int = 50,
        only: Mapping[str, str] | None = None,
    ) -> Sequence[port.Move]:
        """Page through who moves in a rehearsal; see `kit.steps`."""
        return self._rehearsals.read(key, start=start, size=size, only=only or {})

    # -- pieces --------------------------------------------------------------------------

    def _steps(
        self,
        live: Sequence[port.Live],
        customers: Customers,
        before: Before,
        as_of: date,
        given: "_Given",
        words: Lexicon | None = None,
    ) -> Steps:
        known = holidays(self._holidays)
        versions = [Version(each.version_id, each.strategy) for each in live]

        def is_working(day: date) -> bool:
            return not known.is_off(day)

        steps = self._engine.steps(
            versions,
            customers,
            before,
            as_of=as_of,
            is_working=is_working,
            words=words,
        )
        orders.carry_out(
            steps,
            before,
            given.orders,
            as_of=as_of,
            last=given.last,
            is_working=is_working,
        )
        return steps

    def _customers(
        self,
        connection: Connection,
        as_of: date,
        positions: str,
        grade: graded.Standing | None,
    ) -> Customers:
        day = self._positions.read(as_of, positions, columns=facts.POSITION_COLUMNS)
        register = self._register.current(connection)
        loans = facts.open_loans(day, register, self._graded(as_of, grade))
        return gather(loans, facts.casework(connection, self.url), as_of=as_of)

    def _graded(
        self, as_of: date, grade: graded.Standing | None, few: Any = None
    ) -> pa.Table | None:
        if grade is None:
            return None
        return self._classes.read(
            as_of, grade.fingerprint, columns=_CLASS_COLUMNS, filters=few
        )


@dataclass(frozen=True, slots=True)
class _Given:
    """Orders over journeys that matter to an evening, and the evening before it."""

    orders: orders.Orders
    last: date | None

    @classmethod
    def of(cls, connection: Connection, as_of: date) -> "_Given":
        last = orders.previous(connection, as_of)
        return cls(orders.read(connection, as_of=as_of, last=last), last)


def _fingerprint(closed: Mapping[date, str], as_of: date) -> str:
    """The fingerprint of the positions of a closed day."""
    if as_of in closed:
        return closed[as_of]
    days = f"{min(closed)} – {max(closed)}" if closed else "–"
    raise NightError("not_closed", as_of=as_of, days=days)


def _digest(
    positions: str, grade: graded.Standing | None, live: Sequence[port.Live]
) -> str:
    """What a run rests on beside what casework says at the time."""
    versions = [f"{each.version_id}:{digest(each.strategy)}" for each in live]
    classes = grade.fingerprint if grade is not None else ""
    return digest_of(positions, classes, *versions)
