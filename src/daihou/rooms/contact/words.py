"""The words of contact in the reader's language."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import (
    get_language,
    gettext,
    pgettext,
    pgettext_lazy,
)

from daihou.engine.gate.refused import Refusal
from daihou.packs import law, refused

Chip = tuple[str, str, str]


def channel_word(channel: str) -> str:
    """A way to reach a person."""
    words: dict[str, str] = {
        "call": pgettext("contact channel", "Call"),
        "robot_call": pgettext("contact channel", "Robot call"),
        "sms": pgettext("contact channel", "SMS"),
        "wechat": pgettext("contact channel", "WeChat"),
        "email": pgettext("contact channel", "E-mail"),
        "letter": pgettext("contact channel", "Letter"),
        "visit": pgettext("contact channel", "Visit"),
    }
    return words.get(channel, channel)


def purpose_word(purpose: str) -> str:
    """What a contact is for."""
    words: dict[str, str] = {
        "collect": pgettext("contact purpose", "Collect"),
        "remind": pgettext("contact purpose", "Remind"),
        "service": pgettext("contact purpose", "Service"),
    }
    return words.get(purpose, purpose)


def actor_word(actor: str) -> str:
    """Who acts for the lender."""
    words: dict[str, str] = {
        "staff": pgettext("contact actor", "Staff"),
        "robot": pgettext("contact actor", "Robot"),
        "agency": pgettext("contact actor", "Agency"),
        "branch": pgettext("contact actor", "Branch"),
    }
    return words.get(actor, actor)


def flag_word(kind: str) -> str:
    """What is known of a person and holds contact."""
    words: dict[str, str] = {
        "dispute": pgettext("person flag", "Disputes the debt"),
        "complaint": pgettext("person flag", "Complaint open"),
        "hardship": pgettext("person flag", "In hardship"),
        "deceased": pgettext("person flag", "Deceased"),
        "bankruptcy": pgettext("person flag", "Bankruptcy"),
        "minor": pgettext("person flag", "Minor"),
        "lawyer": pgettext("person flag", "Has a lawyer"),
        "cease": pgettext("person flag", "Wants no contact"),
        "breathing_space": pgettext("person flag", "Breathing space"),
        "unreachable": pgettext("person flag", "Cannot be reached"),
        "refused": pgettext("person flag", "Contact person refused"),
    }
    return words.get(kind, kind)


def result_word(result: str) -> str:
    """What came of a contact."""
    return str(_RESULTS.get(result, result))


# A panel asks for all of them, so each is translated when it is asked for.
_RESULTS: Final = {
    "PTP": pgettext_lazy("contact result", "Promises to pay"),
    "PAID_CLAIM": pgettext_lazy("contact result", "Says it is paid"),
    "NEGO": pgettext_lazy("contact result", "Negotiating"),
    "PLAN_REQ": pgettext_lazy("contact result", "Asks for a plan"),
    "HARDSHIP": pgettext_lazy("contact result", "In hardship"),
    "REFUSE": pgettext_lazy("contact result", "Refuses to pay"),
    "DISPUTE": pgettext_lazy("contact result", "Disputes"),
    "COMPLAINT": pgettext_lazy("contact result", "Complains"),
    "CALLBACK": pgettext_lazy("contact result", "Call back later"),
    "LEFT_MSG": pgettext_lazy("contact result", "Message left with another"),
    "NO_ANSWER": pgettext_lazy("contact result", "No answer"),
    "BUSY": pgettext_lazy("contact result", "Busy"),
    "HANGUP": pgettext_lazy("contact result", "Hung up"),
    "OFF": pgettext_lazy("contact result", "Switched off"),
    "INVALID": pgettext_lazy("contact result", "No such number"),
    "WRONG": pgettext_lazy("contact result", "Wrong person"),
    "LOST": pgettext_lazy("contact result", "Lost"),
    "DECEASED": pgettext_lazy("contact result", "Deceased"),
    "JAILED": pgettext_lazy("contact result", "In custody"),
    "ID_FRAUD": pgettext_lazy("contact result", "Identity fraud"),
    "BANKRUPT": pgettext_lazy("contact result", "Bankrupt"),
    "LAWYER": pgettext_lazy("contact result", "Speak to the lawyer"),
    "CEASE": pgettext_lazy("contact result", "Wants no contact"),
    "SENT": pgettext_lazy("contact result", "Sent"),
    "REFUSED_LEGACY": pgettext_lazy("contact result", "A refused act, see compliance"),
}


def point_word(state: str) -> str:
    """How good a number or an address is."""
    words: dict[str, str] = {
        "untried": pgettext("contact point", "Not tried"),
        "answered": pgettext("contact point", "Answered"),
        "silent": pgettext("contact point", "No answer"),
        "off": pgettext("contact point", "Switched off"),
        "invalid": pgettext("contact point", "Does not exist"),
        "wrong": pgettext("contact point", "Somebody else"),
    }
    return words.get(state, state)


def point_kind_word(kind: str) -> str:
    """What kind of number or address it is."""
    words: dict[str, str] = {
        "mobile": pgettext("contact point", "Mobile"),
        "phone": pgettext("contact point", "Phone"),
        "wechat": pgettext("contact point", "WeChat"),
        "email": pgettext("contact point", "E-mail"),
        "address": pgettext("contact point", "Address"),
    }
    return words.get(kind, kind)


def role_word(role: str) -> str:
    """What the one contacted is to the debt."""
    words: dict[str, str] = {
        "borrower": pgettext("party", "borrower"),
        "co_borrower": pgettext("party", "co-borrower"),
        "guarantor": pgettext("party", "guarantor"),
        "spouse": pgettext("party", "spouse"),
        "contact_person": pgettext("party", "contact person"),
        "unrelated": pgettext("party", "no part in it"),
        "legal_representative": pgettext("party", "legal representative"),
        "actual_controller": pgettext("party", "actual controller"),
        "authorised_representative": pgettext("party", "authorised representative"),
    }
    return words.get(role, role)


def licence_word(jurisdiction: str, licence: str) -> str:
    """As what a lender is licensed, in words of its pack."""
    pack = law.known().packs.get(jurisdiction)
    words = pack.licences.get(licence) if pack else None
    return words[tongue()] if words else licence


def consent_word(kind: str) -> str:
    """What a person agreed to."""
    words: dict[str, str] = {
        "night_contact": pgettext("consent", "Contact at night"),
        "channel": pgettext("consent", "A channel"),
    }
    return words.get(kind, kind)


def way_word(way: str) -> str:
    """By which way a text came in."""
    words: dict[str, str] = {
        "form": pgettext("way in", "Form"),
        "api": pgettext("way in", "API"),
        "import": pgettext("way in", "File"),
        "mapping": pgettext("way in", "Mapping"),
        "template": pgettext("way in", "Template"),
        "action": pgettext("way in", "By a program of the house"),
    }
    return words.get(way, way)


def verdict_chip(verdict: str) -> Chip:
    """Colour, shape and word of an answer of the gate."""
    words: dict[str, Chip] = {
        "allow": ("good", "tick", pgettext("gate", "Allowed")),
        "defer": ("warn", "half", pgettext("gate", "Not yet")),
        "deny": ("bad", "cross", pgettext("gate", "Not allowed")),
    }
    return words[verdict]


def unknown_words(names: Sequence[str]) -> str:
    """Facts the gate lacks, in words."""
    words: dict[str, str] = {
        "person.time_zone": gettext("the person's time zone"),
        "person.role": gettext("their part in the loan"),
        "licence": gettext("the licence of the lender"),
        "at": gettext("rules for this day"),
        "staff_count": gettext("how many go on the visit"),
        "channel": gettext("the channel"),
        "purpose": gettext("the purpose"),
    }
    return ", ".join(words.get(name, name) for name in names)


def act_word(code: str) -> str:
    """The name of a refused act."""
    if code not in set(Refusal):
        return code
    return refused.known().acts[Refusal(code)].title[tongue()]


def tongue() -> str:
    """The language of the rule book that fits the reader's."""
    chinese = (get_language() or "zh-hans").startswith("zh")
    return "zh-Hans" if chinese else "en"
