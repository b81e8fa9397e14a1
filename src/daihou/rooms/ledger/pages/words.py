"""The words for codes that stand on the ledger's pages."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext, pgettext


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


def named(code: str, names: Mapping[str, tuple[str, str]]) -> str:
    """The name of a code from its (Chinese, English) names, else the code."""
    chinese, english = names.get(code, (code, code))
    return chinese if (get_language() or "").startswith("zh") else english or chinese
