"""Checks within one row or one table: repeated ids, dates in order, documents."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.engine.basics.money import DIGITS
from daihou.rooms.intake.checks import persons
from daihou.rooms.intake.checks.book import NO_DATE, Book
from daihou.rooms.intake.checks.products import known_products
from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found
from daihou.rooms.ledger import door as ledger
from daihou.tables.intake import KEYS

_EPOCH = date(1970, 1, 1)
# table -> (earlier, later) columns of one row
_ORDER: Mapping[str, tuple[tuple[str, str], ...]] = {
    "loans": (
        ("disbursed_on", "first_due_on"),
        ("first_due_on", "maturity_on"),
        ("disbursed_on", "closed_on"),
    ),
    "consents": (("given_at", "withdrawn_at"),),
    "person_flags": (("from_on", "until_on"),),
    "costs": (("period_start", "period_end"),),
}
# table -> column that may not lie before the loan was paid out
_AFTER_DISBURSEMENT: Mapping[str, str] = {
    "instalments": "due_on",
    "payments": "paid_on",
    "charges": "due_on",
}
_MONEY_CAME: Mapping[str, str] = {"payments": "paid_on", "receipts": "received_on"}


def iso(days: int) -> str:
    """Days since 1970 as an ISO date."""
    return (_EPOCH + timedelta(days=int(days))).isoformat()


def duplicates(one: Typed) -> list[Found]:
    """Rows whose key appears more than once in what was sent."""
    keys = KEYS[one.table]
    texts = [pc.fill_null(one.column(key).cast(pa.string()), "") for key in keys]
    if one.table == "instalments":
        version = pc.fill_null(one.column("version"), 1).cast(pa.string())
        texts[keys.index("version")] = version
    joined = (
        texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, "\x1f")
    )
    codes = joined.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    counts = np.bincount(codes) if len(codes) else np.zeros(0, dtype=np.int64)
    repeated = counts[codes] > 1 if len(codes) else np.zeros(0, dtype=np.bool_)
    for key in keys[:1]:
        repeated &= one.present(key)
    rows = np.flatnonzero(repeated)
    name = ", ".join(keys)
    if not len(rows):
        return []
    params = {"column": name}
    return [
        Found("duplicate", table=one.table, column=keys[0], rows=rows, params=params)
    ]


def date_order(one: Typed) -> list[Found]:
    """A later date that lies before the earlier one."""
    found = []
    for earlier, later in _ORDER.get(one.table, ()):
        wrong = pc.less(one.column(later), one.column(earlier))
        rows = np.flatnonzero(pc.fill_null(wrong, fill_value=False))
        if len(rows):
            right = [
                str(v) for v in one.column(earlier).take(pa.array(rows)).to_pylist()
            ]
            found.append(_order(one.table, later, earlier, rows, right))
    return found


def _order(
    table: str,
    column: str,
    other: str,
    rows: npt.NDArray[np.int64],
    right: list[str],
) -> Found:
    return Found(
        "dates_out_of_order",
        table=table,
        column=column,
        rows=rows,
        right=right,
        params={"column": column, "other": other},
    )


def after_disbursement(
    one: Typed, book: Book, places: npt.NDArray[np.int64]
) -> list[Found]:
    """Something due or paid before the loan was paid out."""
    column = _AFTER_DISBURSEMENT.get(one.table)
    if column is None or not len(book.disbursed_on):
        return []
    days = one.numbers(column, empty=10**6)
    begin = np.where(places >= 0, book.disbursed_on[places], NO_DATE)
    rows = np.flatnonzero(days < begin)
    if not len(rows):
        return []
    right = [iso(begin[row]) for row in rows]
    return [_order(one.table, column, "disbursed_on", rows, right)]


def future(one: Typed, *, business_date: date | None) -> list[Found]:
    """Money dated after the business date: a warning."""
    column = _MONEY_CAME.get(one.table)
    if column is None or business_date is None:
        return []
    late = pc.greater(one.column(column), pa.scalar(business_date, pa.date32()))
    rows = np.flatnonzero(pc.fill_null(late, fill_value=False))
    params = {"column": column, "right": business_date.isoformat()}
    found = Found("in_the_future", table=one.table, column=column, rows=rows)
    return [Found(**{**vars(found), "params": params})] if len(rows) else []


def written_off(one: Typed, *, business_date: date | None) -> list[Found]:
    """A write-off without its day: a warning that says which day is taken."""
    if one.table != "loans" or business_date is None:
        return []
    lost = pc.equal(one.column("status"), "written_off")
    nameless = pc.and_(lost, pc.is_null(one.column("closed_on")))
    rows = np.flatnonzero(pc.fill_null(nameless, fill_value=False))
    if not len(rows):
        return []
    params = {"right": business_date.isoformat()}
    return [
        Found(
            "no_write_off_day",
            table=one.table,
            column="closed_on",
            rows=rows,
            params=params,
        )
    ]


def documents(one: Typed) -> list[Found]:
    """Document numbers of customers: check digits, regions, dates of birth."""
    kinds = one.column("kind").to_pylist()
    types = one.column("id_type").to_pylist()
    numbers = one.column("id_no").to_pylist()
    births = one.column("birth_on").to_pylist()
    faults: dict[tuple[str, str], tuple[list[int], list[str]]] = {}
    for row, number in enumerate(numbers):
        if not number:
            continue
        wrong = persons.judge(kinds[row] or "", types[row] or "", number)
        if wrong:
            _note(faults, wrong[0], "id_no", row, wrong[1])
        if births[row] and len(number) == 18 and number[:17].isdigit():
            inside = persons.born(number)
            if kinds[row] == "person" and inside and inside != births[row]:
                _note(faults, "birth_differs", "birth_on", row, inside.isoformat())
    return [
        Found(
            code,
            table=one.table,
            column=column,
            rows=np.array(rows, dtype=np.int64),
            right=right,
        )
        for (code, column), (rows, right) in faults.items()
    ]


def _note(
    faults: dict[tuple[str, str], tuple[list[int], list[str]]],
    code: str,
    column: str,
    row: int,
    right: str,
) -> None:
    rows, rights = faults.setdefault((code, column), ([], []))
    rows.append(row)
    rights.append(right)


def loans(one: Typed, kept: Mapping[str, ledger.taking_in.KnownLoan]) -> list[Found]:
    """Product and currency known, and the currency the one it always was."""
    found = not_among(one, "product", "unknown_product", sorted(known_products()))
    found += not_among(one, "currency", "unknown_currency", sorted(DIGITS))
    if not kept:
        return found
    before = pa.array([k.currency for k in kept.values()], pa.string())
    places = pc.index_in(one.column("loan_id"), value_set=pa.array(list(kept)))
    was = before.take(places)
    changed = pc.fill_null(pc.not_equal(one.column("currency"), was), fill_value=False)
    rows = np.flatnonzero(changed)
    if len(rows):
        right = was.take(pa.array(rows)).to_pylist()
        found.append(
            Found(
                "currency_change",
                table="loans",
                column="currency",
                rows=rows,
                right=right,
            )
        )
    return found


def not_among(one: Typed, column: str, code: str, known: list[str]) -> list[Found]:
    """Values of a column that are none of those known."""
    values = one.column(column)
    among = pc.is_in(values, value_set=pa.array(known, pa.string()))
    rows = np.flatnonzero(pc.and_(pc.is_valid(values), pc.invert(among)))
    if not len(rows):
        return []
    params = {"known": ", ".join(known)}
    return [Found(code, table=one.table, column=column, rows=rows, params=params)]
