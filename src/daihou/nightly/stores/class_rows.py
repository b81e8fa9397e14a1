"""The classes that pages read: brought to a day by writing what differs, no more."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.nightly.stores.classes import Connection
from daihou.nightly.stores.positions import copy_in
from daihou.tables.grades import CLASSES

# What pages read of a class; the rest of the file is for the next run.
SHOWN: Final = (
    *("asset_class", "machine_class", "asserted_class", "causes", "stage", "rule"),
    *("since", "cleared_on", "missed_on", "observed_until", "upgrade_from"),
    *("dpd", "arrears", "balance"),
)
FIGURES: Final = ("dpd", "arrears", "balance")


def project(
    connection: Connection, before: pa.Table | None, now: pa.Table, *, as_of: date
) -> int:
    """Bring grading_class and the classes of positions to `now`; return rows written.

    `before` is what stands there; None: nothing that can be relied on.
    """
    if before is None:
        connection.execute("delete from grading_class")
        connection.execute(
            "update ledger_position set asset_class = null, class_rule = null"
            " where asset_class is not null"
        )
        before = CLASSES.empty_table()
    classed, figures = changed_rows(before, now)
    gone = np.setdiff1d(before["loan_id"].to_numpy(), now["loan_id"].to_numpy())
    if len(gone):
        ids = (gone.tolist(),)
        connection.execute("delete from grading_class where loan_id = any(%s)", ids)
        connection.execute(
            "update ledger_position set asset_class = null, class_rule = null"
            " where loan_id = any(%s)",
            ids,
        )
    if classed.any():
        _write(connection, now.filter(pa.array(classed)))
    if figures.any():
        _write_figures(connection, now.filter(pa.array(figures)))
    connection.execute("update grading_run set shown = false where shown")
    connection.execute(
        "update grading_run set shown = true where current and as_of = %s", (as_of,)
    )
    return int(classed.sum() + figures.sum()) + len(gone)


def changed_rows(before: pa.Table, now: pa.Table) -> tuple[Any, Any]:
    """Which rows of `now` are new or classed otherwise, and which only owe otherwise.

    Days and amounts move every day for all that are late; the rest seldom does.
    """
    ids, known = now["loan_id"].to_numpy(), before["loan_id"].to_numpy()
    places = np.searchsorted(known, ids)
    places[places >= len(known)] = 0
    here = known[places] == ids if len(known) else np.zeros(len(ids), np.bool_)
    classed, figures = ~here, np.zeros(len(ids), np.bool_)
    old = before.take(pa.array(places[here]))
    new = now.filter(pa.array(here))
    words = _differ(old, new, [name for name in SHOWN if name not in FIGURES])
    classed[here] = words
    figures[here] = _differ(old, new, FIGURES) & ~words
    return classed, figures


def _differ(old: pa.Table, new: pa.Table, names: Sequence[str]) -> Any:
    found = np.zeros(new.num_rows, np.bool_)
    no = pa.scalar(value=False)
    for name in names:
        neither = pc.and_(pc.is_null(old[name]), pc.is_null(new[name]))
        equal = pc.or_(pc.fill_null(pc.equal(old[name], new[name]), no), neither)
        found |= ~equal.to_numpy(zero_copy_only=False)
    return found


def _write(connection: Connection, rows: pa.Table) -> None:
    names = ("loan_id", *SHOWN)
    listed = ", ".join(names)
    connection.execute(
        "create temporary table if not exists incoming_class on commit delete rows"
        f" as select {listed} from grading_class with no data"
    )
    copy_in(
        connection,
        f"copy incoming_class ({listed}) from stdin (format csv)",
        rows.select(list(names)),
    )
    updates = ", ".join(f"{name} = excluded.{name}" for name in SHOWN)
    given = ", ".join(f"i.{name}" for name in names)
    connection.execute(
        f"insert into grading_class ({listed}, currency) select {given}, l.currency"
        " from incoming_class i join ledger_loan l on l.id = i.loan_id"
        f" on conflict (loan_id) do update set {updates}"
    )
    codes = "'{normal,special_mention,substandard,doubtful,loss}'::text[]"
    connection.execute(
        "update ledger_position p set class_rule = nullif(i.rule, ''),"
        f" asset_class = ({codes})[i.asset_class + 1]"
        " from incoming_class i where i.loan_id = p.loan_id and (p.asset_class, "
        f"p.class_rule) is distinct from (({codes})[i.asset_class + 1],"
        " nullif(i.rule, ''))"
    )


def _write_figures(connection: Connection, rows: pa.Table) -> None:
    """Write what is owed of loans whose class stayed: three columns of one table."""
    names = ("loan_id", *FIGURES)
    listed = ", ".join(names)
    connection.execute(
        "create temporary table if not exists incoming_figures on commit delete rows"
        f" as select {listed} from grading_class with no data"
    )
    copy_in(
        connection,
        f"copy incoming_figures ({listed}) from stdin (format csv)",
        rows.select(list(names)),
    )
    updates = ", ".join(f"{name} = i.{name}" for name in FIGURES)
    connection.execute(
        f"update grading_class c set {updates} from incoming_figures i"
        " where i.loan_id = c.loan_id"
    )
