"""What the reports register at start-up: the navigation, panels, events."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import pgettext_lazy

from daihou.kit import panels, secret_places, shell
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import door as dayend
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting import sealing
from daihou.rooms.reporting.actions import callbacks, taking_out
from daihou.rooms.reporting.actions import reasons as told
from daihou.rooms.reporting.actions import targets as setting
from daihou.rooms.reporting.pages import behaviour_panel, reasons, targets
from daihou.rooms.reporting.queries.work.costs import of_years
from daihou.rooms.reporting.queries.work.spent import spent
from daihou.rooms.strategy import door as strategy

WORDS: Final[Mapping[str, object]] = {
    taking_out.EXPORTED: pgettext_lazy("event", "Report taken out"),
    taking_out.WRITTEN: pgettext_lazy("event", "Report on a customer taken out"),
    told.TOLD: pgettext_lazy("event", "Reason of being late written down"),
    setting.TARGETS_SET: pgettext_lazy("event", "Recovery targets set"),
    setting.COSTS_SET: pgettext_lazy("event", "Costs of collection written down"),
    callbacks.DRAWN: pgettext_lazy("event", "Talks drawn for a call-back"),
    callbacks.TOLD: pgettext_lazy("event", "Call-back written down"),
}


def register() -> None:
    """Stand in the navigation and on the pages of loans and customers."""
    audit.name_events(WORDS)
    for place in sealing.PLACES:
        secret_places.register(place)
    ledger.personal.register_rows(sealing.ROWS)
    strategy.register_cost(spent)
    dayend.register_costs(of_years)
    shell.register_banner(
        "reporting/parts/unsettled.html",
        lambda request: grading.beside(request, "/lab/", "/reports/"),
    )
    panel = "reporting/parts/targets_panel.html"
    panels.register("floor", panel, targets.of_floor, order=10)
    panels.register("home", panel, targets.of_home, order=10)
    panels.register(
        "bulletin", "reporting/parts/targets_said.html", targets.of_floor, order=10
    )
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
