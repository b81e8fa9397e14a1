"""Document numbers: the check digit must be right, the region code should exist."""

import re
from datetime import date

# GB 11643-1999, annex: weights of the first 17 digits and the check characters.
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# GB/T 2260: the first two digits name a province; the rest changes by the year.
_PROVINCES = (
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
    *range(61, 66), 71, 81, 82, 83, 91,
)  # fmt: skip
RESIDENT = frozenset(
    {"resident_id", "id_card", "identity_card", "身份证", "居民身份证", "01", "1"}
)
CREDIT_CODE = frozenset(
    {"uscc", "credit_code", "business_licence", "统一社会信用代码", "营业执照"}
)
# GB 32100-2015: characters without I O S V Z, weights 3**i mod 31.
_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def check_character(number: str) -> str:
    """The 18th character of a resident id number, from its first 17 digits."""
    total = sum(int(d) * w for d, w in zip(number[:17], _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def born(number: str) -> date | None:
    """The date of birth inside a resident id number, if it exists."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def judge_resident(number: str) -> tuple[str, str] | None:
    """(phrase, what would be right) for a resident id number, or None if good."""
    if not re.fullmatch(r"\d{17}[\dXx]", number) or born(number) is None:
        return "id_form", ""
    right = check_character(number)
    if number[17].upper() != right:
        return "id_check_digit", right
    if int(number[:2]) not in _PROVINCES:
        return "id_region", number[:6]
    return None


def judge_credit_code(code: str) -> tuple[str, str] | None:
    """(phrase, right last character) for a unified social credit code, or None."""
    code = code.upper()
    if len(code) != 18 or any(c not in _CODE for c in code):
        return "credit_code_check", ""
    total = sum(_CODE.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    right = _CODE[(31 - total % 31) % 31]
    return None if right == code[17] else ("credit_code_check", right)


def judge(kind: str, id_type: str, number: str) -> tuple[str, str] | None:
    """What is wrong with a customer's document number, by its type or its look."""
    named = id_type.lower()
    if named in CREDIT_CODE:
        return judge_credit_code(number)
    looks_resident = re.fullmatch(r"\d{17}[\dXx]", number) is not None
    if named in RESIDENT or (not named and kind == "person" and looks_resident):
        return judge_resident(number)
    return None
