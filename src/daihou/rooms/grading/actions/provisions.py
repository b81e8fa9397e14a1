"""Providing for graded days: the last one and every month's end, and what is held."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.engine.provision.rules import ProvisionRules
from daihou.kit import provisions
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.grading import provision_queries as queries
from daihou.rooms.grading.models import (
    ProvisionHeld,
    ProvisionMove,
    ProvisionNeed,
    ProvisionRun,
)
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import door as rulebooks

AT_ONCE: Final = 3  # days of one round, so that the others have their turn
MOST: Final = 10**17  # minor units; more is a slip of the keyboard


def provide_due(*, at: datetime) -> None:
    """Provide for the days that are due, some at once; for the worker's rounds."""
    provider = provisions.provider()
    if provider is None or rulebooks.jurisdiction() != "cn":
        return
    graded = provider.graded()
    done = {run.as_of: (run.classes, run.opening, run.rules) for run in queries.runs()}
    todo = []
    for day in reported(graded):
        before = opening_of(day, graded)
        opening = graded[before] if before else ""
        rests_on = (graded[day], opening, digest_of(day))
        if done.get(day) != rests_on and not _lost(day, graded):
            todo.append(day)
    for day in todo[:AT_ONCE]:
        provide(day, graded=graded, at=at)
    drop_others(set(reported(graded)))


def _lost(as_of: date, graded: Mapping[date, str]) -> bool:
    """Whether the file of the day that this one was compared with is not there now."""
    opened = [run.opening_on for run in queries.runs() if run.as_of == as_of]
    return any(day is not None and day not in graded for day in opened)


def reported(graded: Mapping[date, str]) -> Sequence[date]:
    """The last graded day of each month, the newest first."""
    last: dict[tuple[int, int], date] = {}
    for day in sorted(graded):
        last[day.year, day.month] = day
    return sorted(last.values(), reverse=True)


def opening_of(as_of: date, graded: Mapping[date, str]) -> date | None:
    """The last graded day of the month before, or of the last one that has any."""
    first = as_of.replace(day=1)
    return max((day for day in graded if day < first), default=None)


def digest_of(as_of: date) -> str:
    """A digest of the tables and ratios that hold on a day, as decided by then."""
    found = queries.rules(as_of, decided_by=as_of)
    told = [_plain(table, rules) for table, rules in found.items()]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _plain(table: str, rules: ProvisionRules) -> tuple[object, ...]:
    ratios = rules.ratios
    return (
        table,
        rules.article.begins_on,
        sorted((int(at), share) for at, share in rules.shares.items()),
        None if ratios is None else sorted(ratios.values.items()),
    )


def provide(as_of: date, *, graded: Mapping[date, str], at: datetime) -> int:
    """Provide for a graded day under the law as it was decided by then.

    The same classes, rules and opening day give the same rows; return the run's id.
    """
    provider = provisions.provider()
    assert provider is not None, "provide_due looked"
    begun = time.perf_counter()
    before = opening_of(as_of, graded)
    rules = queries.rules(as_of, decided_by=as_of)
    earlier = queries.rules(before, decided_by=before) if before else {}
    made = provider.provide(
        as_of, opening_on=before, rules=rules, opening_rules=earlier
    )
    with transaction.atomic():
        ProvisionRun.objects.filter(as_of=as_of, current=True).delete()
        run = ProvisionRun.objects.create(
            as_of=as_of,
            opening_on=before,
            classes=graded[as_of],
            opening=graded[before] if before else "",
            rules=digest_of(as_of),
            law=rulebooks.lawbook(as_of).digest,
            licence=rulebooks.licence(),
            current=True,
            seconds=time.perf_counter() - begun,
            at=at,
        )
        _write(run, made)
    return int(run.pk)


def _write(run: ProvisionRun, made: provisions.Provided) -> None:
    ProvisionNeed.objects.bulk_create(
        ProvisionNeed(
            run=run,
            table=each.table,
            currency=each.currency,
            branch=each.branch,
            asset_class=each.asset_class,
            loans=each.loans,
            balance=each.balance,
            needed=each.needed,
        )
        for each in made.needs
    )
    ProvisionMove.objects.bulk_create(
        ProvisionMove(
            run=run,
            table=each.table,
            currency=each.currency,
            balances=each.balances,
            allowances=each.allowances,
            moved=each.moved,
        )
        for each in made.moves
    )


def drop_others(days: set[date]) -> None:
    """Forget days that are no longer the last of their month: they are in the files.

    A day whose file is not there is kept: its rows may be all there is of it.
    """
    months = {(day.year, day.month): day for day in days}
    runs = ProvisionRun.objects.exclude(as_of__in=days)
    for as_of in runs.values_list("as_of", flat=True).distinct():
        last = months.get((as_of.year, as_of.month))
        if last is not None and as_of < last:
            ProvisionRun.objects.filter(as_of=as_of).delete()


@transaction.atomic
def tell_held(
    *, on: date, currency: str, amount: int, evidence: str, deed: approvals.Deed
) -> None:
    """Write down what allowance stands on the books from a day on; minor units.

    The ratios are reckoned with it. Refused without evidence, or for a day to come.
    """
    people.require(deed.by, people.Permission.POST_PAYMENT)
    plain = " ".join(evidence.replace("\x00", "").split())[:300]
    if not deed.by.scope.everything:
        raise Refused(
            "held_of_house",
            _("The allowance is of the whole house: who sees all of it enters it."),
        )
    if not plain:
        raise Refused(
            "evidence_missing",
            _("Say what shows it: a document, a court, a call, and where it is kept."),
            field="evidence",
        )
    if deed.business_date is None or on > deed.business_date:
        raise Refused(
            "fact_ahead",
            _("It cannot be so from a day that has not come yet."),
            field="on",
        )
    if not 0 <= amount <= MOST:
        raise Refused(
            "figure_out_of_bounds",
            _("This figure cannot be right: %(name)s. Check its digits, or its year.")
            % {"name": _("allowance held")},
            field="amount",
        )
    ProvisionHeld.objects.create(
        on=on,
        currency=currency,
        amount=amount,
        evidence=plain,
        by=deed.by.username,
        at=deed.at,
    )
    audit.record(
        type="provision.held_told",
        subject_type="provision",
        subject_id=currency,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        happened_on=on,
        payload={"amount": amount, "currency": currency},
        reason=plain,
        request_id=deed.request_id,
    )


@transaction.atomic
def record_provision_export(*, as_of: date, rows: int, deed: approvals.Deed) -> None:
    """Write down that the sheet of a month leaves the house, before it does."""
    people.require(deed.by, people.Permission.EXPORT_LEDGER)
    audit.record(
        type="provision.exported",
        subject_type="provision",
        subject_id=as_of.isoformat(),
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        payload={"rows": rows},
        request_id=deed.request_id,
    )
