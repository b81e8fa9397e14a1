"""Money comes in, goes back or bounces: post a payment, reverse one."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.engine.ledger.values import LoanState
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import Scope
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan, Payment
from daihou.rooms.ledger.queries import facts_of_row, seen

# kind -> the sign with which it counts
SIGNS: Mapping[str, int] = {
    "payment": 1,
    "recovery": 1,
    "refund": -1,
    "chargeback": -1,
}
_LARGEST = 2**63 - 1  # what the database can hold


class PaymentConflict(Refused):
    """The sender used an id again for something else."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What posting did. `new` is False when the same had been posted before.

    `shares` tells where the money went, component -> minor units (rest: credit held).
    """

    payment_id: int
    loan_id: int
    new: bool
    before: standing.Standing
    after: standing.Standing
    shares: Mapping[str, int]


@transaction.atomic
def post_payment(
    *,
    source: str,
    external_id: str,
    loan_id: int,
    paid_on: date,
    amount: int,
    by: str,
    at: datetime,
    business_date: date,
    scope: Scope,
    kind: str = "payment",
    channel: str = "",
    payer: str = "",
    currency: str = "",
    request_id: str = "",
) -> Posted:
    """Post money to a loan and settle the loan at once, in one transaction.

    `amount` is in minor units and positive; a refund or chargeback counts against the
    borrower by its `kind`. The same (source, external_id) with the same content
    changes nothing; with another content it raises PaymentConflict. A payment dated
    before the open day makes the next day-end run again from its date.
    """
    assert at.tzinfo is not None, "an instant needs a time zone"
    loan = _loan_to_write(loan_id, scope=scope)
    wanted = Payment(
        source=source,
        external_id=external_id,
        loan=loan,
        paid_on=paid_on,
        recorded_at=at,
        amount=SIGNS.get(kind, 1) * amount,
        kind=kind,
        channel=channel,
        payer=payer,
    )
    known = Payment.objects.filter(source=source, external_id=external_id).first()
    if known is None:
        _check_payment(
            wanted, loan, business_date=business_date, currency=currency or loan.currency
        )
    before = _state(loan, business_date=business_date)
    payment, new = (known, False) if known else _insert(wanted)
    if not new:
        _check_same(payment, wanted)
        return _posted(payment, before, before, new=False)
    standing.tell_the_night(loan, kind="payment.received", happened_on=paid_on, at=at)
    after = standing.settle_at_once(loan, business_date=business_date)
    posted = _posted(payment, before, after, new=True)
    audit.record(
        type=f"{kind}.received" if amount > 0 and SIGNS[kind] > 0 else f"{kind}.posted",
        subject_type="loan",
        subject_id=loan.pk,
        by=by,
        at=at,
        business_date=business_date,
        happened_on=paid_on,
        payload=_payload(payment, posted),
        request_id=request_id,
    )
    return posted


def _loan_to_write(loan_id: int, *, scope: Scope) -> Loan:
    row = standing.locked(loan_id)
    if not scope.allows(row.branch):
        raise seen.no_such_loan(loan_id)
    return row


def _state(loan: Loan, *, business_date: date) -> LoanState:
    facts = facts_of_row(loan, as_of=business_date)
    return standing.settle_facts(facts.loan, facts.policy, business_date=business_date)


def _check_payment(
    payment: Payment, loan: Loan, *, business_date: date, currency: str
) -> None:
    values = {
        "paid_on": payment.paid_on,
        "today": business_date,
        "disbursed_on": loan.disbursed_on,
        "currency": loan.currency,
        "given": currency,
    }
    if not payment.source or not payment.external_id:
        raise Refused(
            "payment_id_missing",
            _("Give the payment the id it has at its source, so that it counts once."),
        )
    if payment.kind not in SIGNS:
        raise Refused(
            "payment_kind",
            _("%(kind)s is no kind of payment; choose one of: %(known)s.")
            % {"kind": payment.kind, "known": ", ".join(SIGNS)},
        )
    if payment.amount * SIGNS[payment.kind] <= 0 or abs(payment.amount) > _LARGEST:
        raise Refused(
            "payment_amount",
            _("The amount must be more than zero; money going back has its own kind."),
        )
    if currency != loan.currency:
        raise Refused(
            "payment_currency",
            _("The loan is in %(currency)s, the payment in %(given)s. Convert it first.")
            % values,
        )
    if payment.paid_on > business_date:
        raise Refused(
            "payment_in_future",
            _("%(paid_on)s is after the business date %(today)s. Post it on its day.")
            % values,
        )
    if payment.paid_on < loan.disbursed_on:
        raise Refused(
            "payment_before_loan",
            _("%(paid_on)s is before the loan was paid out on %(disbursed_on)s. "
              "Check the date and the loan number.")
            % values,
        )


def _content(payment: Payment) -> tuple[object, ...]:
    return (
        payment.loan_id,
        payment.paid_on,
        payment.amount,
        payment.kind,
        payment.channel,
        payment.payer,
    )


def _insert(wanted: Payment) -> tuple[Payment, bool]:
    """Insert, or find what another transaction inserted a moment earlier."""
    text = "\x1f".join(map(str, _content(wanted)))
    wanted.digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        known = Payment.objects.filter(
            source=wanted.source, external_id=wanted.external_id
        ).first()
        if known is None:
            raise  # not the id: another promise of the table was broken
        return known, False
    return wanted, True


def _check_same(known: Payment, wanted: Payment) -> None:
    if _content(known) == _content(wanted):
        return
    raise PaymentConflict(
        "payment_differs",
        _(
            "Payment %(id)s of %(source)s was posted before with another content. "
            "Reverse that one, or give this one its own id."
        )
        % {"id": wanted.external_id, "source": wanted.source},
        payment_id=known.pk,
    )


def _posted(
    payment: Payment, before: LoanState, after: LoanState, *, new: bool
) -> Posted:
    shares: Counter[str] = Counter()
    for allocation in after.allocations:
        if allocation.payment_id == payment.pk:
            shares[allocation.component] += allocation.amount
    return Posted(
        payment_id=payment.pk,
        loan_id=payment.loan_id,
        new=new,
        before=standing.standing_of(before),
        after=standing.standing_of(after),
        shares=dict(shares),
    )


def _payload(payment: Payment, posted: Posted) -> dict[str, object]:
    return {
        "payment_id": payment.pk,
        "source": payment.source,
        "external_id": payment.external_id,
        "amount": payment.amount,
        "channel": payment.channel,
        "shares": dict(posted.shares),
        "before": posted.before.payload(),
        "after": posted.after.payload(),
    }


@transaction.atomic
def reverse_payment(
    *,
    payment_id: int,
    reversed_on: date,
    reason: str,
    by: str,
    at: datetime,
    business_date: date,
    scope: Scope,
    request_id: str = "",
) -> Posted:
    """Take a payment back from `reversed_on` on; both rows stay for ever.

    Days before `reversed_on` keep their positions: the money was there then. The
    same reversal again changes nothing; one on another day is refused.
    """
    original = Payment.objects.filter(pk=payment_id).first()
    if original is None:
        raise _no_such_payment(payment_id)
    loan = _loan_to_write(original.loan_id, scope=scope)
    before = _state(loan, business_date=business_date)
    known = Payment.objects.filter(reversal_of=original).first()
    if known is not None:
        if known.paid_on == reversed_on:
            return _posted(known, before, before, new=False)
        raise PaymentConflict(
            "already_reversed",
            _("This payment was reversed on %(on)s already; nothing is left to do.")
            % {"on": known.paid_on},
        )
    _check_reversal(original, reversed_on, reason, business_date=business_date)
    reversal = Payment(
        source=original.source,
        external_id=f"{original.external_id}/reversal",
        loan=loan,
        paid_on=reversed_on,
        recorded_at=at,
        amount=-original.amount,
        kind="reversal",
        channel=original.channel,
        payer=original.payer,
        reversal_of=original,
    )
    reversal, new = _insert(reversal)
    assert new, "the loan is locked and no reversal was there"
    standing.tell_the_night(
        loan, kind="payment.reversed", happened_on=reversed_on, at=at
    )
    after = standing.settle_at_once(loan, business_date=business_date)
    posted = _posted(reversal, before, after, new=True)
    audit.record(
        type="payment.reversed",
        subject_type="loan",
        subject_id=loan.pk,
        by=by,
        at=at,
        business_date=business_date,
        happened_on=reversed_on,
        payload=_payload(reversal, posted) | {"reverses": original.pk},
        reason=reason,
        request_id=request_id,
    )
    return posted


def _no_such_payment(payment_id: int) -> NotFound:
    return NotFound(
        "payment_unknown",
        _("There is no payment number %(id)s. Look at the payments of the loan.")
        % {"id": payment_id},
    )


def _check_reversal(
    original: Payment, reversed_on: date, reason: str, *, business_date: date
) -> None:
    if original.kind == "reversal":
        raise Refused(
            "reversal_of_reversal",
            _("A reversal stays. If the money is there after all, post it again."),
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the payment is taken back."))
    if not original.paid_on <= reversed_on <= business_date:
        raise Refused(
            "reversal_date",
            _("A reversal lies between the payment (%(paid_on)s) and the business "
              "date (%(today)s).")
            % {"paid_on": original.paid_on, "today": business_date},
        )
