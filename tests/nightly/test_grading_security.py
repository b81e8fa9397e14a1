"""Security read from words, and on which days the rule asks for the whole book."""

from dataclasses import replace
from datetime import date

import pytest

from daihou.engine.classification.codes import Guarantee
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.rulebook.cited import Cited
from daihou.nightly.grading.grader import _is_whole_day
from daihou.nightly.grading.security import security_of
from daihou.packs import law


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("保证", Guarantee.GUARANTEED),
        ("联保", Guarantee.GUARANTEED),
        ("抵押贷款", Guarantee.MORTGAGED),
        ("质押担保", Guarantee.PLEDGED),
        ("Pledge ", Guarantee.PLEDGED),
        ("抵押+保证", Guarantee.GUARANTEED),
        ("质押、抵押", Guarantee.MORTGAGED),
        ("抵押\uff0b信用", Guarantee.UNSECURED),
        ("信用", Guarantee.UNSECURED),
        ("无担保", Guarantee.UNSECURED),
        ("无抵押", Guarantee.UNSECURED),
        ("非质押", Guarantee.UNSECURED),
        ("no collateral", Guarantee.UNSECURED),
        ("collateral: none", Guarantee.UNSECURED),
        ("mortgage released", Guarantee.UNSECURED),
        ("", Guarantee.UNSECURED),
        (None, Guarantee.UNSECURED),
    ],
)
def test_what_is_denied_or_unknown_is_no_security(
    said: str | None, kind: Guarantee
) -> None:
    assert security_of(said) is kind


def test_the_whole_book_is_looked_at_as_often_as_the_rule_says() -> None:
    rules = ClassificationRules.of(law.known(), "bank", date(2026, 6, 30))
    assert rules.whole_every is not None
    assert rules.whole_every.rule == "CN-CLS-16"

    def days(known: ClassificationRules) -> list[int]:
        ends = [date(2026, 12, 31)] + [
            date.fromordinal(date(2026, month, 1).toordinal() - 1)
            for month in range(2, 13)
        ]
        return sorted(day.month for day in ends if _is_whole_day(day, known))

    assert days(rules) == [3, 6, 9, 12]
    assert not _is_whole_day(date(2026, 6, 29), rules)
    policy = Cited("CN-CLS-16", date(2026, 1, 1), 1)
    assert days(replace(rules, whole_every=policy)) == list(range(1, 13))
    microloan = ClassificationRules.of(law.known(), "microloan", date(2026, 6, 30))
    assert microloan.whole_every is None and days(microloan) == []
