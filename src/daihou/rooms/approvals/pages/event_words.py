"""What the events of this room are called."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "approval.proposed": pgettext_lazy("event", "Proposed"),
    "approval.passed": pgettext_lazy("event", "Passed on to the next level"),
    "approval.approved": pgettext_lazy("event", "Approved"),
    "approval.refused": pgettext_lazy("event", "Refused"),
    "approval.withdrawn": pgettext_lazy("event", "Proposal taken back"),
    "approval.overtaken": pgettext_lazy("event", "Changed before it was decided"),
    "approval.escalated": pgettext_lazy("event", "Waits past its deadline"),
    "approval.used": pgettext_lazy("event", "Approval used"),
    "approval.lapsed": pgettext_lazy("event", "Approval not used in time"),
    "approval.revealed": pgettext_lazy("event", "Proposed values looked at whole"),
    "approval.commented": pgettext_lazy("event", "Comment on a proposal"),
    "delegation.made": pgettext_lazy("event", "Deputy named"),
    "delegation.ended": pgettext_lazy("event", "Deputy ended"),
}
