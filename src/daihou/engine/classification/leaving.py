"""What must be so before a class is raised: paid, proven, waited for, approved."""

from dataclasses import dataclass
from datetime import date

from daihou.engine.basics.dates import add_period
from daihou.engine.classification.codes import (
    LATENESS,
    NO_CAUSE,
    AssetClass,
    Cause,
    Sign,
)
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.rules import ClassificationRules, Leaving
from daihou.engine.rulebook.decision import Step


def paid_since(facts: ClassFacts) -> date | None:
    """Return the day since which nothing was late; None if something is, or was."""
    cleared = facts.cleared_on
    if cleared is None or not facts.is_paid_up:
        return None
    if facts.missed_on is not None and facts.missed_on > cleared:
        return None
    return cleared


def takeover_ends(facts: ClassFacts, rules: ClassificationRules) -> date | None:
    """Return the first day a debtor that was taken over may be raised; None: any."""
    limit = rules.leaving.takeover_months if rules.leaving is not None else None
    if limit is None or facts.acquired_on is None:
        return None
    return add_period(facts.acquired_on, limit.value, "months")


def earliest(facts: ClassFacts, rules: ClassificationRules) -> date | None:
    """Return the first day on which the claim may leave 不良; None: not known yet.

    Counted from the day arrears and fees were paid in full: so many repayment
    periods and months of normal payment, whichever is longer where the rule says so
    (办法 art. 14), and not before a takeover of the debtor is old enough (art. 15).
    """
    since, leaving = paid_since(facts), rules.leaving
    if since is None or leaving is None:
        return None
    first = _waited(facts, since, leaving)
    blocked = takeover_ends(facts, rules)
    return first if blocked is None else max(first, blocked)


def _waited(facts: ClassFacts, since: date, leaving: Leaving) -> date:
    months = add_period(since, leaving.months.value, "months")
    periods = facts.period.after(since, leaving.periods.value)
    if periods is None:
        return months
    pick = max if leaving.longer.value else min
    return pick(months, periods)


def is_approved(facts: ClassFacts, *, as_of: date) -> bool:
    """Tell whether people approved a better class after this one had begun."""
    previous, to, on = facts.previous_class, facts.upgrade_to, facts.upgrade_on
    if previous is None or to is None or on is None or facts.previous_since is None:
        return False
    return to < previous and facts.previous_since < on <= as_of


def wants_out(facts: ClassFacts) -> bool:
    """Tell whether what was approved takes the claim out of 不良."""
    previous, to = facts.previous_class, facts.upgrade_to
    return previous is not None and previous.is_bad and to is not None and not to.is_bad


def is_ready(facts: ClassFacts, rules: ClassificationRules, *, as_of: date) -> bool:
    """Tell whether a bad claim may be raised out of 不良, but for other claims.

    Approved, and where the law has conditions: paid long enough by then, assessed
    as able. An approval before the earliest day is void and stays so.
    """
    if not (is_approved(facts, as_of=as_of) and wants_out(facts)):
        return False
    if rules.leaving is None:
        return True
    first, on = earliest(facts, rules), facts.upgrade_on
    assert on is not None
    return first is not None and first <= on and facts.has(Sign.ABLE_TO_PAY)


@dataclass(frozen=True, slots=True)
class Held:
    """The class after looking at what it was before, and why it is that."""

    asset_class: AssetClass
    causes: Cause
    steps: tuple[Step, ...] = ()


def hold(
    facts: ClassFacts,
    rules: ClassificationRules,
    *,
    floor: AssetClass,
    causes: Cause,
    others_impaired: bool,
    as_of: date,
) -> Held:
    """Return the class under the floors that hold today, given what it was.

    The machine lowers. It raises 关注 to 正常 where lateness was the only cause and
    all is paid; any other raise takes people's approval, and leaving 不良 the
    conditions of the law too. Causes stay until the claim is normal again.
    """
    before = facts.previous_class
    if before is None:
        return Held(floor, causes)
    past = facts.previous_causes & ~Cause.HELD
    if floor >= before:
        kept = past if before > AssetClass.NORMAL else NO_CAUSE
        return Held(floor, causes | kept)
    to, steps = _raised(
        facts, rules, floor=floor, others_impaired=others_impaired, as_of=as_of
    )
    if to is None:
        step = Step("", None, "held", {"before": before.code, "floor": floor.code})
        return Held(before, causes | past | Cause.HELD, (*steps, step))
    judged = Cause.JUDGED if to > floor else NO_CAUSE
    return Held(to, causes | judged, steps)


def _raised(
    facts: ClassFacts,
    rules: ClassificationRules,
    *,
    floor: AssetClass,
    others_impaired: bool,
    as_of: date,
) -> tuple[AssetClass | None, tuple[Step, ...]]:
    """Return the class raised to, None for not raised, and what was asked."""
    before = facts.previous_class
    assert before is not None and floor < before
    blocked = _blocked(facts, rules, as_of)
    if blocked is not None:
        return None, (blocked,)
    if before is AssetClass.SPECIAL_MENTION and _restores(facts):
        return AssetClass.NORMAL, (Step("", None, "restored"),)
    if not is_approved(facts, as_of=as_of):
        return None, _asked(facts, rules, others_impaired=others_impaired, as_of=as_of)
    to, on = facts.upgrade_to, facts.upgrade_on
    assert to is not None and on is not None
    to = max(to, floor)
    if before.is_bad and not to.is_bad:
        steps = _asked(facts, rules, others_impaired=others_impaired, as_of=as_of)
        ready = is_ready(facts, rules, as_of=as_of)
        if rules.leaving is not None and (not ready or others_impaired):
            return None, steps
    return to, (Step("", None, "approved", {"to": to.code, "on": on}),)


def _blocked(facts: ClassFacts, rules: ClassificationRules, as_of: date) -> Step | None:
    """Return what says that a debtor who was taken over is not raised yet."""
    until = takeover_ends(facts, rules)
    if until is None or until <= as_of:
        return None
    assert rules.leaving is not None and rules.leaving.takeover_months is not None
    return rules.leaving.takeover_months.step("takeover", until=until)


def _restores(facts: ClassFacts) -> bool:
    past = facts.previous_causes & ~Cause.HELD
    return facts.is_paid_up and bool(past) and not past & ~LATENESS


def _asked(
    facts: ClassFacts,
    rules: ClassificationRules,
    *,
    others_impaired: bool,
    as_of: date,
) -> tuple[Step, ...]:
    """Return which conditions of leaving 不良 are met and which are not."""
    leaving = rules.leaving
    if leaving is None or facts.previous_class is None:
        return ()
    if not facts.previous_class.is_bad:
        return ()
    first, since = earliest(facts, rules), paid_since(facts)
    if first is None:
        paid = leaving.months.step("not_cleared")
    else:
        doubted = leaving.longer if leaving.longer.unverified else leaving.months
        outcome = "waited" if first <= as_of else "waiting"
        paid = doubted.step(outcome, since=since, earliest=first)
    able = "able" if facts.has(Sign.ABLE_TO_PAY) else "not_shown_able"
    others = "others_impaired" if others_impaired else "others_sound"
    return paid, leaving.months.step(able), leaving.months.step(others)
