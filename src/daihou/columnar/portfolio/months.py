"""Months of the book: one row a loan, where it stood before and where it stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.tables import months as shape
from daihou.tables.months import MONTHS, NO_CLASS, NOT_MATURED, STATE

Array = npt.NDArray[Any]
_GONE: Final = (STATE[shape.WRITTEN_OFF], STATE[shape.TRANSFERRED])
_SETTLED: Final = (STATE[shape.PAID], STATE[shape.CLOSED])
_FIRST_DAYS: Final = np.array(shape.FIRST_DAYS)
# What is taken over as it was for a loan that has no row any more.
_KEPT: Final = (
    *("loan_id", *shape.CUTS, *shape.LENT.values(), "currency", "cohort"),
    *("worst_dpd", "restructured"),
    *(*(f"first_{n}" for n in shape.FIRST_PAYMENTS), "disbursed"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """Something told of some loans: `value[i]` of `loan_id[i]`; sorted, each once."""

    loan_id: Array
    value: Array

    @classmethod
    def nothing(cls) -> "Told":
        """Of nobody."""
        return cls(np.zeros(0, np.int64), np.zeros(0, np.int64))

    def of(self, loan_id: Array, *, otherwise: Array | int = 0) -> Array:
        """The value of each loan; `otherwise` where nothing was told."""
        if not len(self.loan_id):
            return np.broadcast_to(np.asarray(otherwise), loan_id.shape).copy()
        place = np.minimum(
            np.searchsorted(self.loan_id, loan_id), len(self.loan_id) - 1
        )
        here = self.loan_id[place] == loan_id
        return np.where(here, self.value[place], otherwise)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a month is counted from.

    `register`: the columns of MONTHS that do not move (cuts, currency, cohort,
    disbursed), for every loan of `positions`, sorted by loan. `positions` is the last
    closed day; `classes` (loan_id, asset_class, restructured) None: not classified.
    `before` is the month before; `cash` what came in the month, `recovered` the part of
    it after a write-off, `lost` the principal left of loans that went off the book; `first[n]`: of the loans whose first
    instalment can be judged from this month on, 1 late or 0.
    """

    period: int
    register: pa.Table
    positions: pa.Table
    classes: pa.Table | None
    before: pa.Table | None
    cash: Told = field(default_factory=Told.nothing)
    recovered: Told = field(default_factory=Told.nothing)
    lost: Told = field(default_factory=Told.nothing)
    first: Mapping[int, Told] = field(default_factory=dict)


def make_month(given: Inputs) -> pa.Table:
    """The month as a table (`tables.months.MONTHS`); the same inputs, the same table."""
    ids = given.positions["loan_id"].to_numpy()
    own = _aligned(given.register, ids)
    before = _before(given.before, ids)
    cohort = own["cohort"].to_numpy()
    state_before = before.of("state", STATE[shape.MISSING])
    unseen = ~before.here
    fresh = unseen if given.before is not None else cohort == given.period
    state_before = np.where(fresh, STATE[shape.NEW], state_before)
    state = _states(given.positions, state_before)
    balance = given.positions["outstanding_principal"].to_numpy()
    balance_before = before.of("balance", 0)
    gone = np.isin(state, _GONE)
    was_gone = np.isin(state_before, _GONE)
    # One that went off before the first month was counted still says what it owes.
    owed = np.where(unseen, balance, balance_before)
    lost = np.where(was_gone, before.of("lost", 0), owed)
    lost = np.where(gone, given.lost.of(ids, otherwise=lost), 0)
    columns: dict[str, Any] = {
        **{name: own[name] for name in own.column_names},
        **{lent: before.words(lent, own[name]) for name, lent in shape.LENT.items()},
        "age": given.period - cohort,
        "state_before": state_before,
        "state": state,
        "class_before": before.of("asset_class", NO_CLASS),
        **_classed(given.classes, ids, state),
        "dpd": given.positions["dpd"].to_numpy(),
        "worst_dpd": np.maximum(
            given.positions["worst_dpd"].to_numpy(), before.of("worst_dpd", 0)
        ),
        **{
            f"first_{n}": given.first.get(n, Told.nothing()).of(
                ids, otherwise=before.of(f"first_{n}", NOT_MATURED)
            )
            for n in shape.FIRST_PAYMENTS
        },
        "balance_before": balance_before,
        "balance": np.where(state < len(shape.LADDER), balance, 0),
        "overdue": given.positions["overdue_total"].to_numpy(),
        "cash": given.cash.of(ids),
        "recovered": given.recovered.of(ids),
        "lost": lost,
    }
    made = _table(columns)
    absent = _absent(given, ids)
    if absent is None:
        return made
    both = pa.concat_tables([made, absent]).unify_dictionaries()
    return steady(both.sort_by("loan_id").combine_chunks())


@dataclass(frozen=True, slots=True)
class _Before:
    """The month before, at the loans of this one."""

    table: pa.Table | None
    place: Array
    here: Array

    def of(self, name: str, otherwise: int) -> Array:
        if self.table is None or not self.table.num_rows:
            return np.full(len(self.here), otherwise)
        return np.where(self.here, self.table[name].to_numpy()[self.place], otherwise)

    def words(self, name: str, otherwise: pa.ChunkedArray) -> pa.DictionaryArray:
        """Words as they stood then; `otherwise` for the loans that come new."""
        fresh = words_column(otherwise)
        if self.table is None or not self.table.num_rows:
            return fresh
        then = words_column(self.table[name])
        both = pa.concat_arrays([then.dictionary, fresh.dictionary])
        codes = np.where(
            self.here,
            then.indices.to_numpy()[self.place],
            fresh.indices.to_numpy() + len(then.dictionary),
        )
        texts = both.dictionary_encode()
        place = texts.indices.to_numpy()[codes] if len(both) else codes
        one = pa.DictionaryArray.from_arrays(
            pa.array(place.astype(np.int32)), texts.dictionary
        )
        return words_column(pa.chunked_array([one]))


def _before(table: pa.Table | None, ids: Array) -> _Before:
    if table is None or not table.num_rows:
        nobody = np.zeros(len(ids), np.bool_)
        return _Before(table, np.zeros(len(ids), np.int64), nobody)
    known = table["loan_id"].to_numpy()
    place = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return _Before(table, place, known[place] == ids)


def as_counted(register: pa.Table, then: pa.Table, names: Sequence[str]) -> pa.Table:
    """The register with the words a loan had when the same day was counted before.

    What was officer or branch of a loan changes later; a past day does not.
    """
    before = _before(then, register["loan_id"].to_numpy())
    for name in names:
        place = register.column_names.index(name)
        register = register.set_column(place, name, before.words(name, register[name]))
    return register


def _aligned(register: pa.Table, ids: Array) -> pa.Table:
    """The rows of the register for these loans, every one of which is there."""
    known = register["loan_id"].to_numpy()
    if len(known) == len(ids) and bool((known == ids).all()):
        return register
    place = np.minimum(np.searchsorted(known, ids), max(0, len(known) - 1))
    assert len(known) or not len(ids), "a loan with a position is in the register"
    assert (known[place] == ids).all(), "a loan with a position is in the register"
    return register.take(pa.array(place))


def _states(positions: pa.Table, before: Array) -> Array:
    """The state of each loan: its step of the ladder, or how it ended and when."""
    step = np.searchsorted(_FIRST_DAYS, positions["dpd"].to_numpy(), "right") - 1
    status = positions["status"]
    settled = pc.equal(status, "settled").to_numpy()
    over = np.isin(before, (*_SETTLED, STATE[shape.MISSING]))
    paid = np.where(over, STATE[shape.CLOSED], STATE[shape.PAID])
    found = np.where(settled, paid, step)
    for name in (shape.WRITTEN_OFF, shape.TRANSFERRED):
        found = np.where(pc.equal(status, name).to_numpy(), STATE[name], found)
    return found


def _classed(classes: pa.Table | None, ids: Array, state: Array) -> dict[str, Array]:
    """Class and restructured of the open loans; none where nobody classified."""
    if classes is None:
        none = np.full(len(ids), NO_CLASS)
        return {"asset_class": none, "restructured": np.zeros(len(ids), np.bool_)}
    known = classes["loan_id"].to_numpy()
    open_ = state < len(shape.LADDER)
    found = Told(known, classes["asset_class"].to_numpy()).of(ids, otherwise=NO_CLASS)
    flags = Told(known, classes["restructured"].to_numpy(zero_copy_only=False))
    restructured = flags.of(ids, otherwise=0).astype(np.bool_)
    return {
        "asset_class": np.where(open_, found, NO_CLASS),
        "restructured": restructured & open_,
    }


def _absent(given: Inputs, ids: Array) -> pa.Table | None:
    """Loans of the month before that have no row now: missing, owing nothing."""
    if given.before is None:
        return None
    known = given.before["loan_id"].to_numpy()
    gone = known[~np.isin(known, ids, assume_unique=True)]
    if not len(gone):
        return None
    rows = given.before.filter(pc.is_in(given.before["loan_id"], pa.array(gone)))
    size = rows.num_rows
    zero = np.zeros(size, np.int64)
    columns: dict[str, Any] = {name: rows[name] for name in _KEPT}
    columns |= {
        "age": given.period - rows["cohort"].to_numpy(),
        "state_before": rows["state"].to_numpy(),
        "state": np.full(size, STATE[shape.MISSING]),
        "class_before": rows["asset_class"].to_numpy(),
        "asset_class": np.full(size, NO_CLASS),
        "dpd": zero,
        "balance_before": rows["balance"].to_numpy(),
        "cash": given.cash.of(gone),
        "recovered": given.recovered.of(gone),
        **dict.fromkeys(("balance", "overdue", "lost"), zero),
    }
    return _table(columns)


def _table(columns: Mapping[str, Any]) -> pa.Table:
    made = []
    for each in MONTHS:
        column = columns[each.name]
        if not isinstance(column, pa.ChunkedArray | pa.Array):
            kind = each.type.to_pandas_dtype()
            column = pa.array(np.asarray(column).astype(kind, copy=False))
        made.append(column if column.type == each.type else column.cast(each.type))
    return pa.table(made, schema=MONTHS).combine_chunks()


def words_column(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of texts as codes into its words in order; nothing is an empty text.

    Equal texts give equal columns, whatever the order they came in.
    """
    texts = column
    if not pa.types.is_dictionary(column.type):
        texts = pc.fill_null(column.cast(pa.string()), "").dictionary_encode()
    one = texts.unify_dictionaries().combine_chunks()
    if isinstance(one, pa.ChunkedArray):
        one = pa.array([], pa.dictionary(pa.int32(), pa.string()))
    words = [word or "" for word in one.dictionary.to_pylist()]
    codes = one.indices.to_numpy(zero_copy_only=False)
    used = np.unique(codes)
    order = sorted({words[place] for place in used.tolist()})
    at = {word: place for place, word in enumerate(order)}
    rank = np.array([at.get(word, 0) for word in words] or [0], np.int32)
    return pa.DictionaryArray.from_arrays(
        pa.array(rank[codes] if len(codes) else codes, pa.int32()),
        pa.array(order, pa.string()),
    )


def steady(table: pa.Table) -> pa.Table:
    """The same table with its words in order."""
    for place, each in enumerate(MONTHS):
        if pa.types.is_dictionary(each.type):
            table = table.set_column(place, each, words_column(table[each.name]))
    return table
