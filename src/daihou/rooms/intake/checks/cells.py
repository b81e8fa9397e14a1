"""From text cells to typed columns, whole columns at a time; exact for money."""

import difflib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.findings import Rows
from daihou.tables.intake import Column

# A formula, or a call, pipe or sheet reference behind a sign: what a spreadsheet
# would run. `-5` and `+86 139` are not.
_COMMAND = r"^=|^[@+\-][A-Za-z_.]+.*[(|!]"
_LOST = r"\x{FFFD}|锟斤拷|烫烫烫"
_UNPRINTABLE = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_MICRO = 10**6
_TRUE = {"true", "1", "yes", "y", "是", "t"}
_FALSE = {"false", "0", "no", "n", "否", "f"}
TEXT_LIMIT = 300


@dataclass
class Faults:
    """What is wrong in one column: (code, rows, suggestions, params) each."""

    column: str
    each: list[tuple[str, Rows, Sequence[str], dict[str, Any]]] = field(
        default_factory=list
    )

    def add(
        self, code: str, rows: Any, right: Sequence[str] = (), **params: Any
    ) -> None:
        """Note a fault of these rows, if there are any."""
        if len(rows):
            at = np.asarray(rows, dtype=np.int64)
            params = {"column": self.column, **params}
            self.each.append((code, at, right, params))


def typed(
    column: Column,
    cells: pa.Array,
    *,
    digits: npt.NDArray[np.int64] | int = 2,
    zone: ZoneInfo,
    signed: bool = False,
    limit: int = TEXT_LIMIT,
) -> tuple[pa.Array, Faults]:
    """Read the cells of one column; a cell that cannot be read becomes null.

    Money comes back as int64 minor units with `digits` decimals per row, dates as
    date32, instants as UTC microseconds, rates and decimals as decimal128.
    """
    faults = Faults(column.name)
    if column.kind == "money":
        return _money(cells, digits, faults, signed=signed), faults
    if column.kind in {"id", "text"}:
        return _plain(
            cells, faults, limit=200 if column.kind == "id" else limit
        ), faults
    readers: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
        "enum": (_enum(column), pa.string()),
        "date": (_date, pa.date32()),
        "instant": (lambda text: _instant(text, zone), pa.timestamp("us", "UTC")),
        "rate": (_rate, pa.decimal128(12, 8)),
        "decimal": (_decimal, pa.decimal128(12, 6)),
        "integer": (_integer, pa.int64()),
        "flag": (_flag, pa.bool_()),
    }
    read, kind = readers[column.kind]
    return _by_value(cells, read, kind, faults), faults


class Wrong(Exception):
    """A cell that cannot be read: which phrase, and what would be right."""

    def __init__(self, code: str, right: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.right = right
        self.params = params


def _by_value(
    cells: pa.Array, read: Callable[[str], Any], kind: pa.DataType, faults: Faults
) -> pa.Array:
    """Read every different value once and spread the answers."""
    coded = cells.dictionary_encode()
    answers: list[Any] = []
    wrong: list[tuple[int, Wrong]] = []
    for place, text in enumerate(coded.dictionary.to_pylist()):
        try:
            answers.append(read(text))
        except Wrong as one:
            answers.append(None)
            wrong.append((place, one))
    if wrong:
        _spread(coded, wrong, faults)
    return pa.array(answers, kind).take(coded.indices)


def _spread(coded: Any, wrong: list[tuple[int, Wrong]], faults: Faults) -> None:
    indices = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    order = np.argsort(indices, kind="stable")
    ranked = indices[order]
    by_code: dict[str, list[tuple[Rows, Wrong]]] = {}
    for place, one in wrong:
        begin, end = np.searchsorted(ranked, [place, place + 1])
        by_code.setdefault(one.code, []).append((order[begin:end], one))
    for code, group in by_code.items():
        rows = np.concatenate([at for at, _ in group])
        right = [one.right for at, one in group for _ in range(len(at))]
        faults.add(code, rows, right, **group[0][1].params)


def _plain(cells: pa.Array, faults: Faults, *, limit: int) -> pa.Array:
    long = pc.fill_null(pc.greater(pc.utf8_length(cells), limit), fill_value=False)
    faults.add("too_long", np.flatnonzero(long), limit=limit)
    pattern = f"{_COMMAND}|{_LOST}|{_UNPRINTABLE}"
    strange = pc.fill_null(pc.match_substring_regex(cells, pattern), fill_value=False)
    bad = pc.or_(long, strange)
    rows = np.flatnonzero(strange)
    if not len(rows) and not pc.any(long).as_py():
        return cells
    groups: dict[str, list[int]] = {}
    for row in rows:
        groups.setdefault(_strange(cells[int(row)].as_py()), []).append(int(row))
    for code, at in groups.items():
        faults.add(code, at)
    return pc.if_else(bad, pa.scalar(None, pa.string()), cells)


def _strange(text: str) -> str:
    if re.search(_UNPRINTABLE, text):
        return "control_character"
    if re.search(_LOST.replace(r"\x{FFFD}", "\ufffd"), text):
        return "garbled"
    return "formula"


def _enum(column: Column) -> Callable[[str], str]:
    known = ", ".join(column.choices)

    def read(text: str) -> str:
        if text in column.choices:
            return text
        near = difflib.get_close_matches(text.lower(), column.choices, n=1)
        hint = f" ({near[0]}?)" if near else ""
        raise Wrong("unknown_enum", "", known=known, hint=hint)

    return read


_SHAPES = ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%d/%m/%Y", "%d.%m.%Y")


def _date(text: str) -> date:
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Wrong("impossible_date") from None
        if not 1900 <= day.year <= 2200:
            raise Wrong("impossible_date")
        return day
    for shape in _SHAPES:
        try:
            meant = datetime.strptime(text, shape).date()  # noqa: DTZ007
        except ValueError:
            continue
        raise Wrong("not_a_date", meant.isoformat())
    raise Wrong("not_a_date", "YYYY-MM-DD")


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Wrong("not_an_instant") from None
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _number(text: str) -> Decimal:
    if not re.fullmatch(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})", text):
        raise Wrong("not_a_number", _cleaned(text))
    return Decimal(text)


def _rate(text: str) -> Decimal:
    if text.endswith("%"):
        share = _number(text[:-1].strip()) / 100
        raise Wrong("rate_as_percent", format(share.normalize(), "f"))
    share = _number(text)
    if share > 1:
        raise Wrong("rate_as_percent", format((share / 100).normalize(), "f"))
    if share < 0:
        raise Wrong("out_of_range", low=0, high=1)
    if share != share.quantize(Decimal("1E-8")):
        raise Wrong("too_many_decimals", str(round(share, 8)), currency="-", digits=8)
    return share


def _decimal(text: str) -> Decimal:
    value = _number(text)
    if abs(value) >= 10**6:
        raise Wrong("out_of_range", low=-999_999, high=999_999)
    if value != value.quantize(Decimal("1E-6")):
        raise Wrong("too_many_decimals", str(round(value, 6)), currency="-", digits=6)
    return value


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", text):
        whole = re.fullmatch(r"([+-]?\d{1,9})\.0+", text)
        raise Wrong("not_an_integer", whole.group(1) if whole else "")
    return int(text)


def _flag(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise Wrong("not_a_flag")


def _cleaned(text: str) -> str:
    """The number in `¥1,234.50` or `1 234,50 元`, if there is just one."""
    plain = re.sub(r"[\s,，'¥￥$€元]|CNY|RMB|USD", "", text)
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return ""
    return format(value, "f") if value.is_finite() and abs(value) < 10**12 else ""


def _money(
    cells: pa.Array,
    digits: npt.NDArray[np.int64] | int,
    faults: Faults,
    *,
    signed: bool,
) -> pa.Array:
    """Decimal text as minor units; what is not exactly so many cents is a fault."""
    shape = r"^[+-]?\d{1,12}(\.\d{0,6})?$"
    fits = pc.match_substring_regex(cells, shape)
    odd = np.flatnonzero(pc.fill_null(pc.invert(fits), fill_value=False))
    _odd_money(cells, odd, faults)
    safe = pc.if_else(fits, cells, pa.scalar(None, pa.string()))
    micro, empty = _micro(safe)
    step = _MICRO // np.power(10, np.asarray(digits, dtype=np.int64))
    minor = micro // step
    inexact = np.flatnonzero(micro != minor * step)
    places = np.broadcast_to(np.asarray(digits, dtype=np.int64), micro.shape)
    right = [
        str(
            Decimal(int(micro[i]))
            .scaleb(-6)
            .quantize(Decimal(1).scaleb(-int(places[i])))
        )
        for i in inexact
    ]
    if len(inexact):
        at = int(places[inexact[0]])
        faults.add("too_many_decimals", inexact, right, digits=at, currency="")
    empty[inexact] = True
    if not signed:
        below = np.flatnonzero((micro < 0) & ~empty)
        right = [cells[int(i)].as_py().lstrip("-") for i in below]
        faults.add("negative", below, right)
        empty[below] = True
    return pa.array(minor, mask=empty)


def _micro(cells: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Text of at most 12+6 digits as millionths; the low half of a decimal128."""
    plain = pc.replace_substring_regex(cells, r"\.$", "")
    exact = plain.cast(pa.decimal128(24, 6))
    empty = exact.is_null().to_numpy(zero_copy_only=False).copy()
    if not len(exact):
        return np.zeros(0, dtype=np.int64), empty
    halves = np.frombuffer(exact.buffers()[1], dtype=np.int64)
    begin = exact.offset * 2
    low = halves[begin : begin + 2 * len(exact) : 2].copy()
    low[empty] = 0
    return low, empty


def _odd_money(cells: pa.Array, odd: Any, faults: Faults) -> None:
    groups: dict[str, tuple[list[int], list[str]]] = {}
    for row in odd:
        text = cells[int(row)].as_py()
        right = _cleaned(text)
        code = "not_an_amount"
        if re.fullmatch(r"[+-]?\d+\.\d+", text):
            code = "too_many_decimals" if len(text.split(".")[0]) < 13 else "too_large"
            right = str(round(Decimal(text), 2)) if code != "too_large" else ""
        elif re.fullmatch(r"[+-]?\d+", text):
            code, right = "too_large", ""
        elif re.search(_COMMAND, text):
            code = "formula"
        at, rights = groups.setdefault(code, ([], []))
        at.append(int(row))
        rights.append(right)
    for code, (at, rights) in groups.items():
        faults.add(code, at, rights, digits=2, currency="")
