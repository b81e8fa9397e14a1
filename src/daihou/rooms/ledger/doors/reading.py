"""Reading loans, one or some: facts, pages, lines of lists, search."""

from daihou.rooms.ledger.pages.words import list_words
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

__all__ = [
    "LoanLine",
    "LoanPage",
    "choices",
    "customer_page",
    "lines_of",
    "list_words",
    "load_loan",
    "loan_id_of",
    "loan_page",
    "payment_id_of",
    "preview_payment",
    "search",
]
