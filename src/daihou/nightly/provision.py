"""Provisions of graded days: what each class and branch needs, and how it moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar import provision as book
from daihou.columnar.provision import Amounts, Codes, Loans
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.rules import ProvisionRules
from daihou.kit.provisions import ClassNeed, Moved, Provided
from daihou.nightly.errors import NightError
from daihou.nightly.stores import classes as stored
from daihou.nightly.stores.classes import ClassFiles
from daihou.nightly.stores.parquet import PositionFiles

_COLUMNS: Final = ("loan_id", "asset_class", "balance")
_LOANS_SQL: Final = (
    "select id as loan_id, branch, currency from ledger_loan order by id"
)
# The last loss that was told to be expected of each loan, as it was known that day.
_EXPECTED_SQL: Final = """
select distinct on (loan_id) loan_id, (content->>'amount')::bigint
from grading_fact where kind = 'expected_loss' and begins_on <= %(on)s
  and known_on <= %(on)s
  and (ends_on is null or ends_on > %(on)s or ended_known_on > %(on)s)
  {of_loan}
order by loan_id, begins_on desc, id desc
"""


@dataclass(frozen=True, slots=True)
class _Day:
    """The open loans of a graded day, sorted by loan, and what is expected to be lost."""

    loans: Loans
    classes: Codes
    balances: Amounts
    model: Amounts

    def needed(self, rules: ProvisionRules) -> Amounts:
        return book.needed(self.classes, self.balances, rules, model=self.model)


@dataclass(frozen=True, slots=True)
class _Places:
    """The branch and the currency of every loan, as numbers of their words."""

    loans: Loans
    branch: Any
    branches: tuple[str, ...]
    currency: Any
    currencies: tuple[str, ...]

    def of(self, loans: Loans) -> tuple[Any, Any]:
        at = np.searchsorted(self.loans, loans)
        assert (self.loans[at] == loans).all(), "a graded loan is in the ledger"
        return self.branch[at], self.currency[at]


class Provider:
    """A `kit.provisions.Provider` over one database and one DAIHOU_HOME."""

    def __init__(self, *, url: str, home: Path) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self._classes = ClassFiles(home)
        self._positions = PositionFiles(home)

    def graded(self) -> Mapping[date, str]:
        """The fingerprint of the classes that stand for each graded day."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            runs = stored.standing(connection)
        return {
            day: run.fingerprint
            for day, run in runs.items()
            if self._classes.path(day, run.fingerprint).exists()
        }

    def provide(
        self,
        as_of: date,
        *,
        opening_on: date | None,
        rules: Mapping[str, ProvisionRules],
        opening_rules: Mapping[str, ProvisionRules],
    ) -> Provided:
        """Provide for a graded day; see `kit.provisions.Provider`."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            closing = self._day(connection, as_of)
            opening = _NOTHING
            if opening_on is not None:
                opening = self._day(connection, opening_on)
            positions = _positions_of(connection, as_of)
        places = self._places()
        written_off = self._written_off(as_of, positions, opening, closing)
        needs: list[ClassNeed] = []
        moves: list[Moved] = []
        for table, found in rules.items():
            needs += _needs(table, closing, found, places)
            before = opening_rules.get(table, found)
            moves += _moves(
                table,
                (opening, opening.needed(before)),
                (closing, closing.needed(found)),
                written_off,
                places,
            )
        return Provided(needs, moves)

    def model_of(self, loan_id: int, *, as_of: date) -> int | None:
        """The loss that was told to be expected of a loan."""
        sql = _EXPECTED_SQL.format(of_loan="and loan_id = %(loan)s")
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(sql, {"on": as_of, "loan": loan_id}).fetchone()
        return int(row[1]) if row else None

    def _day(self, connection: stored.Connection, as_of: date) -> _Day:
        run = stored.standing_on(connection, as_of)
        if run is None:
            days = sorted(stored.standing(connection))
            told = f"{days[0]} – {days[-1]}" if days else "–"
            raise NightError("not_graded", as_of=as_of, days=told)
        table = self._classes.read(as_of, run.fingerprint, columns=_COLUMNS)
        loans = table["loan_id"].to_numpy()
        expected = connection.execute(
            _EXPECTED_SQL.format(of_loan=""), {"on": as_of}
        ).fetchall()
        model = np.zeros(len(loans), np.int64)
        for loan_id, amount in expected:
            at = int(np.searchsorted(loans, loan_id))
            if at < len(loans) and loans[at] == loan_id:
                model[at] = amount
        return _Day(
            loans=loans,
            classes=table["asset_class"].to_numpy().astype(np.int8),
            balances=table["balance"].to_numpy().astype(np.int64),
            model=model,
        )

    def _places(self) -> _Places:
        with adbc.connect(self.url) as link, link.cursor() as cursor:
            cursor.execute(_LOANS_SQL)
            table = cursor.fetch_arrow_table()
        branch = _words(table["branch"])
        currency = _words(table["currency"])
        return _Places(table["loan_id"].to_numpy(), *branch, *currency)

    def _written_off(
        self, as_of: date, positions: str, opening: _Day, closing: _Day
    ) -> tuple[Loans, Amounts]:
        """What was left of each loan that was open and is written off now."""
        gone = np.setdiff1d(opening.loans, closing.loans, assume_unique=True)
        if not len(gone) or not positions:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        columns = ("loan_id", "status", "outstanding_total")
        found = self._positions.read(
            as_of,
            positions,
            columns=columns,
            filters=pc.field("status") == "written_off",
        )
        loans = found["loan_id"].to_numpy()
        left = found["outstanding_total"].to_numpy().astype(np.int64)
        ours = np.isin(loans, gone)
        loans, left = loans[ours], left[ours]
        most = opening.balances[np.searchsorted(opening.loans, loans)]
        return loans, np.minimum(left, most)


_NOTHING: Final = _Day(
    np.zeros(0, np.int64),
    np.zeros(0, np.int8),
    np.zeros(0, np.int64),
    np.zeros(0, np.int64),
)


def _positions_of(connection: stored.Connection, as_of: date) -> str:
    row = connection.execute(
        "select fingerprint from dayend_run where current and as_of = %s", (as_of,)
    ).fetchone()
    return str(row[0]) if row else ""


def _words(column: pa.ChunkedArray) -> tuple[Any, tuple[str, ...]]:
    said = pc.fill_null(column.cast(pa.string()), "").combine_chunks()
    found = said.dictionary_encode()
    return found.indices.to_numpy(), tuple(found.dictionary.to_pylist())


def _needs(
    table: str, day: _Day, rules: ProvisionRules, places: _Places
) -> Iterator[ClassNeed]:
    """The sums by currency, branch and class; only those with a loan."""
    branch, currency = places.of(day.loans)
    many = len(AssetClass)
    key = (currency.astype(np.int64) * len(places.branches) + branch) * many
    key += day.classes
    found, at = np.unique(key, return_inverse=True)
    needed = day.needed(rules)
    sums = np.zeros((len(found), 3), np.int64)
    np.add.at(sums[:, 0], at, 1)
    np.add.at(sums[:, 1], at, day.balances)
    np.add.at(sums[:, 2], at, needed)
    for each, row in zip(found.tolist(), sums.tolist(), strict=True):
        rest, asset_class = divmod(each, many)
        coin, office = divmod(rest, len(places.branches))
        yield ClassNeed(
            table,
            places.currencies[coin],
            places.branches[office],
            AssetClass(asset_class),
            *row,
        )


def _moves(
    table: str,
    opening: tuple[_Day, Amounts],
    closing: tuple[_Day, Amounts],
    written_off: tuple[Loans, Amounts],
    places: _Places,
) -> Iterator[Moved]:
    """One movement a currency."""
    _branch, before = places.of(opening[0].loans)
    _branch, after = places.of(closing[0].loans)
    _branch, lost = places.of(written_off[0])
    for number, currency in enumerate(places.currencies):
        start = _of(opening, before == number)
        end = _of(closing, after == number)
        if not len(start.loans) and not len(end.loans):
            continue
        mine = lost == number
        off = (written_off[0][mine], written_off[1][mine])
        found = book.movement(start, end, off)
        yield Moved(
            table,
            currency,
            found.balances.tolist(),
            found.allowances.tolist(),
            found.moved.tolist(),
        )


def _of(day: tuple[_Day, Amounts], chosen: Any) -> book.Day:
    found, allowances = day
    return book.Day(
        found.loans[chosen],
        found.classes[chosen],
        found.balances[chosen],
        allowances[chosen],
    )
