"""Columns of a panel as numbers: accounts and states as codes, exact amounts."""

import re
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.matrix import in_order

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int32]

MOST_STATES = 200
MOST_DECIMALS = 6
MONTHS = 12
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NO_PART: Final = re.compile(r"\.0*$", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})(?:-\d{2})?", re.ASCII)
_AMOUNT: Final = r"^[+-]?\d{1,12}(\.\d{1,6})?0*$"
EXACT: Final = 1 << 53  # whole numbers a float still holds exactly


def coded(column: pa.ChunkedArray) -> tuple[Codes, pa.Array]:
    """Codes into a list of different texts; -1 where there is no value."""
    kind = column.type
    if pa.types.is_floating(kind):  # numbers with gaps, as pandas holds them
        column = _whole_or_text(column)
    elif not pa.types.is_dictionary(kind):
        column = column.cast(pa.string())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    one = column.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):  # without a chunk there is nothing to join
        one = pa.array([], column.type)
    texts = one.dictionary.cast(pa.string()).dictionary_encode()
    codes = one.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False)
    renumbered = np.append(texts.indices.fill_null(-1).to_numpy(), -1)
    if not np.array_equal(renumbered[:-1], np.arange(len(renumbered) - 1)):
        codes = renumbered[codes]
    return np.ascontiguousarray(codes, np.int32), texts.dictionary


def _whole_or_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """1.0 and 2.0 as 1 and 2; not-a-numbers as nothing."""
    kept = pc.if_else(pc.is_nan(column), None, column)
    try:
        return kept.cast(pa.int64()).cast(pa.string())
    except pa.ArrowInvalid:
        return kept.cast(pa.string())


def _no_value(blank: npt.NDArray[np.bool_], name: str) -> PanelError:
    """Which rows have no value: how many, and the first of them, counted from 1."""
    first = int(blank.argmax()) + 1
    return PanelError("no_value", rows=int(blank.sum()), column=name, first=first)


def accounts(column: pa.ChunkedArray, name: str) -> tuple[Ints, pa.Array | None]:
    """Numbers that are equal for equal accounts, and their texts (None: themselves)."""
    if pa.types.is_integer(column.type) and not column.null_count:
        return whole(column), None
    codes, texts = coded(column)
    blank = codes < 0
    empty = pc.index(texts, "").as_py()
    if empty >= 0:
        blank |= codes == empty
    if blank.any():
        raise _no_value(blank, name)
    return codes.astype(np.int64), texts


def whole(column: pa.ChunkedArray) -> Ints:
    """A column of whole numbers without gaps."""
    return np.ascontiguousarray(column.cast(pa.int64()).to_numpy())


def states(
    column: pa.ChunkedArray, name: str, *, listed: tuple[str, ...] | None = None
) -> tuple[Codes, tuple[str, ...]]:
    """The state of each row (-1: not said), and the states in order.

    `listed` gives the order, and may hold states that do not occur.
    """
    codes, texts = coded(column)
    words = [(word or "").strip() for word in texts.to_pylist()]
    named = in_order(word for word in words if word)
    if len(named) > MOST_STATES:
        raise PanelError(
            "many_states", column=name, count=len(named), limit=MOST_STATES
        )
    order = named if listed is None else tuple(dict.fromkeys(listed))
    for word in named:
        if word not in order:
            raise PanelError("unlisted", status=word, known=", ".join(order))
    place = {word: n for n, word in enumerate(order)}
    new = np.array([*(place.get(word, -1) for word in words), -1], np.int32)
    if np.array_equal(new[:-1], np.arange(len(words))):  # they came in that order
        return codes, order
    return new[codes], order


def periods(column: pa.ChunkedArray, name: str) -> tuple[Ints, bool]:
    """Each row's period as a number, and whether those are months (year * 12 + month)."""
    kind = column.type
    if column.null_count:
        raise _no_value(column.is_null().to_numpy(), name)
    if pa.types.is_integer(kind):
        return whole(column), False
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        years, months = pc.year(column).to_numpy(), pc.month(column).to_numpy()
        return years * MONTHS + months - 1, True
    codes, texts = coded(column)
    words = [(word or "").strip() for word in texts.to_pylist()]
    if (codes < 0).any() or "" in words:
        blank = (codes < 0) | np.isin(codes, [n for n, w in enumerate(words) if not w])
        raise _no_value(blank, name)
    read = [_period(word, name) for word in words]
    numbers = next((words[n] for n, (_, month) in enumerate(read) if not month), None)
    months_ = next((words[n] for n, (_, month) in enumerate(read) if month), None)
    if numbers is not None and months_ is not None:
        raise PanelError("mixed_periods", column=name, number=numbers, month=months_)
    return np.array([n for n, _ in read], np.int64)[codes], months_ is not None


def _period(word: str, name: str) -> tuple[int, bool]:
    if _NUMBER.fullmatch(_NO_PART.sub("", word)):  # 3.0, as a frame with gaps writes 3
        return int(_NO_PART.sub("", word)), False
    month = _MONTH.fullmatch(word)
    if month and 1 <= int(month[2]) <= MONTHS:
        return int(month[1]) * MONTHS + int(month[2]) - 1, True
    raise PanelError("period", value=word, column=name)


def late(column: pa.ChunkedArray, name: str, *, over: int) -> pa.Array:
    """Days past due as the states "late" (at least `over` days) and "in time".

    Without a number the account counts as in time.
    """
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        flags = pc.fill_null(pc.greater_equal(column, over), fill_value=False)
        return pc.if_else(flags, "late", "in time")
    codes, texts = coded(column)
    words = [(word or "").strip() for word in texts.to_pylist()]
    for word in words:
        if word and not _NUMBER.fullmatch(word):
            raise PanelError("days", value=word, column=name)
    flags = np.array([*(bool(w) and int(w) >= over for w in words), False])
    return pa.DictionaryArray.from_arrays(
        flags[codes].astype(np.int8), ["in time", "late"]
    )


def period_text(period: int, *, months: bool) -> str:
    """A period as it was given: a number, or a month such as 2026-03."""
    if not months:
        return str(period)
    year, month = divmod(period, MONTHS)
    return f"{year:04d}-{month + 1:02d}"


def amounts(column: pa.ChunkedArray, name: str) -> tuple[Ints, int]:
    """Amounts as whole units of 10 ** -scale, and the scale: exact, at most 6."""
    kind = column.type
    if column.null_count:
        raise _no_value(column.is_null().to_numpy(), name)
    if pa.types.is_integer(kind):
        return whole(column), 0
    if pa.types.is_floating(kind):
        return _from_floats(column.to_numpy(), name)
    if pa.types.is_decimal(kind):
        column = column.cast(pa.decimal128(38, max(kind.scale, 0)))
        return _fewest(*_units(column, name))
    if pa.types.is_dictionary(kind):  # texts, each looked at once
        codes, texts = coded(column)
        units, scale = _from_texts(pa.chunked_array([texts]), name)
        return units[codes], scale
    return _from_texts(column.cast(pa.string()), name)


def _from_floats(values: npt.NDArray[np.float64], name: str) -> tuple[Ints, int]:
    if not np.isfinite(values).all():
        raise _no_value(~np.isfinite(values), name)
    for scale in range(MOST_DECIMALS + 1):
        units = np.rint(values * 10.0**scale)
        if (units / 10.0**scale == values).all() and (np.abs(units) < EXACT).all():
            return units.astype(np.int64), scale
    units = np.rint(values * 10.0**MOST_DECIMALS)
    odd = (units / 10.0**MOST_DECIMALS != values) | (np.abs(units) >= EXACT)
    raise PanelError("amount", value=float(values[odd.argmax()]), column=name)


def _from_texts(column: pa.ChunkedArray, name: str) -> tuple[Ints, int]:
    texts = pc.utf8_trim_whitespace(column)
    good = pc.match_substring_regex(texts, _AMOUNT)
    if not pc.all(good, min_count=0).as_py():
        bad = texts.filter(pc.invert(good))[0].as_py()
        raise PanelError("amount", value=bad, column=name)
    plain = pc.replace_substring_regex(texts, r"^\+", "")
    return _fewest(*_units(plain.cast(pa.decimal128(38, MOST_DECIMALS)), name))


def _units(column: pa.ChunkedArray, name: str) -> tuple[Ints, int]:
    """The whole numbers inside decimals, which must fit into 64 bits."""
    parts = [np.empty((0, 2), np.int64)]
    for chunk in column.chunks:
        words = np.frombuffer(chunk.buffers()[1], np.int64).reshape(-1, 2)
        parts.append(words[chunk.offset : chunk.offset + len(chunk)])
    both = np.concatenate(parts)
    wide = both[:, 1] != both[:, 0] >> 63  # the upper half is more than a sign
    if wide.any():
        raise PanelError(
            "amount", value=column[int(wide.argmax())].as_py(), column=name
        )
    return np.ascontiguousarray(both[:, 0]), column.type.scale


def _fewest(units: Ints, scale: int) -> tuple[Ints, int]:
    """The same amounts with no more decimals than one of them needs."""
    while scale and not (units % 10).any():
        units, scale = units // 10, scale - 1
    return units, scale
