"""What a rehearsal came to: who moves from where to where, and what would break."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.kit import steps
from daihou.kit.refusal import NotAllowed, NotFound
from daihou.kit.steps import Move
from daihou.kit.watermark import Mark
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.strategy import asked, queries, words
from daihou.rooms.strategy.queries import RehearsalLine

SIZE: Final = 50
MOST: Final = 200_000  # rows of a workbook


@dataclass(frozen=True, slots=True)
class MoveShown:
    """One customer who would move, with the reason of the row they come to."""

    move: Move
    name: str
    was: str
    becomes: str
    because: str


@dataclass(frozen=True, slots=True)
class Page:
    """The page; `hidden` for who sees only a part of the book."""

    line: RehearsalLine
    chip: words.Chip
    percent: int
    hidden: bool
    problem: str
    summary: Mapping[str, Any]
    flows: Sequence[Mapping[str, Any]]
    dimension: str
    dimensions: Sequence[tuple[str, str]]
    only: str
    caps: Sequence[Mapping[str, Any]]
    work: Sequence[Mapping[str, Any]]
    moves: Sequence[MoveShown]
    gone: bool
    start: int
    next: int
    previous: int
    may_export: bool


def require_whole(person: people.Person) -> None:
    """Refuse who sees only a part of the book: a rehearsal is of all of it."""
    if not person.scope.everything:
        raise NotAllowed(
            "whole_book",
            _("A rehearsal is of the whole book; it is shown to who sees all of it."),
        )


def page(rehearsal_id: int, given: Mapping[str, str], *, person: people.Person) -> Page:
    """The page of a rehearsal, or NotFound."""
    line = queries.rehearsal(rehearsal_id)
    hidden = not person.scope.everything
    shows = line.is_done and not hidden
    dimension = given.get("by", "queue")
    dimension = dimension if dimension in ("queue", "segment", "action") else "queue"
    start = asked.whole(given.get("start"))
    only = given.get("only", "")[:200]
    found, gone = _moves(line, start, only) if shows else ((), False)
    summary = line.summary if shows else {}
    return Page(
        line=line,
        chip=words.rehearsing_chip(line.state),
        percent=line.told // 10,
        hidden=hidden,
        problem=words.text(line.problem),
        summary=summary,
        flows=_flows(summary, dimension),
        dimension=dimension,
        dimensions=[
            ("queue", words.output_title("queue")),
            ("segment", words.output_title("segment")),
            ("action", words.output_title("action")),
        ],
        only=only,
        caps=_in_words(summary.get("breaks", {}).get("caps", [])),
        work=_in_words(summary.get("work", [])),
        moves=_shown(line, found[:SIZE]),
        gone=gone,
        start=start,
        next=start + SIZE if len(found) > SIZE else 0,
        previous=max(0, start - SIZE) if start else -1,
        may_export=shows and not gone and person.may(people.Permission.VIEW_LOANS),
    )


def _in_words(lines: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [{**each, "word": words.action(each["action"])} for each in lines]


def _flows(summary: Mapping[str, Any], dimension: str) -> Sequence[Mapping[str, Any]]:
    found = summary.get("flows", {}).get(dimension, [])
    told = words.action if dimension == "action" else str
    return [
        {
            **each,
            "from": told(each["was"]) or "–",
            "to": told(each["becomes"]) or "–",
            "only": "\t".join((dimension, each["was"], each["becomes"])),
        }
        for each in found
    ]


def _moves(line: RehearsalLine, start: int, only: str) -> tuple[Sequence[Move], bool]:
    """One page of who moves; the second says that the night's file is gone."""
    maker = steps.step_maker()
    if maker is None:
        return (), True
    narrowed = {"flow": only} if only.count("\t") == 2 else None
    try:
        return maker.moves(line.key, start=start, size=SIZE + 1, only=narrowed), False
    except UserError:
        return (), True


def _shown(line: RehearsalLine, found: Sequence[Move]) -> Sequence[MoveShown]:
    because = _because(line)
    names = ledger.reading.names_of([each.customer_id for each in found])
    return [
        MoveShown(
            move=each,
            name=names.get(each.customer_id, ""),
            was=_side(each.was),
            becomes=_side(each.becomes),
            because=because.get(each.becomes.row_id, "")
            if each.becomes.row_id
            else words.alarm("no_row"),
        )
        for each in found
    ]


def _side(side: steps.Side) -> str:
    if not side.row_id:
        return "–"
    parts = (side.segment, side.queue, words.action(side.action))
    return " · ".join(part for part in parts if part)


def _because(line: RehearsalLine) -> Mapping[str, str]:
    try:
        content = queries.content_of(line.version_id)
    except NotFound:
        return {}
    return {
        row["id"]: words.text(row.get("because", {}))
        for row in content["table"]["rows"]
    }


def all_moves(line: RehearsalLine) -> Sequence[MoveShown]:
    """Everybody who would move, up to what a workbook holds."""
    maker = steps.step_maker()
    if maker is None or not line.is_done:
        raise NotFound("rehearsal_gone", _("There is no list of this rehearsal."))
    try:
        return _shown(line, maker.moves(line.key, start=0, size=MOST))
    except UserError:
        raise NotFound(
            "rehearsal_gone",
            _("The list is kept for a while only; rehearse the draft again."),
        ) from None


def workbook(rows: Sequence[MoveShown], *, mark: Mark) -> bytes:
    """An XLSX of who would move; amounts in major units, no cell runs anything."""
    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    heads = (
        _("Customer"),
        _("Bucket"),
        _("Days"),
        _("Overdue"),
        _("Outstanding"),
        _("Is at"),
        _("Would be at"),
        _("Row"),
        _("Why"),
    )
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("movers")
        bold = book.add_format({"bold": True, "bottom": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        quoted = book.add_format({"quote_prefix": True})
        sheet.freeze_panes(1, 1)
        for column, title in enumerate(heads):
            sheet.write_string(0, column, title, bold)
            sheet.set_column(column, column, 18)
        for line, each in enumerate(rows, start=1):
            move = each.move
            sheet.write_number(line, 0, move.customer_id)
            sheet.write_string(line, 1, move.bucket)
            sheet.write_number(line, 2, move.dpd)
            sheet.write_number(line, 3, Decimal(move.overdue) / 100, money)
            sheet.write_number(line, 4, Decimal(move.outstanding) / 100, money)
            texts = (each.was, each.becomes, move.becomes.row_id, each.because)
            for column, text in enumerate(texts, start=5):
                sheet.write_string(line, column, text, quoted)
        mark.into_workbook(book)
    return buffer.getvalue()
