"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "rule.changed": pgettext_lazy("event", "Change of a rule agreed"),
}
