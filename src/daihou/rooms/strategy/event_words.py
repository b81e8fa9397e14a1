"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "strategy.made": pgettext_lazy("event", "Strategy begun"),
    "strategy.put_in": pgettext_lazy("event", "Strategy of the house put in"),
    "strategy.draft_begun": pgettext_lazy("event", "Draft of a strategy begun"),
    "strategy.draft_dropped": pgettext_lazy("event", "Draft of a strategy dropped"),
    "strategy.imported": pgettext_lazy("event", "Draft of a strategy read from a file"),
    "strategy.exported": pgettext_lazy("event", "Strategy taken out as a file"),
    "strategy.rehearsal_asked": pgettext_lazy(
        "event", "Rehearsal of a draft asked for"
    ),
    "strategy.movers_exported": pgettext_lazy(
        "event", "List of who would move taken out"
    ),
    "strategy.approved": pgettext_lazy("event", "Version of a strategy approved"),
    "strategy.scheduled": pgettext_lazy("event", "Day of a version named"),
    "strategy.begun": pgettext_lazy("event", "Version of a strategy in force"),
    "strategy.retired": pgettext_lazy("event", "Version of a strategy taken off"),
    "journey.paused": pgettext_lazy("event", "Plan paused"),
    "journey.resumed": pgettext_lazy("event", "Plan goes on"),
    "journey.stopped": pgettext_lazy("event", "Plan stopped"),
    "journey.jumped": pgettext_lazy("event", "Plan goes on at another step"),
    "journey.started": pgettext_lazy("event", "Another journey instead"),
    "journey.asked_again": pgettext_lazy("event", "Next step found anew"),
    "strategy.rolled_back": pgettext_lazy("event", "Earlier version put back"),
}
