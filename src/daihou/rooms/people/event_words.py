"""What the events of people and their rights are called in a story."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

WORDS: Final[Mapping[str, object]] = {
    "person.signed_in": pgettext_lazy("event", "Signed in"),
    "person.sign_in_refused": pgettext_lazy("event", "Sign-in refused"),
    "person.sign_in_held": pgettext_lazy("event", "Sign-in held up"),
    "person.second_factor_refused": pgettext_lazy("event", "Second factor refused"),
    "person.address_refused": pgettext_lazy("event", "Turned away, from elsewhere"),
    "person.session_ended": pgettext_lazy("event", "Session ended"),
    "person.sessions_ended": pgettext_lazy("event", "Sessions ended"),
    "person.created": pgettext_lazy("event", "Login made"),
    "person.changed": pgettext_lazy("event", "Rights changed"),
    "person.preferred": pgettext_lazy("event", "Preferences kept"),
    "person.password_accepted": pgettext_lazy("event", "Password confirmed"),
    "person.password_refused": pgettext_lazy("event", "Password refused"),
    "person.password_changed": pgettext_lazy("event", "Password changed"),
    "person.password_reset": pgettext_lazy("event", "New password given"),
    "person.factor_added": pgettext_lazy("event", "Second factor added"),
    "person.factor_removed": pgettext_lazy("event", "Second factor taken away"),
    "person.factors_reset": pgettext_lazy("event", "Second factors taken away"),
    "person.recovery_codes_made": pgettext_lazy("event", "Recovery codes made"),
    "person.viewed_as": pgettext_lazy("event", "Pages seen as this person"),
    "person.viewed_as_ended": pgettext_lazy("event", "View as ended"),
    "role.created": pgettext_lazy("event", "Role made"),
    "role.changed": pgettext_lazy("event", "Role changed"),
    "role.removed": pgettext_lazy("event", "Role taken away"),
    "branch.saved": pgettext_lazy("event", "Unit saved"),
    "branch.removed": pgettext_lazy("event", "Unit taken away"),
    "cover.arranged": pgettext_lazy("event", "Leave cover arranged"),
    "cover.ended": pgettext_lazy("event", "Leave cover ended"),
    "duties.changed": pgettext_lazy("event", "Separation of duties changed"),
}
