"""The second person's part: a claim is confirmed and posted, refused, or withdrawn.

Whoever claimed cannot confirm, here and in the database. Money is posted by the
ledger's own posting, in the transaction of the decision: all of a claim or nothing.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import payments, receipts, reversals
from daihou.rooms.ledger.actions.payments import Deed, Posted
from daihou.rooms.ledger.actions.receipt_claims import ReceiptHasMoved, no_such_claim
from daihou.rooms.ledger.models import Receipt, ReceiptClaim, ReceiptShare
from daihou.rooms.ledger.queries import receipts as queries
from daihou.rooms.ledger.states import ClaimState, ReceiptState
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

SOURCE = "receipts"  # the source of payments posted from here


@transaction.atomic
def confirm(claim_id: int, *, deed: Deed, note: str = "") -> Sequence[Posted]:
    """Confirm a claim: post it, send the money back, or reverse what was posted.

    Refused to who claimed it, and where the posting refuses one of the loans; then
    nothing of it happens. Returns what was posted (or reversed), loan by loan.
    """
    people.require(deed.by, people.Permission.CONFIRM_RECEIPT)
    claim = _waiting(claim_id, deed)
    if claim.claimed_by == deed.by.username:
        raise NotAllowed(
            "own_claim",
            _("Nobody confirms their own claim. Ask somebody else who may confirm."),
        )
    receipt = claim.receipt
    _decide(claim, ClaimState.CONFIRMED, deed=deed, note=note)
    if claim.kind == "post":
        posted = _post(claim, deed)
        _settle(receipt, posted=claim.amount)
    elif claim.kind == "reverse":
        posted = _reverse(claim, deed)
        _settle(receipt, posted=-claim.amount)
    else:
        posted = []
        _settle(receipt, returned=claim.amount)
    happened = {"post": "posted", "return": "returned", "reverse": "reversed"}
    _record(
        f"receipt.{happened[claim.kind]}",
        claim,
        deed,
        note,
        claimed_by=claim.claimed_by,
        payments=[each.payment_id for each in posted],
    )
    _tell_claimant(
        claim, deed, gettext_noop("%(who)s confirmed your claim: %(amount)s")
    )
    return posted


@transaction.atomic
def refuse(claim_id: int, *, note: str, deed: Deed) -> None:
    """Refuse a claim and say why; the receipt is as it was before."""
    people.require(deed.by, people.Permission.CONFIRM_RECEIPT)
    claim = _waiting(claim_id, deed)
    if claim.claimed_by == deed.by.username:
        raise NotAllowed(
            "own_claim", _("This is your own claim; withdraw it if it is wrong.")
        )
    if not note.strip():
        raise Refused("note_missing", _("Say why it is refused."))
    _decide(claim, ClaimState.REFUSED, deed=deed, note=note)
    _settle(claim.receipt)
    _record("receipt.claim_refused", claim, deed, note, claimed_by=claim.claimed_by)
    _tell_claimant(
        claim,
        deed,
        gettext_noop("%(who)s refused your claim: %(amount)s"),
        level="warn",
    )


@transaction.atomic
def withdraw(claim_id: int, *, deed: Deed) -> None:
    """Take one's own claim back before it is decided."""
    people.require(deed.by, people.Permission.CLAIM_RECEIPT)
    claim = _waiting(claim_id, deed)
    if claim.claimed_by != deed.by.username:
        raise NotAllowed(
            "not_own_claim",
            _("Only %(who)s can withdraw it; you may refuse it instead.")
            % {"who": claim.claimed_by},
        )
    _decide(claim, ClaimState.WITHDRAWN, deed=deed, note="")
    _settle(claim.receipt)
    _record("receipt.claim_withdrawn", claim, deed, "")


def _waiting(claim_id: int, deed: Deed) -> ReceiptClaim:
    """The claim with its receipt, both held; refused once it is decided."""
    found = ReceiptClaim.objects.filter(pk=claim_id).values_list("receipt_id").first()
    if found is None or not queries.seen_by(deed.by.scope).filter(pk=found[0]).exists():
        raise no_such_claim(claim_id)
    receipts.locked(found[0], by=deed.by)
    claim: ReceiptClaim = ReceiptClaim.objects.select_related("receipt").get(
        pk=claim_id
    )
    if claim.state != ClaimState.WAITING:
        raise ReceiptHasMoved(
            "claim_decided",
            _("Somebody was faster: this claim is decided already. Reload the page."),
        )
    return claim


def _decide(claim: ReceiptClaim, state: ClaimState, *, deed: Deed, note: str) -> None:
    longest = ReceiptClaim._meta.get_field("note").max_length or 0
    if len(note) > longest:
        raise Refused(
            "note_long",
            _("The note has at most %(most)s characters.") % {"most": longest},
        )
    moved = ReceiptClaim.objects.filter(pk=claim.pk, state=ClaimState.WAITING).update(
        state=state,
        decided_by=deed.by.username,
        decided_at=deed.at,
        decided_on=deed.business_date,
        note=note.strip(),
    )
    assert moved == 1, "a claim moved while its receipt was held"


def _settle(receipt: Receipt, *, posted: int = 0, returned: int = 0) -> None:
    """Count what was done, and say whether anything is left without an owner."""
    done = receipt.posted + posted + receipt.returned + returned
    assert 0 <= done <= receipt.amount, (receipt.pk, done)
    left = receipt.amount - done
    Receipt.objects.filter(pk=receipt.pk).update(
        posted=F("posted") + posted,
        returned=F("returned") + returned,
        state=ReceiptState.OPEN if left else ReceiptState.SETTLED,
    )


def _post(claim: ReceiptClaim, deed: Deed) -> list[Posted]:
    """Every share to its loan, in the order of the loans, so that nobody deadlocks."""
    receipt, done = claim.receipt, []
    for share in claim.shares.select_related("loan").order_by("loan_id"):
        written_off = share.loan.status == "written_off"
        posted = payments.post_payment(
            source=SOURCE,
            external_id=f"{claim.pk}-{share.pk}",
            loan_id=share.loan_id,
            paid_on=receipt.received_on,
            amount=share.amount,
            kind="recovery" if written_off else "payment",
            channel=receipt.channel,
            payer=receipt.payer,
            currency=receipt.currency,
            keep_credit=claim.keep_credit,
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            request_id=deed.request_id,
        )
        ReceiptShare.objects.filter(pk=share.pk).update(payment_id=posted.payment_id)
        done.append(posted)
    return done


def _reverse(claim: ReceiptClaim, deed: Deed) -> list[Posted]:
    """Take back every payment of the claim that was wrong, on the open day.

    One that was reversed on its loan already stays as it is.
    """
    wrong = claim.reverses
    assert wrong is not None, claim.pk
    done = []
    standing = wrong.shares.filter(payment__reversed_by=None).order_by("loan_id")
    for share in standing:
        assert share.payment_id is not None, share.pk
        done.append(
            reversals.reverse_payment(
                payment_id=share.payment_id,
                reversed_on=deed.business_date,
                reason=claim.evidence,
                by=deed.by,
                at=deed.at,
                business_date=deed.business_date,
                request_id=deed.request_id,
            )
        )
    ReceiptClaim.objects.filter(pk=wrong.pk).update(state=ClaimState.REVERSED)
    return done


def _record(
    happened: str, claim: ReceiptClaim, deed: Deed, note: str, **more: object
) -> None:
    audit.record(
        type=happened,
        subject_type=receipts.SUBJECT,
        subject_id=claim.receipt_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=claim.receipt.received_on,
        payload={
            "claim": claim.pk,
            "amount": claim.amount,
            "currency": claim.receipt.currency,
        }
        | more,
        reason=note.strip(),
        request_id=deed.request_id,
    )
    key = f"claim {claim.pk}"
    notices.done(kind=receipts.TO_CONFIRM, key=key, at=deed.at)
    receipts.tell_waiting(at=deed.at, but=[deed.by.username])


def _tell_claimant(
    claim: ReceiptClaim, deed: Deed, text: str, *, level: str = "good"
) -> None:
    notices.notify(
        kind=receipts.DECIDED,
        key=f"claim {claim.pk}",
        text=text,
        params={
            "who": deed.by.username,
            "amount": {"minor": claim.amount, "currency": claim.receipt.currency},
        },
        logins=[claim.claimed_by],
        url=f"/receipts/{claim.receipt_id}/",
        level=level,
        at=deed.at,
    )
