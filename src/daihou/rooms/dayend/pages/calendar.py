"""The calendar: which days are closed and sealed, which run again, which are off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.basics.errors import UserError
from daihou.kit import numbers
from daihou.kit.seals import DaySeal
from daihou.packs.holidays import Holidays, holidays
from daihou.rooms.audit import door as audit
from daihou.rooms.dayend import queries
from daihou.rooms.dayend.pages.day_end import kind_word, reason_words

_WEEK = timedelta(days=7)
Chip = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of the month that is shown; `inside` is False for its neighbours."""

    day: date
    inside: bool
    chip: Chip | None
    loans: int | None
    run_id: int | None
    again: int
    seal: int | None
    off: bool
    holiday: str
    worked: bool
    open_now: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class DayRun:
    """One run of the chosen day in words."""

    run: queries.RunLine
    kind: str
    reason: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen day: its runs, its seals, and why nobody works on it."""

    day: date
    runs: Sequence[DayRun]
    seals: Sequence[DaySeal]
    holiday: str
    source: str
    verified: bool
    weekend: bool
    worked: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Everything the calendar draws."""

    first: date
    title: str
    weekdays: Sequence[str]
    weeks: Sequence[Sequence[Cell]]
    previous: date
    following: date
    chosen: Chosen | None
    closed: int
    again: int
    sealed: int
    known: bool
    problem: str


def month(
    query: Mapping[str, str], *, day: queries.BusinessDay | None, today: date
) -> Month:
    """The month an address asks for; that of the open day when it asks for none."""
    open_on = day.on if day else None
    wanted = _day(query.get("day", ""))
    first = _month(query.get("month", "")) or (wanted or open_on or today).replace(
        day=1
    )
    begin = first - timedelta(days=first.weekday())
    end = _next(first) - timedelta(days=1)
    last = end + timedelta(days=6 - end.weekday())
    runs = queries.days_between(begin, last)
    seals: dict[date, list[DaySeal]] = {}
    for seal in audit.seals_between(begin, last):
        seals.setdefault(seal.on, []).append(seal)
    off, problem = _holidays()
    days = [begin + timedelta(days=n) for n in range((last - begin).days + 1)]
    cells = [
        _cell(
            each,
            first=first,
            runs=runs.get(each),
            seals=seals.get(each, []),
            off=off,
            open_on=open_on,
            chosen=each == wanted,
        )
        for each in days
    ]
    inside = [cell for cell in cells if cell.inside]
    return Month(
        first=first,
        title=_title(first),
        weekdays=_weekdays(),
        weeks=[cells[n : n + 7] for n in range(0, len(cells), 7)],
        previous=(first - timedelta(days=1)).replace(day=1),
        following=_next(first),
        chosen=_chosen(wanted, off=off) if wanted else None,
        closed=sum(1 for cell in inside if cell.run_id),
        again=sum(1 for cell in inside if cell.again),
        sealed=sum(1 for cell in inside if cell.seal),
        known=first.year in off.years,
        problem=problem,
    )


def _cell(
    day: date,
    *,
    first: date,
    runs: queries.DayRuns | None,
    seals: Sequence[DaySeal],
    off: Holidays,
    open_on: date | None,
    chosen: bool,
) -> Cell:
    language = get_language() or "zh-hans"
    standing = runs.standing if runs else None
    known = off.off.get(day)
    return Cell(
        day=day,
        inside=(day.year, day.month) == (first.year, first.month),
        chip=_chip(day, runs, open_on),
        loans=standing.loans if standing else None,
        run_id=standing.id if standing else None,
        again=runs.count - 1 if runs else 0,
        seal=seals[-1].number if seals else None,
        off=off.is_off(day),
        holiday=known.name(language) if known else "",
        worked=day in off.worked,
        open_now=day == open_on,
        chosen=chosen,
    )


def _chip(day: date, runs: queries.DayRuns | None, open_on: date | None) -> Chip | None:
    if runs and runs.failed:
        return ("bad", "cross", gettext("Failed"))
    if runs and runs.standing:
        return ("good", "tick", pgettext("day", "Closed"))
    if runs:
        return ("info", "half", gettext("Running"))
    if day == open_on:
        return ("warn", "ring", pgettext("day", "Open"))
    return None


def _chosen(day: date, *, off: Holidays) -> Chosen:
    language = get_language() or "zh-hans"
    known = off.off.get(day)
    runs = queries.runs_of(day)
    return Chosen(
        day=day,
        runs=[
            DayRun(
                run,
                kind_word(run.kind),
                reason_words(run.reason) if run.reason else "",
                _run_chip(run),
            )
            for run in runs
        ],
        seals=audit.seals_between(day, day),
        holiday=known.name(language) if known else "",
        source=known.source if known else "",
        verified=known.evidence in {"P", "S"} if known else True,
        weekend=day.isoweekday() in off.weekend,
        worked=day in off.worked,
        closed=any(run.current for run in runs),
    )


def _run_chip(run: queries.RunLine) -> Chip:
    chips = {
        "done": ("good", "tick", gettext("Done")),
        "running": ("info", "half", gettext("Running")),
        "waiting": ("info", "ring", gettext("Waiting")),
        "superseded": ("mute", "bars", gettext("Superseded")),
    }
    return chips.get(run.state, ("bad", "cross", gettext("Failed")))


def _holidays() -> tuple[Holidays, str]:
    """The lender's own list, else the one that came along, and what is wrong with it."""
    own = Path(settings.DAIHOU_HOME) / "holidays" / "cn.yaml"
    try:
        return holidays(own), ""
    except UserError as error:
        return holidays(), error.say(get_language() or "zh-hans")


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9000 else None


def _month(text: str) -> date | None:
    return _day(f"{text[:7]}-01") if text else None


def _title(first: date) -> str:
    if numbers.is_chinese(get_language() or "zh-hans"):
        return f"{first.year} 年 {first.month} 月"
    return numbers.day_text(first, language="en").partition(" ")[2]


def _weekdays() -> Sequence[str]:
    monday, language = date(2024, 1, 1), get_language() or "zh-hans"
    days = [monday + timedelta(days=n) for n in range(7)]
    if numbers.is_chinese(language):
        return [numbers.day_with_weekday(d, language=language)[-2:] for d in days]
    return [numbers.day_with_weekday(d, language=language)[:3] for d in days]
