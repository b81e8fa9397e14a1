"""All checks in order, from text tables to the rows that may be taken in."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.checks import (
    acts,
    attributes,
    book,
    payments,
    plans,
    receipts,
    rows,
    schedules,
    typed,
)
from daihou.rooms.intake.checks.attributes import Attribute
from daihou.rooms.intake.checks.combined import Combined
from daihou.rooms.intake.checks.typed import HOUSE_CURRENCY, Typed, digits_of
from daihou.rooms.intake.findings import Found, bad_rows
from daihou.rooms.ledger import door as ledger

_Bad = dict[str, npt.NDArray[np.bool_]]


@dataclass(frozen=True)
class Checked:
    """Typed tables as sent, what is wrong with them, and the schedules to add."""

    tables: Mapping[str, Typed]
    found: Sequence[Found]
    schedules: pa.Table
    attributes: Sequence[Attribute]

    def bad(self, table: str) -> npt.NDArray[np.bool_]:
        """Which rows of a table have an error."""
        return bad_rows(self.found, table=table, size=len(self.tables[table].data))

    def good(self) -> dict[str, Typed]:
        """The rows without an error."""
        return {
            name: attributes.rows_without(one, self.bad(name))
            for name, one in self.tables.items()
        }


@dataclass(frozen=True)
class Question:
    """What a check depends on beside the files."""

    source: str
    business_date: date | None
    zone: ZoneInfo
    attributes: Mapping[tuple[str, str], tuple[str, bool]]
    only_good: bool = False
    refers_to: str = ""

    def source_of(self, name: str, tables: Container[str]) -> str:
        """The source whose `name` (loans, customers) the rows mean."""
        return ledger.taking_in.looked_up_in(
            name, tables, source=self.source, refers_to=self.refers_to
        )


def check(
    tables: Mapping[str, Combined],
    ask: Question,
    *,
    before: Sequence[Found],
    say: Callable[[str], None],
) -> Checked:
    """Read and judge every table; must run while no other intake does.

    `before` is what was found when the files were read; it is part of the answer.
    """
    found: list[Found] = list(before)
    read: dict[str, Typed] = {}
    fields: list[Attribute] = []
    kept: dict[str, ledger.taking_in.KnownLoan] = {}
    if "loans" in tables:
        loans = tables["loans"]
        _read(loans, digits_of(loans.text("currency")), ask, read, fields, found)
    ids = _loan_ids(tables)
    loans_of = ask.source_of("loans", tables)
    kept = ledger.taking_in.known_loans(source=loans_of, ids=ids)
    known_book = book.loans_book(read.get("loans"), kept)
    places: dict[str, npt.NDArray[np.int64]] = {}
    for name, one in tables.items():
        say(f"check {name}")
        if name == "loans":
            continue
        digits: npt.NDArray[np.int64] | int = 2
        if name == "receipts":
            digits = digits_of(one.text("currency"))
        elif name not in {"customers", "statements", "transactions", "costs"}:
            places[name] = known_book.of(one.text("loan_id"))
            digits = _digits(known_book, places[name])
        _read(one, digits, ask, read, fields, found)
    ordered = {name: read[name] for name in tables}
    _each(ordered, kept, known_book, places, ask, found)
    found += _links(ordered, kept, ask)
    if "payments" in ordered:
        digits = _digits(known_book, places["payments"])
        found += _payments(ordered["payments"], digits, ask)
    groups = None
    if "instalments" in ordered:
        due, at = ordered["instalments"], places["instalments"]
        groups = schedules.Groups(due, at)
        found += schedules.due_order(due, groups)
        found += schedules.paid(due, known_book, at)
        found += schedules.principal_sums(due, known_book, at, groups, source=loans_of)
    made = _plans(ordered, kept, found, source=loans_of)
    if ask.only_good:
        _cascade(ordered, kept, groups, ask, found)
    checked = Checked(ordered, found, made, fields)
    return _without_refused(checked)


def _read(
    one: Combined,
    digits: npt.NDArray[np.int64] | int,
    ask: Question,
    read: dict[str, Typed],
    fields: list[Attribute],
    found: list[Found],
) -> None:
    table, faults = typed.read(one, digits=digits, zone=ask.zone)
    table, mine, notes = attributes.settle(one, table, ask.attributes)
    read[one.table] = table
    fields += mine
    found += faults
    found += notes
    read[one.table], named = acts.settle(one, table)
    found += named


def _loan_ids(tables: Mapping[str, Combined]) -> list[str]:
    arrays = [
        one.text("loan_id")
        for one in tables.values()
        if "loan_id" in one.data.column_names
    ]
    if not arrays:
        return []
    ids: list[str] = pc.drop_null(pc.unique(pa.chunked_array(arrays))).to_pylist()
    return ids


def _digits(known: book.Book, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    if not len(known.digits):
        house = digits_of(pa.array([HOUSE_CURRENCY]))
        return np.full(len(places), house[0], dtype=np.int64)
    return np.where(places >= 0, known.digits[places], 2)


def _each(
    tables: Mapping[str, Typed],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
    known: book.Book,
    places: Mapping[str, npt.NDArray[np.int64]],
    ask: Question,
    found: list[Found],
) -> None:
    for name, one in tables.items():
        found += rows.duplicates(one)
        found += rows.date_order(one)
        found += rows.future(one, business_date=ask.business_date)
        found += rows.written_off(one, business_date=ask.business_date)
        if name == "customers":
            found += rows.documents(one)
        if name == "loans":
            found += rows.loans(one, kept)
        if name == "receipts":
            found += receipts.judged(one, source=ask.source)
        if name in places:
            found += rows.after_disbursement(one, known, places[name])


def _links(
    tables: Mapping[str, Typed],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
    ask: Question,
) -> list[Found]:
    named = book.wanted(tables, "customers").to_pylist()
    source = ask.source_of("customers", tables)
    customers = ledger.taking_in.known_customers(source=source, ids=named)
    found = book.links(tables, name="customers", known=customers)
    return found + book.links(tables, name="loans", known=set(kept))


def _payments(one: Typed, digits: npt.NDArray[np.int64], ask: Question) -> list[Found]:
    ids = payments.reversal_ids(one)
    kept = ledger.taking_in.known_payments(source=ask.source, ids=ids)
    return payments.split(one, digits) + payments.reversals(one, kept, digits)


def _plans(
    tables: Mapping[str, Typed],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
    found: list[Found],
    *,
    source: str,
) -> pa.Table:
    """The schedules to generate; what stands in their way joins `found`."""
    if "loans" not in tables:
        return schedules.no_schedules()
    loans, with_rows = tables["loans"], _with_rows(tables)
    found += plans.left_behind(loans, kept, with_rows=with_rows, source=source)
    bad = bad_rows(found, table="loans", size=len(loans.data))
    made, faults = schedules.generated(loans, bad=bad, with_rows=with_rows, kept=kept)
    found += faults
    return made


def _with_rows(tables: Mapping[str, Typed]) -> set[str]:
    """The loans that came with instalment rows."""
    if "instalments" not in tables:
        return set()
    names = pc.drop_null(pc.unique(tables["instalments"].column("loan_id")))
    return set(names.to_pylist())


def _cascade(
    tables: Mapping[str, Typed],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
    groups: schedules.Groups | None,
    ask: Question,
    found: list[Found],
) -> None:
    """What must stay out because what it stands on does: again until nothing new."""

    def bad(name: str) -> npt.NDArray[np.bool_]:
        return bad_rows(found, table=name, size=len(tables[name].data))

    def add(more: Sequence[Found]) -> bool:
        """Only rows that are not out already; whether there were any."""
        fresh = [replace(o, rows=o.rows[~bad(o.table)[o.rows]]) for o in more]
        found.extend(one for one in fresh if len(one.rows))
        return any(len(one.rows) for one in fresh)

    known = {"loans": set(kept), "customers": _kept_customers(tables, ask)}
    moved = True
    while moved:
        moved = False
        for name in ("customers", "loans"):
            if name in tables:
                refused = book.newly_refused(tables[name], name, bad(name), known[name])
                moved |= add(book.refused_links(tables, name=name, refused=refused))
        if groups is not None:
            one = tables["instalments"]
            moved |= add(schedules.incomplete(one, groups, bad("instalments")))
            if "loans" in tables:
                loans, out = tables["loans"], bad("instalments")
                moved |= add(schedules.without_rows(loans, one, out, kept))
        if "payments" in tables:
            moved |= add(payments.refused(tables["payments"], bad("payments")))


def _kept_customers(tables: Mapping[str, Typed], ask: Question) -> set[str]:
    if "customers" not in tables:
        return set()
    ids = pc.drop_null(pc.unique(tables["customers"].column("customer_id")))
    return ledger.taking_in.known_customers(source=ask.source, ids=ids.to_pylist())


def _without_refused(checked: Checked) -> Checked:
    """Generated schedules of refused loans are left out with them."""
    if "loans" not in checked.tables or not len(checked.schedules):
        return checked
    bad = checked.bad("loans")
    if not bad.any():
        return checked
    out = checked.tables["loans"].column("loan_id").filter(pa.array(bad))
    keep = pc.invert(pc.is_in(checked.schedules.column("loan_id"), value_set=out))
    made = checked.schedules.filter(keep)
    return Checked(checked.tables, checked.found, made, checked.attributes)
