"""What is known of loans and customers: those in the files, then those we keep."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.checks.products import modes
from daihou.rooms.intake.checks.typed import Typed, digits_of
from daihou.rooms.intake.findings import Found
from daihou.rooms.ledger import door as ledger

_REFERENCES: Mapping[str, str] = {"customers": "customer_id", "loans": "loan_id"}
NO_DATE = -(10**6)


@dataclass(frozen=True)
class Book:
    """The loans a file may speak of, one row each, and where to find them.

    `of(ids)` gives each row's place here, -1 for a loan nobody knows. Dates are
    days since 1970, `NO_DATE` where unknown.
    """

    ids: pa.Array
    currency: pa.Array
    digits: npt.NDArray[np.int64]
    principal: npt.NDArray[np.int64]
    disbursed_on: npt.NDArray[np.int64]
    is_own: npt.NDArray[np.bool_]
    method: pa.Array
    in_file: npt.NDArray[np.bool_]

    def of(self, ids: pa.Array) -> npt.NDArray[np.int64]:
        """The place of each loan id in this book, -1 where unknown."""
        places = pc.index_in(ids, value_set=self.ids)
        return np.asarray(
            pc.fill_null(places.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        )


def wanted(tables: Mapping[str, Typed], name: str) -> pa.Array:
    """Every different id that some table refers to, except the table's own rows."""
    column = _REFERENCES[name]
    arrays = [
        one.column(column)
        for table, one in tables.items()
        if column in one.data.column_names and table != name
    ]
    if not arrays:
        return pa.array([], pa.string())
    merged = pa.chunked_array(arrays, pa.string())
    return pa.array(pc.drop_null(pc.unique(merged)), pa.string())


def loans_book(
    loans: Typed | None, kept: Mapping[str, ledger.taking_in.KnownLoan]
) -> Book:
    """The book of the loans in the file, where readable, and those we keep."""
    mine = _from_file(loans)
    names = set(mine.column("loan_id").to_pylist())
    others = [one for key, one in kept.items() if key not in names]
    theirs = pa.table(
        {
            "loan_id": pa.array([o.external_id for o in others], pa.string()),
            "currency": pa.array([o.currency for o in others], pa.string()),
            "principal": pa.array([o.principal for o in others], pa.int64()),
            "disbursed_on": pa.array([o.disbursed_on for o in others], pa.date32()),
            "method": pa.array([o.method for o in others], pa.string()),
            "product": pa.array([o.product for o in others], pa.string()),
        }
    )
    all_rows = pa.concat_tables([mine, theirs]).combine_chunks()
    days = all_rows.column("disbursed_on").cast(pa.int32()).cast(pa.int64())
    own = modes(all_rows.column("product").to_pylist())
    return Book(
        ids=_one(all_rows.column("loan_id")),
        currency=_one(all_rows.column("currency")),
        digits=digits_of(_one(all_rows.column("currency"))),
        principal=pc.fill_null(all_rows.column("principal"), -1).to_numpy(),
        disbursed_on=pc.fill_null(days, NO_DATE).to_numpy(),
        is_own=own,
        method=_one(all_rows.column("method")),
        in_file=np.arange(len(all_rows)) < len(mine),
    )


def _one(column: pa.ChunkedArray) -> pa.Array:
    return (
        pa.concat_arrays(column.chunks) if column.chunks else pa.nulls(0, pa.string())
    )


_TAKEN = ("loan_id", "currency", "principal", "disbursed_on", "method", "product")


def _from_file(loans: Typed | None) -> pa.Table:
    if loans is None:
        kinds = [pa.string(), pa.string(), pa.int64(), pa.date32(), pa.string()]
        empty = [pa.array([], kind) for kind in [*kinds, pa.string()]]
        return pa.table(dict(zip(_TAKEN, empty, strict=True)))
    rows = loans.data.select(_TAKEN)
    return rows.filter(pc.is_valid(rows.column("loan_id")))


def links(tables: Mapping[str, Typed], *, name: str, known: set[str]) -> list[Found]:
    """Rows that refer to a loan or customer neither sent nor kept."""
    column = _REFERENCES[name]
    code = "no_loan" if name == "loans" else "no_customer"
    sent = tables[name].column(column) if name in tables else pa.array([], pa.string())
    ids = pa.array([*known, *pc.drop_null(pc.unique(sent)).to_pylist()], pa.string())
    found = []
    for table, one in tables.items():
        if table == name or column not in one.data.column_names:
            continue
        refers = one.column(column)
        lost = pc.and_(pc.is_valid(refers), pc.invert(pc.is_in(refers, value_set=ids)))
        rows = np.flatnonzero(lost)
        if len(rows):
            found.append(Found(code, table=table, column=column, rows=rows))
    return found


def refused_links(
    tables: Mapping[str, Typed], *, name: str, refused: npt.NDArray[np.bool_]
) -> list[Found]:
    """Rows that refer to a row of `name` which is itself left out."""
    if name not in tables or not refused.any():
        return []
    column = _REFERENCES[name]
    out = tables[name].column(column).filter(pa.array(refused))
    found = []
    for table, one in tables.items():
        if table == name or column not in one.data.column_names:
            continue
        rows = np.flatnonzero(pc.is_in(one.column(column), value_set=out))
        if len(rows):
            found.append(
                Found("refers_to_refused", table=table, column=column, rows=rows)
            )
    return found


def newly_refused(
    one: Typed, name: str, bad: npt.NDArray[np.bool_], known: set[str]
) -> npt.NDArray[np.bool_]:
    """Refused rows that we do not keep from before: nothing may stand on them."""
    if not bad.any():
        return bad
    ids = one.column(_REFERENCES[name])
    kept = pc.is_in(ids, value_set=pa.array(sorted(known), pa.string()))
    new: npt.NDArray[np.bool_] = bad & ~kept.to_numpy(zero_copy_only=False)
    return new
