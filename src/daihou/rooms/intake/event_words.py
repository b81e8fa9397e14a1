"""What the events of the intake are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "intake.applied": pgettext_lazy("event", "Files taken in"),
    "intake.refused": pgettext_lazy("event", "Files refused"),
    "mapping.saved": pgettext_lazy("event", "Mapping saved"),
}
