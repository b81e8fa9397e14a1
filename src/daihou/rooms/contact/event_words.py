"""What the events of contact are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "gate.denied": pgettext_lazy("event", "Contact not allowed"),
    "gate.deferred": pgettext_lazy("event", "Contact not yet allowed"),
    "contact.outcome.recorded": pgettext_lazy("event", "Contact recorded"),
    "contact.flag.raised": pgettext_lazy("event", "Contact held"),
    "contact.unused": pgettext_lazy("event", "No contact was made"),
    "contact.flag.confirmed": pgettext_lazy("event", "Hold confirmed"),
    "contact.flag.ended": pgettext_lazy("event", "Reached again"),
    "contact.consent.confirmed": pgettext_lazy("event", "Consent confirmed"),
    "contact.flag.lifted": pgettext_lazy("event", "Contact opened again"),
    "contact.flag.sent_again": pgettext_lazy("event", "A lifted hold was sent again"),
    "contact.consent.given": pgettext_lazy("event", "Consent given"),
    "contact.consent.withdrawn": pgettext_lazy("event", "Consent withdrawn"),
    "person.joined": pgettext_lazy("event", "Joined with the same person"),
    "person.parted": pgettext_lazy("event", "Parted from another person"),
    "contact.point.removed": pgettext_lazy("event", "Number removed"),
    "contact.point.restored": pgettext_lazy("event", "Number in use again"),
    "act.refused": pgettext_lazy("event", "Refused act tried"),
    "act.reported": pgettext_lazy("event", "Refused act reported"),
    "template.written": pgettext_lazy("event", "Wording written"),
    "act.closed": pgettext_lazy("event", "Compliance item closed"),
}
