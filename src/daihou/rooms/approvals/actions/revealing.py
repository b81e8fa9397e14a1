"""Showing what a mask hides to who has to judge it, for a reason, with an event."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, TooMany
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions import recording
from daihou.rooms.approvals.actions.proposing import written
from daihou.rooms.approvals.kinds import Deed, kind_of
from daihou.rooms.approvals.queries.proposals import proposal_of, row_for
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.audit import door as audit

MOST_AN_HOUR = 20  # times one proposal may be shown whole


@transaction.atomic
def reveal(*, proposal_id: int, deed: Deed) -> Proposal:
    """The proposal with its personal values, for whoever may decide it now.

    Needs a reason and leaves an event; the page shows the values for a minute.
    """
    row = row_for(proposal_id, person=deed.by, at=deed.at)
    code, _words = queries.why_not(row, deed.by, at=deed.at)
    if code:
        raise NotAllowed(
            "not_the_decider",
            _("Only who decides it now sees the values whole. Nothing was shown."),
        )
    reason = written(deed.reason, missing=_("Say why you have to see the values."))
    shown = audit.instants(
        type="approval.revealed",
        subject_type="proposal",
        subject_id=str(row.pk),
        since=deed.at - timedelta(hours=1),
        limit=MOST_AN_HOUR,
    )
    if len(shown) >= MOST_AN_HOUR:
        raise TooMany(
            "revealed_often",
            _("This was shown %(times)s times within an hour. Wait, or ask compliance.")
            % {"times": MOST_AN_HOUR},
            retry_after=3600,
        )
    recording.record(
        row,
        "revealed",
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=reason,
        request_id=deed.request_id,
    )
    shown_to = kind_of(row.kind).shown
    if shown_to is not None:
        shown_to(row.subject_id, deed)
    return proposal_of(row)
