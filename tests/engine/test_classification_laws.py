"""What is true of every classification, whatever the facts."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from daihou.engine.classification.codes import (
    LATENESS,
    AssetClass,
    Cause,
    Event,
    Sign,
)
from daihou.engine.classification.deciding import classify
from daihou.engine.classification.facts import Happened
from daihou.engine.classification.grading import grade_book, grade_debtor
from daihou.engine.classification.observation import observe
from daihou.engine.classification.words import words
from tests.parity.classification_books import (
    AS_OF,
    DAYS,
    EDGES,
    books,
    claims,
    happened,
    rules,
)


def classes(facts, asked, as_of=AS_OF):
    found = grade_book(facts, asked, as_of=as_of)
    return {loan: each.asset_class for loan, each in found.items()}


@given(facts=books(), asked=rules, more=st.sampled_from(EDGES))
def test_more_lateness_never_improves_a_class(facts, asked, more):
    first = facts[0]
    worse = [replace(first, dpd=first.dpd + more), *facts[1:]]
    before, after = classes(facts, asked), classes(worse, asked)
    assert all(after[loan] >= before[loan] for loan in before)


@given(facts=books(), asked=rules)
def test_contagion_never_touches_retail(facts, asked):
    together = grade_book(facts, asked, as_of=AS_OF)
    kin = Cause.CONTAGION | Cause.BAD_HERE | Cause.MARKET | Cause.BAD_ELSEWHERE
    for each in facts:
        if not each.is_retail:
            continue
        assert not together[each.loan].causes & kin & ~each.previous_causes
        (alone,) = grade_debtor([each], asked, as_of=AS_OF).values()
        assert together[each.loan].machine_class is alone.machine_class


@given(facts=books(), asked=rules)
def test_the_machine_never_leaves_bad(facts, asked):
    unasked = [replace(each, upgrade_to=None, upgrade_on=None) for each in facts]
    found = classes(unasked, asked)
    for each in unasked:
        before = each.previous_class
        if before is not None and before.is_bad:
            assert found[each.loan] >= before


@given(facts=books(), asked=rules)
def test_leaving_bad_takes_approval_payment_time_and_proof(facts, asked):
    found = grade_book(facts, asked, as_of=AS_OF)
    for each in facts:
        before, after = each.previous_class, found[each.loan].asset_class
        if before is None or not before.is_bad or after.is_bad:
            continue
        assert each.upgrade_to is not None and not each.upgrade_to.is_bad
        assert after >= each.upgrade_to
        if asked.leaving is not None:
            assert each.is_paid_up and each.has(Sign.ABLE_TO_PAY)
            assert each.cleared_on is not None
            waited = each.cleared_on + timedelta(days=181)
            assert each.upgrade_on is not None
            assert waited <= each.upgrade_on <= AS_OF


@given(facts=books(), asked=rules)
def test_only_lateness_that_is_paid_is_forgotten_by_the_machine(facts, asked):
    unasked = [replace(each, upgrade_to=None, upgrade_on=None) for each in facts]
    found = classes(unasked, asked)
    for each in unasked:
        before = each.previous_class
        if before is None or found[each.loan] >= before:
            continue
        assert before is AssetClass.SPECIAL_MENTION and each.is_paid_up
        assert not each.previous_causes & ~LATENESS & ~Cause.HELD


@given(facts=books(), asked=rules)
def test_a_run_on_its_own_result_changes_nothing(facts, asked):
    """Applied again with what it found, and nobody acting, a class stays."""
    first = grade_book(facts, asked, as_of=AS_OF)
    again = [
        replace(
            each,
            previous_class=first[each.loan].asset_class,
            previous_causes=first[each.loan].causes,
            previous_since=AS_OF,
        )
        for each in facts
    ]
    second = grade_book(again, asked, as_of=AS_OF)
    for loan, each in first.items():
        assert second[loan].asset_class is each.asset_class


@given(facts=books(), asked=rules)
def test_customers_do_not_touch_each_other(facts, asked):
    whole = grade_book(facts, asked, as_of=AS_OF)
    for customer in {each.customer for each in facts}:
        mine = [each for each in facts if each.customer == customer]
        assert grade_debtor(mine, asked, as_of=AS_OF) == {
            each.loan: whole[each.loan] for each in mine
        }


@given(facts=books(most=3), asked=rules)
def test_every_decision_can_be_said_and_names_its_answer(facts, asked):
    first, *rest = facts
    mine = [each for each in rest if each.customer == first.customer]
    found = classify(first, mine, asked, as_of=AS_OF)
    graded = grade_debtor([first, *mine], asked, as_of=AS_OF)[first.loan]
    assert found.answer == graded.asset_class.code
    for language in ("zh", "en"):
        said = words(found, language)
        assert len(said) == 1 + len(found.path) + len(found.flips)
        assert all(said)
    for flip in found.flips:
        assert flip.answer != found.answer


@given(facts=claims(), asked=rules)
def test_paying_in_time_does_what_the_flip_says(facts, asked):
    found = classify(facts, (), asked, as_of=AS_OF)
    flips = {each.input: each for each in found.flips}
    assume("arrears" in flips)
    flip = flips["arrears"]
    paid = replace(facts, dpd=0, arrears=0, cleared_on=AS_OF)
    assert classify(paid, (), asked, as_of=AS_OF).answer == flip.answer


@given(facts=claims(), asked=rules)
def test_waiting_does_what_the_flip_says_and_not_a_day_before(facts, asked):
    found = classify(facts, (), asked, as_of=AS_OF)
    flips = {each.input: each for each in found.flips}
    assume("dpd" in flips)
    flip = flips["dpd"]

    def later(days: int) -> str:
        dpd = facts.dpd + days
        late = replace(facts, dpd=dpd, arrears=max(facts.arrears, 1))
        on = AS_OF + timedelta(days=days)
        return str(classify(late, (), asked, as_of=on).answer)

    days = flip.becomes - facts.dpd
    assert later(days) == flip.answer
    assert AssetClass[str(flip.answer).upper()] > AssetClass[found.answer.upper()]


@given(facts=books(), asked=rules)
def test_what_is_late_for_more_than_90_days_is_bad_under_every_rule_of_today(
    facts, asked
):
    """逾期90+ is part of 不良: their ratio never passes one."""
    assume(asked.on >= date(2023, 7, 1))
    for loan, found in grade_book(facts, asked, as_of=AS_OF).items():
        (each,) = (one for one in facts if one.loan == loan)
        assert each.dpd <= 90 or found.asset_class.is_bad


ADVERSE = (
    *(Sign.USE_CHANGED, Sign.REFINANCED, Sign.BAD_ELSEWHERE, Sign.CREDIT_IMPAIRED),
    *(Sign.DOWNGRADED, Sign.EVASION, Sign.BANKRUPTCY_LIQUIDATION),
)


@given(facts=books(), asked=rules, sign=st.sampled_from(ADVERSE))
def test_a_fact_against_a_claim_improves_nobody(facts, asked, sign):
    first = facts[0]
    worse = [replace(first, signs=first.signs | sign), *facts[1:]]
    before, after = classes(facts, asked), classes(worse, asked)
    assert all(after[loan] >= before[loan] for loan in before)


@given(facts=books(), asked=rules)
def test_verified_rules_alone_never_say_worse_than_all_rules(facts, asked):
    for found in grade_book(facts, asked, as_of=AS_OF).values():
        assert found.asserted_class <= found.machine_class
        assert found.machine_class <= found.asset_class


@given(
    history=st.lists(happened(), min_size=1, max_size=4),
    on=st.sampled_from(DAYS),
    asked=rules,
)
def test_a_missed_payment_never_ends_an_observation_earlier(history, on, asked):
    begun = [each for each in history if each.event is not Event.UNSOLVED]
    without = observe(begun, asked.observing, as_of=AS_OF)
    missed = observe([*begun, Happened(Event.MISSED, on)], asked.observing, as_of=AS_OF)
    if without is not None:
        assert missed is not None and missed.until >= without.until
