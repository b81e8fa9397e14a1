"""Looking through another's eyes: who began and ended it, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed, record
from daihou.rooms.people.permissions import Permission


@transaction.atomic
def begin_looking(*, username: str, deed: Deed) -> None:
    """Note that an administrator begins to see the pages as `username` does.

    A reason is asked for. Only who sees everything may: nobody sees more that way.
    """
    queries.require(deed.by, Permission.VIEW_AS)
    if not deed.by.oversees:
        raise NotAllowed(
            "looking_too_far",
            _("Only somebody who sees everything looks through others' eyes."),
        )
    viewed = queries.person(username)
    if viewed.username == deed.by.username or not viewed.active:
        raise Refused("looking_who", _("Choose somebody else who is on duty."))
    if not deed.reason.strip():
        raise Refused("reason_missing", _("Say why; it is kept with the event."))
    record("person.viewed_as", "person", username, deed)


@transaction.atomic
def stop_looking(*, username: str, by: queries.Person, at: datetime) -> None:
    """Note that it ended."""
    record("person.viewed_as_ended", "person", username, Deed(by, at))
