"""A report as a value: tables of codes and minor units, told apart by a fingerprint."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

SHARE_PLACES = 6
SHARE = pa.decimal128(18, SHARE_PLACES)
Value = str | int | date | Decimal | None


class Kind(StrEnum):
    """What a column holds; amounts are minor units, a share is of one (0.05)."""

    TEXT = "text"
    LOAN = "loan"  # the sender's number, with our own in `Table.ids`
    CUSTOMER = "customer"  # the same of a customer
    NAME = "name"  # of a person: written masked
    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    DAY = "day"
    SHARE = "share"
    BUCKET = "bucket"
    CLASS = "class"
    BRANCH = "branch"
    PRODUCT = "product"
    WORD = "word"  # a code with its word in `Column.words`


NUMERIC = frozenset({Kind.MONEY, Kind.COUNT, Kind.DAYS, Kind.SHARE})
_SUMMED = frozenset({Kind.MONEY, Kind.COUNT})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the data, its title, what it holds.

    `sums`: the foot adds it up. `stays` is False for words that the register may
    write otherwise tomorrow: they are no part of the fingerprint.
    """

    key: str
    title: str
    kind: Kind
    sums: bool = False
    stays: bool = True
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Only amounts and counts add up."""
        assert not self.sums or self.kind in _SUMMED, self.key


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table of a report: `data` has a column a `Column`, in any order.

    `ids` names the column of `data` with our own numbers of loans or customers.
    `note` is how it was counted; `problem` says what is wrong with the figures.
    `links` has an address for each row, behind its first cell; "" for none.
    """

    key: str
    title: str
    columns: Sequence[Column]
    data: pa.Table
    ids: str = ""
    note: str = ""
    problem: str = ""
    metric: str = ""  # of the dictionary, where the figures are of one
    loans: Sequence[int] = ()  # those of the customers it names
    links: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Every column is there."""
        missing = {each.key for each in self.columns} - set(self.data.column_names)
        assert not missing, missing

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return int(self.data.num_rows)

    def total(self, column: Column) -> int:
        """The sum of a column, in minor units or as a count."""
        return int(pc.sum(self.data[column.key]).as_py() or 0)

    def cut(self, start: int, stop: int) -> Sequence[Sequence[Value]]:
        """Some rows, in the order of the columns."""
        part = self.data.slice(start, stop - start)
        lists = [part[each.key].to_pylist() for each in self.columns]
        return list(zip(*lists, strict=True))

    def numbers(self, start: int, stop: int) -> Sequence[int]:
        """Our own numbers of the loans or customers of some rows."""
        if not self.ids:
            return ()
        found: list[int] = self.data[self.ids].slice(start, stop - start).to_pylist()
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One report as of a closed day; the same day and wishes, the same fingerprint.

    `positions` is the fingerprint of the closed day; `doubted` names rules the report
    rests on that nobody has verified yet.
    """

    code: str
    as_of: date
    currency: str
    tables: Sequence[Table]
    positions: str
    since: date | None = None
    conditions: Sequence[tuple[str, str]] = ()
    doubted: Sequence[str] = ()
    fingerprint: str = ""

    @property
    def main(self) -> Table:
        """The table that is paged and comes first."""
        return self.tables[0]

    @property
    def loan_ids(self) -> Sequence[int]:
        """Every loan it names, itself or by its customer, by our own number."""
        found: set[int] = set()
        for table in self.tables:
            if any(each.kind is Kind.LOAN for each in table.columns):
                found |= set(table.numbers(0, table.rows))
            found |= set(table.loans)
        return sorted(found)

    @property
    def names_people(self) -> bool:
        """Whether a table has a row for each loan or customer."""
        kinds = {each.kind for table in self.tables for each in table.columns}
        return bool(kinds & {Kind.LOAN, Kind.CUSTOMER})

    @property
    def rows(self) -> int:
        """Rows of all its tables."""
        return sum(table.rows for table in self.tables)


def fingerprint(report: Report) -> str:
    """SHA-256 over what was asked and every figure, in codes and minor units.

    Language, reader and instant are no part of it, nor words of the register.
    """
    digest = hashlib.sha256()
    head = [report.code, report.as_of, report.since or "", report.currency]
    head += [f"{name}={value}" for name, value in report.conditions]
    digest.update("\n".join(map(str, head)).encode())
    for table in report.tables:
        kept = [each.key for each in table.columns if each.stays]
        digest.update(f"\n[{table.key}]\n".encode())
        digest.update(as_csv(table.data.select(kept)))
    return digest.hexdigest()


def as_csv(data: pa.Table) -> bytes:
    """A table as CSV without a look at how its memory is laid out."""
    text = io.BytesIO()
    csv.write_csv(data, text)
    return text.getvalue()


def share(part: int, whole: int) -> Decimal | None:
    """An exact share rounded once, half even, to six decimals; None of nothing."""
    return rounded(Fraction(part, whole)) if whole else None


def rounded(value: Fraction | None) -> Decimal | None:
    """A share as a decimal of six places; None stays None."""
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-SHARE_PLACES), rounding=ROUND_HALF_EVEN)


_TYPES = {
    Kind.MONEY: pa.int64(),
    Kind.COUNT: pa.int64(),
    Kind.DAYS: pa.int64(),
    Kind.DAY: pa.date32(),
    Kind.SHARE: SHARE,
}


def made(
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Value]],
    *,
    ids: str = "",
    note: str = "",
    problem: str = "",
    metric: str = "",
) -> Table:
    """A small table from rows by key; what a row lacks is empty."""
    data = {
        each.key: pa.array(
            [row.get(each.key) for row in rows], _TYPES.get(each.kind, pa.string())
        )
        for each in columns
    }
    if ids:
        data[ids] = pa.array([row.get(ids) for row in rows], pa.int64())
    return Table(key, title, columns, pa.table(data), ids, note, problem, metric)
