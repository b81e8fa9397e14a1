"""The sign-in form."""

from django import forms


class SignInForm(forms.Form):
    """Login and password; whether they fit is the door's question."""

    username = forms.CharField(max_length=150)
    password = forms.CharField(max_length=200, strip=False)
