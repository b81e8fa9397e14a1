"""What the events of work and promises are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "case.worked": pgettext_lazy("event", "Case worked"),
    "case.item.made": pgettext_lazy("event", "Put on the list"),
    "case.item.done": pgettext_lazy("event", "Taken off the list"),
    "case.marker.raised": pgettext_lazy("event", "Heard of the person"),
    "case.marker.confirmed": pgettext_lazy("event", "Confirmed"),
    "case.marker.refuted": pgettext_lazy("event", "Refuted"),
    "case.marker.escalated": pgettext_lazy("event", "Not confirmed in time"),
    "case.marker.returned": pgettext_lazy("event", "Given up, not confirmed"),
    "promise.created": pgettext_lazy("event", "Promise taken"),
    "promise.kept": pgettext_lazy("event", "Promise kept"),
    "promise.partially_kept": pgettext_lazy("event", "Promise kept in part"),
    "promise.broken": pgettext_lazy("event", "Promise broken"),
    "promise.invalidated": pgettext_lazy("event", "Promise no longer needed"),
    "promise.cancelled": pgettext_lazy("event", "Promise cancelled"),
    "promise.superseded": pgettext_lazy("event", "Promise replaced"),
    "promise.reopened": pgettext_lazy("event", "Promise open again"),
}
