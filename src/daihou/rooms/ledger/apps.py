"""Registers the room with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger room."""

    name = "daihou.rooms.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the overdue ledger into the navigation, the search into the top bar."""
        from django.utils.translation import pgettext_lazy

        from daihou.kit import shell

        shell.register_search("ledger:search")
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Ledger"),
                "ledger:overdue",
                "list-details",
                key="l",
                order=2,
                also=("/loans/", "/search/"),
            )
        )
