"""Reading loans, one or some: facts, pages, lines of lists, search."""

from daihou.rooms.ledger.pages.words import list_words, status_word
from daihou.rooms.ledger.queries import (
    LoanLine,
    LoanPage,
    choices,
    customer_page,
    lines_of,
    load_loan,
    loan_id_of,
    loan_page,
    payment_id_of,
    preview_payment,
    search,
)
from daihou.rooms.ledger.queries.claims import (
    Claim,
    Guarantor,
    Paid,
    claims_of,
    guarantors_of,
)
from daihou.rooms.ledger.queries.owed import (
    Owed,
    OwedNow,
    Who,
    names_of,
    owed_by,
    owed_now,
    owed_on,
    who_is,
    worst_months,
)
from daihou.rooms.ledger.queries.owed_then import owed_then

__all__ = [
    "Claim",
    "Guarantor",
    "LoanLine",
    "LoanPage",
    "Owed",
    "OwedNow",
    "Paid",
    "Who",
    "choices",
    "claims_of",
    "customer_page",
    "guarantors_of",
    "lines_of",
    "list_words",
    "load_loan",
    "loan_id_of",
    "loan_page",
    "names_of",
    "owed_by",
    "owed_now",
    "owed_on",
    "owed_then",
    "payment_id_of",
    "preview_payment",
    "search",
    "status_word",
    "who_is",
    "worst_months",
]
