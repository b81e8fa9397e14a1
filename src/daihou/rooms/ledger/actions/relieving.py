"""Relief on a loan is written: amounts given up, plans made anew; both are taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger.actions import payments, standing
from daihou.rooms.ledger.models import Demand, Loan, RateStep, Waiver
from daihou.rooms.ledger.queries import facts_of_row
from daihou.rooms.ledger.queries.relieving import Change, Made, Tried, tried, worked_out
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Relieved:
    """What was written: what was given up by component, rows made, the loan around it.

    `plan` has each row made: its due day and what it asks for (minor units), by day.
    """

    ref: str
    given_up: Mapping[str, int]
    rows: int
    first_due_on: date | None
    before: standing.Standing
    after: standing.Standing
    plan: tuple[tuple[date, int], ...] = ()


@transaction.atomic
def relieve(
    *,
    loan_id: int,
    changes: Sequence[Change],
    on: date,
    ref: str,
    deed: payments.Deed,
) -> Relieved:
    """Carry changes out on a loan from `on` on, in one transaction with their event.

    `ref` names the act (once a loan): the same again is refused, `take_back` undoes it.
    Refused where the plan was made anew on a later day, or the loan does not allow it.
    """
    _require(deed.by)
    loan = payments.loan_to_write(loan_id, scope=deed.by.scope)
    _check(loan, on, ref, deed)
    facts = facts_of_row(loan, as_of=on)
    before = standing.state_of(loan, business_date=deed.business_date)
    made = worked_out(facts, changes, on=on, at=deed.at)
    figures = tried(facts, made, on=on)
    _store(loan, made, ref, deed)
    Loan.objects.filter(pk=loan.pk, relieved=False).update(relieved=True)
    loan.relieved = True
    return _settled(loan, before, figures, on, ref, deed, happened="loan.relieved")


def _require(by: people.Person) -> None:
    rights = (people.Permission.CHANGE_LOAN, people.Permission.DECIDE_RELIEF)
    if not any(by.may(right) for right in rights):
        raise NotAllowed(
            "may_not_relieve",
            _("Only who decides on relief changes what is owed. Ask for a decision."),
        )


def _check(loan: Loan, on: date, ref: str, deed: payments.Deed) -> None:
    assert ref and len(ref) <= 60, ref
    if not loan.disbursed_on <= on <= deed.business_date:
        raise Refused(
            "relief_day",
            _(
                "Relief counts from a day between %(first)s, on which the loan was paid"
                " out, and the business date %(today)s."
            )
            % {"first": loan.disbursed_on, "today": deed.business_date},
        )
    later = Demand.objects.filter(loan=loan, opens_on__gt=on).exists()
    if later:
        raise Refused(
            "later_version",
            _("The plan was made anew on a later day. Choose that day or a later one."),
        )
    if Waiver.objects.filter(loan=loan, ref=ref, ends_on=None).exists():
        raise Refused("relief_twice", _("This was carried out on the loan already."))


def _store(loan: Loan, made: Made, ref: str, deed: payments.Deed) -> None:
    latest = Demand.objects.filter(loan=loan, kind="instalment")
    number = 1 + (latest.aggregate(last=Max("schedule"))["last"] or 0)
    numbers: dict[int, int] = {}
    for demand, period in made.demands:
        row = Demand.objects.create(
            loan=loan,
            kind="instalment" if demand.seq else "charge",
            charge_kind="" if demand.seq else "relief",
            source_ref=ref if demand.seq else f"relief/{ref}/{demand.demand_id}",
            schedule=number,
            seq=demand.seq,
            due_on=demand.due_on,
            begins_on=demand.begins_on,
            opens_on=demand.opens_on,
            principal=demand.principal,
            interest=demand.interest,
            fee=demand.fee,
            attributes={
                "begins": period.begins.isoformat(),
                "carried": period.carried,
                "rate": None if made.rate is None else str(made.rate),
                "ref": ref,
            },
        )
        numbers[demand.demand_id] = row.pk
    Waiver.objects.bulk_create(
        Waiver(
            loan=loan,
            waived_on=waiver.on,
            component=waiver.component,
            amount=waiver.amount,
            demand_id=numbers.get(waiver.demand_id or 0, waiver.demand_id),
            moved=waiver.moved,
            ref=ref,
            recorded_at=deed.at,
        )
        for waiver in made.waivers
    )
    RateStep.objects.bulk_create(
        RateStep(
            loan=loan,
            begins_on=step.begins_on,
            penalty_rate_nano=step.penalty_rate_nano,
            ref=ref,
            recorded_at=deed.at,
        )
        for step in made.steps
    )


@transaction.atomic
def take_back(
    *, loan_id: int, ref: str, on: date, deed: payments.Deed
) -> Relieved | None:
    """Take an act back from `on` on: what was given up is owed again, rows end.

    None when nothing of it is left to take back. Days before `on` stay as they were.
    Refused where the plan was made anew after it.
    """
    _require(deed.by)
    loan = payments.loan_to_write(loan_id, scope=deed.by.scope)
    waivers = Waiver.objects.filter(loan=loan, ref=ref, ends_on=None)
    rows = Demand.objects.filter(
        Q(source_ref=ref) | Q(attributes__ref=ref),
        loan=loan,
        opens_on__isnull=False,
        ends_on=None,
    )
    first = waivers.order_by("waived_on").values_list("waived_on", flat=True).first()
    if first is None and not rows.exists():
        return None
    since = first or rows.order_by("opens_on").values_list("opens_on", flat=True)[0]
    if _made_after(loan, rows, waivers, since=since):
        raise Refused(
            "later_version",
            _("The plan was made anew after it. Take that back first."),
        )
    before = standing.state_of(loan, business_date=deed.business_date)
    day = max(on, since)
    given: dict[str, int] = {}
    for waiver in waivers.filter(moved=False):
        given[waiver.component] = given.get(waiver.component, 0) + waiver.amount
    waivers.update(ends_on=day)
    rows.update(ends_on=day)
    standing.tell_the_night(
        loan, kind="loan.relief_reversed", happened_on=day, at=deed.at
    )
    after = standing.settle_at_once(loan, business_date=deed.business_date)
    done = Relieved(
        ref, given, 0, None, standing.standing_of(before), standing.standing_of(after)
    )
    _record(loan, done, day, deed, happened="loan.relief_reversed")
    return done


def _made_after(
    loan: Loan, rows: QuerySet[Demand], waivers: QuerySet[Waiver], *, since: date
) -> bool:
    """Whether rows of another act stand on those of this one; of one day, its later."""
    others = Demand.objects.filter(loan=loan, opens_on__gte=since, ends_on=None)
    others = others.exclude(pk__in=rows.values("pk"))
    first = waivers.order_by("pk").first()
    if first is not None:
        before = Waiver.objects.filter(
            loan=loan, waived_on=since, moved=True, pk__lt=first.pk
        ).exclude(ref=first.ref)
        refs = set(before.values_list("ref", flat=True))
        others = others.exclude(opens_on=since, attributes__ref__in=refs)
    there: bool = others.exists()
    return there


def _settled(
    loan: Loan,
    before: object,
    figures: Tried,
    on: date,
    ref: str,
    deed: payments.Deed,
    *,
    happened: str,
) -> Relieved:
    standing.tell_the_night(loan, kind=happened, happened_on=on, at=deed.at)
    after = standing.settle_at_once(loan, business_date=deed.business_date)
    done = Relieved(
        ref=ref,
        given_up=dict(figures.given_up),
        rows=len(figures.rows),
        first_due_on=min((row.due_on for row in figures.rows), default=None),
        before=standing.standing_of(before),  # type: ignore[arg-type]
        after=standing.standing_of(after),
        plan=tuple(
            (row.due_on, row.principal + row.interest + row.fee)
            for row in sorted(figures.rows, key=lambda each: (each.due_on, each.seq))
        ),
    )
    _record(loan, done, on, deed, happened=happened)
    return done


def _record(
    loan: Loan, done: Relieved, on: date, deed: payments.Deed, *, happened: str
) -> None:
    first = done.first_due_on
    audit.record(
        type=happened,
        subject_type="loan",
        subject_id=loan.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=on,
        payload={
            "ref": done.ref,
            "given_up": dict(done.given_up),
            "rows": done.rows,
            "first_due_on": first.isoformat() if first else None,
            "before": done.before.payload(),
            "after": done.after.payload(),
        },
        reason=deed.reason,
        request_id=deed.request_id,
    )
