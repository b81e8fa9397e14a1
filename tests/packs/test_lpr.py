"""The loan prime rate: what is cited, what is not, and mistakes with a way out."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daihou.engine.basics.errors import UserError
from daihou.packs import lpr

KNOWN = lpr.known()


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2019, 8, 20), "0.0425"),
        (date(2020, 8, 20), "0.0385"),
        (date(2021, 12, 19), "0.0385"),
        (date(2021, 12, 20), "0.0380"),
        (date(2022, 3, 21), "0.0370"),
        (date(2025, 5, 19), "0.0310"),
        (date(2025, 5, 20), "0.0300"),
        (date(2025, 12, 31), "0.0300"),
    ],
)
def test_the_rate_of_a_day_is_the_last_one_published(day: date, rate: str) -> None:
    quote = KNOWN.on(day)
    assert quote is not None and quote.rate == Decimal(rate)
    assert not quote.unverified and quote.source


def test_before_the_first_and_after_the_last_nothing_is_known() -> None:
    assert KNOWN.on(date(2019, 8, 19)) is None
    last = KNOWN.on(date(2026, 11, 22))
    assert last is not None and last.rate is None and last.unverified


def test_every_rate_is_a_multiple_of_five_basis_points_and_falls() -> None:
    rates = [each.rate for each in KNOWN.quotes if each.rate is not None]
    assert all(rate % Decimal("0.0005") == 0 for rate in rates)
    assert rates == sorted(rates, reverse=True)


ROWS = """\
id: ours
name: {zh-Hans: 我们的, en: Ours}
sources:
  notice: {text: 公告, evidence: P}
  memory: {text: 记忆, evidence: M}
rows:
"""


def listed(tmp_path: Path, rows: str) -> Path:
    file = tmp_path / "lpr.yaml"
    file.write_text(ROWS + rows, "utf-8")
    return file


def test_a_lender_s_own_list_stands_in_place(tmp_path: Path) -> None:
    row = (
        "  - {begins_on: 2026-01-20, rate: '0.0295', status: verified, from: [notice]}"
    )
    table = lpr.known(listed(tmp_path, row))
    quote = table.on(date(2026, 11, 22))
    assert quote is not None and quote.rate == Decimal("0.0295")
    assert table.digest != KNOWN.digest
    assert lpr.known(tmp_path / "nothing.yaml") is KNOWN


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            "  - {begins_on: 2026-01-20, rate: '0.03', status: verified, from: []}",
            "asserted",
        ),
        (
            "  - {begins_on: 2026-01-20, rate: '0.03', status: verified, from: [memory]}",
            "asserted",
        ),
        (
            "  - {begins_on: 2026-01-20, rate: null, status: verified, from: [notice]}",
            "asserted",
        ),
        (
            "  - {begins_on: 2026-01-20, rate: null, status: unverified, from: [x]}",
            "source",
        ),
        (
            "  - {begins_on: 2026-02-30, rate: null, status: unverified, from: []}",
            "date",
        ),
        (
            "  - {begins_on: 2026-01-20, rate: '3', status: unverified, from: []}",
            "schema",
        ),
        (
            (
                "  - {begins_on: 2026-02-20, rate: null, status: unverified, from: []}\n"
                "  - {begins_on: 2026-01-20, rate: null, status: unverified, from: []}"
            ),
            "order",
        ),
        ("  - {begins_on: 2026-01-20", "yaml"),
    ],
)
def test_a_mistake_names_the_file_and_the_way_out(
    tmp_path: Path, rows: str, code: str
) -> None:
    file = listed(tmp_path, rows)
    with pytest.raises(UserError) as caught:
        lpr.known(file)
    assert caught.value.code == code
    assert "lpr.yaml" in caught.value.say("en")
    assert caught.value.say("zh") != caught.value.say("en")
