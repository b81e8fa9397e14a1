"""A promise is taken, cancelled, no longer needed; a new one takes the old one's place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.engine.basics.money import format_minor
from daihou.engine.commitments.promise import (
    Asked,
    Part,
    Problem,
    PromiseRules,
    State,
    problems,
)
from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions import items, judging, resolving
from daihou.rooms.casework.actions.common import (
    Deed,
    check_version,
    checked,
    many_told,
    open_case_locked,
    open_day,
    passed_on,
    tell,
)
from daihou.rooms.casework.actions.taking import in_other_hands, taken_by
from daihou.rooms.casework.actions.telling_promises import promises_told
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.models.promises import Promise, PromisePart, Verdict
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.casework.queries import book
from daihou.rooms.casework.states import Resolution, Treatment
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

REMIND_AT: Final = time(9)  # of the day of a reminder, where the lender is
REASONS: Final = frozenset(
    ("", "salary", "sale", "harvest", "family", "loan_elsewhere", "refund", "other")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseGiven:
    """What somebody promises: amounts in minor units, each with its day, in order.

    `reason_code`: where the money is to come from, one of REASONS. With `replace` it
    takes the place of the promise that stands, else it stands beside it.
    """

    parts: Sequence[tuple[date, int]]
    reason_code: str = ""
    replace: bool = True


@transaction.atomic
def make_promise(
    case_id: int,
    *,
    given: PromiseGiven,
    channel: codes.Action,
    deed: Deed,
    version: int | None = None,
    self_service: bool = False,
) -> int:
    """Take a promise of the customer of a case; its number.

    Refused beyond the limits of the lender's policy, with what is possible instead.
    """
    people.require(deed.by, people.Permission.WORK_CASES)
    row = open_case_locked(case_id, deed=deed, version=version)
    if in_other_hands(row, me=deed.by.username, at=deed.at):
        raise taken_by(row)
    made = give(row, given, channel=channel, deed=deed, self_service=self_service)
    passed_on(row)
    return int(made.pk)


def give(
    row: Case,
    given: PromiseGiven,
    *,
    channel: codes.Action,
    deed: Deed,
    self_service: bool = False,
) -> Promise:
    """Take a promise at a locked case; the case is written by the caller."""
    day = open_day(deed)
    rules = rules_for(row.product, day)
    _judged(row, deed)
    standing = list(
        Promise.objects.filter(case=row, state=State.ACTIVE.value)
        .select_for_update()
        .order_by("-pk")
    )
    old = standing[0] if standing and given.replace else None
    broken = _broken(row.customer_id, day, rules)
    loans, late = _loans(row)
    _check(row, given, rules, deed, standing=len(standing) - bool(old), broken=broken)
    parts = [_part(on, amount) for on, amount in given.parts]
    made = _new(row, parts, rules, loans, deed)
    made.overdue_then, made.broken_before = late, broken
    made.pauses = made.amount >= rules.least(late)
    made.channel, made.self_service = channel.value, self_service
    made.reason_code, made.replaces = given.reason_code, old
    made.save(force_insert=True)
    PromisePart.objects.bulk_create(
        [
            PromisePart(promise=made, seq=seq, due_on=each.due_on, amount=each.amount)
            for seq, each in enumerate(parts)
        ]
    )
    if old is not None:
        _end([old], State.SUPERSEDED, deed, because="replaced")
        replaced = {**judging.payload_of(old), "by": made.pk}
        tell("promise.superseded", row, deed, replaced)
    _remind(row, made, parts, deed)
    _begin(row, made, parts, deed)
    return made


def _judged(row: Case, deed: Deed) -> None:
    """Judge what was promised before: what money made good by now is kept."""
    judging.judge_some([row.customer_id], as_of=open_day(deed), deed=deed)
    row.refresh_from_db()


def _new(
    row: Case,
    parts: Sequence[Part],
    rules: PromiseRules,
    loans: Sequence[int],
    deed: Deed,
) -> Promise:
    """A promise under the policy of the day, not written yet."""
    waits = timedelta(days=rules.grace_days + rules.window_days)
    return Promise(
        case=row,
        customer_id=row.customer_id,
        amount=sum(each.amount for each in parts),
        currency=row.currency,
        due_on=parts[-1].due_on,
        loans=list(loans),
        grace_days=rules.grace_days,
        tolerance=rules.tolerance,
        window_days=rules.window_days,
        remind_days=rules.remind_days,
        rule=rules.rule,
        taken_by=deed.by.username,
        taken_at=deed.at,
        made_on=open_day(deed),
        watch_until=parts[-1].due_on + waits,
    )


def _begin(row: Case, made: Promise, parts: Sequence[Part], deed: Deed) -> None:
    """Nobody goes after the customer until its first part is decided, or it is small."""
    if made.pauses:
        wait = parts[0].due_on + timedelta(days=made.grace_days + 1)
        row.next_at = _local(wait, time())
        if row.treatment == Treatment.RUNNING.value:
            row.treatment = Treatment.PAUSED.value
        row.save(update_fields=["next_at", "treatment"])
        kept = resolving.Kept(row.pk, Resolution.PROMISE, f"promise:{made.pk}")
        resolving.begin_many([kept], deed=deed)
        row.refresh_from_db(fields=["resolution"])
    elif made.replaces_id is not None:
        judging.go_on(row)
    told = {**judging.payload_of(made), "replaces": made.replaces_id}
    tell("promise.created", row, deed, told)
    promises_told([row.customer_id])


def _remind(row: Case, made: Promise, parts: Sequence[Part], deed: Deed) -> None:
    """One reminder a part, the day before; none where that day is today or over."""
    for place, part in enumerate(parts):
        on = part.due_on - timedelta(days=made.remind_days)
        if on <= made.made_on:
            continue
        WorkItem.objects.create(
            case=row,
            kind=codes.ItemKind.PROMISE_DUE.value,
            due_at=_local(on, REMIND_AT),
            priority=codes.USUAL,
            reason="promise_due",
            promise=made,
            part=place,
            made_by=deed.by.username,
            made_at=deed.at,
        )


def _local(on: date, hour: time) -> datetime:
    found: datetime = timezone.make_aware(datetime.combine(on, hour))
    return found


def rules_for(product: str, on: date) -> PromiseRules:
    """The lender's policy of promises for a product on a day."""
    found = PromiseRules.of(
        rulebooks.lawbook(),
        jurisdiction=rulebooks.jurisdiction(),
        licence=rulebooks.licence(),
        product=product,
        on=on,
    )
    if found is None:
        raise Refused(
            "promise_no_policy",
            _("No policy of promises is in force. Compliance switches it on."),
        )
    return found


def _loans(row: Case) -> tuple[list[int], int]:
    """The loans a promise is about, and what is overdue on them."""
    mine = [
        each
        for each in book.loans_in_case(row.pk)
        if each.currency == row.currency and each.status in ("active", "written_off")
    ]
    if not mine:
        raise Refused("promise_nothing_owed", _("Nothing is owed on this case."))
    return [each.loan_id for each in mine], sum(each.overdue_total for each in mine)


def _broken(customer_id: int, day: date, rules: PromiseRules) -> int:
    since = day - timedelta(days=rules.broken_days)
    rows = Promise.objects.filter(customer_id=customer_id, state=State.BROKEN.value)
    return int(rows.filter(decided_on__gte=since).count())


def _part(on: date, amount: int) -> Part:
    if amount <= 0:
        raise Refused(
            "promise_amount", _("The amount must be more than zero."), field="amount"
        )
    return Part(on, amount)


def _check(
    row: Case,
    given: PromiseGiven,
    rules: PromiseRules,
    deed: Deed,
    *,
    standing: int,
    broken: int,
) -> None:
    if given.reason_code not in REASONS:
        known = ", ".join(sorted(REASONS - {""}))
        raise Refused(
            "promise_reason",
            _("There is no such source of money; choose one of: %(known)s.")
            % {"known": known},
            field="reason_code",
        )
    asked = Asked(
        parts=[_part(on, amount) for on, amount in given.parts],
        on=open_day(deed),
        standing=standing,
        broken=broken,
        owed=row.outstanding_total,
        held=row.held,
        lenient=deed.by.may(people.Permission.MANAGE_CASES),
    )
    found = problems(asked, rules)
    if found:
        raise _refusal(found[0], row.currency, rules)


def _refusal(problem: Problem, currency: str, rules: PromiseRules) -> Refused:
    words = {
        "held": _("The case is held; release the hold before a promise is taken."),
        "nothing": _("Say how much will be paid, and when."),
        "past": _("%(on)s is over; the earliest day is today, %(today)s."),
        "far": _(
            "%(on)s is %(days)s days away; the policy %(rule)s allows %(most)s."
            " Agree on an earlier day, or offer a plan."
        ),
        "order": _("Give the parts in order of their days, each on its own day."),
        "parts": _(
            "A promise has at most %(most)s parts; for more, offer a plan instead."
        ),
        "open": _(
            "%(most)s promise is open already; replace it, or wait until it is decided."
        ),
        "broken": _(
            "%(broken)s promises were broken; a supervisor takes the next one."
        ),
        "beyond": _("%(amount)s is more than all that is owed, %(owed)s."),
    }
    params: dict[str, object] = {"rule": rules.rule, **problem.params}
    for name in ("amount", "owed"):
        if isinstance(params.get(name), int):
            params[name] = format_minor(int(str(params[name])), currency)
    said = words[problem.code] % params
    field = "amount" if problem.code == "beyond" else "due_on"
    return Refused(f"promise_{problem.code}", said, field=field)


@transaction.atomic
def cancel_promise(
    promise_id: int, *, reason: str, deed: Deed, version: int | None = None
) -> None:
    """The customer or a supervisor takes a promise back; it is not broken.

    By who took it, or somebody who manages cases.
    """
    people.require(deed.by, people.Permission.WORK_CASES)
    found = Promise.objects.filter(pk=promise_id).first()
    if found is None:
        raise no_such_promise(promise_id)
    row = open_case_locked(found.case_id, deed=deed)
    check_version(row, version)
    _judged(row, deed)
    promise = Promise.objects.select_for_update().get(pk=promise_id)
    if promise.taken_by != deed.by.username:
        people.require(deed.by, people.Permission.MANAGE_CASES)
    if promise.state != State.ACTIVE.value:
        raise Conflict(
            "promise_decided",
            _("This promise was decided before; there is nothing to cancel."),
            promise=promise_id,
        )
    words = checked(reason, deed=deed, customer_id=row.customer_id)
    _end([promise], State.CANCELLED, deed, because="cancelled", words=words)
    tell("promise.cancelled", row, deed, judging.payload_of(promise))
    judging.go_on(row)
    passed_on(row)
    row.refresh_from_db(fields=["resolution"])


def _end(
    rows: Sequence[Promise], after: State, deed: Deed, *, because: str, words: str = ""
) -> None:
    """Write that promises ended otherwise than by being judged."""
    for row in rows:
        row.state, row.ended_at, row.ended_by = after.value, deed.at, deed.by.username
        row.end_reason, row.judged_at = words, deed.at
        row.save()
        Verdict.objects.create(
            promise=row,
            before=State.ACTIVE.value,
            after=after.value,
            appropriated=row.appropriated,
            ratio=row.appropriated * 1000 // row.amount,
            as_of=open_day(deed),
            because=because,
            by=deed.by.username,
            at=deed.at,
        )
    items.dismiss_of_promises(
        [row.pk for row in rows], outcome="promise_ended", deed=deed
    )
    references = {f"promise:{row.pk}": row.case_id for row in rows}
    resolving.end_many(references, at=deed.at, deed=deed)
    promises_told([row.customer_id for row in rows])


def invalidate(case_ids: Sequence[int], *, because: str, deed: Deed) -> int:
    """Promises of these cases are no longer needed (a plan, a closing); how many.

    Those that money made good by now are kept first.
    """
    rows = Promise.objects.filter(case_id__in=case_ids, state=State.ACTIVE.value)
    customers = list(rows.values_list("customer_id", flat=True))
    if not customers:
        return 0
    judging.judge_some(sorted(set(customers)), as_of=open_day(deed), deed=deed)
    left = list(rows.select_for_update().order_by("pk"))
    if left:
        _end(left, State.INVALIDATED, deed, because=because)
        told: list[tuple[int, Mapping[str, object]]] = [
            (row.case_id, judging.payload_of(row)) for row in left
        ]
        many_told("promise.invalidated", told, deed=deed)
    return len(left)


def end_with_case(case_ids: Sequence[int], code: str, deed: Deed) -> None:
    """No promise lives on a case that is closed."""
    invalidate(case_ids, because="case_closed", deed=deed)


def no_such_promise(promise_id: int) -> NotFound:
    """The refusal for a promise that is not there, or not for these eyes."""
    return NotFound(
        "promise_unknown",
        _("There is no such promise among those you may see."),
        promise=promise_id,
    )
