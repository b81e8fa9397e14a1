"""Spells of delinquency, cures and relapses, by hand."""

from fractions import Fraction

import pytest

from daihou.engine.metrics.cures import (
    End,
    Month,
    Share,
    cure_rate,
    redefault_rate,
    self_cure_rate,
    spells,
)

ENDS = {"S": End.SETTLED, "W": End.WRITTEN_OFF, "T": End.TRANSFERRED}


def life(account: str, text: str, *, start: int = 0) -> list[Month]:
    """A row a letter: days past due in tens (0 to 9), `.` no row, S W T closed.

    A letter behind a mark: `!` somebody spoke with the debtor, `+` a new loan paid.
    """
    rows: list[Month] = []
    period, told = start, {"contacted": False, "replaced": False}
    for letter in text:
        if letter in "!+":
            told["contacted" if letter == "!" else "replaced"] = True
            continue
        if letter != ".":
            closed = ENDS.get(letter)
            dpd = 0 if closed else int(letter) * 10
            rows.append(Month(account, period, dpd, closed, **told))
        period, told = period + 1, {"contacted": False, "replaced": False}
    return rows


def shape(text: str, **how: int) -> list[tuple[int, int | None, End | None, int]]:
    return [
        (each.began, each.ended, each.end, each.seen_until)
        for each in spells(life("a", text), **how)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000", []),
        ("0120", [(1, 3, End.CURED, 3)]),
        ("012", [(1, None, None, 2)]),
        ("0S", []),
        ("012S", [(1, 3, End.SETTLED, 3)]),
        ("012W00", [(1, 3, End.WRITTEN_OFF, 3)]),
        ("01T", [(1, 2, End.TRANSFERRED, 2)]),
        ("01.0", [(1, None, None, 1)]),
        ("01.20", [(1, None, None, 1), (3, 4, End.CURED, 4)]),
        ("01010", [(1, 2, End.CURED, 4), (3, 4, End.CURED, 4)]),
    ],
)
def test_a_spell_begins_late_and_ends_in_time(text, expected):
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("010100", [(1, 4, End.CURED, 5)]),  # one period in time was a pause
        ("0100", [(1, 2, End.CURED, 3)]),
        ("010", [(1, None, None, 2)]),  # nobody knows yet whether it stays
        ("010S", [(1, 2, End.CURED, 3)]),  # paid in full stays
        ("010W", [(1, 3, End.WRITTEN_OFF, 3)]),
        ("0010", [(2, None, None, 3)]),
    ],
)
def test_a_cure_has_to_stay(text, expected):
    assert shape(text, stay=2) == expected


def test_a_spell_whose_beginning_was_not_seen_says_so():
    one, two = spells(life("a", "1010"))
    assert (one.unseen, two.unseen) == (True, False)
    assert spells(life("a", "0.1"))[0].unseen  # nor after a gap


def test_cures_count_once_they_could_all_have_happened():
    rows = [
        *(life("soon", "0100000") + life("late", "0111000")),
        *life("never", "0111111"),
        *life("young", "0000001"),  # not watched for long enough
        *life("unseen", "1000000"),
        *life("lost", "01....."),
        *life("loan", "01+0000"),
    ]
    found = spells(rows)
    assert cure_rate(found, within=1, last=6) == Share(1, 4)
    assert cure_rate(found, within=3, last=6) == Share(2, 4)
    assert cure_rate(found, within=5, last=6).rate == Fraction(1, 2)
    assert cure_rate(found, within=6, last=6) == Share(0, 0)
    assert Share(0, 0).rate is None


def test_self_cures_are_those_without_a_word():
    rows = [*life("a", "01000"), *life("b", "0!1000"), *life("c", "01!000")]
    found = spells([*rows, *life("d", "01111")])
    assert self_cure_rate(found, within=2, last=4) == Share(1, 4)
    assert cure_rate(found, within=2, last=4) == Share(3, 4)


def test_who_falls_back_counts_from_the_cure_on():
    rows = [
        *life("back", "0100300"),  # 30 days in period 4, cured in 2
        *life("soft", "0100100"),  # 10 days are no relapse
        *life("paid", "010S"),  # never again
        *life("new", "0000010"),  # cured in the last period: not known
    ]
    found = spells(rows)
    assert redefault_rate(found, within=1) == Share(0, 5)  # of cures, not accounts
    assert redefault_rate(found, within=2) == Share(1, 3)
    assert next(each.fell_back for each in found if each.account == "back") == 4
    late_soon = spells(life("x", "01003"))  # a relapse is known before the window ends
    assert redefault_rate(late_soon, within=12) == Share(1, 1)
    gentle = spells(rows, late_again=1)
    assert redefault_rate(gentle, within=2) == Share(2, 3)


def test_waiting_for_an_end_counts_from_the_first_late_period():
    text = {"a": "0110", "b": "01+0", "c": "0111", "d": "01W", "e": "01"}
    found = spells([row for name, told in text.items() for row in life(name, told)])
    ages = {each.account: (each.waiting.left, each.waiting.event) for each in found}
    assert ages == {
        "a": (2, "cured"),
        "b": (1, "replaced"),
        "c": (2, None),
        "d": (1, "written_off"),
        "e": (1, None),
    }
