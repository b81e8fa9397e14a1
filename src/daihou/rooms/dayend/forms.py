"""What the office may ask of the night."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RequestForm(forms.Form):
    """A day-end to run or look ahead at: the next, or a closed date once more."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("next", "plan", "again")]
    )
    as_of = forms.DateField(required=False)
    reason = forms.CharField(max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """A closed date is run once more for a reason that can be read later."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("kind") == "again" and not given.get("reason", "").strip():
            self.add_error("reason", _("Say why the date is to run again."))
        return given


class BeginForm(forms.Form):
    """The day on which a new book begins to live."""

    on = forms.DateField()
