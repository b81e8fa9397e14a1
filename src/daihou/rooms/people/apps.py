"""Registers the room with Django."""

from django.apps import AppConfig


def _put_shipped(**told: object) -> None:
    # Django's own hook for rows that must be there once the tables are: there is no
    # other that also runs where tests empty them.
    from daihou.rooms.people.actions.shipped import put_shipped

    put_shipped()


class PeopleConfig(AppConfig):
    """The people room."""

    name = "daihou.rooms.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name the signed-in person in the top bar; see to the shipped roles."""
        from django.db.models.signals import post_migrate
        from django.utils.translation import pgettext_lazy

        from daihou.kit import secret_places, shell, wording
        from daihou.rooms.audit import door as audit
        from daihou.rooms.people import event_words, shown

        audit.name_events(event_words.WORDS)
        post_migrate.connect(
            _put_shipped, sender=self, dispatch_uid="people.shipped", weak=False
        )
        # Sealed by people.identity, which cannot be imported yet.
        secret_places.register(
            secret_places.Place(
                table="mfa_authenticator", column="data", about="mfa", kind="json"
            )
        )
        wording.keep_secret("people:password", "old", "new", "again")
        shell.register_person(shown.person)
        shell.register_banner("people/parts/viewing.html", shown.viewing)
        shell.register_banner("people/parts/covering.html", shown.covering)
        shell.register_entry(
            shell.Entry(
                pgettext_lazy("navigation", "People"),
                "people:users",
                "users-group",
                key="o",
                group=shell.Group.SYSTEM,
                order=3,
                also=("/organisation/", "/roles/", "/duties/", "/covers/"),
                permission="view_people",
            )
        )
