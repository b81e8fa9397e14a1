"""Words of relief: kinds, states, difficulties, changes, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.commitments import authority, recoverability
from daihou.engine.rulebook import decision
from daihou.kit import numbers
from daihou.kit.refusal import Refused
from daihou.packs import decision_json


def language() -> str:
    """The language that is spoken."""
    spoken: str = get_language() or "zh-hans"
    return spoken


def kind_word(code: str) -> str:
    """What is asked for."""
    words: dict[str, str] = {
        "waiver": gettext("Waiver"),
        "plan": gettext("Payment plan"),
        "settlement": gettext("Settlement"),
        "terms": gettext("Change of terms"),
    }
    return words.get(code, code)


def state_word(code: str) -> str:
    """Where it stands."""
    words: dict[str, str] = {
        "requested": pgettext("relief", "Asked for"),
        "proposed": pgettext("relief", "Asked for"),
        "pending": pgettext("relief", "Waits for a decision"),
        "approved": pgettext("relief", "Approved, offer stands"),
        "rejected": pgettext("relief", "Refused"),
        "withdrawn": pgettext("relief", "Taken back"),
        "conditional": pgettext("relief", "Waits for money"),
        "applied": pgettext("relief", "Posted"),
        "lapsed": pgettext("relief", "Lapsed"),
        "reversed": pgettext("relief", "Reversed"),
        "countered": pgettext("relief", "Counter-offer"),
        "accepted": pgettext("relief", "Accepted, waits for money"),
        "active": pgettext("relief", "Runs"),
        "at_risk": pgettext("relief", "At risk"),
        "defaulted": pgettext("relief", "Broken"),
        "completed": pgettext("relief", "Completed"),
        "superseded": pgettext("relief", "Replaced"),
        "suspended": pgettext("relief", "Stands still"),
        "cancelled": pgettext("relief", "Ended by agreement"),
    }
    return words.get(code, code)


_LOOK: Mapping[str, tuple[str, str]] = {
    "pending": ("info", "tri"),
    "requested": ("info", "tri"),
    "proposed": ("info", "tri"),
    "countered": ("info", "tri"),
    "approved": ("info", "dia"),
    "conditional": ("warn", "dia"),
    "accepted": ("warn", "dia"),
    "active": ("good", "dot"),
    "applied": ("good", "dot"),
    "completed": ("good", "dot"),
    "at_risk": ("warn", "tri"),
    "defaulted": ("bad", "sq"),
    "reversed": ("bad", "sq"),
}


def state_chip(code: str) -> tuple[str, str, str]:
    """Colour, shape and word of a state."""
    colour, shape = _LOOK.get(code, ("mute", "dot"))
    return colour, shape, state_word(code)


def difficulty_word(code: str) -> str:
    """A kind of financial difficulty (办法 art. 18)."""
    words: dict[str, str] = {
        "none": gettext("Not in difficulty"),
        "overdue": gettext("Already overdue"),
        "cash_flow": gettext("Cash flow will not suffice"),
        "already_bad": gettext("Already a bad loan"),
        "no_refinancing": gettext("No other lender at a fair price"),
        "delisting": gettext("Listing at risk"),
        "other": gettext("Other difficulty"),
    }
    return words.get(code, code)


def terms_word(code: str) -> str:
    """A kind of change of terms."""
    words: dict[str, str] = {
        "extension": gettext("Extension"),
        "reschedule": gettext("New rows for what is left"),
        "re_age": gettext("Re-age: all in new rows, lateness begins anew"),
        "re_amortise": gettext("Arrears spread over the rows to come"),
        "interest_pause": gettext("Interest stands still"),
        "rate_change": gettext("Another rate"),
        "due_day_change": gettext("Another repayment day"),
        "account": gettext("Another repayment account or way"),
        "guarantor": gettext("Another guarantor"),
        "collateral": gettext("Other collateral"),
    }
    return words.get(code, code)


def component_word(code: str) -> str:
    """A component of what is owed."""
    words: dict[str, str] = {
        "principal": gettext("Principal"),
        "interest": gettext("Interest"),
        "penalty": gettext("Penalty interest"),
        "compound": gettext("Compound interest"),
        "fee": gettext("Fees"),
    }
    return words.get(code, code)


def field_word(name: str) -> str:
    """What a field of the form is called, to say which one a refusal is about."""
    if name.startswith("part_"):
        return component_word(name.removeprefix("part_"))
    words: dict[str, str] = {
        "receive": gettext("Only if so much comes in"),
        "until": pgettext("day", "By"),
        "total": gettext("To be paid in all (empty: all that is overdue)"),
        "count": gettext("Number of instalments"),
        "first_due_on": gettext("First due"),
        "every": gettext("Every"),
        "weights": gettext("Uneven: weights of the instalments, such as 1,1,3"),
        "first_payment": gettext("First payment, before the plan runs"),
        "first_by": gettext("First payment, before the plan runs"),
        "difficulty": gettext("Financial difficulty"),
        "reason": gettext("Reason"),
        "periods": gettext("Periods (more, or in all)"),
        "annual_rate": gettext("Yearly rate, per cent"),
        "what": gettext("Account, guarantor or collateral: what it becomes"),
        "agreed": gettext("What shows that the customer agreed, and where it is kept"),
    }
    place = name.rpartition("_")[2]
    if name.startswith(("amount_", "on_")) and place.isdigit():
        return gettext("Part %(place)s") % {"place": place}
    return words.get(name, "")


def refusal_said(refused: Refused) -> str:
    """A refusal with the name of the field it is about, where there is one."""
    field = field_word(str(refused.params.get("field", "")))
    if not field:
        return str(refused)
    said = gettext("%(field)s: %(why)s")
    return str(said % {"field": field.partition(" (")[0], "why": refused})


def routed_word(role: str, levels: Sequence[str], *, alone: bool) -> str:
    """That a role gives way because nobody but the asker holds it; '' where none does.

    `role` and `levels` as they are called.
    """
    if not role:
        return ""
    if alone:
        return str(
            gettext(
                "Nobody but who asks is %(role)s here, and nobody above decides it: it"
                " would wait for a person who is not there. Somebody else should ask,"
                " or a colleague be given that role first."
            )
            % {"role": role}
        )
    return str(
        gettext("Nobody but who asks is %(role)s here: %(levels)s decides instead.")
        % {"role": role, "levels": ", ".join(levels)}
    )


def recoverable_word(code: str) -> str:
    """How likely the money comes back."""
    words: dict[str, str] = {
        "likely": pgettext("recoverability", "Likely"),
        "difficult": pgettext("recoverability", "Difficult"),
        "unlikely": pgettext("recoverability", "Unlikely"),
    }
    return words.get(code, code)


def sentences(kept: Mapping[str, Any]) -> list[str]:
    """A kept decision of the matrix, or on recoverability, in sentences."""
    if not kept:
        return []
    found = decision_json.from_json(kept)
    phrases = (
        recoverability.PHRASES
        if found.question == recoverability.QUESTION
        else authority.PHRASES
    )
    return decision.words(found, language(), phrases)


def amount(minor: int, currency: str) -> str:
    """An amount as sentences write it."""
    return str(numbers.money_text(minor, currency=currency))


def said(name: str, value: object) -> str:
    """A value of a proposal in words."""
    if value is None or value == "":
        return ""
    if name == "kind":
        return kind_word(str(value))
    if name == "difficulty":
        return difficulty_word(str(value))
    if name == "receive" and isinstance(value, int):
        return f"{value / 100:,.2f}" if value % 100 else f"{value // 100:,}"
    if isinstance(value, bool):
        return str(gettext("yes") if value else gettext("no"))
    if name == "parts" and isinstance(value, dict):
        return ", ".join(
            f"{component_word(part)} {_plain(minor)}" for part, minor in value.items()
        )
    if isinstance(value, dict):
        return ", ".join(f"{key} {_flat(each)}" for key, each in value.items())
    if name == "changes" and isinstance(value, list):
        return "; ".join(str(each) for each in value)
    return str(value)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return "(" + ", ".join(f"{k} {_flat(v)}" for k, v in value.items()) + ")"
    return str(value)


def _plain(minor: object) -> str:
    whole = int(str(minor))
    return f"{whole // 100:,}.{whole % 100:02d}"


def source_word(code: str) -> str:
    """A source of repayment."""
    words: dict[str, str] = {
        "wages": gettext("Wages"),
        "business": gettext("Business income"),
        "rent": gettext("Rent collected for the debtor"),
        "harvest": gettext("Harvest"),
        "family": gettext("Family"),
        "guarantor": gettext("Guarantor"),
        "insurance": gettext("Insurance"),
        "sale": gettext("Sale of an asset"),
        "other": gettext("Other source"),
    }
    return words.get(code, code)


def every_word(code: str) -> str:
    """How often a source pays."""
    words: dict[str, str] = {
        "once": pgettext("how often", "once"),
        "week": pgettext("how often", "each week"),
        "month": pgettext("how often", "each month"),
        "quarter": pgettext("how often", "each quarter"),
        "year": pgettext("how often", "each year"),
    }
    return words.get(code, code)


def means_word(code: str) -> str:
    """A means of getting money back."""
    words: dict[str, str] = {
        "remind": gettext("Remind"),
        "visit": gettext("Visit"),
        "plan": gettext("Payment plan"),
        "waiver": gettext("Waiver"),
        "settlement": gettext("Settlement"),
        "rent_collected": gettext("Collect rent for the debtor"),
        "guarantor": gettext("Turn to the guarantor"),
        "collateral": gettext("Dispose of collateral"),
        "mediation": gettext("Mediation"),
        "litigation": gettext("Litigation"),
        "enforcement": pgettext("means", "Enforcement"),
        "write_off": gettext("Write off"),
        "other": gettext("Other means"),
    }
    return words.get(code, code)


def willingness_word(code: str) -> str:
    """How able and willing a household is."""
    words: dict[str, str] = {
        "able_willing": gettext("Able and willing"),
        "able_unwilling": gettext("Able, not willing"),
        "unable_willing": gettext("Willing, not able"),
        "unable_unwilling": gettext("Neither able nor willing"),
    }
    return words.get(code, code)


def stuck_word(code: str) -> str:
    """Why a plan is stuck."""
    words: dict[str, str] = {
        "nothing_done": gettext("The next step is overdue"),
        "review_due": gettext("The class was to be looked at again"),
        "goal_missed": gettext("The day of the goal has passed"),
        "behind": gettext("Less came in than planned"),
    }
    return words.get(code, code)
