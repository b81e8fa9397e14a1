"""Registers the room with Django."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The ledger room."""

    name = "daihou.rooms.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the overdue ledger into the navigation, the search into the top bar."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import shell
        from daihou.rooms.audit import door as audit
        from daihou.rooms.ledger import approvable
        from daihou.rooms.ledger.pages import event_words, view_bar, wish
        from daihou.rooms.lists import door as lists
        from daihou.rooms.people import door as people

        approvable.register()
        shell.register_search("ledger:search", suggest="ledger:suggest")
        lists.register(
            lists.ListKind(
                view_bar.LIST,
                gettext_lazy("Overdue ledger"),
                "ledger:overdue",
                fields=wish.OF_A_VIEW,
                permission=people.Permission.VIEW_LOANS,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Ledger"),
                "ledger:overdue",
                "list-details",
                key="l",
                group=shell.Group.BOOK,
                order=1,
                also=("/loans/", "/search/"),
            )
        )
        self._payments()
        self._receipts()
        audit.name_events(event_words.WORDS)
        self._personal()
        self._programs()

    @staticmethod
    def _programs() -> None:
        """Say whose events a program may read that does not see the whole book."""
        from daihou.rooms.gateway import door as gateway
        from daihou.rooms.ledger.queries import listed

        gateway.register_subject("loan", listed.loans_seen)
        gateway.register_subject("customer", listed.customers_seen)

    @staticmethod
    def _payments() -> None:
        """Put the list of payments into the navigation, and let views of it be kept."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import shell
        from daihou.rooms.ledger.pages import payments_page
        from daihou.rooms.lists import door as lists
        from daihou.rooms.people import door as people

        lists.register(
            lists.ListKind(
                payments_page.LIST,
                gettext_lazy("Payments"),
                "ledger:payments",
                fields=payments_page.FIELDS,
                permission=people.Permission.VIEW_LOANS,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Payments"),
                "ledger:payments",
                "transfer-in",
                key="b",
                group=shell.Group.BOOK,
                order=2,
                permission=people.Permission.VIEW_LOANS,
            )
        )

    @staticmethod
    def _receipts() -> None:
        """Put the receipts desk into the navigation and name what it tells people."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import shell
        from daihou.rooms.ledger.actions import receipts
        from daihou.rooms.lists import door as lists
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people

        lists.register(
            lists.ListKind(
                "receipts",
                gettext_lazy("Receipts"),
                "ledger:receipts",
                fields=frozenset(
                    {"show", "text", "channel", "currency", "age", "least"}
                ),
                permission=people.Permission.VIEW_RECEIPTS,
            )
        )
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Receipts"),
                "ledger:receipts",
                "coin",
                key="r",
                group=shell.Group.BOOK,
                order=3,
                permission=people.Permission.VIEW_RECEIPTS,
            )
        )
        for kind, word in (
            (receipts.TO_CLAIM, gettext_lazy("Receipts to claim")),
            (receipts.TO_CONFIRM, gettext_lazy("Receipts to confirm")),
            (receipts.DECIDED, gettext_lazy("Own claims decided")),
        ):
            notices.register_kind(kind, word)

    @staticmethod
    def _personal() -> None:
        """Say where sealed values lie; put their page into the navigation."""
        from django.utils.translation import gettext_lazy, pgettext_lazy

        from daihou.kit import secret_places, shell
        from daihou.rooms.ledger.actions import canaries
        from daihou.rooms.ledger.sealing import PLACES
        from daihou.rooms.notices import door as notices
        from daihou.rooms.people import door as people

        for place in PLACES:
            secret_places.register(place)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "Personal data"),
                "ledger:personal",
                "shield-lock",
                key="v",
                group=shell.Group.LAW,
                order=6,
                permission=people.Permission.MANAGE_RETENTION,
            )
        )
        notices.register_kind(canaries.KIND, gettext_lazy("Canaries touched"))
