"""The rule that tells an extension from a missed payment."""

from dataclasses import replace

import pytest

from daihou.config.real_data.extension import Extension, extensions
from tests.real_data.cast import INSTALMENT, loan

# Month 10 of the test loan is March 2020: nine months paid, then the case.
BEFORE = [1] * 9


def told(*after: int, **changes: object) -> tuple[Extension, ...]:
    """The extensions of a loan that paid so many instalments from March 2020 on."""
    return extensions(loan([*BEFORE, *after], **changes))


def test_four_months_unpaid_then_regular_payments() -> None:
    assert told(1, 0, 0, 0, 0, 1, 1, 1) == (Extension(11, 4),)


def test_a_payment_between_does_not_break_the_spell() -> None:
    assert told(0, 0, 1, 0, 1, 1, 1) == (Extension(10, 3),)


def test_three_paid_months_between_two_spells_part_them() -> None:
    parted = loan([1, 0, 1, 1, 1, 0, 1, 1, 1])
    assert extensions(parted, window=None) == (Extension(2, 1), Extension(6, 1))
    joined = loan([1, 0, 1, 1, 0, 1, 1, 1])
    assert extensions(joined, window=None) == (Extension(2, 2),)


def test_two_spells_are_two_extensions() -> None:
    early = loan([1, 0, 1, 1, 1, 0, 0, 1, 1, 1])
    assert extensions(early, window=None) == (Extension(2, 1), Extension(6, 2))


def test_a_part_paid_in_a_spell_counts_to_the_nearest_instalment() -> None:
    made = loan([*BEFORE, 0, 1, 0, 1, 1, 1])
    for paid, months in ((INSTALMENT // 2 + 1, 2), (INSTALMENT // 2 - 1, 3)):
        changed = list(made.months)
        changed[10] = replace(changed[10], paid=paid)
        assert extensions(replace(made, months=tuple(changed))) == (
            Extension(10, months),
        )


@pytest.mark.parametrize(
    "case",
    [
        (1, 0, 0, 2, 2, 1),  # made up for afterwards
        (1, 0, 3, 0, 1, 1, 1),  # made up for meanwhile
        (0, 0, 5, 0, 1, 1, 1),  # and more
        (1, 0, 0, 1, 1),  # too little known of what came after
        (1, 1, 1, 1, 1, 0, 0, 1, 1, 1),  # goes on beyond the window
    ],
)
def test_what_is_no_extension(case: tuple[int, ...]) -> None:
    assert told(*case) == ()


def test_payments_that_stay_short_are_no_return_to_regular_ones() -> None:
    made = loan([*BEFORE, 0, 0, 1, 1, 1])
    changed = [*made.months]
    changed[12] = replace(changed[12], paid=INSTALMENT // 2)
    assert extensions(replace(made, months=tuple(changed))) == (Extension(10, 2),)
    changed[12] = replace(changed[12], paid=INSTALMENT // 2 - 1)
    assert extensions(replace(made, months=tuple(changed))) == ()


def test_outside_the_window_only_when_asked_for() -> None:
    early = loan([1, 0, 0, 1, 1, 1])
    assert extensions(early) == ()
    assert extensions(early, window=None) == (Extension(2, 2),)


def test_seven_months_are_no_extension() -> None:
    assert extensions(loan([1, *[0] * 6, 1, 1, 1]), window=None) == (Extension(2, 6),)
    assert extensions(loan([1, *[0] * 7, 1, 1, 1]), window=None) == ()


def test_who_has_paid_ahead_needs_none() -> None:
    assert told(3, 0, 0, 1, 1, 1) == ()
    assert told(2, 0, 0, 1, 1, 1) == (Extension(11, 2),)


def test_what_was_granted_before_is_no_arrears() -> None:
    made = loan([1, 0, 1, 1, 1, 2, 0, 1, 1, 1])
    assert extensions(made, window=None) == (Extension(2, 1),)


def test_principal_collected_meanwhile_is_no_extension() -> None:
    made = loan([*BEFORE, 1, 0, 0, 1, 1, 1])
    changed = list(made.months)
    balance = changed[11].balance
    assert balance is not None
    changed[11] = replace(changed[11], balance=balance - 1)
    assert extensions(replace(made, months=tuple(changed))) == ()
