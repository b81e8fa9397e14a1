"""Document numbers are judged as the standards say."""

import pytest

from daihou.rooms.intake.checks import persons


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("11010519491231002X", None),  # the example of GB 11643-1999
        ("11010519491231002x", None),
        ("440524188001010014", None),  # the same standard's second example
        ("110105194912310021", ("id_check_digit", "X")),
        ("990101199003077735", ("id_region", "990101")),
        ("11010519490231002X", ("id_form", "")),
        ("1101051949123100", ("id_form", "")),
    ],
)
def test_resident_id_numbers(number: str, expected: tuple[str, str] | None) -> None:
    assert persons.judge("person", "resident_id", number) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("91350100M000100Y43", None),  # the example of GB 32100-2015
        ("91350100M000100Y44", ("credit_code_check", "3")),
        ("91350100M000100I43", ("credit_code_check", "")),
    ],
)
def test_social_credit_codes(code: str, expected: tuple[str, str] | None) -> None:
    assert persons.judge("organisation", "uscc", code) == expected


def test_other_documents_are_not_judged() -> None:
    assert persons.judge("person", "passport", "E12345678") is None
    assert persons.judge("person", "", "E12345678") is None
