"""What the office may ask of the night."""

from django import forms


class RequestForm(forms.Form):
    """A day-end to run or look ahead at: the next, or a closed date once more."""

    kind = forms.ChoiceField(
        choices=[(kind, kind) for kind in ("next", "plan", "again")]
    )
    as_of = forms.DateField(required=False)
    reason = forms.CharField(max_length=300, required=False)


class BeginForm(forms.Form):
    """The day on which a new book begins to live."""

    on = forms.DateField()
