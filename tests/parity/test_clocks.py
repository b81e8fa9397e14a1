"""Ends of limitation and guarantees on arrays are those of the plain text of the law."""

from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from daihou.columnar import clocks as columns
from daihou.columnar.clocks import DAY, NO_DAY
from daihou.engine.clocks.channels import is_debit, payment
from daihou.engine.clocks.guarantee import Guarantee, form_of, guarantee
from daihou.engine.clocks.limitation import limitation
from daihou.engine.clocks.rules import ClockRules
from daihou.packs import holidays, law

AS_OF = date(2026, 11, 20)
# Around a leap day and the ends of months, so that ties and clipping are common.
STARTS = [date(2020, 2, 28) + timedelta(days=n) for n in range(4)] + [
    *(date(2021, 1, 31), date(2022, 10, 1), date(2018, 5, 10), date(2026, 12, 5)),
]


def rules() -> ClockRules:
    return ClockRules.of(law.known(), "bank", AS_OF)


@pytest.mark.parametrize("seed", range(6))
def test_limitation_of_random_claims(seed: int) -> None:
    random = Random(seed)
    begins = [random.choice(STARTS) for _ in range(120)]
    heard = [
        sorted(
            begin + timedelta(days=random.choice([-3, 0, 1, 365, 1094, 1095, 1096]) * n)
            for n in range(1, random.randrange(1, 6))
        )
        for begin in begins
    ]
    heard = [[day for day in days if day <= AS_OF] for days in heard]
    calendar = holidays.holidays()
    found = columns.limitation(
        np.array(begins, DAY),
        np.array([n for n, days in enumerate(heard) for _ in days], np.int64),
        np.array([day for days in heard for day in days], DAY),
        rules(),
        calendar=calendar,
    )
    assert found is not None
    for place, (begin, days) in enumerate(zip(begins, heard, strict=True)):
        channels = [random.choice(["代扣", "柜面"]) for _ in days]
        plain = limitation(
            begin,
            [
                payment(day, channel)
                for day, channel in zip(days, channels, strict=True)
            ],
            rules(),
            subject="claim",
            as_of=AS_OF,
            calendar=calendar,
        )
        told = (found.counted_to[place].item(), found.ends_on[place].item())
        assert told == (plain.counted_to, plain.ends_on), (begin, days)


@pytest.mark.parametrize("seed", range(3))
def test_guarantees_of_random_claims(seed: int) -> None:
    random = Random(seed)
    due = [random.choice(STARTS) for _ in range(100)]
    agreed = [
        random.choice([None, day, day - timedelta(days=1), day + timedelta(days=400)])
        for day in due
    ]
    calendar = holidays.holidays()
    until = np.array([NO_DAY if day is None else day for day in agreed], DAY)
    found = columns.guarantees(np.array(due, DAY), until, rules(), calendar=calendar)
    assert found is not None
    for place, (day, last) in enumerate(zip(due, agreed, strict=True)):
        facts = Guarantee("g", day, agreed_until=last)
        plain = guarantee(facts, [], rules(), as_of=AS_OF, calendar=calendar)
        told = (found.counted_to[place].item(), found.ends_on[place].item())
        assert told == (plain.counted_to, plain.ends_on), (day, last)


def test_twenty_years_are_the_most() -> None:
    begin = date(2003, 5, 10)
    heard = [date(year, 5, 9) for year in range(2005, 2026, 2)]
    found = columns.limitation(
        np.array([begin], DAY),
        np.zeros(len(heard), np.int64),
        np.array(heard, DAY),
        rules(),
        calendar=None,
    )
    plain = limitation(
        begin,
        [payment(day, "柜面") for day in heard],
        rules(),
        subject="claim",
        as_of=AS_OF,
        calendar=None,
    )
    assert found is not None
    assert found.counted_to[0].item() == plain.counted_to == date(2023, 5, 10)


def test_no_claims_and_no_payments() -> None:
    none, places = np.zeros(0, DAY), np.zeros(0, np.int64)
    empty = columns.limitation(none, places, none, rules(), calendar=None)
    assert empty is not None and len(empty.ends_on) == 0
    one = np.array([date(2024, 3, 31)], DAY)
    quiet = columns.limitation(one, places, none, rules(), calendar=None)
    assert quiet is not None and quiet.ends_on[0].item() == date(2027, 3, 31)


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("连带责任保证", "joint"),
        ("一般保证", "general"),
        ("Joint and several", "joint"),
        ("保证", None),
        ("", None),
        ("一般保证/连带", None),
    ],
)
def test_the_form_of_a_guarantee_is_read_only_where_it_is_clear(
    said: str, form: str | None
) -> None:
    assert form_of(said) == form


def test_a_debit_is_told_from_what_the_debtor_pays() -> None:
    assert is_debit("银行代扣") and is_debit("Direct debit")
    assert not is_debit("手机银行") and not is_debit("")
