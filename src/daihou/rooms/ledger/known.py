"""What intake must know of the ledger before it takes rows in; set-based reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

GENERATED = "generated"  # Demand.source_ref of a schedule made from the terms


@dataclass(frozen=True, slots=True)
class KnownLoan:
    """A loan we keep, by its sender's id; amounts in minor units.

    `terms` is what its schedule follows from (see the columns of `known_loans`);
    `has_sent_rows` says that instalment rows were sent, or the plan was replaced
    here, so none are generated.
    """

    external_id: str
    currency: str
    principal: int
    disbursed_on: date
    method: str
    product: str
    terms: tuple[object, ...]
    has_sent_rows: bool


@dataclass(frozen=True, slots=True)
class KnownPayment:
    """A payment we keep: its loan's sender id, unsigned amount, and its reversal."""

    loan: str
    amount: int
    paid_on: date
    is_reversal: bool
    reversed_by: str


def known_customers(*, source: str, ids: Sequence[str]) -> set[str]:
    """Which of these customers the source has sent before."""
    if not ids:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id FROM ledger_customer WHERE source = %s"
            " AND external_id = ANY(%s)",
            [source, list(ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def known_loans(*, source: str, ids: Sequence[str]) -> dict[str, KnownLoan]:
    """The loans among these ids that we keep, by the sender's id."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT l.external_id, l.product, l.currency, l.principal, l.annual_rate,
                   l.method, l.periods, l.period_unit, l.disbursed_on, l.first_due_on,
                   l.instalment_amount,
                   coalesce(d.sent, false), coalesce(d.made, false)
            FROM ledger_loan l
            LEFT JOIN LATERAL (
                SELECT bool_or(source_ref <> %s) AS sent,
                       bool_or(source_ref = %s) AS made
                FROM ledger_demand WHERE loan_id = l.id AND kind = 'instalment'
            ) d ON true
            WHERE l.source = %s AND l.external_id = ANY(%s)
            """,
            [GENERATED, GENERATED, source, list(ids)],
        )
        return {row[0]: _loan(row) for row in cursor.fetchall()}


def _loan(row: Sequence[object]) -> KnownLoan:
    external_id, product, currency, principal, rate, method, *_ = row
    sent, made = row[-2:]
    terms = (product, currency, principal, Decimal(str(rate)), *row[5:11])
    return KnownLoan(
        external_id=str(external_id),
        currency=str(currency),
        principal=int(str(principal)),
        disbursed_on=row[8],  # type: ignore[arg-type]
        method=str(method),
        product=str(product),
        # Terms stand for a schedule that is there; without one it must be made.
        terms=terms if made else (),
        has_sent_rows=bool(sent),
    )


def known_payments(*, source: str, ids: Sequence[str]) -> dict[str, KnownPayment]:
    """The payments among these ids that we keep, by the sender's id."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT p.external_id, l.external_id, abs(p.amount), p.paid_on,
                   p.reversal_of_id IS NOT NULL, coalesce(r.external_id, '')
            FROM ledger_payment p
            JOIN ledger_loan l ON l.id = p.loan_id
            LEFT JOIN ledger_payment r ON r.reversal_of_id = p.id
            WHERE p.source = %s AND p.external_id = ANY(%s)
            """,
            [source, list(ids)],
        )
        return {row[0]: KnownPayment(*row[1:]) for row in cursor.fetchall()}


def claimed_receipts(
    *, source: str, ids: Sequence[str]
) -> dict[str, tuple[int, str, date]]:
    """The receipts among these that somebody claimed once: amount, currency, day."""
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.external_id, r.amount, r.currency, r.received_on
            FROM ledger_receipt r WHERE r.source = %s AND r.external_id = ANY(%s)
                 AND EXISTS (SELECT 1 FROM ledger_receipt_claim c
                             WHERE c.receipt_id = r.id)
            """,
            [source, list(ids)],
        )
        return {row[0]: (row[1], row[2], row[3]) for row in cursor.fetchall()}


def schedules_of(
    *, source: str, loan_ids: Sequence[str]
) -> Mapping[str, Mapping[int, Mapping[int, int]]]:
    """Principal by schedule version and seq of these loans; generated ones under 0.

    Of a row reported more than once (mirror mode) the latest stands.
    """
    if not loan_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (l.external_id, d.schedule, d.seq)
                   l.external_id, d.schedule, d.seq, d.principal, d.source_ref
            FROM ledger_demand d JOIN ledger_loan l ON l.id = d.loan_id
            WHERE l.source = %s AND l.external_id = ANY(%s) AND d.kind = 'instalment'
            ORDER BY l.external_id, d.schedule, d.seq, d.begins_on DESC
            """,
            [source, list(loan_ids)],
        )
        found: dict[str, dict[int, dict[int, int]]] = {}
        for loan, schedule, seq, principal, ref in cursor.fetchall():
            number = 0 if ref == GENERATED else schedule
            found.setdefault(loan, {}).setdefault(number, {})[seq] = principal
        return found
