"""Control totals: what the sender promised, and whether the rows agree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.findings import FileProblem, Found
from daihou.rooms.intake.mapping.apply import Part
from daihou.rooms.intake.readers.raw import Raw


@dataclass(frozen=True)
class Control:
    """How many rows were sent and what some columns add up to (major units)."""

    rows: int | None = None
    totals: Mapping[str, Decimal] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.rows is not None or bool(self.totals)


def control(rows: object, totals: Mapping[str, object]) -> Control:
    """Read what was promised; raises FileProblem where it is not numbers."""
    try:
        return Control(
            rows=None if rows is None else int(str(rows)),
            totals={str(k): Decimal(str(v)) for k, v in totals.items()},
        )
    except (InvalidOperation, ValueError) as error:
        raise FileProblem("control_broken", detail=str(error)) from error


def sidecar(path: Path) -> Control:
    """The control file beside a data file (`<file>.control.json`), if there is one."""
    beside = path.with_name(path.name + ".control.json")
    if not beside.is_file():
        return Control()
    try:
        content = json.loads(beside.read_text("utf-8-sig"), parse_float=Decimal)
        return control(content.get("rows"), content.get("totals", {}))
    except (ValueError, AttributeError) as error:
        raise FileProblem("control_broken", detail=str(error)) from error


def trailer(raw: Raw) -> Control:
    """What a trailer line of a CSV promised."""
    if not raw.control:
        return Control()
    named = dict(raw.control)
    return control(named.pop("rows", None), named)


def judge(
    promised: Control, raws: Sequence[Raw], parts: Sequence[Part], *, file: str
) -> list[Found]:
    """Compare a promise with the rows as sent, before any mapping or check."""
    found = []
    have = sum(len(raw.data) for raw in raws)
    if promised.rows is not None and promised.rows != have:
        params: dict[str, object] = {"expected": promised.rows, "value": have}
        found.append(Found("control_rows", file=file, params=params))
    for column, total in promised.totals.items():
        added = _added(column, raws, parts)
        if added is None:
            known = ", ".join(raws[0].data.column_names) if raws else ""
            params = {"column": column, "known": known}
            found.append(Found("control_column", file=file, params=params))
        elif added != total:
            params = {"column": column, "expected": total, "value": added}
            one = Found("control_total", file=file, column=column, params=params)
            found.append(one)
    return found


def _added(column: str, raws: Sequence[Raw], parts: Sequence[Part]) -> Decimal | None:
    """The sum of a column by its name in the file, else by its contract name."""
    arrays = [
        raw.data.column(column) for raw in raws if column in raw.data.column_names
    ]
    if not arrays:
        arrays = [
            part.data.column(column)
            for part in parts
            if column in part.data.column_names and any(part.raw is raw for raw in raws)
        ]
    if not arrays:
        return None
    total = Decimal(0)
    for array in arrays:
        numbers = pc.match_substring_regex(array, r"^[+-]?\d{1,18}(\.\d{0,6})?$")
        plain = pc.if_else(numbers, array, pa.scalar(None, pa.string()))
        plain = pc.replace_substring_regex(plain, r"\.$", "")
        value = pc.sum(plain.cast(pa.decimal128(38, 6))).as_py()
        total += value or Decimal(0)
    return total.quantize(Decimal("0.01")) if total == round(total, 2) else total
