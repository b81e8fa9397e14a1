"""Schedules: due dates in order, principal adds up, generated where none was sent."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.engine.basics.errors import UserError
from daihou.engine.ledger.schedule import schedule
from daihou.engine.ledger.values import LoanTerms
from daihou.rooms.intake.checks.book import Book
from daihou.rooms.intake.checks.payments import major
from daihou.rooms.intake.checks.products import is_own, known_products, terms_of
from daihou.rooms.intake.checks.rows import iso
from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found, Rows
from daihou.rooms.ledger import door as ledger

# What is due each time depends on use, or was agreed row by row.
ROWS_NEEDED = frozenset({"custom"})
NOT_GENERATED = frozenset({"custom", "statement"})


class Groups:
    """Instalment rows ordered by loan, version and seq, and where a group begins."""

    def __init__(self, one: Typed, places: Rows) -> None:
        self.version = one.numbers("version", empty=1)
        self.seq = one.numbers("seq")
        self.order = np.lexsort((self.seq, self.version, places))
        loan, version = places[self.order], self.version[self.order]
        same = np.zeros(len(loan), dtype=np.bool_)
        same[1:] = (loan[1:] == loan[:-1]) & (version[1:] == version[:-1])
        self.same = same
        self.begins = np.flatnonzero(~same)
        self.number = np.cumsum(~same) - 1
        self.loan = loan[self.begins]
        self.group_version = version[self.begins]

    def rows(self, groups: npt.NDArray[np.bool_]) -> Rows:
        """The rows of the chosen groups."""
        return np.sort(self.order[groups[self.number]])


def due_order(one: Typed, groups: Groups) -> list[Found]:
    """A due date before that of the instalment before."""
    due = one.numbers("due_on")[groups.order]
    has = one.present("due_on")[groups.order]
    wrong = groups.same.copy()
    wrong[1:] &= (due[1:] < due[:-1]) & has[1:] & has[:-1]
    at = np.flatnonzero(wrong)
    if not len(at):
        return []
    right = [iso(due[i - 1]) for i in at]
    rows = groups.order[at]
    return [
        Found("due_order", table="instalments", column="due_on", rows=rows, right=right)
    ]


def paid(one: Typed, book: Book, places: Rows) -> list[Found]:
    """Paid columns: never more than was due, and only where a core system reports."""
    if not len(one.data):
        return []
    found = []
    own = (places >= 0) & (book.is_own[places] if len(book.is_own) else False)
    used = np.zeros(len(one.data), dtype=np.bool_)
    for name in ("principal", "interest", "fee"):
        due, back = one.numbers(name), one.numbers(f"paid_{name}")
        used |= back > 0
        rows = np.flatnonzero((back > due) & ~own & one.present(f"paid_{name}"))
        if len(rows):
            right = [
                major(int(due[row]), int(book.digits[places[row]])) for row in rows
            ]
            column = f"paid_{name}"
            found.append(
                Found(
                    "overpaid", table=one.table, column=column, rows=rows, right=right
                )
            )
    rows = np.flatnonzero(used & own)
    if len(rows):
        column = "paid_principal"
        found.append(Found("paid_not_used", table=one.table, column=column, rows=rows))
    return found


def principal_sums(
    one: Typed, book: Book, places: Rows, groups: Groups, *, source: str
) -> list[Found]:
    """Schedules whose principal does not make the loan's principal.

    A version that stands for itself is added up at once; one that replaces or
    completes rows sent before is laid over the ledger's first.
    """
    if not len(one.data) or not len(book.principal):
        return []
    sums = np.add.reduceat(one.numbers("principal")[groups.order], groups.begins)
    known = groups.loan >= 0
    principal = np.where(known, book.principal[groups.loan], -1)
    statement = np.asarray(pc.equal(book.method, "statement").fill_null(False))  # noqa: FBT003
    judged = known & (principal >= 0) & ~statement[groups.loan]
    suspects = np.unique(groups.loan[judged & (sums != principal)])
    if not len(suspects):
        return []
    names = book.ids.take(pa.array(suspects)).to_pylist()
    laid = ledger.taking_in.schedules_of(source=source, loan_ids=names)
    found = []
    for place, name in zip(suspects, names, strict=True):
        wanted = int(book.principal[place])
        mine = groups.loan == place
        total = _laid_over(laid.get(name, {}), one, groups, mine)
        if total != wanted:
            digits = int(book.digits[place])
            params = {"total": major(total, digits), "value": name}
            found.append((groups.rows(mine), major(wanted, digits), params))
    return [
        Found(
            "principal_sum",
            table="instalments",
            column="principal",
            rows=rows,
            right=[right] * len(rows),
            params=params,
        )
        for rows, right, params in found
    ]


def _laid_over(
    before: Mapping[int, Mapping[int, int]],
    one: Typed,
    groups: Groups,
    mine: npt.NDArray[np.bool_],
) -> int:
    """The sum of principal in force once the sent versions are laid over the kept."""
    versions = {version: dict(rows) for version, rows in before.items()}
    rows = groups.rows(mine)
    principal = one.numbers("principal")[rows]
    if groups.version[rows].min() == 1:
        versions.pop(0, None)  # a first version that is sent replaces a generated one
    for version, seq, amount in zip(
        groups.version[rows], groups.seq[rows], principal, strict=True
    ):
        versions.setdefault(int(version), {})[int(seq)] = int(amount)
    return principal_in_force(versions)


def principal_in_force(versions: Mapping[int, Mapping[int, int]]) -> int:
    """The principal of a schedule whose versions (0: generated) are laid over it."""
    force: dict[int, int] = {}
    for _, sent in sorted(versions.items()):
        first = min(sent)
        force = {seq: amount for seq, amount in force.items() if seq < first}
        force.update(sent)
    return sum(force.values())


def incomplete(one: Typed, groups: Groups, bad: npt.NDArray[np.bool_]) -> list[Found]:
    """Good rows of a schedule that has a bad one: a schedule is taken whole."""
    if not bad.any():
        return []
    hit = np.zeros(len(groups.begins), dtype=np.bool_)
    np.logical_or.at(hit, groups.number, bad[groups.order])
    rows = groups.rows(hit)
    rows = rows[~bad[rows]]
    if not len(rows):
        return []
    return [Found("schedule_incomplete", table=one.table, column="seq", rows=rows)]


def generated(
    loans: Typed,
    *,
    bad: npt.NDArray[np.bool_],
    with_rows: set[str],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
) -> tuple[pa.Table, list[Found]]:
    """Schedules of own loans that came without rows, from their terms.

    A loan whose terms are those we keep is left alone; so is one whose schedule
    was sent to us before, and one with an error (`bad`).
    """
    rows: list[tuple[Any, ...]] = []
    faults: list[Found] = []
    for place, loan in enumerate(loans.data.select(TERMS).to_pylist()):
        name, before = loan["loan_id"], kept.get(loan["loan_id"])
        if bad[place] or name in with_rows or None in _required(loan):
            continue
        if loan["product"] not in known_products() or not is_own(loan["product"]):
            continue
        if before and (before.has_sent_rows or before.terms == terms_key(loan)):
            continue
        if loan["method"] in NOT_GENERATED:
            if loan["method"] in ROWS_NEEDED:
                faults.append(_fault("schedule_needed", place, loan["method"]))
            continue
        try:
            for row in schedule(_terms(loan)):
                rows.append((name, row.seq, row.due_on, row.principal, row.interest))
        except UserError as error:
            faults.append(_fault("terms", place, error))
    return _table(rows), faults


def _required(loan: Mapping[str, Any]) -> Iterable[Any]:
    return (value for key, value in loan.items() if key != "instalment_amount")


TERMS = [
    "loan_id", "product", "currency", "principal", "annual_rate", "method", "periods",
    "period_unit", "disbursed_on", "first_due_on", "instalment_amount",
]  # fmt: skip


def terms_key(loan: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a generated schedule follows from; equal keys, equal schedules."""
    return tuple(loan[name] for name in TERMS[1:])


def _terms(loan: Mapping[str, Any]) -> LoanTerms:
    begin: date = loan["disbursed_on"]
    day_count, rounding = terms_of(loan["product"], on=begin)
    return LoanTerms(
        currency=loan["currency"],
        principal_minor=loan["principal"],
        annual_rate=loan["annual_rate"],
        method=loan["method"],
        periods=loan["periods"],
        period_unit=loan["period_unit"],
        disbursed_on=begin,
        first_due_on=loan["first_due_on"],
        day_count=day_count,
        rounding=rounding,
        instalment_minor=loan["instalment_amount"],
    )


def _fault(code: str, place: int, detail: object) -> Found:
    rows = np.array([place], dtype=np.int64)
    params = {"detail": detail, "value": detail}
    return Found(code, table="loans", column="method", rows=rows, params=params)


def _table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns: list[Any] = list(zip(*rows, strict=True)) or [[], [], [], [], []]
    kinds = [pa.string(), pa.int64(), pa.date32(), pa.int64(), pa.int64()]
    names = ["loan_id", "seq", "due_on", "principal", "interest"]
    arrays = [pa.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def no_schedules() -> pa.Table:
    """An empty table of generated instalments."""
    return _table([])


def without_rows(
    loans: Typed,
    one: Typed,
    bad: npt.NDArray[np.bool_],
    kept: Mapping[str, ledger.taking_in.KnownLoan],
) -> list[Found]:
    """New loans whose sent schedule is left out: they wait for it."""
    if not bad.any():
        return []
    out = set(one.column("loan_id").filter(pa.array(bad)).to_pylist()) - set(kept)
    names = pa.array(sorted(name for name in out if name), pa.string())
    rows = np.flatnonzero(pc.is_in(loans.column("loan_id"), value_set=names))
    if not len(rows):
        return []
    return [Found("schedule_incomplete", table="loans", column="loan_id", rows=rows)]
