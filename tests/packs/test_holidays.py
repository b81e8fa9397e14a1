"""Holidays are what the package says that keeps them, with 调休."""

from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest
from chinese_calendar import constants

from daihou.packs import holidays
from tools import holidays as written

KNOWN = holidays.holidays()
ROOT = Path(__file__).resolve().parents[2]


def test_the_file_is_as_the_package_has_it() -> None:
    assert (ROOT / written.FILE).read_text("utf-8") == written.text()


@pytest.mark.parametrize("year", sorted(KNOWN.years))
def test_every_day_of_a_year_is_off_as_the_package_says(year: int) -> None:
    day = date(year, 1, 1)
    while day.year == year:
        assert KNOWN.is_off(day) == (not chinese_calendar.is_workday(day)), day
        day += timedelta(days=1)


def test_the_years_are_those_of_the_package_and_no_more() -> None:
    assert KNOWN.years == {day.year for day in constants.holidays}
    assert 2027 not in KNOWN.years


def test_a_saturday_worked_in_exchange_is_no_day_off() -> None:
    assert not KNOWN.is_off(date(2026, 2, 28)) and KNOWN.is_off(date(2026, 2, 21))
    assert not KNOWN.is_off(date(2026, 10, 10))
    assert KNOWN.off[date(2026, 10, 1)].name("zh-hans") == "国庆节"
    assert KNOWN.off[date(2026, 10, 1)].evidence == "S"


def test_a_lender_s_own_list_stands_in_place(tmp_path: Path) -> None:
    file = tmp_path / "cn.yaml"
    file.write_text(
        "id: ours\nname: {zh-Hans: 甲, en: A}\nweekend: [7]\nyears:\n"
        "  - year: 2026\n    source: {text: 本行, evidence: P}\n    days: []\n",
        "utf-8",
    )
    own = holidays.holidays(file)
    assert own.years == {2026} and not own.is_off(date(2026, 10, 1))
    assert holidays.holidays(tmp_path / "nothing.yaml") is KNOWN
