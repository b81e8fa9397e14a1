"""One person says whose money a receipt is; a second one decides (see decisions).

A claim names loans and amounts, the payer's relation to the borrower and how one
knows; or that the money goes back; or that a claim that was confirmed was wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daihou.engine.basics.money import format_minor
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import receipts
from daihou.rooms.ledger.actions.payments import Deed
from daihou.rooms.ledger.models import Loan, Receipt, ReceiptClaim, ReceiptShare
from daihou.rooms.ledger.queries import seen
from daihou.rooms.ledger.states import ClaimState, ReceiptState
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

RELATIONS = (
    "self",
    "spouse",
    "relative",
    "co_borrower",
    "guarantor",
    "employer",
    "insurer",
    "other",
)
_MOST_SHARES = 50


class ReceiptHasMoved(Conflict):
    """Somebody acted on the receipt first."""


@dataclass(frozen=True, slots=True)
class Split:
    """How much of a receipt goes to one loan, minor units."""

    loan_id: int
    amount: int


@transaction.atomic
def claim(
    receipt_id: int,
    *,
    splits: Sequence[Split],
    relation: str,
    evidence: str,
    deed: Deed,
    keep_credit: bool = False,
) -> int:
    """Say that (part of) a receipt belongs to these loans; return the claim's number.

    `relation` is the payer's to the borrower (RELATIONS); `evidence` says how one
    knows and is required. Nothing is posted until a second person confirms.
    """
    receipt = _to_claim(receipt_id, deed)
    if relation not in RELATIONS:
        raise Refused(
            "relation_unknown",
            _("Say who the payer is to the borrower: %(known)s.")
            % {"known": ", ".join(RELATIONS)},
        )
    loans = _loans(splits, receipt, deed)
    made = _claim(
        receipt,
        kind="post",
        amount=sum(split.amount for split in splits),
        relation=relation,
        evidence=evidence,
        keep_credit=keep_credit,
        deed=deed,
    )
    ReceiptShare.objects.bulk_create(
        ReceiptShare(claim=made, loan_id=split.loan_id, amount=split.amount)
        for split in sorted(splits, key=lambda split: split.loan_id)
    )
    shares = [{"loan": split.loan_id, "amount": split.amount} for split in splits]
    _record("receipt.claimed", made, deed, relation=relation, shares=shares)
    _tell(made, loans[0].external_id, deed)
    return int(made.pk)


@transaction.atomic
def ask_return(receipt_id: int, *, amount: int, evidence: str, deed: Deed) -> int:
    """Say that (part of) a receipt is to go back to the account it came from."""
    receipt = _to_claim(receipt_id, deed)
    _check_amount(amount, receipt)
    made = _claim(receipt, kind="return", amount=amount, evidence=evidence, deed=deed)
    _record("receipt.return_asked", made, deed)
    _tell(made, "", deed)
    return int(made.pk)


@transaction.atomic
def ask_reversal(claim_id: int, *, evidence: str, deed: Deed) -> int:
    """Say that a confirmed claim was wrong; its payments stay until it is decided."""
    people.require(deed.by, people.Permission.CLAIM_RECEIPT)
    wrong = ReceiptClaim.objects.filter(pk=claim_id).first()
    if wrong is None:
        raise no_such_claim(claim_id)
    receipt = receipts.locked(wrong.receipt_id, by=deed.by)
    wrong.refresh_from_db()
    if wrong.state != ClaimState.CONFIRMED or wrong.kind != "post":
        raise ReceiptHasMoved(
            "claim_not_confirmed",
            _("Only a confirmed claim that was posted can be reversed. Reload it."),
        )
    if receipt.state == ReceiptState.CLAIMED:
        raise _waits(receipt)
    made = _claim(
        receipt,
        kind="reverse",
        amount=wrong.amount,
        evidence=evidence,
        reverses=wrong,
        deed=deed,
    )
    _record("receipt.reversal_asked", made, deed, reverses=wrong.pk)
    _tell(made, "", deed)
    return int(made.pk)


def no_such_claim(claim_id: int) -> NotFound:
    """The refusal for a claim that is not there."""
    return NotFound(
        "claim_unknown",
        _("There is no claim number %(id)s. Look at the receipts.") % {"id": claim_id},
        claim=claim_id,
    )


def _to_claim(receipt_id: int, deed: Deed) -> Receipt:
    people.require(deed.by, people.Permission.CLAIM_RECEIPT)
    receipt = receipts.locked(receipt_id, by=deed.by)
    if receipt.state == ReceiptState.CLAIMED:
        raise _waits(receipt)
    if receipt.state == ReceiptState.SETTLED:
        raise ReceiptHasMoved(
            "receipt_settled",
            _("All of this receipt has an owner or went back. Nothing is left of it."),
        )
    return receipt


def _waits(receipt: Receipt) -> ReceiptHasMoved:
    waiting = ReceiptClaim.objects.get(receipt=receipt, state=ClaimState.WAITING)
    return ReceiptHasMoved(
        "receipt_claimed",
        _("%(who)s acted first; that waits for a second person. Reload the page.")
        % {"who": waiting.claimed_by},
    )


def _loans(splits: Sequence[Split], receipt: Receipt, deed: Deed) -> list[Loan]:
    """The loans claimed for, seen and fit; each named once, together not too much."""
    if not splits or len(splits) > _MOST_SHARES:
        raise Refused(
            "shares_missing",
            _("Name the loan the money is for; at most %(most)s of them.")
            % {"most": _MOST_SHARES},
        )
    ids = [split.loan_id for split in splits]
    if len(set(ids)) < len(ids):
        raise Refused("share_twice", _("A loan is named twice; write one amount each."))
    for split in splits:
        _check_amount(split.amount, receipt)
    _check_amount(sum(split.amount for split in splits), receipt)
    found = {loan.pk: loan for loan in seen.loans(deed.by.scope, ids=ids)}
    for loan_id in ids:
        if loan_id not in found:
            raise seen.no_such_loan(loan_id)
    for loan in found.values():
        _check_loan(loan, receipt)
    return [found[loan_id] for loan_id in ids]


def _check_loan(loan: Loan, receipt: Receipt) -> None:
    if loan.currency != receipt.currency:
        raise Refused(
            "payment_currency",
            _(
                "The loan is in %(currency)s, the payment in %(given)s. Convert it first."
            )
            % {"currency": loan.currency, "given": receipt.currency},
        )
    if receipt.received_on < loan.disbursed_on:
        raise Refused(
            "payment_before_loan",
            _(
                "%(paid_on)s is before the loan was paid out on %(disbursed_on)s. "
                "Check the date and the loan number."
            )
            % {"paid_on": receipt.received_on, "disbursed_on": loan.disbursed_on},
        )


def _check_amount(amount: int, receipt: Receipt) -> None:
    left = receipt.amount - receipt.posted - receipt.returned
    if not 0 < amount <= left:
        raise Refused(
            "share_amount",
            _("Each amount is more than zero, together at most what is left: %(left)s.")
            % {"left": format_minor(left, receipt.currency)},
        )


def _claim(
    receipt: Receipt,
    *,
    kind: str,
    amount: int,
    evidence: str,
    deed: Deed,
    relation: str = "",
    keep_credit: bool = False,
    reverses: ReceiptClaim | None = None,
) -> ReceiptClaim:
    longest = ReceiptClaim._meta.get_field("evidence").max_length or 0
    if not evidence.strip() or len(evidence) > longest:
        raise Refused(
            "evidence_missing",
            _("Say how you know, in at most %(most)s characters.") % {"most": longest},
        )
    Receipt.objects.filter(pk=receipt.pk).update(state=ReceiptState.CLAIMED)
    made: ReceiptClaim = ReceiptClaim.objects.create(
        receipt=receipt,
        kind=kind,
        amount=amount,
        relation=relation,
        evidence=evidence.strip(),
        keep_credit=keep_credit,
        reverses=reverses,
        claimed_by=deed.by.username,
        claimed_at=deed.at,
    )
    return made


def _record(happened: str, made: ReceiptClaim, deed: Deed, **more: object) -> None:
    audit.record(
        type=happened,
        subject_type=receipts.SUBJECT,
        subject_id=made.receipt_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={
            "claim": made.pk,
            "amount": made.amount,
            "currency": made.receipt.currency,
        }
        | more,
        reason=made.evidence,
        request_id=deed.request_id,
    )


def _confirmers(made: ReceiptClaim) -> list[str]:
    """Who confirms and sees every loan it is about; without one, the receipt's place."""
    names = ("loan__branch", "loan__product", "loan__officer")
    places = list(made.shares.values_list(*names))
    branch = made.receipt.branch
    if not places and branch:
        places = [(branch, "", "")]
    return [
        person.username
        for person in people.people()
        if person.active
        and person.may(people.Permission.CONFIRM_RECEIPT)
        and all(
            person.scope.everything
            or person.scope.allows(branch, product=product, officer=officer)
            for branch, product, officer in places
        )
    ]


def _tell(made: ReceiptClaim, number: str, deed: Deed) -> None:
    """Whoever confirms hears of it, but for who asked."""
    texts = {
        "post": gettext_noop("%(who)s claims %(amount)s for loan %(loan)s"),
        "return": gettext_noop("%(who)s asks to send %(amount)s back to the payer"),
        "reverse": gettext_noop("%(who)s asks to reverse a claim of %(amount)s"),
    }
    currency = made.receipt.currency
    notices.notify(
        kind=receipts.TO_CONFIRM,
        key=f"claim {made.pk}",
        text=texts[made.kind],
        params={
            "who": made.claimed_by,
            "loan": number,
            "amount": {"minor": made.amount, "currency": currency},
        },
        logins=_confirmers(made),
        but=[made.claimed_by],
        url=f"/receipts/{made.receipt_id}/",
        level="warn",
        at=deed.at,
    )
    receipts.tell_waiting(at=deed.at, but=[deed.by.username])
