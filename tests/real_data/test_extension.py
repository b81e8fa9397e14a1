"""The rule that tells an extension from a missed payment."""

import pytest

from daihou.config.real_data.extension import Extension, extensions
from tests.real_data.cast import loan

# Month 10 of the test loan is March 2020: nine months paid, then the case.
BEFORE = [1] * 9


def told(*after: float, **changes: object) -> tuple[Extension, ...]:
    return extensions(loan([*BEFORE, *after], **changes))


def test_four_months_unpaid_then_regular_payments() -> None:
    assert told(1, 0, 0, 0, 0, 1, 1, 1) == (Extension(11, 4),)


@pytest.mark.parametrize(
    "case",
    [
        (1, 0, 0, 2, 2, 1),  # made up for afterwards
        (1, 0, 0, 1, 0, 1),  # not paid regularly afterwards
        (1, 0, 0, 1, 1),  # too little known of what came after
        (1, 1, 1, 1, 1, 0, 0, 1, 1, 1),  # reaches out of the window
    ],
)
def test_what_is_no_extension(case: tuple[int, ...]) -> None:
    assert told(*case) == ()


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


def test_principal_collected_meanwhile_is_no_extension() -> None:
    made = loan([*BEFORE, 1, 0, 0, 1, 1, 1])
    months = list(made.months)
    balance = months[11].balance
    assert balance is not None
    object.__setattr__(months[11], "balance", balance - 1)
    assert extensions(made) == ()
