"""What the office may ask of the night."""

from django import forms


class RequestForm(forms.Form):
    """A day-end to run: the next one, or a closed date once more."""

    kind = forms.ChoiceField(choices=[("next", "next"), ("again", "again")])
    as_of = forms.DateField(required=False)
    reason = forms.CharField(max_length=300, required=False)
