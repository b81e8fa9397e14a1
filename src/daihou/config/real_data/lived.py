"""Live every month-end: positions of the whole book on each, as one Parquet file."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from daihou.columnar.settle import Settler
from daihou.config.real_data.opening import month_end
from daihou.config.real_data.source import SourceLoan
from daihou.nightly.export import outward


def month_ends(loans: Iterable[SourceLoan]) -> dict[date, frozenset[str]]:
    """The month-ends the files report, each with the deals that report it."""
    deals: dict[str, SourceLoan] = {}
    for loan in loans:
        deals.setdefault(loan.deal, loan)
    found: dict[date, set[str]] = {}
    for deal, loan in deals.items():
        for month in loan.months:
            found.setdefault(month_end(loan, month.number), set()).add(deal)
    return {day: frozenset(found[day]) for day in sorted(found)}


def live(
    settler: Settler,
    *,
    days: Mapping[date, frozenset[str]],
    names: pa.Table,
    deals: Mapping[str, str],
) -> Iterator[tuple[date, pa.Table]]:
    """Positions of each day as others get them, of the loans whose deal reports it.

    `names` gives the sender's id of each loan (nightly.export), `deals` the deal of
    each sender's id. After a deal's last month nothing is known of its loans, so
    they are not shown getting later.
    """
    for day, reporting in days.items():
        table = outward(settler.positions(day), names, as_of=day)
        ids = table["loan_id"].to_pylist()
        there = pa.array([deals[loan_id] in reporting for loan_id in ids], pa.bool_())
        yield day, table.filter(there)


def write(tables: Iterable[pa.Table], path: Path) -> None:
    """Write all month-ends into one file, whole or not at all."""
    draft = path.with_suffix(".draft")
    writer = None
    for table in tables:
        if writer is None:
            writer = pq.ParquetWriter(draft, table.schema, compression="zstd")
        writer.write_table(table)
    assert writer is not None, "a book has at least one month-end"
    writer.close()
    draft.replace(path)


def without_extensions(demands: pa.Table) -> pa.Table:
    """The demands as if no schedule version had ever replaced another."""
    first = demands.group_by("loan_id").aggregate([("begins_on", "min")])
    begun = dict(
        zip(
            first["loan_id"].to_pylist(),
            first["begins_on_min"].to_pylist(),
            strict=True,
        )
    )
    opened = pa.array([begun[i] for i in demands["loan_id"].to_pylist()], pa.date32())
    kept = demands.filter(pc.equal(demands["begins_on"], opened))
    never = pa.nulls(len(kept), pa.date32())
    place = kept.schema.get_field_index("ends_on")
    return kept.set_column(place, kept.schema.field(place), never)
