"""What one run changes: where to look, what stays as it was, and who moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from daihou.columnar.classification import Classes, touched
from daihou.columnar.classification.book import DAY, NO_DAY, ClassBook
from daihou.engine.classification.rules import ClassificationRules
from daihou.nightly.grading import facts
from daihou.nightly.grading.facts import Array, Before, Day, FactRow, Static
from daihou.nightly.grading.rules import rules_of
from daihou.nightly.stores import classes as stored
from daihou.nightly.stores.classes import Connection, Standing
from daihou.tables.grades import CLASSES, OF_DEBTOR, Fact


@dataclass(frozen=True, slots=True)
class Found:
    """What a run looked at and found; every array in the order of `places`."""

    places: Array
    static: Static
    book: ClassBook
    classes: Classes
    seen: tuple[FactRow, ...]


def _at(before: pa.Table, loan_id: Array) -> tuple[Array, Array]:
    """Which of these loans `before` has, and where."""
    ids = before["loan_id"].to_numpy()
    places = np.searchsorted(ids, loan_id)
    places[places >= len(ids)] = 0
    known = ids[places] == loan_id if len(ids) else np.zeros(len(loan_id), np.bool_)
    return known, places


def aligned(before: pa.Table, loan_id: Array) -> Before:
    """What the last run found, loan by loan."""
    known, places = _at(before, loan_id)

    def number(name: str, unknown: int) -> Array:
        column = before[name].to_numpy()
        made = np.full(len(loan_id), unknown, column.dtype)
        made[known] = column[places[known]]
        return made

    def day(name: str) -> Array:
        made = np.full(len(loan_id), NO_DAY, DAY)
        made[known] = facts.days_column(before[name])[places[known]]
        return made

    return Before(
        asset_class=number("asset_class", -1),
        causes=number("causes", 0),
        since=day("since"),
        cleared_on=day("cleared_on"),
        missed_on=day("missed_on"),
        dpd=number("dpd", 0),
        arrears=number("arrears", 0),
        late_instalments=number("late_instalments", 0),
        observed_until=day("observed_until"),
    )


# Facts that were so on one day and are no longer on a later one.
_ENDED_SQL: Final = """
select loan_id, customer_id, kind from grading_fact
where ends_on <= %(on)s and ended_known_on <= %(on)s
  and greatest(ends_on, ended_known_on) > %(last)s
"""


def places_to_look_at(
    connection: Connection,
    day: Day,
    before: pa.Table,
    known: Sequence[FactRow],
    *,
    as_of: date,
    last: Standing,
) -> Array:
    """Where the loans stand whose class may change.

    They are new, moved, watched, told of, corrected since the run of `last`, or
    something that was told of them has ended since.
    """
    here, places = _at(before, day.loan_id)
    look = ~here
    for name, now in (
        ("dpd", day.dpd),
        ("arrears", day.arrears),
        ("balance", day.balance),
    ):
        look[here] |= before[name].to_numpy()[places[here]] != now[here]
    look[here] |= before["asset_class"].to_numpy()[places[here]] > 0
    observed = before["observed_until"].is_valid().to_numpy()
    look[here] |= observed[places[here]]
    ended = connection.execute(_ENDED_SQL, {"on": as_of, "last": last.as_of}).fetchall()
    told = [(each.loan_id, each.customer_id, each.kind) for each in known] + ended
    corrected = stored.corrected_since(connection, last.history)
    look |= np.isin(day.loan_id, [*(loan for loan, *_rest in told), *corrected])
    customers = np.zeros(len(day.loan_id), np.int64)
    customers[here] = before["customer_id"].to_numpy()[places[here]]
    if not here.all():
        new = facts.read_some(connection, "l.id", day.loan_id[~here])
        customers[~here] = new.customer_id
    debtors = {customer for _loan, customer, kind in told if Fact(kind) in OF_DEBTOR}
    if corrected:  # the debtor that a loan has now as well as the one it had
        moved = facts.read_some(connection, "l.id", np.array(corrected, np.int64))
        debtors.update(moved.customer_id.tolist())
    look |= np.isin(customers, sorted(debtors))
    return touched(customers, np.flatnonzero(look))


def completed(
    day: Day,
    before: pa.Table,
    found: Found,
    rules: ClassificationRules,
    *,
    as_of: date,
) -> pa.Table:
    """The classes of every open loan: those found, and the others as they were."""
    here, places = _at(before, day.loan_id)
    fresh = np.zeros(len(day.loan_id), np.bool_)
    fresh[found.places] = True
    assert (here | fresh).all(), "a loan that is new was not looked at"
    earlier = aligned(before, day.loan_id[found.places])
    classes, book = found.classes, found.book
    today = np.datetime64(as_of, "D")
    same = earlier.asset_class == classes.asset_class
    made: dict[str, Any] = {
        "customer_id": found.static.customer_id,
        "asset_class": classes.asset_class,
        "machine_class": classes.machine_class,
        "asserted_class": classes.asserted_class,
        "causes": classes.causes,
        "stage": classes.stage,
        "rule": rules_of(classes, rules),
        "since": np.where(same, earlier.since, today),
        "cleared_on": book.cleared_on,
        "missed_on": book.missed_on,
        "observed_until": classes.observed_until,
        "upgrade_from": classes.upgrade_from,
    }
    columns = {
        name: _merged(before, name, made[name], places, fresh) for name in made
    } | {
        "loan_id": day.loan_id,
        "dpd": day.dpd,
        "arrears": day.arrears,
        "balance": day.balance,
        "late_instalments": day.late_instalments,
    }
    return pa.table(
        {each.name: _column(columns[each.name], each.type) for each in CLASSES},
        schema=CLASSES,
    )


def _merged(
    before: pa.Table, name: str, made: Array, places: Array, fresh: Array
) -> Array:
    """What was found where it was looked for, else what stood there."""
    kind = CLASSES.field(name).type
    if pa.types.is_date32(kind):
        old, result = facts.days_column(before[name]), np.full(len(fresh), NO_DAY, DAY)
    elif pa.types.is_string(kind):
        old = before[name].to_numpy()
        result = np.full(len(fresh), "", object)
    else:
        old = before[name].to_numpy()
        result = np.zeros(len(fresh), kind.to_pandas_dtype())
    if len(old):
        result[~fresh] = old[places[~fresh]]
    result[fresh] = made
    return result


def _column(values: Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_date32(kind):
        return pa.array(values.astype("datetime64[D]"), pa.date32())
    return pa.array(values, kind)


def moves_between(before: pa.Table, now: pa.Table, as_of: date) -> pa.Table:
    """The loans that are in another class than before, or were and are closed."""
    here, places = _at(before, now["loan_id"].to_numpy())
    was = np.full(now.num_rows, -1, np.int8)
    was[here] = before["asset_class"].to_numpy()[places[here]]
    becomes = now["asset_class"].to_numpy()
    changed = (was != becomes) & ((was > 0) | (becomes > 0))
    moved = now.filter(pa.array(changed))
    still = np.isin(before["loan_id"].to_numpy(), now["loan_id"].to_numpy())
    gone = before.filter(pa.array(~still & (before["asset_class"].to_numpy() > 0)))

    def column(name: str) -> pa.ChunkedArray:
        return pa.chunked_array(
            [*moved[name].chunks, *gone[name].chunks], CLASSES.field(name).type
        )

    count = moved.num_rows + gone.num_rows
    return pa.table(
        {
            "loan_id": column("loan_id"),
            "as_of": pa.repeat(pa.scalar(as_of), count),
            "was": np.concatenate([was[changed], gone["asset_class"].to_numpy()]),
            "becomes": np.concatenate(
                [becomes[changed], np.full(gone.num_rows, -1, np.int8)]
            ),
            "causes": column("causes"),
            "rule": column("rule"),
            "balance": column("balance"),
        }
    )
