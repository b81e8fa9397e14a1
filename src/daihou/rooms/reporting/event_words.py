"""What the events of this room are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "portfolio.exported": pgettext_lazy("event", "Figures of the portfolio taken out"),
    "standing.given": pgettext_lazy("event", "Question given to others"),
    "standing.ended": pgettext_lazy("event", "Question taken back"),
    "standing.sent": pgettext_lazy("event", "Figures of the portfolio sent by mail"),
}
