"""Classes of a day: one file a result, and in PostgreSQL what pages ask of them."""

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daihou.engine.classification.codes import AssetClass
from daihou.nightly.digests import table_digest
from daihou.nightly.errors import NightError
from daihou.nightly.stores.parquet import ROWS_PER_GROUP, PositionBook
from daihou.nightly.stores.positions import GRADED, copy_in
from daihou.tables.positions import POSITIONS

Connection = psycopg.Connection[Any]
LOCK: Final = 0x0DA1_40E1  # one grading at a time, whoever starts it
BY_MACHINE: Final = "grading"  # who wrote down what the run itself saw


@dataclass(frozen=True, slots=True)
class Standing:
    """The run that stands for a date: on which positions, after which classes.

    `history`: the last row of the ledger's history when it began.
    """

    id: int
    as_of: date
    positions: str
    previous: str
    fingerprint: str
    rules: str
    history: int


class ClassFiles:
    """The folder `book/classes`: written whole or not at all, never changed."""

    def __init__(self, home: Path) -> None:
        """`home` is DAIHOU_HOME."""
        self.root = home / "book" / "classes"

    def path(self, as_of: date, fingerprint: str) -> Path:
        """Where the result with this fingerprint lies."""
        folder = self.root / f"as_of={as_of.isoformat()}"
        return folder / f"classes-{fingerprint[:16]}.parquet"

    def write(self, as_of: date, classes: pa.Table) -> str:
        """Store the classes of a date; return their fingerprint."""
        fingerprint = table_digest(classes)
        path = self.path(as_of, fingerprint)
        if path.exists():
            return fingerprint
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
        try:
            pq.write_table(
                classes,
                draft,
                compression="zstd",
                compression_level=1,
                row_group_size=ROWS_PER_GROUP,
            )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return fingerprint

    def read(
        self,
        as_of: date,
        fingerprint: str,
        *,
        columns: Sequence[str] | None = None,
        filters: Any = None,
    ) -> pa.Table:
        """The stored classes; NightError where the file is gone."""
        path = self.path(as_of, fingerprint)
        if not path.exists():
            raise NightError("classes_missing", as_of=as_of, path=path)
        wanted = list(columns) if columns is not None else None
        return pq.read_table(path, columns=wanted, filters=filters, partitioning=None)


def lock(connection: Connection) -> bool:
    """Take the lock of grading for this transaction; False when another has it."""
    row = connection.execute("select pg_try_advisory_xact_lock(%s)", (LOCK,)).fetchone()
    return bool(row and row[0])


_STANDING: Final = (
    "select id, as_of, positions, previous, fingerprint, rules, history"
    " from grading_run where current"
)


def standing(connection: Connection) -> Mapping[date, Standing]:
    """The run that stands for each graded date."""
    rows = connection.execute(_STANDING).fetchall()
    return {row[1]: Standing(*row) for row in rows}


def standing_before(connection: Connection, as_of: date) -> Standing | None:
    """The run that stands for the last graded date before `as_of`."""
    sql = f"{_STANDING} and as_of < %s order by as_of desc limit 1"
    row = connection.execute(sql, (as_of,)).fetchone()
    return Standing(*row) if row else None


def standing_on(connection: Connection, as_of: date) -> Standing | None:
    """The run that stands for a date."""
    row = connection.execute(f"{_STANDING} and as_of = %s", (as_of,)).fetchone()
    return Standing(*row) if row else None


def shown(connection: Connection) -> Standing | None:
    """The run whose classes pages read; it may have been superseded since."""
    row = connection.execute(
        _STANDING.replace("where current", "where shown")
    ).fetchone()
    return Standing(*row) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What a run found, as its row keeps it; `counts` class -> loans."""

    as_of: date
    kind: str
    positions: str
    previous: str
    rules: str
    history: int
    law: str
    licence: str
    fingerprint: str
    loans: int
    looked_at: int
    moved: int
    counts: Mapping[str, int]
    seconds: float
    at: datetime
    by: str


def write_run(connection: Connection, run: NewRun) -> int:
    """Put a run in the place of the one that stood for its date; return its id."""
    connection.execute(
        "update grading_run set current = false where as_of = %s and current",
        (run.as_of,),
    )
    names = [*NewRun.__dataclass_fields__, "current"]
    values = [getattr(run, name) for name in NewRun.__dataclass_fields__]
    values = [json.dumps(v) if isinstance(v, dict) else v for v in values] + [True]
    row = connection.execute(
        f"insert into grading_run ({', '.join(names)})"
        f" values ({', '.join(['%s'] * len(names))}) returning id",
        values,
    ).fetchone()
    assert row is not None
    return int(row[0])


def write_moves(connection: Connection, run_id: int, moves: pa.Table) -> None:
    """Keep which loans changed class with a run (columns of grading_move)."""
    if not moves.num_rows:
        return
    table = moves.append_column("run_id", pa.repeat(run_id, moves.num_rows))
    copy_in(
        connection,
        f"copy grading_move ({', '.join(table.column_names)}) from stdin (format csv)",
        table,
    )


def write_events(
    connection: Connection,
    rows: Sequence[tuple[int, int, str, date, date]],
    *,
    seen_on: date,
    at: datetime,
) -> None:
    """Write down what the run of a day saw: (loan, customer, kind, on, known from)."""
    if not rows:
        return
    loans, customers, kinds, begins, known = (list(x) for x in zip(*rows, strict=True))
    connection.execute(
        "insert into grading_fact (loan_id, customer_id, kind, begins_on, known_on,"
        " content, evidence, by, at) select loan, customer, kind, on_day, known,"
        " jsonb_build_object('seen_on', %s::date), '', %s, %s"
        " from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::date[])"
        " as seen (loan, customer, kind, on_day, known)",
        (seen_on, BY_MACHINE, at, loans, customers, kinds, begins, known),
    )


def forget_events(connection: Connection, seen_on: date) -> None:
    """What the run of a day saw is seen again when it runs again."""
    connection.execute(
        "delete from grading_fact where by = %s"
        " and coalesce((content->>'seen_on')::date, begins_on) = %s",
        (BY_MACHINE, seen_on),
    )


_OPEN_WRITES: Final = 1_000  # numbers that may have been drawn but not yet committed
# Loans that read otherwise now than in a former row of theirs or of their debtor.
_CORRECTED_SQL: Final = """
select h.row_id from ledger_row_history h join ledger_loan l on l.id = h.row_id
where h.id > %(after)s and h."table" = 'loan' and
  (h.content->>'customer_id', h.content->>'guarantee_kind', h.content->>'period_unit')
  is distinct from (l.customer_id::text, l.guarantee_kind, l.period_unit)
union
select l.id from ledger_row_history h join ledger_customer c on c.id = h.row_id
join ledger_loan l on l.customer_id = c.id
where h.id > %(after)s and h."table" = 'customer' and h.content->>'kind' <> c.kind
"""


def history(connection: Connection) -> int:
    """The number of the last former row that the ledger keeps."""
    row = connection.execute(
        "select coalesce(max(id), 0) from ledger_row_history"
    ).fetchone()
    assert row is not None
    return int(row[0])


def corrected_since(connection: Connection, after: int) -> list[int]:
    """Loans whose debtor, security or period was corrected after a row of history."""
    rows = connection.execute(_CORRECTED_SQL, {"after": after - _OPEN_WRITES})
    return [row[0] for row in rows.fetchall()]


class GradedBook(PositionBook):
    """Positions of closed days with the class that each loan had then."""

    def __init__(
        self,
        home: Path,
        current: Callable[[], Mapping[date, str]],
        graded: Callable[[], Mapping[date, str]],
    ) -> None:
        """`graded`: the fingerprint of the classes that stand for each graded day."""
        super().__init__(home, current)
        self._classes = ClassFiles(home)
        self._graded = graded

    def read(
        self,
        as_of: date,
        *,
        columns: Sequence[str] | None = None,
        filters: object = None,
    ) -> pa.Table:
        """Positions at the end of `as_of`, sorted by loan (tables.positions)."""
        wanted = POSITIONS.names if columns is None else list(columns)
        if not set(GRADED) & set(wanted):
            return super().read(as_of, columns=columns, filters=filters)
        fingerprint = self._graded().get(as_of)
        asked = wanted if "loan_id" in wanted else ["loan_id", *wanted]
        found = super().read(as_of, columns=asked, filters=filters)
        if fingerprint is None:
            return found.select(wanted)
        # Rules are words, and as many as there are loans: read where they are asked for.
        columns = [_COLUMN_OF[name] for name in GRADED if name in asked]
        classes = self._classes.read(as_of, fingerprint, columns=["loan_id", *columns])
        return _with_classes(found, classes).select(wanted)


_COLUMN_OF: Final = {"asset_class": "asset_class", "class_rule": "rule"}
_CODES: Final = pa.array([each.code for each in AssetClass])


def _with_classes(found: pa.Table, classes: pa.Table) -> pa.Table:
    """The positions with their classes; none for a loan that was not classified.

    Both are sorted by loan.
    """
    known, ids = (each["loan_id"].to_numpy() for each in (classes, found))
    place = np.minimum(np.searchsorted(known, ids), max(0, len(known) - 1))
    here = known[place] == ids if len(known) else np.zeros(len(ids), np.bool_)
    at_loan = pa.array(place, mask=~here)
    for name, source in _COLUMN_OF.items():
        if name in found.column_names:
            said = classes[source].take(at_loan)
            if name == "asset_class":
                said = pa.chunked_array([_CODES]).take(said)
            else:
                said = pc.if_else(
                    pc.equal(said, ""), pa.scalar(None, pa.string()), said
                )
            at = found.column_names.index(name)
            found = found.set_column(at, POSITIONS.field(name), said)
    return found
