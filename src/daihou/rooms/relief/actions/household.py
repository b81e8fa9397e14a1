"""One plan for one household 一户一策: begun, confirmed, worked through, judged daily."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daihou.engine.commitments.recoverability import Recoverable, propose
from daihou.kit.refusal import Conflict, Refused
from daihou.kit.turns import in_turn
from daihou.packs import decision_json
from daihou.rooms.audit import door as audit
from daihou.rooms.ledger import door as ledger
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, sealing
from daihou.rooms.relief.actions.common import Deed, active, today
from daihou.rooms.relief.models import HouseholdPlan, Means, Source, Target
from daihou.rooms.relief.queries import household
from daihou.rooms.relief.states import HouseholdState

NOTICE = "relief.household"
_log: Final = logging.getLogger("daihou.relief")
SOURCES = (
    *("wages", "business", "rent", "harvest", "family", "guarantor"),
    *("insurance", "sale", "other"),
)
EVERY = ("once", "week", "month", "quarter", "year")
MEANS = (
    *("remind", "visit", "plan", "waiver", "settlement", "rent_collected"),
    *("guarantor", "collateral", "mediation", "litigation", "enforcement"),
    *("write_off", "other"),
)
WILLINGNESS = ("able_willing", "able_unwilling", "unable_willing", "unable_unwilling")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceWish:
    """What the household can pay from; minor units each `every`."""

    kind: str
    amount: int
    every: str
    from_on: date
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdWish:
    """A plan as it is begun: the goal, the way there, and when it is looked at again."""

    goal: int
    goal_on: date
    next_on: date
    review_on: date
    willingness: str
    story: str
    sources: Sequence[SourceWish] = ()
    means: Sequence[tuple[str, date]] = ()
    targets: Sequence[tuple[date, int]] = ()
    owner: str = ""


def _begin(deed: Deed) -> date:
    people.require(deed.by, people.Permission.REQUEST_RELIEF)
    active(deed.by)
    return today(deed)


@transaction.atomic
def begin(customer_id: int, wish: HouseholdWish, *, deed: Deed) -> household.PlanLine:
    """Begin a plan; the class is what the rules say, until a person confirms one."""
    on = _begin(deed)
    in_turn("relief.household", str(customer_id))
    found = household.owing(customer_id, on=on, scope=deed.by.scope)
    _check(wish, on)
    policy = queries.in_force(on)
    said = propose(
        policy.recoverability,
        found.facts,
        as_of=on,
        version=policy.version,
        subject=found.loan.number,
    )
    runs = [HouseholdState.RUNNING.value, HouseholdState.STUCK.value]
    if HouseholdPlan.objects.filter(customer_id=customer_id, state__in=runs).exists():
        raise Conflict("household_runs", _("A plan for this household runs already."))
    row = HouseholdPlan.objects.create(
        customer_id=customer_id,
        loan_id=found.loan.loan_id,
        currency=found.loan.currency,
        branch=found.loan.branch,
        product=found.loan.product,
        officer=found.loan.officer,
        proposed=said.answer,
        because=decision_json.to_json(said),
        review_on=wish.review_on,
        willingness=wish.willingness,
        story=sealing.seal(wish.story),
        owner=wish.owner or deed.by.username,
        owed_then=found.overdue,
        goal=wish.goal,
        goal_on=wish.goal_on,
        began_on=on,
        next_on=wish.next_on,
        at=deed.at,
    )
    _keep_rows(row, wish)
    _tell(row, "household.begun", deed, {"goal": wish.goal, "class": said.answer})
    return household.plan(row.pk, scope=deed.by.scope)


def _keep_rows(row: HouseholdPlan, wish: HouseholdWish) -> None:
    Source.objects.bulk_create(
        Source(
            plan=row,
            kind=each.kind,
            amount=each.amount,
            every=each.every,
            from_on=each.from_on,
            note=sealing.seal(each.note),
        )
        for each in wish.sources
    )
    Means.objects.bulk_create(
        Means(plan=row, place=place, code=code, planned_on=on)
        for place, (code, on) in enumerate(wish.means, 1)
    )
    Target.objects.bulk_create(
        Target(plan=row, on=on, amount=amount) for on, amount in wish.targets
    )


def _check(wish: HouseholdWish, on: date) -> None:
    if wish.goal <= 0 or wish.goal_on < on:
        raise Refused(
            "goal", _("Say how much is to come in, by a day to come."), field="goal"
        )
    if not on <= wish.next_on <= wish.goal_on or wish.review_on <= on:
        raise Refused(
            "next_on",
            _("The next step lies between today and the goal; the review after today."),
            field="next_on",
        )
    if wish.willingness not in WILLINGNESS:
        raise Refused("willingness", _("Choose how able and willing they are."))
    known = all(each.kind in SOURCES and each.every in EVERY for each in wish.sources)
    if not wish.sources or not known or any(s.amount <= 0 for s in wish.sources):
        raise Refused(
            "sources", _("Name at least one source of repayment with its amount.")
        )
    days = [day for _code, day in wish.means]
    if not wish.means or any(code not in MEANS for code, _day in wish.means):
        raise Refused("means", _("Name at least one means, in order."))
    if days != sorted(days):
        raise Refused("means_order", _("Plan the means one after the other."))
    amounts = [amount for _on, amount in wish.targets]
    days = [day for day, _amount in wish.targets]
    if days != sorted(set(days)) or amounts != sorted(amounts):
        raise Refused("targets", _("Targets grow from day to day."))


def _held(plan_id: int, deed: Deed, version: int | None) -> HouseholdPlan:
    rows = deed.by.scope.limit(HouseholdPlan.objects.filter(pk=plan_id))
    row: HouseholdPlan | None = rows.select_for_update().first()
    if row is None:
        raise household.no_such(plan_id)
    if version is not None and version != row.version:
        raise Conflict("household_has_moved", _("Somebody acted meanwhile. Reload."))
    if row.state not in (HouseholdState.RUNNING, HouseholdState.STUCK):
        raise Conflict("household_over", _("This plan is over. Begin another one."))
    return row


@transaction.atomic
def confirm(
    plan_id: int,
    recoverable: str,
    *,
    review_on: date,
    deed: Deed,
    version: int | None = None,
) -> household.PlanLine:
    """Stand for a class of recoverability, with a reason and the day of its review."""
    on = _begin(deed)
    row = _held(plan_id, deed, version)
    if recoverable not in set(Recoverable):
        raise Refused("class_unknown", _("Choose a class."), field="recoverable")
    if not deed.reason.strip() or review_on <= on:
        raise Refused(
            "confirm", _("Say why, and on which later day it is looked at again.")
        )
    row.confirmed, row.confirmed_by = recoverable, deed.by.username
    row.confirmed_at, row.review_on = deed.at, review_on
    row.confirmed_why = sealing.seal(deed.reason)
    _save(row, on)
    payload = {"class": recoverable, "proposed": row.proposed}
    _tell(row, "household.confirmed", deed, payload, reason=deed.reason)
    return household.plan(row.pk, scope=deed.by.scope)


@transaction.atomic
def done(
    plan_id: int,
    place: int,
    *,
    outcome: str,
    next_on: date,
    deed: Deed,
    version: int | None = None,
) -> household.PlanLine:
    """A means was carried out: what came of it, and when something happens next."""
    on = _begin(deed)
    row = _held(plan_id, deed, version)
    if not outcome.strip() or next_on < on:
        raise Refused(
            "outcome", _("Say what came of it, and on which day something is next.")
        )
    moved = Means.objects.filter(plan=row, place=place, done_on=None).update(
        done_on=on, outcome=sealing.seal(outcome)
    )
    if not moved:
        raise Conflict("means_done", _("This means was carried out already."))
    row.next_on = next_on
    _save(row, on)
    _tell(row, "household.means.done", deed, {"place": place}, reason=outcome)
    return household.plan(row.pk, scope=deed.by.scope)


@transaction.atomic
def end(plan_id: int, *, deed: Deed, version: int | None = None) -> household.PlanLine:
    """End a plan that will not reach its goal; with a reason."""
    on = _begin(deed)
    row = _held(plan_id, deed, version)
    if not deed.reason.strip():
        raise Refused("reason_missing", _("Say why it is ended."), field="reason")
    row.state, row.ended_on = HouseholdState.ENDED.value, on
    row.version += 1
    row.save()
    _tell(row, "household.ended", deed, {}, reason=deed.reason)
    return household.plan(row.pk, scope=deed.by.scope)


def _save(row: HouseholdPlan, on: date) -> None:
    """Keep the row, moving again if nothing holds it up any more."""
    row.version += 1
    _judge(row, on)
    row.save()


def _judge(row: HouseholdPlan, on: date) -> None:
    """What came in since it began, and whether something is left undone."""
    ids = [loan for loan, _number in _loans(row)]
    money = ledger.relieving.money_since(ids, since=row.began_on)
    row.got = max(
        0,
        sum(
            m.amount
            for m in money
            if m.on <= on and not (m.ends_on and m.ends_on <= on)
        ),
    )
    behind = Target.objects.filter(plan=row, on__lt=on, amount__gt=row.got)
    if row.got >= row.goal:
        row.state, row.ended_on = HouseholdState.DONE.value, on
        row.stuck_because = ""
        return
    if row.next_on < on:
        why = "nothing_done"
    elif row.review_on < on:
        why = "review_due"
    elif row.goal_on < on:
        why = "goal_missed"
    elif behind.exists():
        why = "behind"
    else:
        why = ""
    row.stuck_because = why
    stuck, runs = HouseholdState.STUCK.value, HouseholdState.RUNNING.value
    row.state = stuck if why else runs


def _loans(row: HouseholdPlan) -> Sequence[tuple[int, str]]:
    scope = people.process("relief").scope
    found: Sequence[tuple[int, str]] = ledger.reaching.loans_of(
        row.customer_id, scope=scope
    )
    known = {loan for loan, _number in found}
    return [*found, *([] if row.loan_id in known else [(row.loan_id, "")])]


def judge_households(*, deed: Deed) -> int:
    """Look at every plan that runs, once a day: progress, goals, and what is stuck."""
    on = today(deed)
    runs = [HouseholdState.RUNNING.value, HouseholdState.STUCK.value]
    keys = HouseholdPlan.objects.filter(state__in=runs).order_by("pk")
    for key in list(keys.values_list("pk", flat=True)):
        try:
            _judge_one(key, on, deed)
        except Exception:  # noqa: BLE001 - one must not stop the others
            _log.exception("household plan %s could not be judged", key)
    return len(keys)


@transaction.atomic
def _judge_one(key: int, on: date, deed: Deed) -> None:
    row = HouseholdPlan.objects.select_for_update().get(pk=key)
    before, got = row.state, row.got
    if before not in (HouseholdState.RUNNING, HouseholdState.STUCK):
        return
    _judge(row, on)
    if (row.state, row.got) == (before, got):
        return
    row.version += 1
    row.save()
    if row.state == before:
        return
    happened = {"stuck": "stuck", "running": "moving", "done": "done"}[row.state]
    _tell(row, f"household.{happened}", deed, {"because": row.stuck_because})
    if row.state == HouseholdState.STUCK:
        notices.notify(
            kind=NOTICE,
            text=gettext_noop("A household plan is stuck"),
            logins=[row.owner],
            url=f"/relief/customers/{row.customer_id}/household/",
            level="warn",
            at=deed.at,
            key=str(row.pk),
        )
    else:
        notices.done(kind=NOTICE, key=str(row.pk), at=deed.at)


def _tell(
    row: HouseholdPlan,
    happened: str,
    deed: Deed,
    payload: dict[str, object],
    *,
    reason: str = "",
) -> None:
    audit.record(
        type=happened,
        subject_type="household",
        subject_id=row.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"customer_id": row.customer_id, "loan_id": row.loan_id, "got": row.got}
        | payload,
        after={"state": row.state},
        reason=reason,
        request_id=deed.request_id,
    )
