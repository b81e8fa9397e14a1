"""Words for clocks, their states, events and proofs in the reader's language."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.clocks.values import State
from daihou.engine.clocks.words import PHRASES
from daihou.engine.rulebook.decision import Decision, Step, shown
from daihou.engine.rulebook.decision import words as say
from daihou.kit import numbers
from daihou.rooms.clocks.states import Closed, Group

Chip = tuple[str, str, str]
_NEAR: Final = 30  # days from which on a running clock is shown as pressing


def language() -> str:
    """The language that is spoken."""
    return get_language() or "zh-hans"


def code_word(code: str) -> str:
    """The word of a kind of clock, of an event, or of a proof."""
    chinese = numbers.is_chinese(language())
    word: str = shown(code, PHRASES.of(language()), chinese=chinese)
    return word[:1].upper() + word[1:]


def group_word(group: Group) -> str:
    """The word of a group of clocks."""
    known: dict[str, str] = {
        Group.CLAIM: gettext("Claims and security"),
        Group.COURT: gettext("Courts"),
        Group.SERVICE: gettext("Complaints and credit records"),
        Group.RECOVERY: pgettext("clocks", "Recovery"),
        Group.HOUSE: pgettext("clocks", "The house"),
    }
    return known[group]


def state_chip(state: str, days_left: int | None) -> Chip:
    """Colour, shape and word of a state; a running clock near its end presses."""
    word = code_word(state)
    if state in (State.EXPIRED, State.LATE):
        return "bad", "tri", word
    if state == State.MET:
        return "good", "tick", word
    if state == State.DUE:
        return "warn", "dia", word
    if state == State.RUNNING and days_left is not None and days_left <= _NEAR:
        return "warn", "dia", word
    if state in (State.STOPPED, State.NOT_BEGUN):
        return "mute", "ring", word
    return "info", "dot", word


def closed_word(because: str) -> str:
    """Why a clock is no longer looked at."""
    known: dict[str, str] = {
        Closed.PAID: gettext("nothing of the claim is late any more"),
        Closed.DONE: gettext("done"),
        Closed.BY_HAND: gettext("taken off the list"),
        Closed.NO_LONGER: gettext("no longer observed"),
        Closed.CORRECTED: gettext("its beginning was corrected"),
    }
    return known[Closed(because)]


def step_word(step: int | None) -> str:
    """The step of the ladder that was raised."""
    if step is None:
        return ""
    word: str = gettext("passed") if step == 0 else gettext("%(n)s days") % {"n": step}
    return word


def said(decision: Decision) -> tuple[str, Sequence[str], Sequence[str]]:
    """A decision in words: the answer, each step without its rule, what would flip it."""
    lines = say(decision, language(), PHRASES)
    steps = lines[1 : 1 + len(decision.path)]
    told = [_alone(text, step) for text, step in zip(steps, decision.path, strict=True)]
    return lines[0], told, lines[1 + len(decision.path) :]


def _alone(text: str, step: Step) -> str:
    """The sentence alone: the rule stands beside it as a link."""
    for mark in ("〔", " ["):
        head, found, _rest = text.partition(f"{mark}{step.rule}")
        if step.rule and found:
            return head
    return text


def at_end_word(code: str) -> str:
    """What the end of a clock means for the lender."""
    known: dict[str, str] = {
        "time_barred": gettext("the debtor may refuse: the claim is time-barred"),
        "enforcement_lost": gettext("enforcement can no longer be applied for"),
        "guarantor_released": gettext("the guarantor is released"),
        "answer_overdue": gettext("the answer is overdue"),
        "to_be_deleted": gettext("the data is to be deleted"),
        "finding_overdue": gettext("the finding is overdue"),
        "report_overdue": gettext("the report is overdue"),
        "disposal_overdue": gettext("the disposal is overdue"),
        "court_overdue": gettext("the court is overdue"),
        "order_enforceable": gettext("the order may be enforced"),
        "no_new_placements": gettext("nothing new is placed with the agency"),
        "pilot_over": gettext("the pilot is over"),
        "assessment_due": gettext("an assessment is due"),
    }
    return known.get(code, code)


def signer_word(signer: str) -> str:
    """Who signed for a document."""
    known: dict[str, str] = {
        "self": gettext("the debtor"),
        "adult_co_resident_relative": gettext("an adult relative living there"),
        "agent": gettext("an agent"),
        "neighbour": gettext("a neighbour"),
        "unknown": gettext("not known"),
    }
    return known.get(signer, signer)


def asset_word(asset: str) -> str:
    """What was foreclosed."""
    known: dict[str, str] = {
        "real_estate": gettext("real estate"),
        "equity": pgettext("asset", "shares of a company"),
        "movable": gettext("movable thing"),
    }
    return known.get(asset, asset)


def form_word(form: str | None) -> str:
    """The form of a guarantee."""
    known: dict[str, str] = {
        "general": gettext("general guarantee"),
        "joint": gettext("joint guarantee"),
    }
    unsaid: str = gettext("the contract does not say")
    return known.get(form or "", unsaid)
