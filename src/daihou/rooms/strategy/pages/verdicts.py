"""What an experiment says of each arm, in a sentence, and what it could have seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext

from daihou.engine.strategy.experiment import Difference, Reading, ReadOut
from daihou.engine.strategy.figures import CURRENCY
from daihou.engine.strategy.power import Power, Verdict, power, verdict
from daihou.engine.strategy.strategy import Experiment
from daihou.kit import numbers
from daihou.rooms.strategy import words

_POINTS: Final = 100


@dataclass(frozen=True, slots=True)
class Said:
    """One arm: its verdict as a chip and a sentence, and what could have been seen."""

    title: str
    chip: words.Chip
    text: str
    power: str


def said(experiment: Experiment, found: ReadOut) -> Sequence[Said]:
    """A sentence for each arm but the champion."""
    titles = {arm.code: words.text(arm.title) for arm in experiment.arms}
    wrong = found.mismatch.is_suspicious
    lines = []
    for arm in found.arms:
        what = verdict(arm, mismatch=wrong, champion=found.champion)
        seen = power(arm.outcome, found.champion, confidence=found.confidence)
        lines.append(
            Said(
                title=titles[arm.arm],
                chip=_chip(what),
                text=_sentence(what, arm, seen),
                power="" if wrong else _power(seen),
            )
        )
    return lines


def _chip(what: Verdict) -> words.Chip:
    chips: dict[Verdict, words.Chip] = {
        Verdict.MISMATCH: ("bad", "tri", gettext("not to be believed")),
        Verdict.EARLY: ("mute", "ring", gettext("too early")),
        Verdict.HARM: ("bad", "tri", gettext("does harm")),
        Verdict.WORSE: ("bad", "tri", gettext("worse than the champion")),
        Verdict.BETTER: ("good", "tick", gettext("better than the champion")),
        Verdict.BETTER_DEARER: ("good", "tick", gettext("better, and dearer")),
        Verdict.CHEAPER: ("info", "half", gettext("no difference seen, cheaper")),
        Verdict.NOTHING: ("mute", "half", gettext("nothing clear")),
    }
    return chips[what]


def _sentence(what: Verdict, arm: Reading, seen: Power) -> str:
    """What to make of it, and what to do."""
    effects = _effects(arm)
    texts = {
        Verdict.MISMATCH: gettext(
            "Find out why customers were lost or added unevenly before reading on."
        ),
        Verdict.EARLY: gettext(
            "There are too few customers to say anything yet. Wait."
        ),
        Verdict.HARM: gettext(
            "Stop it: a measure of harm is clearly worse, whatever it brings. %(effects)s"
        ),
        Verdict.WORSE: gettext("Do not take it over. %(effects)s"),
        Verdict.BETTER: gettext("It can be taken over. %(effects)s"),
        Verdict.BETTER_DEARER: gettext(
            "It brings more and costs more: weigh one against the other. %(effects)s"
        ),
        Verdict.CHEAPER: gettext(
            "No difference in the result is seen, and it costs less. %(effects)s"
        ),
        Verdict.NOTHING: gettext("No difference is seen. %(effects)s"),
    }
    text = texts[what] % {"effects": effects}
    if what is Verdict.NOTHING and seen.needed is not None:
        more = gettext(
            "If the difference seen so far is true, about %(n)s customers an arm show it."
        )
        text = f"{text} {more % {'n': f'{seen.needed:,}'}}"
    return text.strip()


def _effects(arm: Reading) -> str:
    """The ranges of what was cured, paid and spent."""
    parts = [
        _range(gettext("cured"), arm.cured),
        _range(gettext("paid by one"), arm.cash, money=True),
    ]
    if arm.cost is not None:
        parts.append(_range(gettext("spent on one"), arm.cost, money=True))
    told = [part for part in parts if part]
    return (
        gettext("Beside the champion: %(parts)s.") % {"parts": "; ".join(told)}
        if told
        else ""
    )


def _range(name: str, found: Difference, *, money: bool = False) -> str:
    if found.low is None or found.high is None:
        return ""
    low, high = (
        numbers.money_text(int(each), currency=CURRENCY)
        if money
        else _points(float(each))
        for each in (found.low, found.high)
    )
    text = gettext("%(name)s %(low)s to %(high)s")
    return text % {"name": name, "low": low, "high": high}


def _points(share: float) -> str:
    sign = numbers.MINUS if share < 0 else "+"
    number = Decimal(str(abs(share) * _POINTS)).quantize(Decimal("0.1"))
    return gettext("%(n)s pt") % {"n": f"{sign}{number}"}


def _power(seen: Power) -> str:
    """Which differences these numbers would have shown."""
    if seen.share is None or seen.amount is None:
        return ""
    text = gettext(
        "With these numbers a difference of %(points)s of those cured, or of %(amount)s"
        " a customer, would be seen in 80 of 100 cases; a smaller one might be missed."
    )
    return text % {
        "points": _points(seen.share).lstrip("+"),
        "amount": numbers.money_text(seen.amount, currency=CURRENCY),
    }
