"""Facts of every customer for the strategies: positions, classes, register, casework."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import adbc_driver_postgresql.dbapi as adbc
import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from daihou.columnar.strategy.columns import Coded
from daihou.columnar.strategy.facts import Casework, Loans
from daihou.engine.strategy.figures import CURRENCY
from daihou.engine.strategy.inputs import PLANS, PROMISES
from daihou.nightly.stores.columns import days_of, words_of
from daihou.nightly.stores.facts import REGISTER_VERSION_SQL

Connection = psycopg.Connection[Any]
Array = np.ndarray[Any, Any]
POSITION_COLUMNS: Final = (
    *("loan_id", "dpd", "overdue_total", "outstanding_total", "outstanding_principal"),
    *("next_due_on", "next_due_amount", "times_late", "worst_dpd", "late_instalments"),
    "status",
)
_REGISTER_SQL: Final = """
select l.id as loan_id, l.customer_id, l.product, l.branch, l.currency,
       c.kind = 'person' as is_person
from ledger_loan l join ledger_customer c on c.id = l.customer_id
"""
_CASES_SQL: Final = """
select customer_id, promise_state, broken_promises, last_contact_on, held, plan_state
from casework_facts
"""


@dataclass(frozen=True, slots=True)
class Register:
    """What does not change from day to day, by loan; sorted by `loan_id`."""

    loan_id: Array
    customer_id: Array
    is_counted: Array
    is_person: Array
    product: Coded
    branch: Coded

    def take(self, loan_id: Array) -> "Register":
        """The rows of these loans, every one of which is here."""
        places = np.searchsorted(self.loan_id, loan_id)
        assert (self.loan_id[places] == loan_id).all()
        return Register(
            self.loan_id[places],
            self.customer_id[places],
            self.is_counted[places],
            self.is_person[places],
            self.product.take(places),
            self.branch.take(places),
        )


@dataclass(slots=True)
class RegisterStore:
    """Every loan, kept in this process for as long as no row changes."""

    url: str
    _held: Register | None = None
    _version: list[tuple[Any, ...]] = field(default_factory=list)

    def current(self, connection: Connection) -> Register:
        """Every loan there is; looked at before it is read, so never too new."""
        version = connection.execute(REGISTER_VERSION_SQL).fetchall()
        if self._held is None or version != self._version:
            self._held, self._version = None, version  # make room first
            self._held = self._read()
        return self._held

    def _read(self) -> Register:
        with adbc.connect(self.url) as link, link.cursor() as cursor:
            cursor.execute(_REGISTER_SQL + " order by l.id")
            return register_of(cursor.fetch_arrow_table())


def register_of(table: pa.Table) -> Register:
    """The register out of the columns of the statement."""
    return Register(
        loan_id=table["loan_id"].to_numpy(),
        customer_id=table["customer_id"].to_numpy(),
        is_counted=pc.equal(table["currency"], CURRENCY).to_numpy(),
        is_person=table["is_person"].to_numpy(),
        product=words_of(table["product"]),
        branch=words_of(table["branch"]),
    )


def read_customer(connection: Connection, customer_id: int) -> Register:
    """The loans of one customer."""
    rows = connection.execute(
        f"{_REGISTER_SQL} where l.customer_id = %s order by l.id", (customer_id,)
    ).fetchall()
    names = ("loan_id", "customer_id", "product", "branch", "currency", "is_person")
    kinds = (pa.int64(), pa.int64(), *[pa.string()] * 3, pa.bool_())
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    made = {
        name: pa.chunked_array([pa.array(column, kind)])
        for name, column, kind in zip(names, columns, kinds, strict=True)
    }
    return register_of(pa.table(made))


def known_words(column: pa.ChunkedArray, words: Sequence[str]) -> Coded:
    """A column of codes among `words`; the first of them for any other."""
    found = pc.index_in(column.cast(pa.string()), value_set=pa.array(words))
    return Coded(tuple(words), pc.fill_null(found, 0).to_numpy())


def open_loans(
    positions: pa.Table, register: Register, classes: pa.Table | None
) -> Loans:
    """The open loans of a closed day, with the class each had (normal: none known)."""
    day = positions.filter(pc.equal(positions["status"], "active"))
    loan_id = day["loan_id"].to_numpy()
    own = register.take(loan_id)
    asset_class = np.zeros(len(loan_id), np.int64)
    if classes is not None and classes.num_rows:
        known = classes["loan_id"].to_numpy()
        place = np.minimum(np.searchsorted(known, loan_id), len(known) - 1)
        here = known[place] == loan_id
        asset_class[here] = classes["asset_class"].to_numpy()[place[here]]
    plain = {
        name: day[name].to_numpy()
        for name in POSITION_COLUMNS
        if name not in ("loan_id", "status", "next_due_on")
    }
    return Loans(
        loan_id=loan_id,
        customer_id=own.customer_id,
        is_counted=own.is_counted,
        is_person=own.is_person,
        product=own.product,
        branch=own.branch,
        asset_class=asset_class,
        next_due_on=days_of(day["next_due_on"]),
        **plain,
    )


def casework(
    connection: Connection, url: str, *, customer_id: int | None = None
) -> Casework:
    """What is known of customers with a case, now; nothing before there is casework."""
    row = connection.execute("select to_regclass('casework_facts')").fetchone()
    if row is None or row[0] is None:
        return Casework.none()
    where = "" if customer_id is None else f" where customer_id = {int(customer_id)}"
    with adbc.connect(url) as link, link.cursor() as cursor:
        cursor.execute(f"{_CASES_SQL}{where} order by customer_id")
        table = cursor.fetch_arrow_table()
    return Casework(
        customer_id=table["customer_id"].to_numpy(),
        promise_state=known_words(table["promise_state"], PROMISES),
        broken_promises=table["broken_promises"].to_numpy(),
        last_contact_on=days_of(table["last_contact_on"]),
        held=table["held"].to_numpy(),
        plan_state=known_words(table["plan_state"], PLANS),
    )
