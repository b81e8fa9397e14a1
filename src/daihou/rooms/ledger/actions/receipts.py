"""Money came in and nobody knows yet for which loan: write it down once, and say so."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daihou.engine.basics.money import DIGITS, format_minor
from daihou.kit import masking, secret
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.actions.payments import LARGEST, Deed
from daihou.rooms.ledger.models import Receipt
from daihou.rooms.ledger.queries import receipts as queries
from daihou.rooms.ledger.states import ReceiptState
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

TO_CLAIM = "receipts.to_claim"
TO_CONFIRM = "receipts.to_confirm"
DECIDED = "receipts.decided"
SUBJECT = "receipt"
HAND = "desk"  # the source of what was typed in


class ReceiptConflict(Conflict):
    """The sender used an id again for something else."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Money as it came; `amount` in minor units, `external_id` the bank's own number."""

    source: str
    external_id: str
    received_on: date
    amount: int
    currency: str
    payer: str = ""
    payer_account: str = ""
    channel: str = ""
    remark: str = ""
    branch: str = ""


@transaction.atomic
def record_receipt(arrival: Arrival, *, deed: Deed) -> int:
    """Write money down that has no owner yet; return its number.

    The same (source, external_id) with the same content changes nothing; with another
    content it raises ReceiptConflict. Only who claims receipts may type one in.
    """
    people.require(deed.by, people.Permission.CLAIM_RECEIPT)
    _check(arrival, business_date=deed.business_date)
    known = Receipt.objects.filter(
        source=arrival.source, external_id=arrival.external_id
    ).first()
    if known is None:
        known = _insert(arrival, deed)
        if known is None:
            return _told(arrival, deed)
    if bytes(known.digest) != _digest(arrival):
        raise ReceiptConflict(
            "receipt_differs",
            _(
                "Receipt %(id)s of %(source)s was written down before with another "
                "content. Look at that one, or give this one its own number."
            )
            % {"id": arrival.external_id, "source": arrival.source},
            receipt_id=known.pk,
        )
    return int(known.pk)


def _told(arrival: Arrival, deed: Deed) -> int:
    """The receipt was just inserted: write its event, tell who claims."""
    made = Receipt.objects.get(source=arrival.source, external_id=arrival.external_id)
    audit.record(
        type="receipt.recorded",
        subject_type=SUBJECT,
        subject_id=made.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=arrival.received_on,
        payload={
            "source": arrival.source,
            "external_id": arrival.external_id,
            "amount": arrival.amount,
            "currency": arrival.currency,
            "payer": masking.name(arrival.payer),
            "channel": arrival.channel,
            "branch": arrival.branch,
        },
        request_id=deed.request_id,
    )
    tell_waiting(at=deed.at, but=[deed.by.username])
    return int(made.pk)


def tell_waiting(*, at: datetime, but: Iterable[str] = ()) -> None:
    """Whoever claims hears that receipts have no owner; nobody when none has.

    How many of the whole house is for who sees the whole house.
    """
    waiting = Receipt.objects.filter(state=ReceiptState.OPEN).count()
    if not waiting:
        notices.done(kind=TO_CLAIM, key="open", at=at)
        return
    told = [
        person
        for person in people.people()
        if person.active and person.may(people.Permission.CLAIM_RECEIPT)
    ]
    texts = {
        True: gettext_noop("Receipts without an owner: %(count)s"),
        False: gettext_noop("There are receipts without an owner"),
    }
    for oversees, text in texts.items():
        notices.notify(
            kind=TO_CLAIM,
            key="open",
            text=text,
            params={"count": waiting} if oversees else {},
            logins=[each.username for each in told if each.oversees is oversees],
            but=but,
            url="/receipts/",
            at=at,
        )


def _insert(arrival: Arrival, deed: Deed) -> Receipt | None:
    """Insert; or return what another transaction inserted under that id before."""
    row = Receipt(
        source=arrival.source,
        external_id=arrival.external_id,
        digest=_digest(arrival),
        received_on=arrival.received_on,
        recorded_at=deed.at,
        recorded_by=deed.by.username,
        amount=arrival.amount,
        currency=arrival.currency,
        payer=arrival.payer,
        **sealing.account_columns(arrival.payer_account),
        channel=arrival.channel,
        remark=arrival.remark,
        branch=arrival.branch,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known: Receipt | None = Receipt.objects.filter(
            source=arrival.source, external_id=arrival.external_id
        ).first()
        if known is None:
            raise  # not the id: another promise of the table was broken
        return known
    return None


def _digest(arrival: Arrival) -> bytes:
    fields = (
        arrival.received_on,
        arrival.amount,
        arrival.currency,
        arrival.payer,
        secret.normal(arrival.payer_account, "account"),
        arrival.channel,
        arrival.remark,
        arrival.branch,
    )
    text = "\x1f".join(map(str, fields))
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _check(arrival: Arrival, *, business_date: date) -> None:
    if not arrival.source.strip() or not arrival.external_id.strip():
        raise Refused(
            "receipt_id_missing",
            _("Give the receipt the bank's own number, so that it counts once."),
        )
    if arrival.currency not in DIGITS:
        raise Refused(
            "receipt_currency",
            _("%(currency)s is no currency we know; write it like CNY.")
            % {"currency": arrival.currency or "–"},
        )
    if not 0 < arrival.amount <= LARGEST:
        raise Refused(
            "receipt_amount",
            _("The amount lies between zero and %(most)s. Check the digits.")
            % {"most": format_minor(LARGEST, arrival.currency)},
        )
    if arrival.received_on > business_date:
        raise Refused(
            "receipt_in_future",
            _("%(day)s is after the business date %(today)s. Write it down on its day.")
            % {"day": arrival.received_on, "today": business_date},
        )
    for name in ("source", "external_id", "payer", "channel", "remark", "branch"):
        field = Receipt._meta.get_field(name)
        if len(getattr(arrival, name)) > (field.max_length or 0):
            raise Refused(
                "receipt_text_long",
                _("%(what)s is too long; at most %(most)s characters.")
                % {"what": field.verbose_name, "most": field.max_length},
            )


def locked(receipt_id: int, *, by: people.Person) -> Receipt:
    """The receipt, held until the transaction ends; NotFound outside the scope."""
    rows = queries.seen_by(by.scope).filter(pk=receipt_id)
    if not rows.exists():
        raise no_such_receipt(receipt_id)
    return Receipt.objects.select_for_update().get(pk=receipt_id)


def no_such_receipt(receipt_id: int) -> NotFound:
    """The refusal for a receipt that is not there, or not for these eyes."""
    return NotFound(
        "receipt_unknown",
        _("There is no receipt number %(id)s among those you may see.")
        % {"id": receipt_id},
        receipt=receipt_id,
    )
