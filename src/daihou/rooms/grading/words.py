"""Words for classes, causes and kinds of facts in the reader's language."""

from collections.abc import Sequence

from django.utils.translation import get_language, gettext

from daihou.engine.classification import words as engine
from daihou.engine.classification.codes import AssetClass, Cause, names
from daihou.engine.rulebook.decision import Decision, shown
from daihou.kit import numbers
from daihou.tables.grades import Fact


def language() -> str:
    """The language that is spoken."""
    return get_language() or "zh-hans"


def _engine(code: str) -> str:
    chinese = numbers.is_chinese(language())
    return shown(code, engine.PHRASES.of(language()), chinese=chinese)


def class_word(asset_class: AssetClass | None) -> str:
    """The word of a class; a dash for a loan that is not in the book."""
    if asset_class is None:
        return numbers.DASH
    word = _engine(asset_class.code)
    return word[:1].upper() + word[1:]


def cause_words(causes: Cause) -> Sequence[str]:
    """Every cause in words."""
    return [_engine(code) for code in names(causes)]


def fact_word(kind: str) -> str:
    """The word of a kind of fact."""
    own = {
        Fact.MARKET: gettext("debt late at all banks"),
        Fact.EXPECTED_LOSS: gettext("expected loss"),
        Fact.ACQUIRED: gettext("the debtor was taken over"),
        Fact.UPGRADE: gettext("better class approved"),
        Fact.SOLVED: gettext("the difficulty is over"),
        Fact.RESTRUCTURED: gettext("restructured: financial difficulty"),
    }
    return own.get(Fact(kind)) or _engine(kind)


def run_word(kind: str) -> str:
    """The word of a kind of run."""
    words = {
        "full": gettext("the whole book"),
        "delta": gettext("what changed"),
        "none": gettext("no rules in force"),
    }
    return str(words.get(kind, kind))


def inputs(decision: Decision) -> Sequence[tuple[str, str]]:
    """What went into a decision and what it found, in words."""
    chinese = numbers.is_chinese(language())
    texts = engine.PHRASES.of(language())
    known = _input_words()
    return [
        (known.get(name, name), shown(value, texts, chinese=chinese))
        for name, value in decision.inputs
    ]


def _input_words() -> dict[str, str]:
    return {
        "dpd": gettext("Days past due"),
        "arrears": gettext("Arrears and fees"),
        "balance": gettext("Balance"),
        "is_retail": gettext("Retail loan"),
        "guarantee": gettext("Security"),
        "signs": gettext("Facts"),
        "cleared_on": gettext("Paid in full since"),
        "missed_on": gettext("Last payment missed"),
        "acquired_on": gettext("Debtor taken over"),
        "previous_class": gettext("Class before"),
        "previous_since": gettext("In that class since"),
        "restructured_on": gettext("Restructured on"),
        "causes": gettext("Causes"),
        "stage": gettext("Stage of expected loss"),
        "machine_class": gettext("Floors alone"),
        "asserted_class": gettext("Verified rules alone"),
        "observed_until": gettext("Observed until"),
        "upgrade_from": gettext("May leave the bad loans from"),
    }
