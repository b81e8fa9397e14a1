"""Classes of the whole book equal the plain ones, claim by claim."""

from datetime import date
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.columnar.classification import ClassBook, classify_book, touched
from daihou.columnar.classification.dates import plus_months, plus_periods
from daihou.engine.basics.dates import add_period
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.facts import ClassFacts, Period
from daihou.engine.classification.grading import Graded, grade_book
from daihou.engine.classification.rules import ClassificationRules
from daihou.packs import law
from tests.parity.classification_books import (
    AS_OF,
    RULES,
    books,
    claims,
    rules,
)

NAMES = (
    *("asset_class", "machine_class", "asserted_class", "causes", "stage"),
    *("observed_until", "upgrade_from"),
)


def plain(found: Graded, name: str) -> object:
    value = getattr(found, name)
    if name == "stage":
        return int(value or 0)
    return int(value) if isinstance(value, int) else value


def fast(found: object, place: int, name: str) -> object:
    value = getattr(found, name)[place]
    if name.endswith(("until", "from")):
        return None if np.isnat(value) else value.item()
    return int(value)


def agree(facts: list[ClassFacts], asked: ClassificationRules) -> None:
    expected = grade_book(facts, asked, as_of=AS_OF)
    found = classify_book(ClassBook.of_facts(facts), asked, as_of=AS_OF)
    for place, each in enumerate(facts):
        for name in NAMES:
            ours, theirs = fast(found, place, name), plain(expected[each.loan], name)
            assert ours == theirs, (each, name, ours, theirs)
        assert bool(found.disagrees[place]) is not expected[each.loan].reconciles


@given(facts=books(), asked=rules)
def test_a_random_book_agrees(facts, asked):
    agree(facts, asked)


@given(facts=st.lists(claims(), min_size=1, max_size=1), asked=rules)
def test_a_single_claim_agrees(facts, asked):
    agree(facts, asked)


@given(facts=books(), asked=rules, seed=st.integers(0, 99))
def test_the_order_of_the_rows_does_not_matter(facts, asked, seed):
    mixed = Random(seed).sample(facts, len(facts))
    agree(mixed, asked)
    straight = grade_book(facts, asked, as_of=AS_OF)
    for loan, found in grade_book(mixed, asked, as_of=AS_OF).items():
        assert found.asset_class is straight[loan].asset_class
        assert found.causes == straight[loan].causes


@given(facts=books(), asked=rules, changed=st.integers(0, 5))
def test_a_delta_of_whole_customers_is_the_run_of_the_book(facts, asked, changed):
    book = ClassBook.of_facts(facts)
    whole = classify_book(book, asked, as_of=AS_OF)
    places = touched(book.customer_id, np.array([min(changed, len(facts) - 1)]))
    part = classify_book(book.take(places), asked, as_of=AS_OF)
    for name in NAMES:
        theirs = getattr(whole, name)[places]
        np.testing.assert_array_equal(getattr(part, name), theirs)


def test_amounts_too_large_for_a_product_are_still_compared_exactly():
    huge = 4 * 10**18
    debts = [
        ClassFacts("a", "c", huge // 10, dpd=91, is_retail=False),
        ClassFacts("b", "c", huge // 10 * 9, is_retail=False),
        ClassFacts("d", "e", huge // 10 + 1, dpd=91, is_retail=False),
        ClassFacts("f", "e", huge // 10 * 9 - 1, is_retail=False),
    ]
    agree(debts, RULES["bank"])
    found = classify_book(ClassBook.of_facts(debts), RULES["bank"], as_of=AS_OF)
    assert found.asset_class.tolist() == [2, 1, 2, 2]


def test_a_sum_above_64_bits_is_exact():
    debts = [
        ClassFacts(str(n), "c", 4 * 10**18, dpd=91 if n < 1 else 0, is_retail=False)
        for n in range(10)
    ]
    agree(debts, RULES["bank"])


def test_an_empty_book_has_no_classes():
    found = classify_book(ClassBook.of_facts([]), RULES["bank"], as_of=AS_OF)
    assert len(found.asset_class) == 0


def test_a_licence_without_rules_is_refused_by_both():
    asked = ClassificationRules.of(law.known(), "private_lending", AS_OF)
    facts = [ClassFacts("a", "c", 1)]
    with pytest.raises(ClassError, match="private_lending"):
        classify_book(ClassBook.of_facts(facts), asked, as_of=AS_OF)
    with pytest.raises(ClassError, match="private_lending"):
        grade_book(facts, asked, as_of=AS_OF)


@given(
    day=st.dates(date(2023, 12, 1), date(2025, 3, 31)),
    months=st.sampled_from((0, 1, 2, 6, 12, 24)),
)
def test_months_are_added_as_the_plain_text_adds_them(day, months):
    found = plus_months(np.array([day], "datetime64[D]"), months)[0].item()
    assert found == add_period(day, months, "months")


@pytest.mark.parametrize("period", [Period(), Period(months=6), Period(days=14)])
def test_periods_are_added_as_the_plain_text_adds_them(period):
    day = date(2026, 8, 31)
    column = np.array([day], "datetime64[D]")
    months, days = np.array([period.months]), np.array([period.days])
    found = plus_periods(column, months, days, 2)[0]
    assert (None if np.isnat(found) else found.item()) == period.after(day, 2)
