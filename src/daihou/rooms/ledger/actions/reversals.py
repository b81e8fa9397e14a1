"""A payment bounces or was booked by mistake: take it back, keeping both rows."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.ledger.actions import payments, standing
from daihou.rooms.ledger.models import Payment
from daihou.rooms.people import door as people


@transaction.atomic
def reverse_payment(
    *,
    payment_id: int,
    reversed_on: date,
    reason: str,
    by: people.Person,
    at: datetime,
    business_date: date,
    request_id: str = "",
) -> payments.Posted:
    """Take a payment back from `reversed_on` on; both rows stay for ever.

    Days before `reversed_on` keep their positions: the money was there then. The
    same reversal again changes nothing; one on another day is refused.
    """
    people.require(by, people.Permission.POST_PAYMENT)
    original = Payment.objects.filter(pk=payment_id).first()
    if original is None:
        raise _no_such_payment(payment_id)
    loan = payments.loan_to_write(original.loan_id, scope=by.scope)
    before = standing.state_of(loan, business_date=business_date)
    known = Payment.objects.filter(reversal_of=original).first()
    if known is not None:
        _check_same(known, reversed_on)
        return payments.posted_of(known, before, before, new=False)
    _check(original, reversed_on, reason, business_date=business_date)
    reversal = Payment(
        source=original.source,
        external_id=_id_for(original),
        loan=loan,
        paid_on=reversed_on,
        recorded_at=at,
        amount=-original.amount,
        kind="reversal",
        channel=original.channel,
        payer=original.payer,
        reversal_of=original,
    )
    taken = payments.insert(reversal)
    if taken is not None:
        raise _id_taken(taken)
    deed = payments.Deed(by, at, business_date, reason=reason, request_id=request_id)
    return payments.write_through(
        reversal, before, deed, happened="payment.reversed", reverses=original.pk
    )


def _id_for(original: Payment) -> str:
    """The id a reversal of ours gets; a long one is cut and told by our own number."""
    longest = Payment._meta.get_field("external_id").max_length
    whole = f"{original.external_id}/reversal"
    if len(whole) <= longest:
        return whole
    end = f"/{original.pk}/reversal"
    return f"{original.external_id[: longest - len(end)]}{end}"


def _id_taken(payment: Payment) -> payments.PaymentConflict:
    return payments.PaymentConflict(
        "reversal_id_taken",
        _(
            "%(source)s has sent another payment with the id %(id)s, which this "
            "reversal would need. Let %(source)s send the reversal itself, naming "
            "the payment it reverses."
        )
        % {"id": payment.external_id, "source": payment.source},
        payment_id=payment.pk,
    )


def _check_same(known: Payment, reversed_on: date) -> None:
    if known.paid_on != reversed_on:
        raise payments.PaymentConflict(
            "already_reversed",
            _("This payment was reversed on %(on)s already; nothing is left to do.")
            % {"on": known.paid_on},
        )


def _no_such_payment(payment_id: int) -> NotFound:
    return NotFound(
        "payment_unknown",
        _("There is no payment number %(id)s. Look at the payments of the loan.")
        % {"id": payment_id},
    )


def _check(
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
            _(
                "A reversal lies between the payment (%(paid_on)s) and the business "
                "date (%(today)s)."
            )
            % {"paid_on": original.paid_on, "today": business_date},
        )
