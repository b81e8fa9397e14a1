"""How a person wants to be told, as their form says it."""

from typing import Any

from django import forms

from daihou.rooms.notices.kinds import kinds
from daihou.rooms.notices.states import Mailing


class WishForm(forms.Form):
    """Kinds that ring, and hours in which nothing does but what is bad."""

    rings = forms.MultipleChoiceField(required=False)
    quiet_from = forms.TimeField(required=False)
    quiet_until = forms.TimeField(required=False)
    mail = forms.ChoiceField(
        required=False, choices=[(each.value, "") for each in Mailing]
    )
    address = forms.CharField(required=False, max_length=254)

    def __init__(self, *args: Any, **more: Any) -> None:
        """The kinds are those named at start-up."""
        super().__init__(*args, **more)
        self.fields["rings"].choices = [(kind.code, "") for kind in kinds()]

    def silent(self) -> set[str]:
        """The kinds that were not ticked."""
        return {kind.code for kind in kinds()} - set(self.cleaned_data["rings"])
