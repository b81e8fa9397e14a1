"""The only reader of the ledger; what a person may not see is not read."""

from daihou.rooms.ledger.queries.book import sources
from daihou.rooms.ledger.queries.costs import costs_of_years
from daihou.rooms.ledger.queries.customer import CustomerPage, customer_page
from daihou.rooms.ledger.queries.facts import (
    LoanFacts,
    facts_mark,
    facts_of,
    facts_of_row,
    facts_of_rows,
    load_loan,
    stands_on,
)
from daihou.rooms.ledger.queries.lines import (
    Found,
    LoanLine,
    choices,
    is_empty,
    lines_of,
    loan_id_of,
    payment_id_of,
    search,
)
from daihou.rooms.ledger.queries.page import (
    LoanPage,
    LoanTermsLine,
    loan_now,
    loan_page,
    loan_page_now,
    preview_payment,
)
from daihou.rooms.ledger.queries.register import register
from daihou.rooms.ledger.queries.searching import Group, Hit, find

__all__ = [
    "CustomerPage",
    "Found",
    "Group",
    "Hit",
    "LoanFacts",
    "LoanLine",
    "LoanPage",
    "LoanTermsLine",
    "choices",
    "costs_of_years",
    "customer_page",
    "facts_mark",
    "facts_of",
    "facts_of_row",
    "facts_of_rows",
    "find",
    "is_empty",
    "lines_of",
    "load_loan",
    "loan_id_of",
    "loan_now",
    "loan_page",
    "loan_page_now",
    "payment_id_of",
    "preview_payment",
    "register",
    "search",
    "sources",
    "stands_on",
]
