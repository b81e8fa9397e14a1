"""The caps of a licence over time: every day says what the rules of that day say."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.terms import EVER, NEVER, holding, terms
from daihou.engine.caps.values import Lending
from daihou.packs import law, lpr

BOOK, LPR = law.known(), lpr.known()
LICENCES = sorted(BOOK.packs["cn"].licences)
FIRST = date(2003, 12, 20)


@pytest.mark.parametrize("licence", LICENCES)
def test_each_day_reads_as_its_rules(licence: str) -> None:
    found = terms(BOOK, LPR, licence=licence)
    assert found[0].begins_on == EVER and found[-1].ends_on == NEVER
    assert all(one.ends_on == two.begins_on for one, two in pairwise(found))
    edges = {each.begins_on + timedelta(days=d) for each in found for d in (-1, 0, 1)}
    days = edges | {FIRST + timedelta(days=37 * n) for n in range(260)}
    for day in sorted(each for each in days if EVER <= each < NEVER):
        rules = CapRules.of(BOOK, Lending(licence, day), LPR)
        term = holding(found, day)
        assert (term.cap, term.complete) == (rules.cap, rules.is_complete), day
        assert term.doubted == any(each.is_doubted for each in rules.ceilings)
        most = rules.penalty and rules.penalty.share("overdue_most")
        assert term.overdue_most == most


def test_neighbours_that_say_the_same_are_one() -> None:
    for licence in LICENCES:
        for one, two in pairwise(terms(BOOK, LPR, licence=licence)):
            said = [(e.cap, e.overdue_most, e.complete, e.doubted) for e in (one, two)]
            assert said[0] != said[1]


def test_a_day_without_a_cited_rate_is_not_complete() -> None:
    found = terms(BOOK, LPR, licence="private_lending")
    assert not holding(found, date(2026, 6, 1)).complete
    assert holding(found, date(2025, 6, 1)).complete
