"""The list of what compliance looks into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from daihou.engine.gate.refused import Refusal
from daihou.packs import refused
from daihou.rooms.contact.queries import rows
from daihou.rooms.contact.states import ItemState
from daihou.rooms.contact.words import Chip, act_word, channel_word, tongue, way_word


@dataclass(frozen=True, slots=True)
class Line:
    """One item with the words for it."""

    row: rows.ItemRow
    act: str
    basis: str
    way: str
    chip: Chip


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """Everything the page draws."""

    lines: Sequence[Line]
    waiting: int
    show: str
    older: int
    paged: bool


def items_page(query: Mapping[str, str]) -> ItemsPage:
    """The open items, or the closed ones."""
    show = query.get("show", "")
    show = show if show == ItemState.CLOSED.value else ItemState.OPEN.value
    only, before = _number(query.get("item", "")), _number(query.get("before", ""))
    found = rows.items(state=show, before=before, only=only)
    return ItemsPage(
        lines=[_line(row) for row in found],
        waiting=rows.open_items(),
        show=show,
        older=found[-1].id if len(found) == rows.SHOWN else 0,
        paged=bool(before or only),
    )


def template_lines() -> Sequence[tuple[rows.TemplateRow, str]]:
    """The newest wording of each template, with the word of its channel."""
    return [(row, channel_word(row.channel)) for row in rows.templates()]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _line(row: rows.ItemRow) -> Line:
    return Line(
        row=row,
        act=act_word(row.code),
        basis=_basis(row.code),
        way=way_word(row.way),
        chip=_chip(row),
    )


def _chip(row: rows.ItemRow) -> Chip:
    if row.let_in:
        return ("warn", "half", pgettext("compliance", "Reported"))
    return ("bad", "cross", pgettext("compliance", "Refused"))


def _basis(code: str) -> str:
    """The articles that forbid an act."""
    if code not in set(Refusal):
        return ""
    mark = {"P": "", "S": "", "M": "*"}
    parts = refused.known().acts[Refusal(code)].basis
    comma = "；" if tongue() == "zh-Hans" else "; "
    return comma.join(
        f"{each.text} {each.place}".strip() + mark[each.evidence] for each in parts
    )
