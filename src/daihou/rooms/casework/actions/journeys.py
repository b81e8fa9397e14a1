"""The plan of a case: paused, resumed, stopped by a person; followed where events act.

The strategy keeps what stands over a journey; here a case goes by it, and its story
tells of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.rooms.casework.actions.common import (
    Deed,
    open_case_locked,
    open_day,
    passed_on,
    spoken,
    tell,
)
from daihou.rooms.casework.models import Case
from daihou.rooms.casework.queries import cases
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.casework.states import (
    TREATMENT_MOVES,
    Lifecycle,
    Resolution,
    Treatment,
)
from daihou.rooms.people import door as people
from daihou.rooms.strategy import door as strategy

PERSON: Final = "person"


@transaction.atomic
def pause_plan(
    case_id: int,
    *,
    until: date,
    reason: str,
    deed: Deed,
    version: int | None = None,
) -> None:
    """Let the strategy's steps for a case rest until a day; they go on by themselves.

    The case stays whose it is, and may be worked; nothing is suggested meanwhile.
    Refused for a day further off than the policy allows a hold by hand.
    """
    people.require(deed.by, people.Permission.WORK_CASES)
    most = open_day(deed) + timedelta(days=policy().hold_days["manual"])
    if not open_day(deed) < until <= most:
        raise Refused(
            "pause_until",
            _("A pause ends after today and by %(most)s.") % {"most": most.isoformat()},
            field="until",
        )
    row, words = _held(case_id, reason, deed, version)
    strategy.pause_journey(
        row.customer_id,
        until=until,
        reason=words,
        key=_key(row, deed),
        doer=_doer(deed),
    )
    _acted(row)


@transaction.atomic
def resume_plan(
    case_id: int, *, reason: str, deed: Deed, version: int | None = None
) -> None:
    """End the pauses of a case's plan: by who paused it, or who manages cases."""
    people.require(deed.by, people.Permission.WORK_CASES)
    row, words = _held(case_id, reason, deed, version)
    own = [
        each
        for each in strategy.orders_of(row.customer_id)
        if each.do == "pause" and each.stands(open_day(deed))
    ]
    mine = bool(own) and all(each.by == deed.by.username for each in own)
    if not mine and not deed.by.may(people.Permission.MANAGE_CASES):
        raise NotAllowed(
            "resume_not_own",
            _("Who paused the plan, or who manages cases, lets it go on."),
        )
    strategy.resume_journey(row.customer_id, reason=words, doer=_doer(deed))
    _acted(row)


@transaction.atomic
def stop_plan(
    case_id: int, *, reason: str, deed: Deed, version: int | None = None
) -> None:
    """Let the strategy do nothing more about a case; that is final while it is open."""
    people.require(deed.by, people.Permission.MANAGE_CASES)
    row, words = _held(case_id, reason, deed, version)
    if row.treatment == Treatment.STOPPED.value:
        raise Conflict("journey_stopped", _("The plan of this case was stopped."))
    strategy.stop_journey(
        row.customer_id, reason=words, key=_key(row, deed), doer=_doer(deed)
    )
    _acted(row)


def _acted(row: Case) -> None:
    """The case was changed by `follow`; whoever saw it before is told."""
    row.refresh_from_db()
    passed_on(row)


def _held(
    case_id: int, reason: str, deed: Deed, version: int | None
) -> tuple[Case, str]:
    """The open case, locked after the journey, and the reason as it may be kept."""
    found = cases.case(case_id, scope=deed.by.scope)
    # First the journey, then the case: as the rounds take them.
    strategy.hold(found.customer_id)
    row = open_case_locked(case_id, deed=deed, version=version)
    return row, spoken(reason, deed=deed, customer_id=row.customer_id)


def _key(row: Case, deed: Deed) -> str:
    return f"hand:{row.pk}:{row.version}:{deed.at:%Y%m%d%H%M%S%f}"


def _doer(deed: Deed) -> strategy.Doer:
    return strategy.Doer(
        deed.by.username, deed.at, open_day(deed), request_id=deed.request_id
    )


# -- the case goes by it ------------------------------------------------------------------


def follow(turned: Sequence[strategy.Turned], doer: strategy.Doer) -> set[int]:
    """Let the open cases of these customers stand as their journeys do now.

    In the transaction of what became of the journeys; whose cases wrote of it.
    """
    deed = Deed(
        by=people.process(doer.login),
        at=doer.at,
        business_date=doer.on,
        request_id=doer.request_id,
    )
    by_customer = {each.customer_id: each for each in turned}
    rows = Case.objects.filter(customer_id__in=by_customer)
    rows = rows.exclude(lifecycle=Lifecycle.CLOSED.value).order_by("pk")
    told = set()
    for row in rows.select_for_update():
        each = by_customer[row.customer_id]
        was = row.treatment
        _go_by(row, each)
        tell(
            f"journey.{each.what}",
            row,
            deed,
            {**strategy.payload_of(each)},
            reason=each.reason[:200],
            before={"treatment": was},
            after={"treatment": row.treatment},
        )
        told.add(row.customer_id)
    return told


def _go_by(row: Case, each: strategy.Turned) -> None:
    row.action, row.journey = each.action, each.journey
    if each.segment or each.because:
        row.segment, row.because = each.segment, each.because
        row.priority = each.priority
    becomes = _treatment(row, each)
    if (row.treatment, becomes.value) in {(str(a), str(b)) for a, b in TREATMENT_MOVES}:
        row.treatment = becomes.value
    changed = ["action", "journey", "segment", "because", "priority", "treatment"]
    row.save(update_fields=changed)


def _treatment(row: Case, each: strategy.Turned) -> Treatment:
    if each.action == "stop":
        return Treatment.STOPPED
    promised = row.resolution == Resolution.PROMISE.value
    if row.held or promised or each.action == "pause":
        return Treatment.PAUSED
    return Treatment.RUNNING


def ended(case_ids: Sequence[int], deed: Deed) -> None:
    """What stood over the plans of cases that are closed ends with them."""
    customers = Case.objects.filter(pk__in=case_ids).values_list(
        "customer_id", flat=True
    )
    strategy.end_all(sorted(set(customers)), doer=_doer(deed))
