"""The words of receipts: states, relations, and what speaks for a loan."""

from datetime import date

from django.utils.translation import get_language, gettext, ngettext, pgettext

from daihou.kit import numbers
from daihou.rooms.ledger.pages.customer_words import role_word
from daihou.rooms.ledger.pages.words import status_word
from daihou.rooms.ledger.queries.receipt_matches import Reason

Chip = tuple[str, str, str]  # colour, shape, word


def receipt_state(state: str) -> Chip:
    """Where a receipt stands."""
    chips = {
        "open": ("warn", "ring", pgettext("receipt", "To claim")),
        "claimed": ("info", "half", pgettext("receipt", "To confirm")),
        "settled": ("good", "tick", pgettext("receipt", "Settled")),
    }
    return chips.get(state, ("mute", "ring", state))


def claim_state(state: str) -> Chip:
    """What became of a claim."""
    chips = {
        "waiting": ("info", "half", pgettext("claim", "Waits for a second person")),
        "confirmed": ("good", "tick", pgettext("claim", "Confirmed")),
        "refused": ("bad", "cross", pgettext("claim", "Refused")),
        "withdrawn": ("mute", "bars", pgettext("claim", "Withdrawn")),
        "reversed": ("mute", "bars", pgettext("claim", "Reversed")),
    }
    return chips.get(state, ("mute", "ring", state))


def claim_kind(kind: str) -> str:
    """What a claim wants done."""
    words = {
        "post": pgettext("claim", "Post to loans"),
        "return": pgettext("claim", "Send back to the payer"),
        "reverse": pgettext("claim", "Reverse a posting"),
    }
    return words.get(kind, kind)


def relation_word(relation: str) -> str:
    """Who the payer is to the borrower."""
    words = {
        "self": pgettext("relation", "The borrower"),
        "spouse": pgettext("relation", "Spouse"),
        "relative": pgettext("relation", "Relative"),
        "co_borrower": pgettext("relation", "Co-borrower"),
        "guarantor": pgettext("relation", "Guarantor"),
        "employer": pgettext("relation", "Employer"),
        "insurer": pgettext("relation", "Insurer or guarantee company"),
        "other": pgettext("relation", "Somebody else"),
    }
    return words.get(relation, relation)


def reason_word(reason: Reason) -> str:
    """One reason in words, with what was found."""
    day = _day(reason.detail)
    words = {
        "number_in_remark": gettext("loan number %(what)s in the remark"),
        "document_in_remark": gettext("the borrower's document number in the remark"),
        "phone_in_remark": gettext("the borrower's phone number in the remark"),
        "account_before": gettext("the same account paid this loan before, %(what)s"),
        "payer_is_borrower": gettext("the payer has the borrower's name"),
        "amount_payoff": gettext("exactly what closes the loan"),
        "amount_overdue": gettext("exactly what is overdue"),
        "amount_next_due": gettext("exactly what is due on %(what)s"),
        "name_in_remark": gettext("the borrower's name %(what)s in the remark"),
        "payer_paid_before": gettext("the same payer paid this loan before"),
        "payer_is_party": gettext("the payer has the name of the %(what)s"),
        "document_tail": gettext("%(what)s ends the borrower's document number"),
        "phone_tail": gettext("%(what)s ends a phone number of the borrower"),
        "loan_closed": gettext("the loan is closed already (%(what)s)"),
    }
    what = day or reason.detail
    if reason.code == "payer_is_party":
        what = role_word(reason.detail)
    if reason.code == "loan_closed":
        what = status_word(reason.detail)
    return words[reason.code] % {"what": what}


def _day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return numbers.day_text(day, language=get_language() or "zh-hans")


def strength(score: int) -> Chip:
    """How sure a match is, in a word."""
    if score >= 80:
        return ("good", "tick", pgettext("match", "Strong"))
    if score >= 50:
        return ("info", "half", pgettext("match", "Likely"))
    return ("mute", "ring", pgettext("match", "Weak"))


def age_word(first: int, last: int | None) -> str:
    """A span of days: `4–7 days`, `91 days and more`."""
    if last is None:
        return gettext("%(first)s days and more") % {"first": first}
    words = ngettext("%(first)s–%(last)s day", "%(first)s–%(last)s days", last)
    return words % {"first": first, "last": last}
