"""Who is told what: deciders that something waits, proposers how it ended."""

from datetime import datetime

from django.utils.translation import gettext_noop

from daihou.kit.refusal import NotFound
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.models import Delegation
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.approvals.states import State
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

TO_DECIDE = "approvals.to_decide"
DECIDED = "approvals.decided"
DEPUTY = "approvals.deputy"

_ENDS = {
    State.APPROVED: ("good", gettext_noop("%(who)s approved: %(title)s")),
    State.REFUSED: ("warn", gettext_noop("%(who)s refused: %(title)s")),
    State.OVERTAKEN: (
        "warn",
        gettext_noop("Changed before it was decided, propose it again: %(title)s"),
    ),
    State.LAPSED: ("warn", gettext_noop("Approved, but not used in time: %(title)s")),
}


def _url(row: Row) -> str:
    return f"/approvals/{row.pk}/"


def asked(row: Row, *, at: datetime) -> None:
    """Tell everybody who may decide the present level."""
    late = row.state == State.ESCALATED
    text = gettext_noop("%(who)s asks for your decision: %(title)s")
    if late:
        text = gettext_noop("Waits past its deadline for a decision: %(title)s")
    notices.notify(
        kind=TO_DECIDE,
        text=text,
        params={"who": _name(row.proposed_by), "title": row.title},
        logins=[person.username for person in queries.deciders(row, at=at)],
        url=_url(row),
        level="warn" if late else "info",
        key=_key(row),
        at=at,
    )


def ended(row: Row, *, at: datetime) -> None:
    """Call the question back, and tell whose it was how it ended."""
    notices.done(kind=TO_DECIDE, key=_key(row), at=at)
    if row.state not in _ENDS:
        return
    level, text = _ENDS[State(row.state)]
    notices.notify(
        kind=DECIDED,
        text=text,
        params={"who": _name(row.decided_by), "title": row.title},
        logins=sorted({row.proposed_by, row.proposed_for} - {""}),
        url=_url(row),
        level=level,
        key=_key(row),
        at=at,
    )


def passed_on(row: Row, *, at: datetime) -> None:
    """Call the question back from one level and ask the next."""
    notices.done(kind=TO_DECIDE, key=_key(row), at=at)
    asked(row, at=at)


def remarked(row: Row, *, by: str, at: datetime) -> None:
    """Tell the others of a proposal that somebody wrote under it."""
    said = set(row.decisions.values_list("decided_by", flat=True))
    wrote = set(row.comments.values_list("by", flat=True))
    others = said | wrote | {row.proposed_by, row.proposed_for}
    notices.notify(
        kind=DECIDED,
        text=gettext_noop("%(who)s wrote about: %(title)s"),
        params={"who": _name(by), "title": row.title},
        logins=sorted(others - {by, ""}),
        url=_url(row),
        key=f"remark.{row.pk}",
        at=at,
    )


def _name(login: str) -> str:
    """How somebody is called; a process, or one who is gone, by the login."""
    if not login:
        return ""
    try:
        return people.person(login).name
    except NotFound:
        return login


def _key(row: Row) -> str:
    return f"proposal.{row.pk}"


def delegated(row: Delegation, *, at: datetime) -> None:
    """Tell the two whom a delegation concerns, but for who made it."""
    notices.notify(
        kind=DEPUTY,
        text=gettext_noop(
            "%(deputy)s decides for %(who)s from %(first)s until %(last)s,"
            " arranged by %(by)s"
        ),
        params={
            "deputy": _name(row.deputy),
            "who": _name(row.principal),
            "first": row.from_on.isoformat(),
            "last": row.until_on.isoformat(),
            "by": _name(row.made_by),
        },
        logins=sorted({row.principal, row.deputy} - {row.made_by}),
        url="/approvals/away/",
        level="info",
        key=f"delegation-{row.pk}",
        at=at,
    )
