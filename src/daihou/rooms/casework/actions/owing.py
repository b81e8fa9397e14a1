"""Whether anything is owed yet that somebody could be contacted about."""

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions.common import Deed, open_day
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.late import is_paid_up


def check_owed(case: CaseLine, deed: Deed) -> None:
    """Nobody is called about late money that came in since."""
    if is_paid_up(case, open_on=open_day(deed)):
        raise Refused(
            "case_paid_up",
            _(
                "What was late on case %(case)s is paid; nobody is contacted about it."
                " The case ends when the day closes."
            )
            % {"case": case.number},
            case=case.id,
        )
