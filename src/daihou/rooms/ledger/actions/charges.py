"""A single charge on a loan: a fee owed on a day, beside the schedule."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import payments, standing
from daihou.rooms.ledger.models import Demand, Loan
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Charged:
    """What recording a charge did; `new` is False when it was there before."""

    demand_id: int
    new: bool
    before: standing.Standing
    after: standing.Standing


@transaction.atomic
def record_charge(
    *,
    source: str,
    external_id: str,
    loan_id: int,
    kind: str,
    due_on: date,
    amount: int,
    deed: payments.Deed,
) -> Charged:
    """Record a fee of `amount` minor units owed on `due_on`, and settle the loan.

    In force from its due date, or from the business date if it is due later. The same
    (source, external_id) again with the same content changes nothing; with another
    content, another loan among it, it is refused.
    """
    assert "/" not in source, "the first slash of source_ref ends the source"
    people.require(deed.by, people.Permission.CHANGE_LOAN)
    loan = payments.loan_to_write(loan_id, scope=deed.by.scope)
    before = standing.state_of(loan, business_date=deed.business_date)
    wanted = Demand(
        loan=loan,
        kind="charge",
        charge_kind=kind,
        source_ref=f"{source}/{external_id}",
        seq=0,
        due_on=due_on,
        begins_on=min(due_on, deed.business_date),
        fee=amount,
    )
    known = _known(wanted.source_ref)
    if known is None:
        _check(wanted, loan)
        known = _insert(wanted)
    if known is not None:
        _check_same(known, wanted)
        now = standing.standing_of(before)
        return Charged(known.pk, new=False, before=now, after=now)
    standing.tell_the_night(
        loan, kind="charge.recorded", happened_on=wanted.begins_on, at=deed.at
    )
    after = standing.settle_at_once(loan, business_date=deed.business_date)
    charged = Charged(
        wanted.pk,
        new=True,
        before=standing.standing_of(before),
        after=standing.standing_of(after),
    )
    _record(wanted, charged, deed)
    return charged


def _known(source_ref: str) -> Demand | None:
    found: Demand | None = Demand.objects.filter(
        kind="charge", source_ref=source_ref
    ).first()
    return found


def _insert(wanted: Demand) -> Demand | None:
    """Insert; or return what another transaction inserted under that id before."""
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        known = _known(wanted.source_ref)
        if known is None:
            raise  # not the id: another promise of the table was broken
        return known
    return None


def _record(demand: Demand, charged: Charged, deed: payments.Deed) -> None:
    audit.record(
        type="charge.recorded",
        subject_type="loan",
        subject_id=demand.loan_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=demand.begins_on,
        payload={
            "demand_id": demand.pk,
            "source_ref": demand.source_ref,
            "kind": demand.charge_kind,
            "amount": demand.fee,
            "due_on": demand.due_on.isoformat(),
            "before": charged.before.payload(),
            "after": charged.after.payload(),
        },
        reason=deed.reason,
        request_id=deed.request_id,
    )


def _check_same(known: Demand, wanted: Demand) -> None:
    same = ("loan_id", "charge_kind", "due_on", "fee")
    if any(getattr(known, name) != getattr(wanted, name) for name in same):
        raise Refused(
            "charge_differs",
            _(
                "Charge %(id)s was recorded before with another content. Give it its "
                "own id."
            )
            % {"id": wanted.source_ref},
        )


def _check(wanted: Demand, loan: Loan) -> None:
    if wanted.fee <= 0:
        raise Refused("charge_amount", _("A charge must be more than zero."))
    if not wanted.charge_kind.strip():
        raise Refused("charge_kind", _("Say what the charge is for."))
    if wanted.due_on < loan.disbursed_on:
        raise Refused(
            "charge_before_loan",
            _("%(due_on)s is before the loan was paid out on %(disbursed_on)s.")
            % {"due_on": wanted.due_on, "disbursed_on": loan.disbursed_on},
        )
