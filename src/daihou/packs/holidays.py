"""Public holidays as data: which days are off, which weekends are worked, and why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import jsonschema

from daihou.engine.basics.errors import UserError
from daihou.packs.reading import read_yaml

DEFAULT = "cn"


class HolidaysError(UserError):
    """A list of holidays that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/holidays.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/holidays.json。",
        ),
        "span": (
            "{file}: {first} to {last} is no span of {year}.",
            "{file}：{first} 至 {last} 不是 {year} 年的有效区间。",
        ),
        "date": ("{file}: {text} is no date.", "{file}：{text} 不是日期。"),
    }


@dataclass(frozen=True, slots=True)
class Off:
    """A day off: what it is called, and where that is said (evidence P, S, M or A)."""

    names: Mapping[str, str]
    source: str
    evidence: str

    def name(self, language: str) -> str:
        """Its name in `language` (zh... is Chinese, else English)."""
        return self.names["zh-Hans" if language.startswith("zh") else "en"]


@dataclass(frozen=True, slots=True)
class Holidays:
    """The days off and the weekend days worked, of the years that are known."""

    id: str
    weekend: frozenset[int]
    years: frozenset[int]
    off: Mapping[date, Off]
    worked: frozenset[date]

    def is_off(self, day: date) -> bool:
        """Whether nobody works: a holiday, or a weekend day not worked in exchange."""
        if day in self.off:
            return True
        return day.isoweekday() in self.weekend and day not in self.worked


def holidays(path: Path | None = None) -> Holidays:
    """The holidays of a file, or those that came with the product."""
    if path is not None and path.is_file():
        return read(path.read_text("utf-8"), name=path.name)
    return _shipped()


@cache
def _shipped() -> Holidays:
    file = resources.files("daihou.rulebooks") / "holidays" / f"{DEFAULT}.yaml"
    return read(file.read_text("utf-8"), name=file.name)


@cache
def _schema() -> Any:
    file = resources.files("daihou.rulebooks") / "schema" / "holidays.json"
    return json.loads(file.read_text("utf-8"))


def read(text: str, *, name: str) -> Holidays:
    """The holidays a YAML text lists; HolidaysError names what is wrong where."""
    content = read_yaml(text, name=name)
    checker = jsonschema.Draft202012Validator(_schema())
    for fault in sorted(checker.iter_errors(content), key=lambda e: list(e.path)):
        place = ".".join(map(str, fault.absolute_path)) or "/"
        raise HolidaysError("schema", file=name, place=place, problem=fault.message)
    off: dict[date, Off] = {}
    worked: set[date] = set()
    for year in content["years"]:
        source = year["source"]
        for span in year["days"]:
            for day in _span(span, year["year"], name=name):
                off[day] = Off(span["name"], source["text"], source["evidence"])
        worked |= {_date(text, name=name) for text in year.get("worked", ())}
    return Holidays(
        id=content["id"],
        weekend=frozenset(content["weekend"]),
        years=frozenset(year["year"] for year in content["years"]),
        off=off,
        worked=frozenset(worked),
    )


def _span(span: Mapping[str, Any], year: int, *, name: str) -> list[date]:
    first, last = (_date(span[end], name=name) for end in ("first", "last"))
    days = (last - first).days
    if not (0 <= days < 31 and year in (first.year, last.year)):
        raise HolidaysError("span", file=name, first=first, last=last, year=year)
    return [first + timedelta(days=step) for step in range(days + 1)]


def _date(text: str, *, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HolidaysError("date", file=name, text=text) from None
