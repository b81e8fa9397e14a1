"""For which loan a receipt may be: candidates, each with the reasons that speak for it.

Every reason has points; the points of one loan add up, to 100 at most. Nothing is
decided here: who claims reads the reasons, and a second person reads them again.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from django.db.models import Q

from daihou.kit import secret
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import (
    Customer,
    Loan,
    Party,
    Payment,
    Position,
    Receipt,
    ReceiptShare,
)
from daihou.rooms.ledger.queries import personal, receipts, seen
from daihou.rooms.ledger.states import ClaimState

POINTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "number_in_remark": 60,
        "document_in_remark": 50,
        "phone_in_remark": 45,
        "account_before": 35,
        "payer_is_borrower": 30,
        "amount_payoff": 30,
        "amount_overdue": 30,
        "amount_next_due": 25,
        "name_in_remark": 25,
        "payer_paid_before": 20,
        "payer_is_party": 20,
        "document_tail": 15,
        "phone_tail": 15,
        "loan_closed": -40,
    }
)
MOST: Final = 100
SHOWN: Final = 8
_LOANS: Final = 300  # candidates looked at closely
_WORDS: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_\-/]{4,}")
_DIGITS: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")
_NAMES: Final = re.compile(r"[\u3400-\u9fff]{2,4}")
_DUE: Final = timedelta(days=15)  # how far a due date may lie from the receipt


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a loan (or against it); `detail` is what was found."""

    code: str
    detail: str = ""

    @property
    def points(self) -> int:
        """What it weighs."""
        return POINTS[self.code]


@dataclass(frozen=True, slots=True)
class Match:
    """A loan the money may be for, minor units; None where the loan has no position."""

    loan_id: int
    number: str
    name: str
    customer_id: int
    product: str
    branch: str
    currency: str
    status: str
    dpd: int | None
    overdue_total: int | None
    next_due_on: date | None
    next_due_amount: int | None
    outstanding_total: int | None
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """All points together, between 0 and 100."""
        return max(0, min(MOST, sum(reason.points for reason in self.reasons)))


@dataclass(slots=True)
class _Clues:
    """What a receipt tells: words, four digits, names, and the customers they mean."""

    words: set[str]
    tails: set[str]
    names: set[str]
    customers: dict[int, dict[str, str]]  # customer -> reason code -> detail
    loans: dict[int, dict[str, str]]

    def customer(self, ids: Iterable[int], code: str, detail: str = "") -> None:
        for each in ids:
            self.customers.setdefault(each, {})[code] = detail

    def loan(self, ids: Iterable[int], code: str, detail: str = "") -> None:
        for each in ids:
            self.loans.setdefault(each, {})[code] = detail


def matches(receipt_id: int, *, scope: Scope) -> Sequence[Match]:
    """The loans of the scope a receipt is most likely for, the best first.

    A dozen queries, whatever the book: every clue goes through an index.
    """
    row = receipts.seen_by(scope).filter(pk=receipt_id).first()
    if row is None:
        return ()
    clues = _clues(row)
    _by_remark(row, clues, scope)
    _by_payer(row, clues)
    _by_account(row, clues)
    _by_amount(row, clues, scope)
    found = [_match(loan, row, clues) for loan in _candidates(row, clues, scope)]
    _add_tails(found, clues)
    _add_paid_before(row, found)
    made = [_made(loan, reasons) for loan, reasons in found]
    ranked = sorted(made, key=lambda each: (-each.score, each.number, each.loan_id))
    return tuple(each for each in ranked[:SHOWN] if each.score)


def _clues(row: Receipt) -> _Clues:
    return _Clues(
        words=set(_WORDS.findall(row.remark)),
        tails=set(_DIGITS.findall(row.remark)),
        names=set(_NAMES.findall(row.remark)) - {row.payer},
        customers={},
        loans={},
    )


def _by_remark(row: Receipt, clues: _Clues, scope: Scope) -> None:
    if clues.words:
        named = seen.loans(scope).filter(external_id__in=clues.words)
        for pk, number in named.values_list("pk", "external_id")[:_LOANS]:
            clues.loan([pk], "number_in_remark", number)
        for word in clues.words:
            _by_value(word, clues)
    if clues.names:
        named_in = Customer.objects.filter(name__in=clues.names)
        for pk, name in named_in.values_list("pk", "name")[:_LOANS]:
            clues.customer([pk], "name_in_remark", name)


def _by_value(word: str, clues: _Clues) -> None:
    """A whole document or phone number, found by its blind index."""
    for kind, code, least in (
        ("id_no", "document_in_remark", 15),
        ("phone", "phone_in_remark", 11),
    ):
        if len(secret.normal(word, kind)) >= least:
            owners = personal.customers_by_value(word, kind=kind)
            clues.customer(owners.values_list("pk", flat=True)[:20], code)


def _by_payer(row: Receipt, clues: _Clues) -> None:
    if not row.payer:
        return
    own = Customer.objects.filter(name=row.payer).values_list("pk", flat=True)
    owners = list(own[:_LOANS])
    clues.customer(owners, "payer_is_borrower", row.payer)
    behind = Party.objects.filter(customer_id__in=owners).exclude(role="borrower")
    for loan_id, role in behind.values_list("loan_id", "role")[:_LOANS]:
        clues.loan([loan_id], "payer_is_party", role)


def _by_account(row: Receipt, clues: _Clues) -> None:
    """Whose loans money of the same account went to before, by a confirmed claim."""
    if not row.payer_account_digest:
        return
    before = ReceiptShare.objects.filter(
        claim__state=ClaimState.CONFIRMED,
        claim__receipt__payer_account_digest=row.payer_account_digest,
    ).exclude(claim__receipt=row)
    days = before.order_by("claim__receipt__received_on").values_list(
        "loan_id", "claim__receipt__received_on"
    )
    for loan_id, day in days[:_LOANS]:
        clues.loan([loan_id], "account_before", day.isoformat())


def _by_amount(row: Receipt, clues: _Clues, scope: Scope) -> None:
    """Loans that are late with exactly this amount; only where few are."""
    exact = seen.loans(scope).filter(
        position__dpd__gt=0,
        position__overdue_total=row.amount,
        currency=row.currency,
    )
    found = list(exact.values_list("pk", flat=True)[: SHOWN + 1])
    if len(found) <= SHOWN:  # more say nothing: it is an amount many owe
        for loan_id in found:
            clues.loans.setdefault(loan_id, {})


def _candidates(row: Receipt, clues: _Clues, scope: Scope) -> Sequence[Loan]:
    wanted = Q(pk__in=list(clues.loans)) | Q(customer_id__in=list(clues.customers))
    if not clues.loans and not clues.customers:
        return ()
    rows = seen.loans(scope).filter(
        wanted, currency=row.currency, disbursed_on__lte=row.received_on
    )
    return list(rows.select_related("customer", "position").order_by("pk")[:_LOANS])


_Found = tuple[Loan, list[Reason]]


def _match(loan: Loan, row: Receipt, clues: _Clues) -> _Found:
    told = clues.customers.get(loan.customer_id, {}) | clues.loans.get(loan.pk, {})
    reasons = [Reason(code, detail) for code, detail in told.items()]
    position = getattr(loan, "position", None)
    if position is not None:
        reasons += _amounts(row, position)
    if loan.status in ("settled", "transferred"):
        reasons.append(Reason("loan_closed", loan.status))
    return loan, reasons


def _amounts(row: Receipt, position: Position) -> list[Reason]:
    """What is due exactly in this amount; the whole debt, else what is late, or next."""
    due_on = position.next_due_on
    if row.amount == position.outstanding_total:
        return [Reason("amount_payoff")]
    if row.amount == position.overdue_total:
        return [Reason("amount_overdue")]
    near = due_on is not None and abs(due_on - row.received_on) <= _DUE
    if near and row.amount == position.next_due_amount:
        return [Reason("amount_next_due", due_on.isoformat())]
    return []


def _add_paid_before(row: Receipt, found: Sequence[_Found]) -> None:
    """The same payer paid the loan before; of the borrower's own name it says nothing."""
    others = {
        loan.pk: reasons
        for loan, reasons in found
        if row.payer and loan.customer.name != row.payer
    }
    if not others:
        return
    rows = Payment.objects.filter(loan_id__in=list(others), payer=row.payer)
    for loan_id in rows.values_list("loan_id", flat=True).distinct():
        others[loan_id].append(Reason("payer_paid_before", row.payer))


def _add_tails(found: Sequence[_Found], clues: _Clues) -> None:
    """Four digits in the remark that end the borrower's number; only told with others."""
    owners = {loan.customer_id for loan, _reasons in found}
    if not owners:
        return
    for tail in sorted(clues.tails):
        for kind, code in (("id_no", "document_tail"), ("phone", "phone_tail")):
            ending = personal.customers_by_tail(tail, kind=kind).filter(pk__in=owners)
            mine = set(ending.values_list("pk", flat=True))
            for loan, reasons in found:
                if loan.customer_id in mine:
                    reasons.append(Reason(code, tail))


def _made(loan: Loan, reasons: Sequence[Reason]) -> Match:
    position = getattr(loan, "position", None)
    return Match(
        loan_id=loan.pk,
        number=loan.external_id,
        name=loan.customer.name,
        customer_id=loan.customer_id,
        product=loan.product,
        branch=loan.branch,
        currency=loan.currency,
        status=loan.status,
        dpd=position.dpd if position else None,
        overdue_total=position.overdue_total if position else None,
        next_due_on=position.next_due_on if position else None,
        next_due_amount=position.next_due_amount if position else None,
        outstanding_total=position.outstanding_total if position else None,
        reasons=tuple(sorted(reasons, key=lambda each: -each.points)),
    )
