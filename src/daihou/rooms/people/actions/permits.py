"""What leads to rights by another way: with a second person's yes, where two decide."""

from collections.abc import Callable, Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions._common import Deed
from daihou.rooms.people.permissions import WEIGHTY

# A later room may say how a permit is asked for, and used once it is given.
Permit = Callable[..., str]
_permit: list[Permit] = []


def permit_with(permit: Permit) -> None:
    """Say who takes what gives rights to a second person.

    Called as `permit(subject_type=, subject_id=, what=, deed=)` it gives the address
    of a proposal, or nothing where it was approved: that approval is used up by it.
    """
    _permit[:] = [permit]


def two_decide(deed: Deed) -> bool:
    """Whether a person's change of rights needs another; processes make it at once."""
    return bool(settings.APPROVE_ROLE_CHANGES and deed.by.id)


def permitted(
    *, subject_type: str, subject_id: str, what: Mapping[str, object], deed: Deed
) -> str:
    """Nothing: go on. Else the address of the proposal that has to be approved first.

    `what` says what is done, field by field: only the very same is approved by it.
    """
    if not two_decide(deed):
        return ""
    if not _permit:
        raise approval_needed()
    return _permit[0](
        subject_type=subject_type, subject_id=subject_id, what=what, deed=deed
    )


def permitted_login(username: str, *, what: str, deed: Deed) -> str:
    """As `permitted`, for getting at somebody's login: of who may do weighty things.

    An administrator who resets the password of who decides could decide in their name.
    """
    theirs = queries.permissions_of(username) & WEIGHTY
    if theirs <= deed.by.permissions:
        return ""
    return permitted(
        subject_type="person", subject_id=username, what={"deed": what}, deed=deed
    )


def approval_needed() -> Refused:
    """The refusal where a second person has to decide and nobody can be asked."""
    return Refused(
        "approval_needed",
        _("A change of rights needs a second person here; propose it."),
    )
