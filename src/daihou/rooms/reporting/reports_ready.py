"""What the reports register at start-up: the navigation, panels, events."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from daihou.kit import panels, shell
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.reporting.actions import reasons as told
from daihou.rooms.reporting.actions import taking_out
from daihou.rooms.reporting.pages import behaviour_panel, reasons

WORDS: Final[Mapping[str, object]] = {
    taking_out.EXPORTED: pgettext_lazy("event", "Report taken out"),
    taking_out.WRITTEN: pgettext_lazy("event", "Report on a customer taken out"),
    told.TOLD: pgettext_lazy("event", "Reason of being late written down"),
}


def register() -> None:
    """Stand in the navigation and on the pages of loans and customers."""
    audit.name_events(WORDS)
    panels.register(
        "loan", "reporting/parts/reason_panel.html", reasons.of_loan, order=60
    )
    panels.register(
        "customer",
        "reporting/parts/behaviour_panel.html",
        behaviour_panel.of_customer,
        order=60,
    )
    shell.register_entry(
        shell.Entry(
            pgettext_lazy("navigation", "Reports"),
            "reporting:reports",
            "report-analytics",
            key="u",
            group=shell.Group.PORTFOLIO,
            order=2,
            permission=people.Permission.VIEW_PORTFOLIO,
        )
    )
