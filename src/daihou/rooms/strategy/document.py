"""The content of a version: plain JSON of which grid, workbook and YAML are views.

Everything in it is text as a person types it, so a draft may hold half a cell. `tidy`
gives each thing its one way of being written, so the same strategy has one digest
wherever it came from; `parsed` turns a whole one into values of the engine.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.strategy.checking import check_strategy
from daihou.engine.strategy.checks import MOST_NODES, Finding
from daihou.engine.strategy.inputs import INPUTS, OUTPUTS
from daihou.engine.strategy.strategy import Strategy
from daihou.engine.strategy.table import Hit
from daihou.kit.refusal import Refused
from daihou.packs import strategies

Doc = Mapping[str, Any]
COLUMNS: Final = tuple(each.name for each in OUTPUTS)
BLOCKING: Final = frozenset({"cell", "unknown", "held"})
_START: Final = ("dpd", "overdue_total", "promise_state", "held")


def empty(code: str, titles: Mapping[str, str]) -> dict[str, Any]:
    """A strategy with usual columns and no row."""
    return {
        "id": code,
        "title": {"zh": titles.get("zh", code), "en": titles.get("en", code)},
        "table": {"hit": Hit.FIRST.value, "inputs": list(_START), "rows": []},
    }


def tidy(content: Doc, *, code: str) -> dict[str, Any]:
    """The content of strategy `code` in its one form; Refused where it is none.

    Cells that can be read are written the one way, others are kept as typed.
    """
    return strategies.to_json(_read({**content, "id": code}, strict=False))


def digest(content: Doc) -> str:
    """What names a tidy content: the same strategy, the same digest.

    It is what `packs.strategies.digest` gives of the strategy it stands for.
    """
    return hashlib.sha256(_text_of(content).encode()).hexdigest()


def _text_of(content: Doc) -> str:
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def parsed(content: Doc) -> Strategy:
    """The content as values of the engine; Refused, with the place, where it is none."""
    return _read(content, strict=True)


def findings(content: Doc, *, most_nodes: int = MOST_NODES) -> tuple[Finding, ...]:
    """What is wrong with a content, or looks as if it were."""
    return check_strategy(drawn(content), most_nodes=most_nodes)


def whole(content: Doc) -> Strategy:
    """The content as it may be released; Refused for what cannot work.

    Gaps, overlaps and rows that nothing reaches may be meant; what cannot be read,
    or names what is not there, may not.
    """
    found = parsed(content)
    for each in check_strategy(found):
        if each.kind in BLOCKING:
            raise Refused("strategy_faulty", each.say(get_language() or "zh-hans"))
    if not found.table.rows:
        raise Refused("no_rows", _("The table has no row yet; add one first."))
    return found


def drawn(content: Doc) -> Strategy:
    """The content with whatever a draft holds that cannot be read yet."""
    return _read(content, strict=False)


def _read(content: Doc, *, strict: bool) -> Strategy:
    """The content as values; the last ones are kept, since reading takes a while."""
    try:
        text = _text_of(content)
        if "\\u0000" in text:
            raise ValueError("a character that no table keeps")
        text.encode()  # half a character cannot be kept either
        return _read_text(text, strict)
    except (UserError, TypeError, ValueError) as error:
        if isinstance(error, UserError):
            raise refused(error) from None
        raise Refused(
            "strategy_unreadable", _("What was sent is no strategy that can be read.")
        ) from None


@lru_cache(maxsize=64)
def _read_text(text: str, strict: bool) -> Strategy:  # noqa: FBT001 - a key of the cache
    content = json.loads(text)
    return strategies.of_json(content, name=str(content.get("id", "")), strict=strict)


def refused(error: UserError) -> Refused:
    """What the engine could not read, told in the reader's language."""
    return Refused("strategy_unreadable", error.say(get_language() or "zh-hans"))


def of_yaml(text: str, *, name: str) -> dict[str, Any]:
    """The content of a YAML file, or Refused with the place of the mistake."""
    try:
        return strategies.to_json(strategies.read(text, name=name, strict=False))
    except UserError as error:
        raise refused(error) from None


def yaml_of(content: Doc) -> str:
    """The content as YAML for people and for Git."""
    return strategies.write(drawn(content))


def shipped() -> dict[str, dict[str, Any]]:
    """The content of each strategy that ships with the house, by its code."""
    found = strategies.shipped()
    return {code: strategies.to_json(each) for code, each in found.items()}


# -- the grid ------------------------------------------------------------------------


def grid_of(content: Doc) -> dict[str, Any]:
    """The decision table as the grid in the browser has it: cells in order, all text."""
    table = content["table"]
    return {
        "hit": table["hit"],
        "inputs": list(table["inputs"]),
        "rows": [
            {
                "id": row["id"],
                "cells": [
                    row.get("when", {}).get(each, "-") for each in table["inputs"]
                ],
                "values": [row["then"].get(each, "") for each in COLUMNS],
                "zh": row.get("because", {}).get("zh", ""),
                "en": row.get("because", {}).get("en", ""),
                "note": row.get("note", ""),
            }
            for row in table["rows"]
        ],
    }


def with_grid(content: Doc, grid: Doc) -> dict[str, Any]:
    """The content with another decision table; Refused for one of another shape."""
    names = [name for name in _list(grid.get("inputs")) if isinstance(name, str)]
    unknown = [name for name in names if name not in INPUTS]
    if not names or unknown or len(set(names)) < len(names):
        words = _("The table asks at least one thing, each once, of: %(known)s.")
        raise Refused("columns", words % {"known": ", ".join(INPUTS)}, field="inputs")
    rows = [_row(each, names) for each in _list(grid.get("rows"))]
    table = {"hit": str(grid.get("hit", "")), "inputs": names, "rows": rows}
    return {**content, "table": table}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else ()


def _row(given: object, names: Sequence[str]) -> dict[str, Any]:
    row = given if isinstance(given, Mapping) else {}
    tests, answers = _list(row.get("cells")), _list(row.get("values"))
    if len(tests) != len(names) or len(answers) != len(COLUMNS):
        words = _("Row %(row)s does not fit the columns; reload the page.")
        raise Refused("row_width", words % {"row": row.get("id", "")})
    made: dict[str, Any] = {
        "id": _text(row.get("id")),
        "when": {n: _text(t) for n, t in zip(names, tests, strict=True) if _text(t)},
        "then": {
            n: _text(v) for n, v in zip(COLUMNS, answers, strict=True) if _text(v)
        },
    }
    if _text(row.get("zh")) or _text(row.get("en")):
        made["because"] = {"zh": _text(row.get("zh")), "en": _text(row.get("en"))}
    if _text(row.get("note")):
        made["note"] = _text(row.get("note"))
    return made


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).replace("\x00", "").split())
