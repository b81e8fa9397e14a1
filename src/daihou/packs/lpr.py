"""The loan prime rate as data: which rate was published when, and who says so."""

import hashlib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from daihou.engine.basics.errors import UserError
from daihou.engine.caps.lpr import LprTable, Quote
from daihou.packs import law_files

DEFAULT = "cn"
_SEEN = frozenset({"P", "S"})


class LprError(UserError):
    """A list of loan prime rates that cannot be used."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "order": (
            "{file}: put the rows in order of begins_on, each on its own day.",
            "{file}：请按 begins_on 由早到晚排列，日期不得相同。",
        ),
        "date": ("{file}: {text} is no date.", "{file}：{text} 不是日期。"),
        "source": (
            "{file}: the row of {begins_on} names the source {name}; add it to sources.",
            "{file}：{begins_on} 的来源 {name} 不在 sources 中；请补上。",
        ),
        "asserted": (
            (
                "{file}: the row of {begins_on} has no rate, or no source that was read "
                "(P) or seen (S); its status is unverified."
            ),
            (
                "{file}：{begins_on} 没有数值，或没有原文（P）、间接（S）来源；"
                "状态只能是 unverified。"
            ),
        ),
    }


def known(path: Path | None = None) -> LprTable:
    """The list of a file if it is there, else the one that came with the product."""
    if path is not None and path.is_file():
        return read(path, name=path.name)
    return _shipped()


@cache
def _shipped() -> LprTable:
    name = f"{DEFAULT}.yaml"
    return read(law_files.packaged() / "lpr" / name, name=name)


def read(file: Any, *, name: str) -> LprTable:
    """The list in a YAML file; LawError or LprError name what is wrong where."""
    content = law_files.read_file(file, name=name)
    law_files.check(content, schema="lpr.json", name=name)
    quotes = tuple(
        _quote(row, content["sources"], name=name) for row in content["rows"]
    )
    days = [each.begins_on for each in quotes]
    if days != sorted(set(days)):
        raise LprError("order", file=name)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    return LprTable(id=content["id"], quotes=quotes, digest=digest)


def _quote(row: Mapping[str, Any], sources: Mapping[str, Any], *, name: str) -> Quote:
    text = row["begins_on"]
    try:
        begins_on = date.fromisoformat(text)
    except ValueError:
        raise LprError("date", file=name, text=text) from None
    for each in row["from"]:
        if each not in sources:
            raise LprError("source", file=name, begins_on=begins_on, name=each)
    rate = None if row["rate"] is None else Decimal(row["rate"])
    said = [sources[each] for each in row["from"]]
    seen = rate is not None and any(each["evidence"] in _SEEN for each in said)
    if row["status"] == "verified" and not seen:
        raise LprError("asserted", file=name, begins_on=begins_on)
    return Quote(
        begins_on=begins_on,
        rate=rate,
        unverified=row["status"] != "verified",
        source="；".join(each["text"] for each in said),
    )
