"""Money comes in or goes back: post a payment and settle its loan at once."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.engine.basics.money import format_minor
from daihou.engine.ledger.fixed import whatif
from daihou.engine.ledger.values import LoanState
from daihou.kit.refusal import Conflict, Refused
from daihou.kit.scope import Scope
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan, Payment
from daihou.rooms.ledger.queries import facts_of_row, seen
from daihou.rooms.people import door as people

# kind -> the sign with which it counts
SIGNS: Mapping[str, int] = {
    "payment": 1,
    "recovery": 1,
    "refund": -1,
    "chargeback": -1,
}
LARGEST = 10**15  # minor units; sums of many still fit what the database can hold
FAR_BEYOND = 2  # times the payoff: more than this is a slip of the hand


class PaymentConflict(Conflict):
    """The sender used an id again for something else."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, at what instant, on which business date, and why."""

    by: people.Person
    at: datetime
    business_date: date
    reason: str = ""
    request_id: str = ""


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
    by: people.Person,
    at: datetime,
    business_date: date,
    kind: str = "payment",
    channel: str = "",
    payer: str = "",
    currency: str = "",
    request_id: str = "",
    keep_credit: bool = False,
) -> Posted:
    """Post money to a loan and settle the loan at once, in one transaction.

    `amount` is in minor units and positive; a refund or chargeback counts against the
    borrower by its `kind`. The same (source, external_id) with the same content
    changes nothing; with another content it raises PaymentConflict. A payment dated
    before the open day makes the next day-end run again from its date. Money far
    beyond the payoff is refused unless `keep_credit` says that the rest is to be held.
    """
    assert at.tzinfo is not None, "an instant needs a time zone"
    people.require(by, people.Permission.POST_PAYMENT)
    loan = loan_to_write(loan_id, scope=by.scope)
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
        _check(wanted, loan, business_date=business_date, currency=currency)
        before = standing.state_of(loan, business_date=business_date)
        if amount > before.outstanding_total and not keep_credit:
            _check_not_far_beyond(wanted, loan, business_date=business_date)
        known = insert(wanted)
    if known is not None:
        _check_same(known, wanted)
        now = standing.state_of(loan, business_date=business_date)
        return posted_of(known, now, now, new=False)
    deed = Deed(by, at, business_date, request_id=request_id)
    return write_through(wanted, before, deed, happened="payment.received")


def loan_to_write(loan_id: int, *, scope: Scope) -> Loan:
    """The loan, locked until the transaction ends; NotFound outside the scope."""
    row = standing.locked(loan_id)
    if not scope.allows(row.branch, product=row.product, officer=row.officer):
        raise seen.no_such_loan(loan_id)
    return row


def _check(payment: Payment, loan: Loan, *, business_date: date, currency: str) -> None:
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
    _check_sizes(payment, currency=loan.currency)
    if payment.amount * SIGNS[payment.kind] <= 0:
        raise Refused(
            "payment_amount",
            _("The amount must be more than zero; money going back has its own kind."),
        )
    if currency not in ("", loan.currency):
        raise Refused(
            "payment_currency",
            _(
                "The loan is in %(currency)s, the payment in %(given)s. Convert it first."
            )
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
            _(
                "%(paid_on)s is before the loan was paid out on %(disbursed_on)s. "
                "Check the date and the loan number."
            )
            % values,
        )


def _check_sizes(payment: Payment, *, currency: str) -> None:
    if abs(payment.amount) > LARGEST:
        raise Refused(
            "payment_too_large",
            _("The amount is too large; at most %(most)s at once. Check the digits.")
            % {"most": format_minor(LARGEST, currency)},
        )
    for name, word in (
        ("source", _("The source")),
        ("external_id", _("The id")),
        ("channel", _("The channel")),
        ("payer", _("The payer")),
    ):
        most = Payment._meta.get_field(name).max_length
        if len(getattr(payment, name)) > most:
            raise Refused(
                "payment_text_long",
                _("%(what)s is too long; at most %(most)s characters.")
                % {"what": word, "most": most},
            )


def _check_not_far_beyond(payment: Payment, loan: Loan, *, business_date: date) -> None:
    if payment.kind != "payment":
        return
    facts = facts_of_row(loan, as_of=business_date)
    payoff = max(0, whatif.payoff(facts.loan, facts.policy, on=business_date).total)
    if payment.amount <= FAR_BEYOND * payoff:
        return
    raise Refused(
        "payment_far_beyond",
        _(
            "%(amount)s is far beyond what closes the loan today: %(payoff)s. Check "
            "the amount and the loan number; if it is right, say that the rest is to "
            "be held as credit."
        )
        % {
            "amount": format_minor(payment.amount, loan.currency),
            "payoff": format_minor(payoff, loan.currency),
        },
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


def insert(wanted: Payment) -> Payment | None:
    """Insert; or return what another transaction inserted under that id before."""
    text = "\x1f".join(map(str, _content(wanted)))
    wanted.digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        known: Payment | None = Payment.objects.filter(
            source=wanted.source, external_id=wanted.external_id
        ).first()
        if known is None:
            raise  # not the id: another promise of the table was broken
        return known
    return None


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


def posted_of(
    payment: Payment, before: LoanState, after: LoanState, *, new: bool
) -> Posted:
    """What posting this payment did, told from the states around it."""
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


def write_through(
    payment: Payment, before: LoanState, deed: Deed, *, happened: str, **more: object
) -> Posted:
    """Settle the loan of a payment just inserted, tell the night, write the event."""
    loan = payment.loan
    standing.tell_the_night(
        loan, kind=happened, happened_on=payment.paid_on, at=deed.at
    )
    after = standing.settle_at_once(loan, business_date=deed.business_date)
    posted = posted_of(payment, before, after, new=True)
    audit.record(
        type=happened,
        subject_type="loan",
        subject_id=loan.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=payment.paid_on,
        payload={
            "payment_id": payment.pk,
            "source": payment.source,
            "external_id": payment.external_id,
            "kind": payment.kind,
            "amount": payment.amount,
            "channel": payment.channel,
            "shares": dict(posted.shares),
            "before": posted.before.payload(),
            "after": posted.after.payload(),
        }
        | more,
        reason=deed.reason,
        request_id=deed.request_id,
    )
    return posted
