"""How often a plan was made anew: a plan that replaces another counts on."""

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.relief.models import Relief


def checked(replaces: int | None, loan_id: int, *, most: int) -> int:
    """The number of this new plan among those that replaced one another.

    Refused when the one replaced is no live plan of the loan, or there were too many.
    """
    if replaces is None:
        return 0
    row = Relief.objects.filter(pk=replaces, kind="plan", loan_id=loan_id).first()
    if row is None or row.state not in ("active", "at_risk"):
        raise Refused(
            "replaces_unknown",
            _("The plan that is to be replaced runs no more. Ask for a new one."),
            field="replaces",
        )
    if row.replans >= most:
        raise Refused(
            "too_many_plans",
            _("It was made anew %(count)s times already, which is the most.")
            % {"count": row.replans},
            field="replaces",
        )
    count: int = row.replans + 1
    return count
