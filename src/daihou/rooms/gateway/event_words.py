"""What the events of interfaces are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "token.address_refused": pgettext_lazy("event", "Token used from elsewhere"),
    "token.made": pgettext_lazy("event", "Token made"),
    "token.revoked": pgettext_lazy("event", "Token revoked"),
    "webhook.added": pgettext_lazy("event", "Receiver added"),
    "webhook.key_rotated": pgettext_lazy("event", "Key of a receiver changed"),
    "webhook.paused": pgettext_lazy("event", "Receiver paused"),
    "webhook.resumed": pgettext_lazy("event", "Receiver resumed"),
    "webhook.replayed": pgettext_lazy("event", "Messages sent once more"),
    "webhook.tested": pgettext_lazy("event", "Receiver tried"),
    "webhook.test": pgettext_lazy("event", "Trial message"),
}
