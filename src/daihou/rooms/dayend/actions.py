"""The only writer of requests to the night; the night itself writes its runs."""

from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import queries
from daihou.rooms.dayend.models import BusinessDate, Request
from daihou.rooms.dayend.states import RequestState
from daihou.rooms.people import door as people

KINDS = ("next", "through", "again", "plan")
_LOCK = 0x4441_4901  # asking for a day-end, one at a time


@transaction.atomic
def request_run(
    *,
    by: people.Person,
    at: datetime,
    kind: str = "next",
    as_of: date | None = None,
    reason: str = "",
    request_id: str = "",
) -> queries.RequestLine:
    """Ask the night to run; a worker picks it up.

    `next` closes the open day, `through` closes every day up to `as_of`, `again`
    runs the closed day `as_of` once more, `plan` only tells what closing the open
    day would change. While one request waits or runs, the same
    asked again gives that one, another is refused.
    """
    people.require(by, people.Permission.RUN_DAY_END)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    day = queries.open_day()
    as_of = _checked(kind, as_of, day)
    waiting = queries.waiting()
    if waiting is not None:
        if (waiting.kind, waiting.as_of) == (kind, as_of):
            return waiting
        raise Refused(
            "request_waiting",
            _("A day-end is already asked for (%(kind)s). Wait until it is done.")
            % {"kind": waiting.kind},
        )
    row = Request.objects.create(
        as_of=as_of,
        kind=kind,
        state=RequestState.WAITING,
        by=by.username,
        asked_at=at,
    )
    audit.record(
        type="day_end.planned" if kind == "plan" else "day_end.asked",
        subject_type="day_end",
        subject_id=as_of.isoformat(),
        by=by.username,
        at=at,
        business_date=day.on,
        payload={"request": row.pk, "kind": kind},
        reason=reason,
        request_id=request_id,
    )
    asked = queries.waiting()
    assert asked is not None
    return asked


def _checked(kind: str, as_of: date | None, day: queries.BusinessDay) -> date:
    """The date meant; refuses one the kind cannot run."""
    if kind not in KINDS:
        raise Refused(
            "kind_unknown",
            _("%(kind)s is no kind of day-end; choose one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(KINDS)},
        )
    if kind in ("next", "plan"):
        if as_of not in (None, day.on):
            raise Refused(
                "not_next",
                _("The next day to close is %(next)s, not %(asked)s. Ask for it.")
                % {"next": day.on, "asked": as_of},
            )
        return day.on
    if as_of is None:
        raise Refused("date_missing", _("Say which date to run."))
    if kind == "through" and as_of < day.on:
        raise Refused(
            "already_closed",
            _("%(asked)s is already closed. To run it once more, ask for it again.")
            % {"asked": as_of},
        )
    if kind == "again" and queries.run_of(as_of) is None:
        raise Refused(
            "not_closed",
            _("%(asked)s has not been closed, so it cannot be run again.")
            % {"asked": as_of},
        )
    return as_of


@transaction.atomic
def set_business_date(
    *, on: date, by: str, at: datetime, simulated: bool = False, reason: str = ""
) -> queries.BusinessDay:
    """Say which day the book begins to live, before any day was closed.

    Afterwards only the day-end turns the date; setting the same again does nothing.
    """
    rows = BusinessDate.objects.select_for_update().filter(id=1)
    row = rows.first()
    if row is not None and row.on != on and queries.runs(limit=1):
        raise Refused(
            "date_is_set",
            _(
                "The business date is %(on)s. It turns by closing the day: "
                "daihou day-end, or daihou travel DATE."
            )
            % {"on": row.on},
        )
    if row is None or row.on != on:
        BusinessDate.objects.update_or_create(
            id=1, defaults={"on": on, "simulated": simulated}
        )
        audit.record(
            type="business_date.set",
            subject_type="business_date",
            subject_id="1",
            by=by,
            at=at,
            business_date=on,
            payload={"on": on.isoformat(), "simulated": simulated},
            reason=reason,
        )
    day = queries.business_date()
    assert day is not None
    return day
