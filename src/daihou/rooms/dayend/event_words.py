"""What the events of the day-end are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "business_date.set": pgettext_lazy("event", "Business date set"),
    "day_end.asked": pgettext_lazy("event", "Day-end asked for"),
    "day_end.planned": pgettext_lazy("event", "Plan of a day-end asked for"),
}
