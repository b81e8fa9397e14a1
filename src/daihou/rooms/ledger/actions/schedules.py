"""A new schedule version 展期: the plan from one instalment on is replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from daihou.engine.ledger.values import Row
from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import payments, standing
from daihou.rooms.ledger.models import Demand
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Extended:
    """What the new version did; `schedule` is its number, `replaced` rows it ended."""

    schedule: int
    replaced: int
    before: standing.Standing
    after: standing.Standing


@transaction.atomic
def extend(
    *,
    loan_id: int,
    rows: Sequence[Row],
    begins_on: date,
    deed: payments.Deed,
) -> Extended:
    """Replace the instalments from `rows[0].seq` on by `rows`, from `begins_on` on.

    The old rows end and stay: days before `begins_on` are still judged by them, days
    from it on as if the new plan had always been. The rows must owe exactly the
    principal of those they replace. A reason is required.
    """
    people.require(deed.by, people.Permission.CHANGE_LOAN)
    loan = payments.loan_to_write(loan_id, scope=deed.by.scope)
    before = standing.state_of(loan, business_date=deed.business_date)
    old = _in_force(loan_id, first_seq=rows[0].seq if rows else 0)
    _check(rows, old, begins_on, loan.disbursed_on, deed)
    _check_not_remade(old)
    latest = Demand.objects.filter(loan=loan, kind="instalment")
    number = 1 + (latest.aggregate(last=Max("schedule"))["last"] or 0)
    Demand.objects.filter(pk__in=[demand.pk for demand in old]).update(
        ends_on=begins_on
    )
    Demand.objects.bulk_create(
        Demand(
            loan=loan,
            schedule=number,
            seq=row.seq,
            due_on=row.due_on,
            begins_on=begins_on,
            principal=row.principal,
            interest=row.interest,
            fee=row.fee,
        )
        for row in rows
    )
    standing.tell_the_night(
        loan, kind="schedule.extended", happened_on=begins_on, at=deed.at
    )
    after = standing.settle_at_once(loan, business_date=deed.business_date)
    done = Extended(
        number, len(old), standing.standing_of(before), standing.standing_of(after)
    )
    _record(loan_id, rows, begins_on, done, deed)
    return done


def _in_force(loan_id: int, *, first_seq: int) -> list[Demand]:
    rows = Demand.objects.filter(loan_id=loan_id, kind="instalment", ends_on=None)
    return list(rows.filter(seq__gte=first_seq).order_by("seq"))


def _check(
    rows: Sequence[Row],
    old: Sequence[Demand],
    begins_on: date,
    disbursed_on: date,
    deed: payments.Deed,
) -> None:
    if not rows or not old:
        raise Refused(
            "no_rows",
            _("Give the new instalments, beginning with one of the plan in force."),
        )
    if not deed.reason.strip():
        raise Refused("reason_missing", _("Say why the plan is changed."))
    if not disbursed_on <= begins_on <= deed.business_date:
        raise Refused(
            "begins_on",
            _(
                "A new plan begins between the day the loan was paid out and the "
                "business date %(today)s."
            )
            % {"today": deed.business_date},
        )
    _check_rows(rows, old)
    newest = max(demand.begins_on for demand in old)
    if begins_on < newest:
        raise Refused(
            "later_version",
            _("A later plan is in force since %(newest)s; begin on that day or after.")
            % {"newest": newest},
        )


def _check_not_remade(old: Sequence[Demand]) -> None:
    if any(demand.opens_on for demand in old):
        raise Refused(
            "remade",
            _(
                "This plan was made anew by a restructuring. Change it by another change"
                " of terms."
            ),
        )


def _check_rows(rows: Sequence[Row], old: Sequence[Demand]) -> None:
    dues = [row.due_on for row in rows]
    seqs = [row.seq for row in rows]
    if dues != sorted(set(dues)) or seqs != list(range(seqs[0], seqs[0] + len(seqs))):
        raise Refused(
            "rows_order",
            _("Number the instalments one after the other, each due after the last."),
        )
    if any(min(row.principal, row.interest, row.fee) < 0 for row in rows):
        raise Refused("rows_negative", _("What is owed is never less than zero."))
    owed = sum(demand.principal for demand in old)
    given = sum(row.principal for row in rows)
    if owed != given:
        raise Refused(
            "rows_principal",
            _(
                "The new instalments owe %(given)s of principal, those they replace "
                "%(owed)s (smallest units). They must be equal."
            )
            % {"given": given, "owed": owed},
        )


def _record(
    loan_id: int,
    rows: Sequence[Row],
    begins_on: date,
    done: Extended,
    deed: payments.Deed,
) -> None:
    audit.record(
        type="schedule.extended",
        subject_type="loan",
        subject_id=loan_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=begins_on,
        payload={
            "schedule": done.schedule,
            "replaced": done.replaced,
            "first_seq": rows[0].seq,
            "last_due_on": rows[-1].due_on.isoformat(),
            "before": done.before.payload(),
            "after": done.after.payload(),
        },
        reason=deed.reason,
        request_id=deed.request_id,
    )
