"""A version of a rule begun on another day, and nothing else in the book moved."""

from datetime import timedelta

import pytest

from daihou.packs import law
from daihou.packs.law_errors import LawError
from daihou.packs.law_turned import turned

BOOK = law.known()
DAY = timedelta(days=1)
TWO = next(rule for rule in BOOK.rules.values() if len(rule.versions) > 1)
ONE = next(rule for rule in BOOK.rules.values() if len(rule.versions) == 1)


@pytest.mark.parametrize("days", [-3, 3])
def test_the_version_before_it_lasts_until_it_begins(days: int) -> None:
    former, later = TWO.versions[0], TWO.versions[1]
    to = later.begins_on + days * DAY
    rule = turned(BOOK, TWO.id, later.begins_on, to).rules[TWO.id]
    assert [each.begins_on for each in rule.versions[:2]] == [former.begins_on, to]
    before, on = rule.on(to - DAY), rule.on(to)
    assert before is not None and before.text == former.text
    assert on is not None and on.text == later.text
    for first, second in zip(rule.versions, rule.versions[1:], strict=False):
        assert first.ends_on == second.begins_on


def test_a_rule_that_begins_later_is_not_there_before() -> None:
    begins_on = ONE.versions[0].begins_on
    book = turned(BOOK, ONE.id, begins_on, begins_on + 9 * DAY)
    assert BOOK.on(ONE.id, begins_on) is not None
    assert book.on(ONE.id, begins_on + 8 * DAY) is None
    assert book.on(ONE.id, begins_on + 9 * DAY) is not None


def test_every_other_rule_is_the_same_and_the_book_is_another() -> None:
    begins_on = ONE.versions[0].begins_on
    book = turned(BOOK, ONE.id, begins_on, begins_on + DAY)
    assert book.digest != BOOK.digest
    assert {k: v for k, v in book.rules.items() if k != ONE.id} == {
        k: v for k, v in BOOK.rules.items() if k != ONE.id
    }
    assert turned(BOOK, ONE.id, begins_on, begins_on).digest == BOOK.digest


def test_a_version_stays_between_its_neighbours() -> None:
    former, later = TWO.versions[0], TWO.versions[1]
    with pytest.raises(LawError) as said:
        turned(BOOK, TWO.id, later.begins_on, former.begins_on)
    assert said.value.params["first"] == former.begins_on + DAY
    with pytest.raises(LawError) as said:
        turned(BOOK, TWO.id, former.begins_on, later.begins_on)
    assert said.value.params["last"] == later.begins_on
    assert "请" in said.value.say("zh") and "Choose" in said.value.say("en")
