"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "caps.exported": pgettext_lazy("event", "List of loans above a cap taken out"),
}
