"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "clocks.exported": pgettext_lazy("event", "List of clocks of law taken out"),
    "clock.started": pgettext_lazy("event", "Clock of law started"),
    "clock.closed": pgettext_lazy("event", "Clock of law taken off the list"),
    "clock.corrected": pgettext_lazy("event", "Beginning of a clock of law corrected"),
    "clock.opened_again": pgettext_lazy("event", "Clock of law runs again"),
    "clock.event.told": pgettext_lazy("event", "Event of a clock of law written down"),
    "clock.event.struck": pgettext_lazy("event", "Event of a clock of law struck"),
    "legal.deadline.approaching": pgettext_lazy(
        "event", "A clock of law nears its end"
    ),
    "legal.deadline.passed": pgettext_lazy("event", "The end of a clock of law passed"),
}
