"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "class.fact_told": pgettext_lazy("event", "Fact of the class written down"),
    "provision.exported": pgettext_lazy("event", "Provisions taken out"),
    "provision.held_told": pgettext_lazy("event", "Allowance held written down"),
    "class.fact_ended": pgettext_lazy("event", "Fact of the class ended"),
}
