"""Provisions of graded days: what each class and branch needs, and how it moved."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.providing import (
    ALLOWANCES,
    BALANCES,
    MOVED,
    NEED,
    NUMBERS,
    Given,
    Graded,
    Off,
)
from daihou.columnar.provision import Loans
from daihou.engine.classification.codes import AssetClass
from daihou.engine.provision.rules import ProvisionRules
from daihou.kit.provisions import ClassNeed, Moved, Provided
from daihou.nightly.engines import Engine, OneMachine
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

    def told(self, day: Graded) -> Graded:
        """The day with where its loans are."""
        branch, currency = self.of(day.loans)
        return replace(day, branch=branch, currency=currency)


class Provider:
    """A `kit.provisions.Provider` over one database and one DAIHOU_HOME."""

    def __init__(self, *, url: str, home: Path, engine: Engine | None = None) -> None:
        """Connects anew for each call; `url` is read by psycopg and ADBC alike."""
        self.url = url
        self._engine = engine or OneMachine()
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
        places = self._places()  # after the days: whoever is graded is in it
        opening, closing = places.told(opening), places.told(closing)
        off = self._written_off(as_of, positions, opening, closing, places)
        sums = self._engine.provided(Given(opening, closing, off), rules, opening_rules)
        found = [sums.filter(pc.equal(sums["table"], table)) for table in rules]
        needs = [need for each in found for need in _needs(each, places)]
        moves = [moved for each in found for moved in _moves(each, places)]
        return Provided(needs, moves)

    def model_of(self, loan_id: int, *, as_of: date) -> int | None:
        """The loss that was told to be expected of a loan."""
        sql = _EXPECTED_SQL.format(of_loan="and loan_id = %(loan)s")
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute(sql, {"on": as_of, "loan": loan_id}).fetchone()
        return int(row[1]) if row else None

    def _day(self, connection: stored.Connection, as_of: date) -> Graded:
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
        nowhere = np.zeros(len(loans), np.int32)
        return Graded(
            loans=loans,
            classes=table["asset_class"].to_numpy().astype(np.int8),
            balances=table["balance"].to_numpy().astype(np.int64),
            model=model,
            branch=nowhere,
            currency=nowhere,
        )

    def _places(self) -> _Places:
        with adbc.connect(self.url) as link, link.cursor() as cursor:
            cursor.execute(_LOANS_SQL)
            table = cursor.fetch_arrow_table()
        branch = _words(table["branch"])
        currency = _words(table["currency"])
        return _Places(table["loan_id"].to_numpy(), *branch, *currency)

    def _written_off(
        self,
        as_of: date,
        positions: str,
        opening: Graded,
        closing: Graded,
        places: _Places,
    ) -> Off:
        """What was left of each loan that was open and is written off now."""
        gone = np.setdiff1d(opening.loans, closing.loans, assume_unique=True)
        if not len(gone) or not positions:
            return Off(_NO_LOANS, _NO_LOANS, _NO_PLACES)
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
        return Off(loans, np.minimum(left, most), places.of(loans)[1])


_NO_LOANS: Final = np.zeros(0, np.int64)
_NO_PLACES: Final = np.zeros(0, np.int32)
_NOTHING: Final = Graded(
    loans=_NO_LOANS,
    classes=np.zeros(0, np.int8),
    balances=_NO_LOANS,
    model=_NO_LOANS,
    branch=_NO_PLACES,
    currency=_NO_PLACES,
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


def _needs(sums: pa.Table, places: _Places) -> Iterator[ClassNeed]:
    """The needs by currency, branch and class; only those with a loan."""
    for row in sums.filter(pc.equal(sums["what"], NEED)).to_pylist():
        yield ClassNeed(
            row["table"],
            places.currencies[row["currency"]],
            places.branches[row["branch"]],
            AssetClass(row["row"]),
            *(row[name] for name in NUMBERS),
        )


def _moves(sums: pa.Table, places: _Places) -> Iterator[Moved]:
    """One movement a currency."""
    for number in sorted(set(sums["currency"].to_pylist())):
        mine = sums.filter(pc.equal(sums["currency"], number))
        table = mine["table"][0].as_py()
        sheets = (_sheet(mine, what) for what in (BALANCES, ALLOWANCES, MOVED))
        yield Moved(table, places.currencies[number], *sheets)


def _sheet(sums: pa.Table, what: int) -> list[list[int]]:
    """The cells of a sheet, class by class."""
    found: list[list[int]] = [[] for _ in AssetClass]
    for row in sums.filter(pc.equal(sums["what"], what)).to_pylist():
        found[row["row"]].append(row["balance"])
    return found
