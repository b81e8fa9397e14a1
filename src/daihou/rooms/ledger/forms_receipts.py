"""What is asked for when a receipt is written down by hand."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import DIGITS, to_minor


class ReceiptForm(forms.Form):
    """Money on the account, as the bank's statement tells it; amounts in major units."""

    external_id = forms.CharField(label=_("Bank's number"), max_length=200)
    received_on = forms.DateField(label=_("Received on"))
    amount = forms.CharField(label=_("Amount"), max_length=30)
    currency = forms.CharField(label=_("Currency"), max_length=3)
    payer = forms.CharField(label=_("Payer"), max_length=200, required=False)
    payer_account = forms.CharField(
        label=_("Account of the payer"), max_length=60, required=False
    )
    channel = forms.CharField(label=_("Channel"), max_length=40, required=False)
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)
    branch = forms.CharField(label=_("Branch"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """The amount in minor units, or what is wrong with it."""
        given: dict[str, Any] = super().clean() or {}
        currency = str(given.get("currency", "")).upper()
        if currency and currency not in DIGITS:
            self.add_error("currency", _("No currency we know; write it like CNY."))
            return given
        given["currency"] = currency
        if "amount" in given and currency:
            try:
                text = str(given["amount"]).strip().replace(",", "")
                given["minor"] = to_minor(Decimal(text) if text else text, currency)
            except (MoneyError, ArithmeticError):
                self.add_error("amount", _("No amount; write it like 1234.50."))
        return given

    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the word of its field."""
        return [
            (str(self.fields[name].label) if name in self.fields else "", message)
            for name, messages in self.errors.items()
            for message in messages
        ]
