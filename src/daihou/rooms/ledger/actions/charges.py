"""A single charge on a loan: a fee owed on a day, beside the schedule."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daihou.engine.basics.money import format_minor
from daihou.engine.ledger import values as engine
from daihou.engine.ledger.fixed.cap import cap_of
from daihou.engine.ledger.fixed.settle import settle
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import payments, standing
from daihou.rooms.ledger.models import Demand, Loan
from daihou.rooms.ledger.queries import facts_of_row
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
    content, another loan among it, it is refused. So is one for which the cap on the
    cost of the loan leaves no room on the day it is due.
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
        _check_cap(wanted, loan, business_date=deed.business_date)
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


def _check_cap(wanted: Demand, loan: Loan, *, business_date: date) -> None:
    """Refuse what could never be claimed: more cost than the cap of the loan allows.

    Looked at on the day it falls due, or today if that is past, with all that is known
    now; what the loan costs above its cap without it is nobody's reason to refuse.
    """
    on = max(wanted.due_on, business_date)
    facts = facts_of_row(loan, as_of=business_date)
    cap = cap_of(facts.loan, facts.policy)
    if cap is None:
        return
    charge = engine.Demand(
        demand_id=-1,
        seq=0,
        due_on=wanted.due_on,
        principal=0,
        interest=0,
        fee=wanted.fee,
        begins_on=wanted.begins_on,
    )
    demands = sorted(
        (*facts.loan.demands, charge), key=lambda each: (each.due_on, each.seq)
    )
    with_it = replace(facts.loan, demands=tuple(demands))
    before, after = (
        sum(settle(each, facts.policy, as_of=on).over_cap.values())
        for each in (facts.loan, with_it)
    )
    if after <= before:
        return
    room = max(0, wanted.fee - (after - before))
    raise Refused(
        "over_cost_cap",
        _(
            "With this charge the loan would cost more than its cap (%(rule)s, "
            "%(rate)s a year): %(above)s %(currency)s of it could not be claimed. "
            "Charge at most %(room)s %(currency)s."
        )
        % {
            "rule": cap.rule,
            "rate": f"{(cap.annual_rate * 100).normalize():f} %",
            "above": format_minor(after - before, loan.currency),
            "room": format_minor(room, loan.currency),
            "currency": loan.currency,
        },
        field="amount",
    )
