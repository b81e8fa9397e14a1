"""What a day-end changes: bucket by bucket, loan by loan, and against a former run."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.tables.positions import POSITIONS

FIRST = 20  # loans named in a plan


@dataclass(frozen=True, slots=True)
class Move:
    """Loans of one currency that went from one bucket to another.

    A bucket is "" where they were not there; amounts in minor units.
    """

    from_bucket: str
    to_bucket: str
    currency: str
    loans: int
    outstanding_principal: int
    overdue_total: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One loan that changes its bucket or state."""

    loan_id: int
    from_bucket: str
    to_bucket: str
    from_status: str
    to_status: str
    dpd_before: int
    dpd: int
    overdue_total: int
    currency: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is overdue in one currency, in its minor units."""

    currency: str
    late: int
    overdue_total: int


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currency of every loan: `codes[which[i]]` is that of `loan_ids[i]`."""

    loan_ids: Any  # sorted
    which: Any
    codes: tuple[str, ...]

    @classmethod
    def of(cls, loans: pa.Table) -> "Currencies":
        """Read them from the facts: loans sorted by loan_id (tables.facts.LOANS)."""
        found = loans["currency"].combine_chunks().dictionary_encode()
        return cls(
            loans["loan_id"].to_numpy(),
            found.indices.to_numpy(),
            tuple(found.dictionary.to_pylist()),
        )

    def among(self, loan_ids: Any) -> Any:
        """The place in `codes` of each of these loans."""
        if len(self.codes) < 2:
            return np.zeros(len(loan_ids), np.int64)
        return self.which[np.searchsorted(self.loan_ids, loan_ids)]


@dataclass(frozen=True, slots=True)
class Plan:
    """What closing a day changes, before anything is written."""

    as_of: date
    since: date | None  # the closed day it is compared with
    loans: int
    changed: int  # loans of which any column differs
    moving: int  # loans that change bucket or state
    newly_late: int
    cured: int
    late: int
    overdue: tuple[Overdue, ...]  # by currency, most late loans first
    moves: tuple[Move, ...]
    first: tuple[Moved, ...]

    def to_json(self) -> dict[str, Any]:
        """The plan as kept in dayend_run.plan; dates as ISO text."""
        content = asdict(self)
        content["as_of"] = self.as_of.isoformat()
        content["since"] = self.since.isoformat() if self.since else None
        return content


def align(before: pa.Table, after: pa.Table) -> tuple[Any, Any, Any, Any]:
    """Rows of the same loans: positions in both, and those in one table only."""
    old, new = before["loan_id"].to_numpy(), after["loan_id"].to_numpy()
    if len(old) == len(new) and bool((old == new).all()):
        both = np.arange(len(new))
        return both, both, both[:0], both[:0]
    _, in_old, in_new = np.intersect1d(
        old, new, assume_unique=True, return_indices=True
    )
    gone = np.setdiff1d(np.arange(len(old)), in_old, assume_unique=True)
    come = np.setdiff1d(np.arange(len(new)), in_new, assume_unique=True)
    return in_old, in_new, gone, come


def _plain(column: pa.ChunkedArray) -> Any:
    """A column as numpy values that compare, nulls as a value of their own."""
    if pa.types.is_string(column.type):
        return pc.fill_null(column, "\x00")
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return pc.fill_null(column, -(2**31)).to_numpy()


def differs(one: pa.ChunkedArray, other: pa.ChunkedArray) -> Any:
    """Row by row, whether two columns differ; null equals null."""
    left, right = _plain(one), _plain(other)
    if isinstance(left, np.ndarray):
        return left != right
    return pc.not_equal(left, right).to_numpy()


def changed_rows(before: pa.Table, after: pa.Table) -> Any:
    """Which rows of `after` are new or differ from `before` in any column."""
    in_old, in_new, _, come = align(before, after)
    whole = len(in_old) == before.num_rows == after.num_rows
    changed = np.zeros(after.num_rows, bool)
    changed[come] = True
    old = before if whole else before.take(in_old)
    new = after if whole else after.take(in_new)
    different = np.zeros(len(in_new), bool)
    for name in POSITIONS.names[1:]:
        different |= differs(old[name], new[name])
    changed[in_new] |= different
    return changed


def _codes(column: pa.ChunkedArray, names: list[str]) -> Any:
    return pc.index_in(column, value_set=pa.array(names)).to_numpy()


def _moves(
    before: pa.Table, after: pa.Table, pairs: Any, currencies: Currencies
) -> tuple[Move, ...]:
    """Count loans and sums by buckets and currency; pairs are rows before and after."""
    in_old, in_new, gone, come = pairs
    words = pc.unique(pa.concat_arrays([*_chunks(before), *_chunks(after)])).to_pylist()
    names = ["", *words]
    out, to = (_codes(table["bucket"], names) for table in (before, after))
    start = np.concatenate([out[in_old], np.zeros(len(come), int), out[gone]])
    end = np.concatenate([to[in_new], to[come], np.zeros(len(gone), int)])
    sums = []
    for name in ("outstanding_principal", "overdue_total", "loan_id"):
        old, new = before[name].to_numpy(), after[name].to_numpy()
        sums.append(np.concatenate([new[in_new], new[come], old[gone]]))
    money = currencies.among(sums.pop())
    shape = (len(names), len(names), max(1, len(currencies.codes)))
    kind = np.ravel_multi_index((start, end, money), shape)
    found, where, counts = np.unique(kind, return_inverse=True, return_counts=True)
    totals = [_exact_sums(values, where, len(found)) for values in sums]
    places = np.unravel_index(found, shape)
    return tuple(
        Move(
            from_bucket=names[one],
            to_bucket=names[other],
            currency=currencies.codes[code],
            loans=loans,
            outstanding_principal=principal,
            overdue_total=overdue,
        )
        for one, other, code, loans, principal, overdue in zip(
            *(place.tolist() for place in places),
            counts.tolist(),
            *totals,
            strict=True,
        )
    )


def _exact_sums(values: Any, where: Any, size: int) -> list[int]:
    """Sums of int64 by group, in integers."""
    exact = np.zeros(size, np.int64)
    np.add.at(exact, where, values)
    sums: list[int] = exact.tolist()
    return sums


def _overdue(after: pa.Table, currencies: Currencies) -> tuple[Overdue, ...]:
    """What is overdue in each currency that has a late loan."""
    late = np.flatnonzero(after["dpd"].to_numpy() > 0)
    owed = after["overdue_total"].to_numpy()
    money = currencies.among(after["loan_id"].to_numpy())
    size = len(currencies.codes)
    sums = _exact_sums(owed, money, size) if size else []
    counts = np.bincount(money[late], minlength=size).tolist()
    lines = [
        Overdue(code, loans, total)
        for code, loans, total in zip(currencies.codes, counts, sums, strict=True)
        if loans or total
    ]
    return tuple(sorted(lines, key=lambda line: (-line.late, line.currency)))


def _chunks(table: pa.Table) -> list[pa.Array]:
    chunks: list[pa.Array] = table["bucket"].chunks
    return chunks or [pa.array([], pa.string())]


def _first(
    before: pa.Table, after: pa.Table, pairs: Any, moving: Any, currencies: Currencies
) -> Any:
    """The worst FIRST of the moving loans, row by row."""
    in_old, in_new = pairs[0], pairs[1]
    spots = np.flatnonzero(moving)
    dpd = after["dpd"].to_numpy()[in_new[spots]]
    spots = spots[np.argsort(-dpd, kind="stable")[:FIRST]]
    old = before.take(in_old[spots]).to_pylist()
    new = after.take(in_new[spots]).to_pylist()
    money = currencies.among(np.array([row["loan_id"] for row in new], np.int64))
    return tuple(
        Moved(
            loan_id=row["loan_id"],
            from_bucket=was["bucket"],
            to_bucket=row["bucket"],
            from_status=was["status"],
            to_status=row["status"],
            dpd_before=was["dpd"],
            dpd=row["dpd"],
            overdue_total=row["overdue_total"],
            currency=currencies.codes[code],
        )
        for was, row, code in zip(old, new, money.tolist(), strict=True)
    )


def make_plan(
    before: pa.Table,
    after: pa.Table,
    *,
    as_of: date,
    since: date | None,
    currencies: Currencies,
) -> Plan:
    """Compare the positions of the closed day before with those of `as_of`.

    `currencies` knows every loan of both; amounts of two are never added.
    """
    pairs = align(before, after)
    in_old, in_new, gone, come = pairs
    old_dpd, new_dpd = before["dpd"].to_numpy(), after["dpd"].to_numpy()
    was, now = old_dpd[in_old] > 0, new_dpd[in_new] > 0
    old, new = before.take(in_old), after.take(in_new)
    moving = differs(old["bucket"], new["bucket"])
    moving |= differs(old["status"], new["status"])
    return Plan(
        as_of=as_of,
        since=since,
        loans=after.num_rows,
        changed=int(changed_rows(before, after).sum()),
        moving=int(moving.sum()) + len(come) + len(gone),
        newly_late=int((~was & now).sum() + (new_dpd[come] > 0).sum()),
        cured=int((was & ~now).sum()),
        late=int((new_dpd > 0).sum()),
        overdue=_overdue(after, currencies),
        moves=_moves(before, after, pairs, currencies),
        first=_first(before, after, pairs, moving, currencies),
    )


def differences(former: pa.Table, now: pa.Table) -> pa.Table:
    """Loans whose lateness or overdue amount a re-run changed, before and after."""
    in_old, in_new, gone, come = align(former, now)
    old, new = former.take(in_old), now.take(in_new)
    different = differs(old["dpd"], new["dpd"])
    different |= differs(old["overdue_total"], new["overdue_total"])
    different |= differs(old["bucket"], new["bucket"])
    spots = np.flatnonzero(different)

    def part(table: pa.Table, rows: Any, *, side: str) -> dict[str, Any]:
        found = table.take(rows)
        columns = (("dpd", "dpd"), ("bucket", "bucket"), ("overdue", "overdue_total"))
        return {f"{name}_{side}": found[column] for name, column in columns}

    same = {"loan_id": new.take(spots)["loan_id"]}
    tables = [
        pa.table(
            same | part(old, spots, side="before") | part(new, spots, side="after")
        ),
        pa.table(
            {"loan_id": former.take(gone)["loan_id"]}
            | part(former, gone, side="before")
        ),
        pa.table(
            {"loan_id": now.take(come)["loan_id"]} | part(now, come, side="after")
        ),
    ]
    joined = pa.concat_tables(tables, promote_options="default")
    return joined.sort_by("loan_id")
