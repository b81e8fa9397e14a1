"""Registers the room with Django."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    """The strategy room."""

    name = "daihou.rooms.strategy"
    label = "strategy"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name what is proposed, go the rounds, stand on pages and in the navigation."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import panels, rounds, secret_places, shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.ledger import door as ledger
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people
        from daihou.rooms.strategy import actions, approvable, sealing
        from daihou.rooms.strategy.actions import telling, watching
        from daihou.rooms.strategy.event_words import WORDS
        from daihou.rooms.strategy.pages import panel

        approvable.register()
        audit.name_events(WORDS)
        notices.register_kind(telling.ALARM, gettext_lazy("Strategy alarms"))
        notices.register_kind(telling.REHEARSED, gettext_lazy("Rehearsals done"))
        rounds.register("strategy", every=3.0, do=actions.evaluate_due)
        rounds.register("journeys", every=watching.EVERY, do=watching.watch)
        for place in sealing.PLACES:
            secret_places.register(place)
        ledger.personal.register_rows(sealing.ROWS)
        rounds.register("rehearsals", every=2.0, do=actions.rehearse_waiting)
        panels.register(
            "customer", "strategy/parts/panel.html", panel.of_customer, order=10
        )
        panels.register("loan", "strategy/parts/panel.html", panel.of_loan, order=10)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Strategy"),
                "strategy:list",
                "adjustments",
                key="s",
                group=shell.Group.COLLECT,
                order=4,
                permission=people.Permission.VIEW_STRATEGY,
            )
        )
