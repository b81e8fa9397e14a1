"""How likely the money comes back 回收可能性: proposed by rule, confirmed by a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from daihou.engine.rulebook.decision import Decision, Flip, Phrases, Step

QUESTION = "recoverability"


class Recoverable(StrEnum):
    """How likely it is that a household pays."""

    LIKELY = "likely"
    DIFFICULT = "difficult"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a household.

    Days past due of its worst loan; days since it last paid anything (None: it never
    did); the share per mille of what fell due in the last year that it paid; broken
    promises; whether it can be reached; whether something secures the debt.
    """

    dpd: int
    days_since_paid: int | None = None
    paid_per_mille: int = 0
    broken_promises: int = 0
    reachable: bool = True
    secured: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: all bounds that are given must hold. None: not asked."""

    id: str
    answer: Recoverable
    dpd_from: int | None = None
    dpd_to: int | None = None
    paid_within: int | None = None
    paid_least: int | None = None
    broken_least: int | None = None
    reachable: bool | None = None
    secured: bool | None = None
    because: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def holds(self, facts: Facts) -> bool:
        """Whether every bound of the rule holds."""
        paid = facts.days_since_paid
        return (
            (self.dpd_from is None or facts.dpd >= self.dpd_from)
            and (self.dpd_to is None or facts.dpd < self.dpd_to)
            and (
                self.paid_within is None
                or (paid is not None and paid <= self.paid_within)
            )
            and (self.paid_least is None or facts.paid_per_mille >= self.paid_least)
            and (
                self.broken_least is None or facts.broken_promises >= self.broken_least
            )
            and (self.reachable is None or facts.reachable is self.reachable)
            and (self.secured is None or facts.secured is self.secured)
        )


def propose(
    rules: Sequence[Rule],
    facts: Facts,
    *,
    as_of: date,
    version: date,
    subject: str = "",
) -> Decision:
    """Return the class of the first rule that holds; none: difficult, and it says so."""
    found = next((rule for rule in rules if rule.holds(facts)), None)
    answer = found.answer if found else Recoverable.DIFFICULT
    if found is None:
        step = Step("", None, "no_rule")
    else:
        params = {"zh": found.because.get("zh", ""), "en": found.because.get("en", "")}
        step = Step(found.id, version, "rule", MappingProxyType(params))
    return Decision(
        question=QUESTION,
        subject=subject,
        as_of=as_of,
        answer=answer.value,
        inputs=(
            ("dpd", facts.dpd),
            ("days_since_paid", facts.days_since_paid),
            ("paid_per_mille", facts.paid_per_mille),
            ("broken_promises", facts.broken_promises),
            ("reachable", facts.reachable),
            ("secured", facts.secured),
        ),
        path=(step,),
        flips=_flips(rules, facts, answer),
    )


def _flips(
    rules: Sequence[Rule], facts: Facts, answer: Recoverable
) -> tuple[Flip, ...]:
    """A payment today, where it would change the class."""
    if facts.days_since_paid == 0:
        return ()
    paid = Facts(
        dpd=facts.dpd,
        days_since_paid=0,
        paid_per_mille=facts.paid_per_mille,
        broken_promises=facts.broken_promises,
        reachable=True,
        secured=facts.secured,
    )
    found = next((rule for rule in rules if rule.holds(paid)), None)
    becomes = found.answer if found else Recoverable.DIFFICULT
    if becomes == answer:
        return ()
    return (Flip("days_since_paid", facts.days_since_paid, 0, becomes.value),)


PHRASES = Phrases(
    chinese={
        "answer": "回收可能性：{answer}（逾期 {dpd} 天）。",
        "rule": "{zh}",
        "no_rule": "没有规则适用，按较难处理",
        "flip_days_since_paid": "若今日还款并可联系，则为{answer}。",
        "=likely": "可能性大",
        "=difficult": "较难",
        "=unlikely": "不可能",
    },
    english={
        "answer": "Recovery: {answer} ({dpd} days past due).",
        "rule": "{en}",
        "no_rule": "no rule applies, so it counts as difficult",
        "flip_days_since_paid": "After a payment today it would be {answer}.",
        "=likely": "likely",
        "=difficult": "difficult",
        "=unlikely": "unlikely",
    },
)
