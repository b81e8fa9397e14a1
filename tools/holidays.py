"""Write the public holidays of mainland China as dated data, from a known package.

`chinesecalendar` (MIT) keeps what the State Council announces each year: the days
off, and the Saturdays and Sundays worked in exchange. Run this after its new
version (each November or December): `python -m tools.holidays`. A test compares.
"""

import sys
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path
from types import MappingProxyType

from chinese_calendar import constants

PACKAGE = "chinesecalendar"
FILE = Path("src/daihou/rulebooks/holidays/cn.yaml")
_HEAD = """\
# Public holidays of mainland China as the State Council arranges them each year: the
# days off, and the Saturdays and Sundays worked in exchange. Generated from the
# package {package} {version} (MIT) by tools/holidays.py; evidence S, seen at second
# hand. A lender's own list goes into holidays/cn.yaml of its home and stands in place
# of this one.
id: cn
name: {{zh-Hans: 中国大陆法定节假日, en: Public holidays of mainland China}}
weekend: [6, 7]
years:
"""
_NAMES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "New Year's Day": ("元旦", "New Year"),
        "Spring Festival": ("春节", "Spring Festival"),
        "Tomb-sweeping Day": ("清明节", "Qingming"),
        "Labour Day": ("劳动节", "Labour Day"),
        "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
        "National Day": ("国庆节", "National Day"),
        "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
        "Anti-Fascist 70th Day": ("抗战胜利七十周年纪念日", "Victory Day (70th)"),
    }
)
Span = tuple[date, date, str]


def spans() -> Iterator[Span]:
    """Yield runs of days off that go by one name, in order."""
    first: date | None = None
    last, name = date.min, ""
    for day, called in sorted(constants.holidays.items()):
        if first is not None and day == last + timedelta(days=1) and called == name:
            last = day
            continue
        if first is not None:
            yield first, last, name
        first, last, name = day, day, called
    if first is not None:
        yield first, last, name


def text() -> str:
    """Return the whole file."""
    version = metadata.version(PACKAGE)
    lines = [_HEAD.format(package=PACKAGE, version=version)]
    found = list(spans())
    for year in sorted({last.year for _, last, _ in found}):
        notice = f"国务院办公厅关于{year}年部分节假日安排的通知"
        source = f"{{text: {notice}（据 {PACKAGE} {version}）, evidence: S}}"
        lines.append(f"  - year: {year}\n    source: {source}\n    days:\n")
        for first, last, name in found:
            if last.year == year:
                chinese, english = _NAMES[name]
                words = f"{{zh-Hans: {chinese}, en: {english}}}"
                row = f"{{first: {first}, last: {last}, name: {words}}}"
                lines.append(f"      - {row}\n")
        worked = [str(day) for day in sorted(constants.workdays) if day.year == year]
        if worked:
            lines += _wrapped(worked)
    return "".join(lines)


def _wrapped(days: list[str]) -> Iterator[str]:
    """Yield the days worked as lines no longer than the others."""
    yield "    worked:\n"
    rows = [days[place : place + 6] for place in range(0, len(days), 6)]
    for place, row in enumerate(rows):
        begins = "      [" if place == 0 else "       "
        ends = "]\n" if place == len(rows) - 1 else ",\n"
        yield begins + ", ".join(row) + ends


def main() -> int:
    """Write the file; with --check only say whether it is as it would be written."""
    wanted = text()
    if "--check" in sys.argv[1:]:
        return int(FILE.read_text("utf-8") != wanted)
    FILE.write_text(wanted, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
