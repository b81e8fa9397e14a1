"""What is asked for when a token is made or a receiver of events added."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daihou.rooms.gateway.permissions import ApiScope
from daihou.rooms.gateway.words import scope_word

DAYS = (30, 90, 180, 366)


class TokenForm(forms.Form):
    """A token for a program: its name, what it may do, and for how long."""

    name = forms.CharField(label=_("Name"), max_length=80)
    days = forms.TypedChoiceField(
        label=_("Valid for"), coerce=int, choices=[(each, each) for each in DAYS]
    )
    networks = forms.CharField(
        label=_("Used from these networks"), max_length=3_000, required=False
    )
    scopes = forms.MultipleChoiceField(
        label=_("Allowed"),
        choices=[(each.value, each.value) for each in ApiScope],
        error_messages={"required": _("Choose at least one thing it may do.")},
    )

    def offered(self) -> list[tuple[str, str, bool]]:
        """Every scope with its words, and whether it is chosen."""
        chosen = self.data.getlist("scopes") if self.is_bound else ()
        return [
            (each.value, scope_word(each), each.value in chosen) for each in ApiScope
        ]

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the word of its field."""
        return _problems(self)


class EndpointForm(forms.Form):
    """A receiver of events: where it is and what it gets."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(label=_("Address"), max_length=500)
    types = forms.CharField(label=_("Events"), max_length=2000)

    def clean_types(self) -> list[str]:
        """The types, parted by spaces or commas."""
        text: str = self.cleaned_data["types"]
        return text.replace(",", " ").replace("，", " ").split()

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the word of its field."""
        return _problems(self)


def _problems(form: Any) -> list[tuple[str, str]]:
    return [
        (str(form.fields[name].label) if name in form.fields else "", message)
        for name, messages in form.errors.items()
        for message in messages
    ]
