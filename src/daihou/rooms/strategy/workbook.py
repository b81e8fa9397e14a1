"""A strategy as an XLSX: the same object, drawn in a spreadsheet and read again.

The first line of each sheet has the names a program reads, the second what they are
called; a row begins on the third.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from daihou.kit.refusal import Refused, TooLarge
from daihou.kit.watermark import Mark
from daihou.rooms.intake import door as intake
from daihou.rooms.strategy import document, words
from daihou.rooms.strategy.document import COLUMNS, Doc

RULES, STRATEGY, JOURNEYS = "rules", "strategy", "journeys"
QUEUES, ARMS, EVENTS = "queues", "arms", "events"
MOST_BYTES: Final = 5 * 2**20
_COMMANDS = ("=", "+", "-", "@", "\t", "\r")
_TEXTS = ("because_zh", "because_en", "note")
_STEP = (
    *("journey", "title_zh", "title_en", "step", "do", "code", "days", "working"),
    *("dpd", "when", "then", "otherwise", "name", "value"),
)
_QUEUE = (
    *("code", "title_zh", "title_en", "skill", "capacity", "capacity_mode"),
    "redistribute_days",
)
_ARM = ("code", "title_zh", "title_en", "share", "hold_out", "row", "output", "value")
_EVENT = ("journey", "event", "do", "days", "aim")
_BETWEEN = " | "  # of what a condition asks

Rows = Sequence[Sequence[str]]


def write(content: Doc, *, mark: Mark) -> bytes:
    """The workbook of a content; every cell is text, so nothing is reckoned in it."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        styles = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "soft": book.add_format({"italic": False, "font_color": "#666666"}),
            "text": book.add_format({"num_format": "@"}),
            "quoted": book.add_format({"num_format": "@", "quote_prefix": True}),
        }
        for name, head, rows in _sheets(content):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(2, 1)
            titles = [_title(each) for each in head]
            for column, title in enumerate(head):
                sheet.set_column(column, column, 16, styles["text"])
                sheet.write_string(0, column, title, styles["head"])
                sheet.write_string(1, column, titles[column], styles["soft"])
            for line, row in enumerate(rows, start=2):
                for column, text in enumerate(row):
                    risky = text.startswith(_COMMANDS) and text != "-"
                    style = styles["quoted" if risky else "text"]
                    sheet.write_string(line, column, text, style)
        mark.into_workbook(book)
    return buffer.getvalue()


def _title(name: str) -> str:
    kind, _colon, inner = name.partition(":")
    if inner:
        return words.column(inner)
    return (
        words.field(name)
        if kind not in ("journey", "step", "row")
        else words.part(name)
    )


def _sheets(content: Doc) -> Iterator[tuple[str, Sequence[str], Rows]]:
    grid = document.grid_of(content)
    head = ["id", *(f"when:{n}" for n in grid["inputs"])]
    head += [f"then:{n}" for n in COLUMNS]
    yield (
        RULES,
        [*head, *_TEXTS],
        [
            [
                row["id"],
                *row["cells"],
                *row["values"],
                row["zh"],
                row["en"],
                row["note"],
            ]
            for row in grid["rows"]
        ],
    )
    asked = content.get("experiment") or {}
    pairs = {
        "id": content["id"],
        "title_zh": content["title"]["zh"],
        "title_en": content["title"]["en"],
        "hit": grid["hit"],
        "experiment": asked.get("id", ""),
        "experiment_title_zh": asked.get("title", {}).get("zh", ""),
        "experiment_title_en": asked.get("title", {}).get("en", ""),
        "experiment_salt": asked.get("salt", ""),
        "experiment_rows": ", ".join(asked.get("rows", [])),
    }
    yield STRATEGY, ("name", "value"), [[name, value] for name, value in pairs.items()]
    yield JOURNEYS, _STEP, [list(row) for row in _steps(content.get("journeys", []))]
    yield (
        QUEUES,
        _QUEUE,
        [
            [
                each["title"][name[-2:]]
                if name.startswith("title_")
                else each.get(name, "")
                for name in _QUEUE
            ]
            for each in content.get("queues", [])
        ],
    )
    yield ARMS, _ARM, [list(row) for row in _arms(asked.get("arms", []))]
    yield EVENTS, _EVENT, _events(content.get("journeys", []))


def _events(journeys: Sequence[Doc]) -> Rows:
    return [
        [journey["id"], *(str(each.get(name, "")) for name in _EVENT[1:])]
        for journey in journeys
        for each in journey.get("interrupts", [])
    ]


def _steps(journeys: Sequence[Doc]) -> Iterator[Sequence[str]]:
    for journey in journeys:
        first = [journey["id"], journey["title"]["zh"], journey["title"]["en"]]
        for step in journey["steps"] or [{}]:
            asked = step.get("when", {})
            known = {**step, "step": step.get("id", "")}
            known["when"] = _BETWEEN.join(f"{n}: {text}" for n, text in asked.items())
            yield [*first, *(str(known.get(name, "")) for name in _STEP[3:])]


def _arms(arms: Sequence[Doc]) -> Iterator[Sequence[str]]:
    for arm in arms:
        first = [arm["code"], arm["title"]["zh"], arm["title"]["en"], arm["share"]]
        first = [*map(str, first), arm.get("hold_out", "")]
        changes = [
            [row, name, value]
            for row, answers in arm.get("changes", {}).items()
            for name, value in answers.items()
        ]
        for change in changes or [["", "", ""]]:
            yield [*first, *change]


# -- read again ----------------------------------------------------------------------


def read(data: bytes, *, code: str) -> dict[str, Any]:
    """The content of strategy `code` as a workbook has it; Refused where it has none."""
    if len(data) > MOST_BYTES:
        raise TooLarge(
            "workbook_too_large", _("A strategy's workbook has up to 5 MB; send less.")
        )
    book = _opened(data)
    rules = _rows(book, RULES)
    if not rules:
        raise Refused(
            "no_rules",
            _("The workbook has no sheet “rules” as the export writes it."),
            field="file",
        )
    head = rules[0][1]
    names = [each.removeprefix("when:") for each in head if each.startswith("when:")]
    said = {row.get("name", ""): row.get("value", "") for row in _dicts(book, STRATEGY)}
    content: dict[str, Any] = {
        "id": code,
        "title": {"zh": said.get("title_zh", ""), "en": said.get("title_en", "")},
        "table": {},
        "journeys": _journeys_of(_dicts(book, JOURNEYS), _dicts(book, EVENTS)),
        "queues": [_queue_of(row) for row in _dicts(book, QUEUES) if row.get("code")],
    }
    grid: dict[str, Any] = {"hit": said.get("hit", ""), "inputs": names, "rows": []}
    for row in _dicts(book, RULES):
        if not row.get("id"):
            continue
        grid["rows"].append(
            {
                "id": row["id"],
                "cells": [row.get(f"when:{name}", "") for name in names],
                "values": [row.get(f"then:{name}", "") for name in COLUMNS],
                "zh": row.get("because_zh", ""),
                "en": row.get("because_en", ""),
                "note": row.get("note", ""),
            }
        )
    content = document.with_grid(content, grid)
    experiment = _experiment_of(said, _dicts(book, ARMS))
    if experiment is not None:
        content["experiment"] = experiment
    return document.tidy(content, code=code)


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        intake.check_workbook(data)
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (intake.FileProblem, CalamineError, OSError, ValueError):
        raise Refused(
            "broken_workbook", _("This is no workbook (.xlsx) that can be read.")
        ) from None


def _rows(book: CalamineWorkbook, sheet: str) -> list[tuple[int, list[str]]]:
    if sheet not in book.sheet_names:
        return []
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    made = [(line, [_text(cell) for cell in row]) for line, row in enumerate(rows, 1)]
    return made[: 2_000 + 2]


def _dicts(book: CalamineWorkbook, sheet: str) -> list[dict[str, str]]:
    """The rows of a sheet by the names of its first line; the second is for people."""
    rows = _rows(book, sheet)
    if not rows:
        return []
    head = rows[0][1]
    found = [dict(zip(head, row, strict=False)) for _line, row in rows[2:]]
    return [row for row in found if any(row.values())]


def _text(cell: object) -> str:
    """A cell as typed; a spreadsheet turns 30 into 30.0 and a day into a date."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split()) if cell is not None else ""


def _filled(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ("", {})}


def _titles(row: Mapping[str, str]) -> dict[str, str]:
    return {"zh": row.get("title_zh", ""), "en": row.get("title_en", "")}


def _journeys_of(
    rows: Sequence[Mapping[str, str]], events: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        name = row.get("journey", "")
        if not name:
            continue
        journey = found.setdefault(
            name, {"id": name, "title": _titles(row), "steps": []}
        )
        if row.get("step") or row.get("do"):
            step: dict[str, Any] = {each: row.get(each, "") for each in _STEP[4:]}
            step["when"] = _asked(row.get("when", ""))
            journey["steps"].append({"id": row.get("step", ""), **_filled(step)})
    for row in events:
        journey = found.get(row.get("journey", ""), {})
        plain = _filled({name: row.get(name, "") for name in _EVENT[1:]})
        if journey and row.get("event"):
            journey.setdefault("interrupts", []).append(plain)
    return list(found.values())


def _asked(text: str) -> dict[str, str]:
    parts = (each.partition(":") for each in text.split(_BETWEEN.strip()))
    return {name.strip(): test.strip() for name, colon, test in parts if colon}


def _queue_of(row: Mapping[str, str]) -> dict[str, Any]:
    plain = {name: row.get(name, "") for name in _QUEUE if not name.startswith("title")}
    return {**_filled(plain), "title": _titles(row)}


def _experiment_of(
    said: Mapping[str, str], rows: Sequence[Mapping[str, str]]
) -> dict[str, Any] | None:
    if not said.get("experiment"):
        return None
    arms: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row.get("code"):
            continue
        plain = {name: row.get(name, "") for name in ("code", "share", "hold_out")}
        arm = arms.setdefault(row["code"], {**_filled(plain), "title": _titles(row)})
        if row.get("row"):
            changes = arm.setdefault("changes", {}).setdefault(row["row"], {})
            changes[row.get("output", "")] = row.get("value", "")
    taking = [each.strip() for each in said.get("experiment_rows", "").split(",")]
    made: dict[str, Any] = {
        "id": said["experiment"],
        "title": {
            "zh": said.get("experiment_title_zh", ""),
            "en": said.get("experiment_title_en", ""),
        },
        "salt": said.get("experiment_salt", ""),
        "arms": list(arms.values()),
    }
    rows_in = [each for each in taking if each]
    return {**made, "rows": rows_in} if rows_in else made
