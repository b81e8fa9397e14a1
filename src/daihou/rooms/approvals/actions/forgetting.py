"""Emptying closed proposals under the retention schedule; that they were made stays."""

from collections.abc import Collection

import pgtrigger
from django.db import transaction

from daihou.rooms.approvals.models import Comment, Decision, Proposal
from daihou.rooms.approvals.states import UNDECIDED

GONE = "***"
_GUARDS = (
    "approvals.Proposal:asked_once",
    "approvals.Decision:append_only",
    "approvals.Comment:append_only",
)


@transaction.atomic
def forget_contents(proposal_ids: Collection[int]) -> int:
    """Empty these of what would have changed and of every text; count them.

    Who proposed and decided what kind of thing when, and the digest of what it was,
    stay. One that is still open is never emptied.
    """
    rows = Proposal.objects.filter(pk__in=list(proposal_ids))
    assert not rows.filter(state__in=UNDECIDED).exists(), "an open one is emptied"
    with pgtrigger.ignore(*_GUARDS):
        count = int(rows.update(content="", reason=GONE))
        Decision.objects.filter(proposal__in=rows).exclude(note="").update(note=GONE)
        Comment.objects.filter(proposal__in=rows).update(text=GONE)
    return count
