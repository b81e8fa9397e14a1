"""Where the desk, the cases and the floor stand in the navigation; what goes by itself."""

from django.utils.translation import pgettext_lazy

from daihou.kit import rounds, shell
from daihou.rooms.casework.actions import desk
from daihou.rooms.casework.pages import listing
from daihou.rooms.people import door as people

_P = people.Permission
EVERY = 2.0  # seconds between looks for saved results whose time to be undone is over


def register() -> None:
    """Stand in the navigation, in the lists, and on the rounds; called at start-up."""
    shell.register_entry(
        shell.Entry(
            pgettext_lazy("navigation", "My work"),
            "casework:desk",
            "headset",
            key="c",
            group=shell.Group.TODAY,
            order=2,
            permission=_P.WORK_CASES,
        )
    )
    shell.register_entry(
        shell.Entry(
            pgettext_lazy("navigation", "Cases"),
            "casework:cases",
            "file-invoice",
            key="e",
            group=shell.Group.COLLECT,
            order=1,
            permission=_P.VIEW_LOANS,
        )
    )
    shell.register_entry(
        shell.Entry(
            pgettext_lazy("navigation", "Floor"),
            "casework:floor",
            "layout-dashboard",
            key="x",
            group=shell.Group.TODAY,
            order=3,
            permission=_P.MANAGE_CASES,
        )
    )
    listing.register()
    rounds.register("desk", every=EVERY, do=desk.keep_all_due)
