"""What other rooms, the town and the edge may use of the ledger."""

from daihou.engine.ledger.values import Row
from daihou.kit.refusal import NotFound
from daihou.rooms.ledger.actions.charges import Charged, record_charge
from daihou.rooms.ledger.actions.payments import (
    Deed,
    PaymentConflict,
    Posted,
    post_payment,
)
from daihou.rooms.ledger.actions.reversals import reverse_payment
from daihou.rooms.ledger.actions.schedules import Extended, extend
from daihou.rooms.ledger.actions.staging import Taken
from daihou.rooms.ledger.actions.takein import hold_intake, looked_up_in, take_in
from daihou.rooms.ledger.actions.takein_rows import Counts, Done
from daihou.rooms.ledger.known import (
    KnownLoan,
    KnownPayment,
    known_customers,
    known_loans,
    known_payments,
    schedules_of,
)
from daihou.rooms.ledger.pages.words import list_words
from daihou.rooms.ledger.queries import (
    LoanLine,
    LoanPage,
    choices,
    cost_of_year,
    currencies,
    customer_page,
    facts_mark,
    is_empty,
    lines_of,
    load_loan,
    loan_id_of,
    loan_ids_in,
    loan_page,
    payment_id_of,
    preview_payment,
    search,
    sources,
)

__all__ = [
    "Charged",
    "Counts",
    "Deed",
    "Done",
    "Extended",
    "KnownLoan",
    "KnownPayment",
    "LoanLine",
    "LoanPage",
    "NotFound",
    "PaymentConflict",
    "Posted",
    "Row",
    "Taken",
    "choices",
    "cost_of_year",
    "currencies",
    "customer_page",
    "extend",
    "facts_mark",
    "hold_intake",
    "is_empty",
    "known_customers",
    "known_loans",
    "known_payments",
    "lines_of",
    "list_words",
    "load_loan",
    "loan_id_of",
    "loan_ids_in",
    "loan_page",
    "looked_up_in",
    "payment_id_of",
    "post_payment",
    "preview_payment",
    "record_charge",
    "reverse_payment",
    "schedules_of",
    "search",
    "sources",
    "take_in",
]
