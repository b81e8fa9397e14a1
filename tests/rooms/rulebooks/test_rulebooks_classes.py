"""A rule turned to another day, or tightened: exactly the loans it moves are shown."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from daihou.engine.classification.codes import Cause
from daihou.engine.classification.facts import ClassFacts
from daihou.engine.classification.grading import grade_book
from daihou.engine.rulebook.law import Lawbook
from daihou.nightly.grading.grader import Grader
from daihou.packs import law, law_turned
from daihou.rooms.grading import impact, queries
from daihou.rooms.grading.models import ClassMove, LoanClass
from daihou.rooms.rulebooks import actions, rehearsing
from daihou.rooms.rulebooks import door as rulebooks
from tests.rooms.cast import make_cast
from tests.rooms.grading import test_grading
from tests.rooms.grading.test_grading import LAST, deed
from tests.rooms.ruling import TOMORROW, lawyers, wish

pytestmark = pytest.mark.django_db(transaction=True)
book = test_grading.book
DAYS = 2
FLOOR = "CN-CLS-03"  # overdue more than the technical days: special mention at least


def classes(grader: Grader, under: Lawbook) -> Mapping[int, int]:
    """The class of every loan on the last day under a law book, one by one."""
    rules = queries.rules(LAST, book=under)
    ids = LoanClass.objects.values_list("pk", flat=True)
    claims = [c.facts for n in ids if (c := grader.claims(n, as_of=LAST))]
    new = [_as_new(each) for each in claims]
    found = grade_book(new, rules, as_of=LAST)
    return {int(loan): int(each.asset_class) for loan, each in found.items()}


def _as_new(facts: ClassFacts) -> ClassFacts:
    """As if it had not been classified before: the rehearsal looks at it so."""
    return replace(facts, previous_class=None, previous_causes=Cause(0))


def moved(seen: rehearsing.Rehearsal) -> set[int]:
    """The loans a rehearsal names."""
    _name, found = seen.impacts[impact.KIND]
    assert found.changes == len(found.moved) and found.looked_at > 20
    return {each.loan for each in found.moved}


def test_turning_a_rule_s_date_names_the_loans_that_change_class_and_no_other(
    book: Grader,
) -> None:
    test_grading.grade()
    before = rulebooks.lawbook()
    rule = law.known().rules[FLOOR]
    first, to = rule.versions[0].begins_on, LAST + timedelta(days=1)
    seen = rehearsing.turn(rule, first, to, as_of=LAST)
    was = classes(book, before)
    becomes = classes(book, law_turned.turned(before, FLOOR, first, to))
    differing = {loan for loan in was if was[loan] != becomes[loan]}
    assert differing and moved(seen) == differing
    assert differing != was.keys()
    within = rehearsing.turn(rule, first, LAST, as_of=LAST)
    assert within.impacts[impact.KIND][1].changes == 0


def test_a_stricter_number_of_ours_names_the_loans_it_moves_and_writes_nothing(
    book: Grader,
) -> None:
    test_grading.grade()
    make_cast()
    lena, _cora = lawyers()
    kept = (LoanClass.objects.count(), ClassMove.objects.count())
    made = actions.look(
        wish(
            rule="CN-CLS-04",
            begins_on=TOMORROW,
            values={"overdue_over_days": DAYS},
        ),
        deed=deed(lena, on=LAST + timedelta(days=1)),
    )
    seen = rehearsing.rehearse(made, as_of=LAST)
    late = set(
        LoanClass.objects.filter(dpd__gt=DAYS, asset_class__lt=2).values_list(
            "pk", flat=True
        )
    )
    assert late and moved(seen) == late
    assert (LoanClass.objects.count(), ClassMove.objects.count()) == kept
    assert rulebooks.lawbook() is law.known()
