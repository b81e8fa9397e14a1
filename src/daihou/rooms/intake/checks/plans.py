"""Loans sent again with other terms, but without the schedule that follows from them."""

from collections.abc import Mapping, Sequence

import numpy as np

from daihou.rooms.intake.checks.payments import major
from daihou.rooms.intake.checks.products import is_own, known_products
from daihou.rooms.intake.checks.schedules import (
    NOT_GENERATED,
    TERMS,
    principal_in_force,
    terms_key,
)
from daihou.rooms.intake.checks.typed import Typed, digits_of
from daihou.rooms.intake.findings import Found
from daihou.rooms.ledger import door as ledger

_Loan = Mapping[str, object]


def left_behind(
    loans: Typed,
    kept: Mapping[str, ledger.taking_in.KnownLoan],
    *,
    with_rows: set[str],
    source: str,
) -> list[Found]:
    """Loans whose schedule we keep no longer fits what is sent.

    A schedule made from the terms is made anew. One that was sent, or replaced here,
    stays; so a principal it does not add up to is refused, and so are other terms of
    a loan whose first plan was made from them and has been replaced since.
    """
    if not kept:
        return []
    faults: dict[tuple[str, str], tuple[list[int], list[str]]] = {}
    sent = loans.data.select(TERMS).to_pylist()
    stays = {
        place: kept[loan["loan_id"]]
        for place, loan in enumerate(sent)
        if loan["loan_id"] in kept
        and loan["loan_id"] not in with_rows
        and not _made_anew(loan, kept[loan["loan_id"]])
    }
    sums = _sums(sent, stays, source=source)
    for place, before in stays.items():
        loan = sent[place]
        wanted = sums.get(place, loan["principal"])
        if wanted != loan["principal"]:
            digits = int(digits_of(loans.column("currency"))[place])
            key = ("principal_without_schedule", "principal")
            _note(faults, key, place, major(wanted, digits))
        elif before.has_sent_rows and before.terms not in ((), terms_key(loan)):
            _note(faults, ("terms_without_schedule", "method"), place, "")
    return [
        Found(
            code,
            table="loans",
            column=column,
            rows=np.array(rows, dtype=np.int64),
            right=right,
        )
        for (code, column), (rows, right) in faults.items()
    ]


def _note(
    faults: dict[tuple[str, str], tuple[list[int], list[str]]],
    key: tuple[str, str],
    place: int,
    right: str,
) -> None:
    rows, rights = faults.setdefault(key, ([], []))
    rows.append(place)
    rights.append(right)


def _made_anew(loan: _Loan, before: ledger.taking_in.KnownLoan) -> bool:
    product = str(loan["product"])
    return (
        product in known_products()
        and is_own(product)
        and not before.has_sent_rows
        and loan["method"] not in NOT_GENERATED
    )


def _sums(
    sent: Sequence[_Loan],
    stays: Mapping[int, ledger.taking_in.KnownLoan],
    *,
    source: str,
) -> dict[int, int]:
    """By row, the principal of the schedule we keep, where the loan's is another."""
    moved = {
        place: before
        for place, before in stays.items()
        if sent[place]["principal"] not in (None, before.principal)
        and sent[place]["method"] != "statement"
    }
    names = [before.external_id for before in moved.values()]
    laid = ledger.taking_in.schedules_of(source=source, loan_ids=names)
    return {
        place: principal_in_force(laid[before.external_id])
        for place, before in moved.items()
        if before.external_id in laid
    }
