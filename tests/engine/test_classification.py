"""Rules of classification from the law book: dates, licences, the lender's policy."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest

from daihou.columnar.classification import ClassBook, classify_book
from daihou.engine.basics.money import Money
from daihou.engine.classification.codes import (
    AssetClass,
    Cause,
    Event,
    Sign,
    names,
)
from daihou.engine.classification.deciding import classify
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.facts import ClassFacts, Happened, Period
from daihou.engine.classification.floors import exceeds
from daihou.engine.classification.grading import grade_book, grade_debtor
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.classification.staging import reconciles
from daihou.engine.classification.words import words
from daihou.engine.rulebook.decision import Decision, Flip, Phrases, Step
from daihou.engine.rulebook.decision import words as said_words
from daihou.engine.rulebook.law import Change, Lawbook
from daihou.packs import law
from daihou.packs.decision_json import from_json, to_json

AS_OF = date(2026, 8, 31)
LAW = law.known()


def under(*changes: Change) -> Lawbook:
    return replace(LAW, changes=changes)


def change(rule: str, **values: object) -> Change:
    given = MappingProxyType(dict(values))
    return Change(rule, date(2026, 8, 31), values=given, because="house")


def one(facts: ClassFacts, rules: ClassificationRules) -> AssetClass:
    return grade_debtor([facts], rules, as_of=rules.on)[facts.loan].asset_class


def test_the_rules_of_a_day_are_those_in_force_that_day():
    new = ClassificationRules.of(LAW, "bank", date(2023, 7, 1))
    old = ClassificationRules.of(LAW, "bank", date(2023, 6, 30))
    assert [limit.value for _, limit in new.late] == [0, 90, 270, 360]
    assert [limit.value for _, limit in old.late] == [0]
    assert new.leaving and not old.leaving
    assert old.observing and old.observing.months.value == 6


def test_a_licence_has_its_own_rules():
    small = ClassificationRules.of(LAW, "microloan", AS_OF)
    assert small.matrix_for_all and small.own_share is None and not small.leaving
    consumer = ClassificationRules.of(LAW, "consumer_finance", AS_OF)
    assert not consumer.matrix and consumer.own_share is not None
    for licence in ("assignee", "private_lending"):
        assert ClassificationRules.of(LAW, licence, AS_OF).is_empty


def test_every_number_says_where_it_is_from():
    rules = ClassificationRules.of(LAW, "bank", AS_OF)
    assert rules.own_share is not None and rules.leaving is not None
    assert (rules.own_share.rule, rules.own_share.value) == (
        "CN-CLS-07",
        Decimal("0.1"),
    )
    assert not rules.own_share.unverified
    assert rules.leaving.longer.unverified and not rules.leaving.months.unverified
    shares = {to: share.unverified for to, share in rules.loss_shares}
    assert shares == {AssetClass.DOUBTFUL: True, AssetClass.LOSS: True}


def test_a_lender_s_own_value_is_followed_from_its_day_and_not_before():
    stricter = under(change("CN-CLS-04", overdue_over_days=60))
    facts = ClassFacts("a", "c", 100, dpd=61)
    before = ClassificationRules.of(stricter, "bank", date(2026, 8, 30))
    after = ClassificationRules.of(stricter, "bank", AS_OF)
    assert one(facts, before) is AssetClass.SPECIAL_MENTION
    assert one(facts, after) is AssetClass.SUBSTANDARD


def test_turning_a_rule_s_date_changes_exactly_the_loans_it_is_about():
    """60 days for 90: those of 61 to 90 days, and what they taint; nothing else."""
    facts = [ClassFacts(str(dpd), f"retail {dpd}", 100, dpd=dpd) for dpd in range(120)]
    facts += [
        ClassFacts("late", "firm", 20, dpd=70, is_retail=False),
        ClassFacts("well", "firm", 80, is_retail=False),
        ClassFacts("other", "other firm", 80, is_retail=False),
    ]
    book = ClassBook.of_facts(facts)
    found = [
        classify_book(book, ClassificationRules.of(each, "bank", AS_OF), as_of=AS_OF)
        for each in (LAW, under(change("CN-CLS-04", overdue_over_days=60)))
    ]
    moved = {
        each.loan
        for place, each in enumerate(facts)
        if found[0].asset_class[place] != found[1].asset_class[place]
    }
    assert moved == {str(dpd) for dpd in range(61, 91)} | {"late", "well"}


def test_an_unverified_rule_that_is_switched_off_says_nothing():
    off = Change("CN-CLS-18", date(2026, 1, 1), switched_on=False, because="house")
    rules = ClassificationRules.of(under(off), "microloan", AS_OF)
    assert not rules.matrix
    assert one(ClassFacts("a", "c", 100, dpd=90), rules) is AssetClass.NORMAL
    assert one(ClassFacts("a", "c", 100, dpd=91), rules) is AssetClass.SUBSTANDARD


def test_a_lender_may_add_a_sign_to_a_worse_class():
    more = ("evasion", "use_changed")
    rules = ClassificationRules.of(
        under(change("CN-CLS-05", signs=more)), "bank", AS_OF
    )
    facts = ClassFacts("a", "c", 100, signs=Sign.USE_CHANGED)
    assert one(facts, rules) is AssetClass.DOUBTFUL


def test_a_sign_nobody_knows_is_refused_with_the_known_ones():
    strange = under(change("CN-CLS-05", signs=("evasion", "rumour")))
    with pytest.raises(ClassError, match=r"rumour.*use_changed"):
        ClassificationRules.of(strange, "bank", AS_OF)


def test_a_lender_may_let_contagion_reach_retail():
    opted = under(change("CN-CLS-08", contagion_for_retail=True))
    facts = [ClassFacts("a", "c", 80), ClassFacts("b", "c", 20, dpd=91)]
    for book, expected in ((LAW, AssetClass.NORMAL), (opted, AssetClass.SUBSTANDARD)):
        rules = ClassificationRules.of(book, "bank", AS_OF)
        assert grade_book(facts, rules, as_of=AS_OF)["a"].asset_class is expected


def test_amounts_of_two_currencies_are_never_added():
    """Half of the yuan is bad and none of the dollars: each is looked at by itself."""
    rules = ClassificationRules.of(LAW, "bank", AS_OF)
    firm = {"customer": "c", "is_retail": False}
    bad = ClassFacts("bad", balance=1_000, dpd=91, **firm)
    well = ClassFacts("well", balance=1_000, **firm)
    dollars = ClassFacts("usd", balance=1_000_000, currency="USD", **firm)
    for facts in ([bad, well, dollars], [dollars, well, bad]):
        found = grade_book(facts, rules, as_of=AS_OF)
        assert found["well"].asset_class is AssetClass.SUBSTANDARD
        assert found["usd"].asset_class is AssetClass.SPECIAL_MENTION
        assert Cause.CONTAGION not in found["usd"].causes
        fast = classify_book(ClassBook.of_facts(facts), rules, as_of=AS_OF)
        expected = [int(found[each.loan].asset_class) for each in facts]
        assert fast.asset_class.tolist() == expected
    # In one currency the same sums are a tenth of a per cent: only that one is bad.
    yuan = replace(dollars, currency="CNY")
    alike = grade_book([bad, well, yuan], rules, as_of=AS_OF)
    assert alike["well"].asset_class is AssetClass.SPECIAL_MENTION


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(10, 100, False), (11, 100, True), (0, 0, False), (10**30, 10**31, False)],
)
def test_a_share_is_exceeded_strictly_and_exactly(part, whole, expected):
    assert exceeds(part, Decimal("0.10"), whole=whole) is expected


def test_stage_3_that_is_not_bad_is_told():
    rules = ClassificationRules.of(LAW, "microloan", AS_OF)
    facts = ClassFacts("a", "c", 100, signs=Sign.CREDIT_IMPAIRED)
    found = grade_debtor([facts], rules, as_of=AS_OF)["a"]
    assert found.stage == 3 and not found.reconciles
    assert reconciles(None, AssetClass.NORMAL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"balance": -1},
        {"dpd": -1},
        {"market_late": 2, "market_total": 1},
        {"upgrade_to": AssetClass.NORMAL},
        {"previous_causes": Cause.OVERDUE},
    ],
)
def test_facts_that_cannot_be_are_our_mistake(wrong):
    with pytest.raises(AssertionError):
        ClassFacts(**{"loan": "a", "customer": "c", "balance": 1, **wrong})


def test_a_period_has_one_unit_and_a_restructuring_its_first_day():
    with pytest.raises(AssertionError):
        Period(months=1, days=1)
    with pytest.raises(AssertionError):
        Happened(Event.RESTRUCTURED, AS_OF)
    with pytest.raises(AssertionError):
        Happened(Event.MISSED, AS_OF, AS_OF)


def test_bits_are_named_in_order():
    assert names(Sign.EVASION | Sign.USE_CHANGED) == ("use_changed", "evasion")
    assert names(Cause(0)) == ()


def test_a_claim_of_another_debtor_is_our_mistake():
    rules = ClassificationRules.of(LAW, "bank", AS_OF)
    two = [ClassFacts("a", "c", 1), ClassFacts("b", "d", 1)]
    with pytest.raises(AssertionError, match="one debtor"):
        grade_debtor(two, rules, as_of=AS_OF)


def test_an_unverified_step_says_so_in_both_languages():
    rules = ClassificationRules.of(LAW, "bank", AS_OF)
    facts = ClassFacts("a", "c", 1, signs=Sign.EVASION)
    found = classify(facts, (), rules, as_of=AS_OF)
    assert found.is_unverified
    assert any("未核实" in line for line in words(found, "zh-Hans"))
    assert any("unverified" in line for line in words(found, "en"))


PHRASES = Phrases(
    chinese={"answer": "{answer}", "found": "{a} {b} {c}", "flip_x": "{now}→{becomes}"},
    english={"answer": "{answer}", "found": "{a} {b} {c}", "flip_x": "{now}>{becomes}"},
)
PLAIN = Decision(
    question="q",
    subject="s",
    as_of=AS_OF,
    answer=True,
    inputs=(("amount", Money("CNY", 123450)), ("days", (AS_OF, AS_OF))),
    path=(
        Step("CN-CLS-07", AS_OF, "found", {"a": Decimal("0.10"), "b": None, "c": ()}),
        Step("", None, "found", {"a": 1, "b": False, "c": "x"}, unverified=True),
    ),
    flips=(Flip("x", now=1, becomes=Money("CNY", 5), answer=False, on=AS_OF),),
)


def test_a_decision_is_said_by_its_phrases():
    assert said_words(PLAIN, "en", PHRASES) == [
        "yes",
        "10 % none none [CN-CLS-07, version 2026-08-31]",
        "1 no x (unverified: policy)",
        "1>0.05",
    ]
    assert said_words(PLAIN, "zh", PHRASES)[0] == "是"
    assert PLAIN.rules == ("CN-CLS-07",)


def test_a_decision_comes_back_from_json_as_it_went():
    assert from_json(to_json(PLAIN)) == PLAIN


def test_phrases_of_one_language_alone_are_refused():
    with pytest.raises(AssertionError, match="only"):
        Phrases(chinese={"answer": "", "only": ""}, english={"answer": ""})
