"""What is written into the pages of approvals."""

from django import forms

from daihou.rooms.approvals.states import Verdict


class DecisionForm(forms.Form):
    """A verdict on the level the decider was looking at."""

    verdict = forms.ChoiceField(choices=[(str(each), str(each)) for each in Verdict])
    note = forms.CharField(max_length=2_000, required=False)
    level = forms.IntegerField(min_value=1, max_value=99)


class DelegationForm(forms.Form):
    """Who decides for whom; the last day is counted."""

    principal = forms.CharField(max_length=150, required=False)
    deputy = forms.CharField(max_length=150)
    from_on = forms.DateField()
    last_on = forms.DateField()
    reason = forms.CharField(max_length=500, required=False)
