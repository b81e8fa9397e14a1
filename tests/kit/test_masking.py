"""Masks: what shows, what never does, and what a free text may not carry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.kit import masking

_KINDS = (
    masking.phone,
    masking.id_no,
    masking.account,
    masking.name,
    masking.email,
    masking.address,
)
_TEXTS = st.text("0123456789X王小aB @.-", max_size=22)


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (masking.phone, "13800000007", "138****0007"),
        (masking.phone, "+8613800000007", "+86*******0007"),
        (masking.phone, "66668888", "****8888"),
        (masking.phone, "95588", "***88"),
        (masking.phone, "", ""),
        (masking.id_no, "990000198001010023", "990000********0023"),
        (masking.id_no, "E12345678", "E******78"),
        (masking.id_no, "12345", "*****"),
        (masking.account, "6222020200112233445", "***************3445"),
        (masking.account, "1234567", "*******"),
        (masking.name, "王小明", "王**"),
        (masking.name, "甲", "*"),
        (masking.name, "Mei Zhang", "M** Z****"),
        (masking.name, "Jean-Luc O'Neill", "J***-L** *'N****"),
        (masking.email, "mei.z@example.com", "m****@example.com"),
        (masking.email, "m@example.com", "*@example.com"),
        (masking.address, "北京市朝阳区幸福路1号", "北京市朝阳区*****"),
        (masking.address, "北京市", "***"),
    ],
)
def test_each_kind_reads_as_agreed(mask: object, value: str, shown: str) -> None:
    assert callable(mask)
    assert mask(value) == shown


def test_the_name_of_a_firm_is_public() -> None:
    assert masking.name("青山贸易有限公司", kind="company") == "青山贸易有限公司"
    assert masking.name("青山贸易有限公司") == "青*******"


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("mobile", "138****0007"),
        ("phone", "138****0007"),
        ("email", "*******0007"),
        ("address", "138000*****"),
        ("wechat", "1**********"),
        ("a kind not known", "1**********"),
    ],
)
def test_a_contact_point_is_masked_by_its_kind(kind: str, shown: str) -> None:
    assert masking.contact(kind, "13800000007") == shown


@pytest.mark.parametrize("mask", _KINDS)
@given(value=_TEXTS)
def test_a_mask_hides_something_and_twice_is_once(mask: object, value: str) -> None:
    assert callable(mask)
    shown = mask(value)
    assert len(shown) == len(value)
    assert mask(shown) == shown
    letters = [each for each in value if each.isalnum()]
    assert not letters or "*" in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("customer 990000198001010023 called", "customer 990000********0023 called"),
        ("身份证11010519491231002X。", "身份证110105********002X。"),
        ("code 91110000600037341L", "code 911100********341L"),
        ("ring 13800000007, not 400", "ring 138****0007, not 400"),
        ("to mei.z@example.com", "to m****@example.com"),
    ],
)
def test_free_text_loses_its_numbers(text: str, shown: str) -> None:
    assert masking.scrubbed(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "GET /loans/138000000071 200",
        "a3f1990000198001010023aa",
        "took 0.13800000007 s",
        "2026-11-20 14:42",
        "1,380,000.07",
    ],
)
def test_what_is_nobodys_number_stays(text: str) -> None:
    assert masking.scrubbed(text) == text
