"""What the events of cases are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "case.opened": pgettext_lazy("event", "Case opened"),
    "case.reopened": pgettext_lazy("event", "Case opened again"),
    "case.loan.joined": pgettext_lazy("event", "Loan joined the case"),
    "case.closed": pgettext_lazy("event", "Case closed"),
    "case.taken_over": pgettext_lazy("event", "Case taken over"),
    "case.skipped": pgettext_lazy("event", "Case passed over"),
    "case.hold.placed": pgettext_lazy("event", "Case held"),
    "case.hold.released": pgettext_lazy("event", "Hold of the case released"),
    "case.resolution.changed": pgettext_lazy("event", "What was agreed changed"),
    "assignment.changed": pgettext_lazy("event", "Case given to somebody"),
    "assignment.batch.completed": pgettext_lazy("event", "Cases given out"),
    "segment.assigned": pgettext_lazy("event", "Queue or next step changed"),
    "queue.changed": pgettext_lazy("event", "Queue changed"),
    "seat.changed": pgettext_lazy("event", "Seat of a collector changed"),
    "case.escalated": pgettext_lazy("event", "Handed to the supervisor"),
    "case.suggestion.refused": pgettext_lazy("event", "Suggestion not followed"),
}
