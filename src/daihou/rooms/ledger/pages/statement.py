"""The statement of a customer in words: loans, what was paid, sums by currency."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.translation import pgettext

from daihou.kit.scope import Scope
from daihou.rooms.ledger.pages.words import channel_word, list_words, status_word
from daihou.rooms.ledger.queries.statement import (
    Statement,
    StatementLoan,
    StatementPayment,
    statement,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """All of one currency: what is overdue, owed altogether, and was paid."""

    currency: str
    overdue: int
    outstanding: int
    paid: int


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """Everything on the paper."""

    paper: Statement
    loans: Sequence[tuple[StatementLoan, str, str]]
    payments: Sequence[tuple[StatementPayment, str, str]]
    sums: Sequence[Sum]
    as_of: date
    several: bool


def statement_sheet(
    customer_id: int, *, query: Mapping[str, str], scope: Scope, on: date
) -> StatementSheet:
    """The paper of the year so far, unless the address names other days."""
    until = min(_day(query.get("until", "")) or on, on)
    since = _day(query.get("since", "")) or until.replace(month=1, day=1)
    paper = statement(customer_id, since=min(since, until), until=until, scope=scope)
    words = list_words()
    codes = sorted({loan.currency for loan in paper.loans})
    return StatementSheet(
        paper=paper,
        loans=[
            (loan, words.product(loan.product), status_word(loan.status))
            for loan in paper.loans
        ],
        payments=[
            (paid, _kind(paid.kind), channel_word(paid.channel))
            for paid in paper.payments
        ],
        sums=[_sum(paper, code) for code in codes],
        as_of=on,
        several=len(codes) > 1,
    )


def _sum(paper: Statement, currency: str) -> Sum:
    loans = [loan for loan in paper.loans if loan.currency == currency]
    return Sum(
        currency=currency,
        overdue=sum(loan.overdue_total for loan in loans),
        outstanding=sum(loan.outstanding_total for loan in loans),
        paid=sum(paid.amount for paid in paper.payments if paid.currency == currency),
    )


def _kind(kind: str) -> str:
    words = {
        "payment": pgettext("payment", "Payment"),
        "recovery": pgettext("payment", "Recovery after write-off"),
        "refund": pgettext("payment", "Refund"),
        "chargeback": pgettext("payment", "Chargeback"),
        "reversal": pgettext("payment", "Reversal"),
    }
    return words.get(kind, kind)


def _day(text: str) -> date | None:
    try:
        found = parse_date(text)
    except ValueError:  # written like a date, but there is no such day
        return None
    return found if found and 1900 < found.year < 9000 else None
