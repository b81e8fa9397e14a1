"""The class of one claim as a decision: inputs, rules asked, and what would flip it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from daihou.engine.basics.money import Money
from daihou.engine.classification.codes import (
    AssetClass,
    Event,
    Sign,
    names,
)
from daihou.engine.classification.facts import ClassFacts, Happened
from daihou.engine.classification.floors import is_tainted_by_others
from daihou.engine.classification.grading import Graded, grade_debtor
from daihou.engine.classification.leaving import earliest
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.decision import Decision, Flip, Said

QUESTION = "asset_class"
Become = Callable[[ClassFacts, date], AssetClass]
# Facts that people may find otherwise, or evidence that may come.
_TURNABLE = (
    *(Sign.TECHNICAL_EVIDENCE, Sign.USE_CHANGED, Sign.REFINANCED, Sign.BAD_ELSEWHERE),
    *(Sign.CREDIT_IMPAIRED, Sign.DOWNGRADED, Sign.EVASION),
    *(Sign.BANKRUPTCY_LIQUIDATION, Sign.ACCEPTED_ENHANCEMENT),
)


def classify(
    facts: ClassFacts,
    others: Sequence[ClassFacts],
    rules: ClassificationRules,
    *,
    as_of: date,
) -> Decision:
    """Return the class of a claim at the end of a day, with its reasons.

    `others`: the debtor's other claims here. The answer is a code such as
    `special_mention`. Each flip was tried: the claim was classified again with it.
    Raises ClassError where no rule classifies.
    """
    found = _grade(facts, others, rules, as_of)
    return Decision(
        question=QUESTION,
        subject=facts.loan,
        as_of=as_of,
        answer=found.asset_class.code,
        inputs=_inputs(facts, found),
        path=found.steps,
        flips=tuple(_flips(facts, others, rules, as_of, found.asset_class)),
    )


def _grade(
    facts: ClassFacts,
    others: Sequence[ClassFacts],
    rules: ClassificationRules,
    as_of: date,
) -> Graded:
    return grade_debtor((facts, *others), rules, as_of=as_of)[facts.loan]


def _inputs(facts: ClassFacts, found: Graded) -> tuple[tuple[str, Said], ...]:
    """Return what went in, leaving out what is not known, and what came out."""
    before = facts.previous_class
    given: dict[str, Said] = {
        "dpd": facts.dpd,
        "arrears": Money(facts.currency, facts.arrears),
        "balance": Money(facts.currency, facts.balance),
        "is_retail": facts.is_retail,
        "guarantee": facts.guarantee.code,
        "signs": names(facts.signs),
        "cleared_on": facts.cleared_on,
        "missed_on": facts.missed_on,
        "acquired_on": facts.acquired_on,
        "previous_class": None if before is None else before.code,
        "previous_since": facts.previous_since,
        "restructured_on": tuple(
            each.on for each in facts.events if each.event is Event.RESTRUCTURED
        ),
        "causes": names(found.causes),
        "stage": None if found.stage is None else int(found.stage),
        "machine_class": found.machine_class.code,
        "asserted_class": found.asserted_class.code,
        "observed_until": found.observed_until,
        "upgrade_from": found.upgrade_from,
    }
    return tuple(
        (name, value) for name, value in given.items() if value not in (None, ())
    )


def _flips(
    facts: ClassFacts,
    others: Sequence[ClassFacts],
    rules: ClassificationRules,
    as_of: date,
    now: AssetClass,
) -> Iterator[Flip]:
    """Yield changes that change the answer: first what time does, then people."""

    def become(changed: ClassFacts, on: date) -> AssetClass:
        return _grade(changed, others, rules, on).asset_class

    worse = _next_worse(facts, rules, as_of, now, become)
    if worse is not None:
        yield worse
    if not facts.is_paid_up:
        paid = replace(facts, dpd=0, arrears=0, cleared_on=as_of)
        to = become(paid, as_of)
        if to is not now:
            owed, nothing = (Money(facts.currency, n) for n in (facts.arrears, 0))
            last = as_of if worse is None or worse.on is None else worse.on - _DAY
            yield Flip("arrears", owed, nothing, to.code, last)
    for sign in _TURNABLE:
        to = become(replace(facts, signs=facts.signs ^ sign), as_of)
        is_evidence = sign in (Sign.TECHNICAL_EVIDENCE, Sign.ACCEPTED_ENHANCEMENT)
        if (to is not now) and (to < now) and is_evidence != facts.has(sign):
            has = facts.has(sign)
            yield Flip(f"sign_{sign.code}", has, not has, to.code)
    yield from _others_better(facts, others, rules, as_of, now)
    yield from _observed(facts, rules, as_of, now, become)
    yield from _raised(facts, rules, as_of, now, become)


_DAY = timedelta(days=1)


def _next_worse(
    facts: ClassFacts,
    rules: ClassificationRules,
    as_of: date,
    now: AssetClass,
    become: Become,
) -> Flip | None:
    """Return how many more days late make it worse; None if days alone do not."""
    turns = {limit.value + 1 for _, limit in rules.late}
    turns |= {first for _, table in rules.matrix for first, _ in table.value}
    if rules.technical is not None:
        turns.add(rules.technical.value + 1)
    for dpd in sorted(each for each in turns if each > facts.dpd):
        on = as_of + timedelta(days=dpd - facts.dpd)
        changed = replace(facts, dpd=dpd, arrears=max(facts.arrears, 1))
        to = become(changed, on)
        if to > now:
            # Where nothing is late nobody knows on which day something will be.
            told = on if facts.dpd else None
            return Flip("dpd", facts.dpd, dpd, to.code, told)
    return None


def _others_better(
    facts: ClassFacts,
    others: Sequence[ClassFacts],
    rules: ClassificationRules,
    as_of: date,
    now: AssetClass,
) -> Iterator[Flip]:
    """Yield the class if the debtor's other claims were settled, where it differs."""
    if not others or not is_tainted_by_others(facts, rules):
        return
    to = _grade(facts, (), rules, as_of).asset_class
    if to < now:
        yield Flip("others", len(others), 0, to.code)


def _observed(
    facts: ClassFacts,
    rules: ClassificationRules,
    as_of: date,
    now: AssetClass,
    become: Become,
) -> Iterator[Flip]:
    """Yield the class once an observation ended well."""
    until = _grade(facts, (), rules, as_of).observed_until
    if until is None or not facts.is_paid_up:
        return
    on = max(until, as_of)
    solved = Happened(Event.SOLVED, on)
    to = become(replace(facts, events=(*facts.events, solved)), on)
    if to < now:
        yield Flip("difficulty_solved", now=False, becomes=True, answer=to.code, on=on)


def _raised(
    facts: ClassFacts,
    rules: ClassificationRules,
    as_of: date,
    now: AssetClass,
    become: Become,
) -> Iterator[Flip]:
    """Yield the class people may approve, from its first day, if nothing is missed."""
    before, since = facts.previous_class, facts.previous_since
    if before is None or before is not now or now is AssetClass.NORMAL:
        return
    first = earliest(facts, rules) if before.is_bad else None
    waits = before.is_bad and rules.leaving is not None
    if waits and first is None:
        return
    on = max(as_of, first or as_of, (since or as_of) + _DAY)
    best = AssetClass.SPECIAL_MENTION if before.is_bad else AssetClass.NORMAL
    changed = replace(
        facts,
        upgrade_to=best,
        upgrade_on=on,
        previous_since=since or as_of - _DAY,
        signs=facts.signs | Sign.ABLE_TO_PAY,
    )
    to = become(changed, on)
    if to < now:
        yield Flip("upgrade", before.code, best.code, to.code, on)
