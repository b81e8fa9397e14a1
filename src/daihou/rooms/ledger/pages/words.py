"""The words for codes that stand on the ledger's pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext, pgettext

from daihou.packs import products
from daihou.rooms.people import door as people


def status_word(status: str) -> str:
    """The word for the state of a loan."""
    words = {
        "active": pgettext("loan status", "Active"),
        "settled": pgettext("loan status", "Settled"),
        "written_off": pgettext("loan status", "Written off"),
        "transferred": pgettext("loan status", "Transferred"),
    }
    return words.get(status, status)


def method_word(method: str) -> str:
    """The word for a repayment method."""
    words = {
        "equal_instalment": gettext("Equal instalments"),
        "equal_principal": gettext("Equal principal"),
        "interest_only": gettext("Interest first, principal last"),
        "bullet": gettext("All at maturity"),
        "flat": gettext("Equal principal and interest"),
        "custom": gettext("Own schedule"),
        "statement": gettext("By statement"),
    }
    return words.get(method, method)


def component_word(component: str) -> str:
    """The word for a part of a debt."""
    words = {
        "principal": gettext("Principal"),
        "interest": gettext("Interest"),
        "penalty": gettext("Penalty"),
        "compound": gettext("Compound"),
        "fee": gettext("Fee"),
    }
    return words.get(component, component)


def short_component(component: str) -> str:
    """The shortest word for a part of a debt, for lists of shares."""
    words = {
        "principal": pgettext("short", "principal"),
        "interest": pgettext("short", "interest"),
        "penalty": pgettext("short", "penalty"),
        "compound": pgettext("short", "compound"),
        "fee": pgettext("short", "fee"),
    }
    return words.get(component, component)


def channel_word(channel: str) -> str:
    """The word for a payment channel; an unknown one is shown as it came."""
    words = {
        "bank_transfer": gettext("Bank transfer"),
        "direct_debit": gettext("Direct debit"),
        "mobile_bank": gettext("Mobile banking"),
        "mobile": gettext("Mobile banking"),
        "counter": gettext("At the counter"),
        "wechat": gettext("WeChat"),
        "alipay": gettext("Alipay"),
        "cash": gettext("Cash"),
        "guarantor": gettext("Paid by the guarantor"),
    }
    return words.get(channel, channel)


@dataclass(frozen=True)
class ListWords:
    """The names of branches and products in the reader's language, read once."""

    branches: Mapping[str, str]
    language: str

    def branch(self, code: str) -> str:
        """The name of a branch; an unknown code is shown as it came."""
        return self.branches.get(code, code)

    def product(self, code: str) -> str:
        """The name of a product; an unknown code is shown as it came."""
        return product_word(code, language=self.language)


def list_words() -> ListWords:
    """The words for a list, in the language of the request; one query."""
    language = get_language() or "zh-hans"
    return ListWords(people.branch_names(language=language), language)


def product_word(code: str, *, language: str) -> str:
    """The name of a product from its dated file."""
    known = products.known().get(code)
    return known.name(language) if known else code
