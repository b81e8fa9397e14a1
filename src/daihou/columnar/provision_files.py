"""Parquet files of graded loans read as a book to provide for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from daihou.columnar.provision import Amounts, Codes, Day, needed
from daihou.engine.basics.money import digits
from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.engine.provision.errors import ProvisionError
from daihou.engine.provision.rules import ProvisionRules

# Loans of these standings are not on the books any more.
_GONE = ("settled", "written_off", "transferred")


@dataclass(frozen=True, slots=True)
class GradedBook:
    """The loans of a file that are on the books, in its order.

    `loans` are the ids as text. `model` and `allowance` are None where the file does
    not have the column; amounts in minor units.
    """

    loans: pa.Array
    classes: Codes
    balances: Amounts
    model: Amounts | None
    allowance: Amounts | None

    def day(self, ids: pa.Array, rules: ProvisionRules) -> Day:
        """Return the book as one day of a movement, loans by their place in `ids`.

        Where the file does not say what allowance is held, it is what is needed.
        """
        held = self.allowance
        if held is None:
            held = needed(self.classes, self.balances, rules, model=self.model)
        places = pc.index_in(self.loans, value_set=ids)
        numbers = places.to_numpy(zero_copy_only=False).astype(np.int64)
        return Day(numbers, self.classes, self.balances, held)


def read(file: Path, *, currency: str = "CNY") -> GradedBook:
    """Return the graded loans of a file; ProvisionError names a column that is wrong.

    Needed are loan_id, asset_class (words, or 0 to 4), and `balance` in whole minor
    units or `outstanding_principal` in major units, as `daihou positions` writes it.
    `model` and `allowance` (minor units) and `status` where they exist.
    """
    table = _table(file)
    if "status" in table.column_names:
        gone = pc.is_in(table["status"], value_set=pa.array(_GONE))
        table = table.filter(pc.invert(pc.fill_null(gone, False)))  # noqa: FBT003 - Arrow's own signature
    for name in ("loan_id", "asset_class"):
        if name not in table.column_names:
            raise ProvisionError("column", file=file.name, column=name)
    loans = table["loan_id"].combine_chunks().cast(pa.string())
    if loans.null_count or len(loans.unique()) != len(loans):
        raise ProvisionError("loans", file=file.name)
    return GradedBook(
        loans=loans,
        classes=_classes(table, file.name),
        balances=_balances(table, file.name, currency),
        model=_amounts(table, "model", file.name),
        allowance=_amounts(table, "allowance", file.name),
    )


def read_written_off(file: Path, ids: pa.Array) -> tuple[NDArray[np.int64], Amounts]:
    """Return the places in `ids` of what was written off, and the amounts."""
    table = _table(file)
    for name in ("loan_id", "amount"):
        if name not in table.column_names:
            raise ProvisionError("column", file=file.name, column=name)
    loans = table["loan_id"].combine_chunks().cast(pa.string())
    if loans.null_count or len(loans.unique()) != len(loans):
        raise ProvisionError("loans", file=file.name)
    places = pc.index_in(loans, value_set=ids)
    if places.null_count:
        strange = loans.filter(pc.is_null(places))[0].as_py()
        raise ProvisionError("unknown_loan", loan=strange)
    amounts = _amounts(table, "amount", file.name)
    assert amounts is not None
    return places.to_numpy(zero_copy_only=False).astype(np.int64), amounts


def _table(file: Path) -> pa.Table:
    try:
        return parquet.read_table(file)
    except (pa.ArrowException, OSError) as error:
        problem = " ".join(str(error).split())
        raise ProvisionError("file", file=file.name, problem=problem) from None


def _classes(table: pa.Table, file: str) -> Codes:
    column = table["asset_class"].combine_chunks()
    if column.null_count:
        raise ProvisionError("no_class", file=file, count=column.null_count)
    if pa.types.is_integer(column.type):
        found = np.asarray(column.cast(pa.int64()).to_numpy(zero_copy_only=False))
        strange = found[(found < 0) | (found >= len(AssetClass))]
        if len(strange):
            raise ProvisionError("class", file=file, given=int(strange[0]))
        return found.astype(np.int8)
    words = column.cast(pa.string()).dictionary_encode()
    for each in words.dictionary.to_pylist():
        if each not in BY_CODE:
            raise ProvisionError("class", file=file, given=each)
    codes = np.array([BY_CODE[each] for each in words.dictionary.to_pylist()], np.int8)
    indices = words.indices.to_numpy(zero_copy_only=False)
    return codes[indices] if len(indices) else np.zeros(0, np.int8)


def _balances(table: pa.Table, file: str, currency: str) -> Amounts:
    found = _amounts(table, "balance", file)
    if found is not None:
        return found
    name = "outstanding_principal"
    if name not in table.column_names:
        raise ProvisionError("column", file=file, column="balance")
    minor = pa.scalar(10 ** digits(currency), pa.decimal128(5, 0))
    try:
        major = table[name].combine_chunks().cast(pa.decimal128(24, 4))
        whole = pc.multiply(major, minor).cast(pa.int64())
    except pa.ArrowException as error:
        raise _cell(file, name, error) from None
    return _whole(whole, name, file)


def _amounts(table: pa.Table, name: str, file: str) -> Amounts | None:
    if name not in table.column_names:
        return None
    try:
        column = table[name].combine_chunks().cast(pa.int64())
    except pa.ArrowException as error:
        raise _cell(file, name, error) from None
    return _whole(column, name, file)


def _whole(column: Any, name: str, file: str) -> Amounts:
    if column.null_count:
        raise ProvisionError("cell", file=file, column=name, problem="null")
    found = np.asarray(column.to_numpy(zero_copy_only=False)).astype(np.int64)
    if found.min(initial=0) < 0:
        raise ProvisionError("cell", file=file, column=name, problem="< 0")
    return found


def _cell(file: str, name: str, error: Exception) -> ProvisionError:
    problem = " ".join(str(error).split())
    return ProvisionError("cell", file=file, column=name, problem=problem)
