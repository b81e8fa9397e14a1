"""Vintage curves of a whole panel, in one pass over its rows."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from daihou.columnar.portfolio import columns, reading
from daihou.columnar.portfolio.columns import Ints
from daihou.columnar.portfolio.counting import Flags, Tally, begins
from daihou.columnar.portfolio.panel import Keep, Panel, panel
from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.vintage import Cells, MobBase, Timing, Vintage

MOST_AGES = 2_400


@dataclass(frozen=True, slots=True)
class _Lines:
    """Which line of the table each account belongs to, and what it weighs."""

    starts: Ints  # the first row of each account
    began: Ints  # its cohort
    line: Ints
    cohorts: tuple[int, ...]  # of each line
    cuts: tuple[str, ...] | None
    ages: int
    paid: Ints | None  # what was disbursed to each account
    balance: Ints | None  # of each row
    scale: int


def vintage(
    given: Any,
    *,
    id: str,
    period: str,
    status: str | None = None,
    bad: Collection[str] = (),
    dpd: str | None = None,
    over: int | None = None,
    cohort: str | None = None,
    by: str | None = None,
    amount: str | None = None,
    disbursed: str | None = None,
    timing: Timing = "ever",
    mob_base: MobBase = 0,
    stays: Collection[str] = (),
    keep: Keep | None = None,
    tell: Callable[[PanelError], None] | None = None,
) -> Vintage:
    """Curves of a file or frame; see `panel` for what can be read, and the errors.

    Bad is a `status` among `bad`, or a `dpd` of at least `over` days. `cohort` names
    the period of disbursement, the same in all rows of an account; without it an
    account begins with its first row. `amount` is the balance and `disbursed` what
    was paid out (without it: the balance of the first row). A status among `stays`
    (written off) holds on after the last row of an account. `tell` hears what is odd
    without being wrong; without it a status that no row has is an error.
    """
    if (status is None) == (dpd is None) or bool(bad) == (over is not None):
        raise PanelError("what_is_bad")
    if (status is None) != (not bad):
        raise PanelError("what_is_bad")
    standing = status or dpd
    assert standing is not None
    more = [name for name in (cohort, by, amount, disbursed) if name]
    table = reading.table_of(given, [id, period, standing, *more])
    if dpd is not None and over is not None:
        column = columns.late(table[dpd], dpd, over=over)
        at = table.column_names.index(dpd)
        table, bad = table.set_column(at, dpd, column), ("late",)
    found = panel(
        table, id=id, period=period, status=standing, amount=amount, keep=keep
    )
    for odd in _odd(found, (*bad, *stays), also="late" if dpd else None):
        if tell is None:
            raise odd
        tell(odd)
    if tell is not None and found.negative:
        tell(PanelError("negative", rows=found.negative, column=amount))
    lines = _lines(found, table, cohort=cohort, by=by, disbursed=disbursed)
    hits = _hits(
        *(found, lines),
        timing=timing,
        bad=_among(found, bad),
        stays=_among(found, stays) if stays else None,
    )
    return _told(found, lines, hits, timing=timing, mob_base=mob_base)


def _odd(panel: Panel, words: Collection[str], *, also: str | None) -> list[PanelError]:
    """A word for each status asked for that no row has: a slip, or a good month."""
    known = ", ".join(panel.states)
    return [
        PanelError("unknown_bad", status=word, known=known)
        for word in words
        if word != also and word not in panel.states
    ]


def _among(panel: Panel, states: Collection[str]) -> Flags:
    chosen = np.array([*(word in set(states) for word in panel.states), False])
    found: Flags = chosen[panel.status]
    return found


def _lines(
    panel: Panel,
    table: pa.Table,
    *,
    cohort: str | None,
    by: str | None,
    disbursed: str | None,
) -> _Lines:
    starts = np.flatnonzero(begins(panel.account))
    began = _began(panel, table, starts, cohort)
    first, last = int(began.min()), panel.last
    if last - first >= MOST_AGES:
        reach = panel.text(first), panel.text(last)
        raise PanelError("apart", first=reach[0], last=reach[1], limit=MOST_AGES)
    ages = last - first + 1
    line, cuts = began - first, [""]
    if by is not None:
        codes, texts = columns.coded(table[by])
        codes = codes[panel.rows]
        _must_be_steady(panel, codes, by)
        own = codes[starts].astype(np.int64)
        cuts = [text or "" for text in texts.to_pylist()] + [""]
        line = np.where(own < 0, len(cuts) - 1, own) * ages + line
    used, place = np.unique(line, return_inverse=True)
    named = [(cuts[n // ages], n % ages + first) for n in used.tolist()]
    order = sorted(range(len(named)), key=named.__getitem__)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    paid, balance, scale = _weights(panel, table, starts, disbursed)
    return _Lines(
        starts=starts,
        began=began,
        line=rank[place],
        cohorts=tuple(named[n][1] for n in order),
        cuts=None if by is None else tuple(named[n][0] for n in order),
        ages=ages,
        paid=paid,
        balance=balance,
        scale=scale,
    )


def _began(panel: Panel, table: pa.Table, starts: Ints, cohort: str | None) -> Ints:
    """The cohort of each account: a column, or the period of its first row."""
    seen = panel.period[starts]
    if cohort is None:
        return seen
    told, months = columns.periods(table[cohort], cohort)
    if months != panel.months:
        number, month = panel.text(panel.first), str(table[cohort][0])
        if panel.months:
            number, month = month, number
        raise PanelError("mixed_periods", column=cohort, number=number, month=month)
    told = told[panel.rows]
    _must_be_steady(panel, told, cohort)
    began = told[starts]
    early = began > seen
    if early.any():
        at = int(early.argmax())
        raise PanelError(
            "before_cohort",
            id_column=panel.id_column,
            account=panel.name(int(starts[at])),
            period=panel.text(int(seen[at])),
            cohort=panel.text(int(began[at])),
        )
    return began


def _must_be_steady(panel: Panel, values: npt.NDArray[Any], column: str) -> None:
    differs = (values[1:] != values[:-1]) & (panel.account[1:] == panel.account[:-1])
    if differs.any():
        name = panel.name(int(differs.argmax()))
        raise PanelError(
            "two_cohorts", id_column=panel.id_column, account=name, column=column
        )


def _weights(
    panel: Panel, table: pa.Table, starts: Ints, disbursed: str | None
) -> tuple[Ints | None, Ints | None, int]:
    """What was paid out by account and is owed by row, in units of one scale."""
    balance = panel.amount if panel.weighed else None
    if disbursed is None:
        return None if balance is None else balance[starts], balance, panel.scale
    told, scale = columns.amounts(table[disbursed], disbursed)
    paid = told[panel.rows][starts]
    if balance is None:
        return paid, np.zeros(len(panel), np.int64), scale
    common = max(scale, panel.scale)
    balance = balance * 10 ** (common - panel.scale)
    return paid * 10 ** (common - scale), balance, common


def _hits(
    panel: Panel, lines: _Lines, *, timing: Timing, bad: Flags, stays: Flags | None
) -> Tally:
    """Bad accounts by line and age."""
    hits = Tally(len(lines.cohorts) * lines.ages, weighed=lines.paid is not None)
    hit = np.flatnonzero(bad)
    own = np.searchsorted(lines.starts, hit, side="right") - 1
    if timing == "ever":  # the first bad row of each account
        once = np.append(True, own[1:] != own[:-1])[: len(hit)]
        hit, own = hit[once], own[once]
    cell = lines.line[own] * lines.ages + panel.period[hit] - lines.began[own]
    if timing == "ever":
        hits.add_in_blocks(cell, None if lines.paid is None else lines.paid[own])
        hits.run_on(lines.ages)
        return hits
    balance = lines.balance
    hits.add_in_blocks(cell, None if balance is None else balance[hit])
    if stays is not None:
        _hold_on(hits, panel, lines, bad & stays)
    return hits


def _hold_on(hits: Tally, panel: Panel, lines: _Lines, stays: Flags) -> None:
    """Add, for accounts whose last row stays, all the ages after it."""
    ends = np.append(lines.starts[1:], len(panel)) - 1
    age = panel.period[ends] - lines.began
    kept = np.flatnonzero(stays[ends] & (age + 1 < lines.ages))
    after = Tally(len(hits.count), weighed=hits.parts is not None)
    balance = None if lines.balance is None else lines.balance[ends[kept]]
    after.add_in_blocks(lines.line[kept] * lines.ages + age[kept] + 1, balance)
    after.run_on(lines.ages)
    hits.count += after.count
    if hits.parts is not None and after.parts is not None:
        hits.parts += after.parts


def _told(
    panel: Panel, lines: _Lines, hits: Tally, *, timing: Timing, mob_base: MobBase
) -> Vintage:
    """The curves, blank where the panel does not reach."""
    weighed = lines.paid is not None
    size = Tally(len(lines.cohorts), weighed=weighed)
    size.add_in_blocks(lines.line, lines.paid)
    first, last = panel.first, panel.last
    seen = [
        [
            (c >= first if timing == "ever" else c + age >= first) and c + age <= last
            for age in range(lines.ages)
        ]
        for c in lines.cohorts
    ]
    return Vintage(
        timing=timing,
        mob_base=mob_base,
        cohorts=tuple(panel.text(c) for c in lines.cohorts),
        mobs=tuple(age + mob_base for age in range(lines.ages)),
        size=tuple(size.count.tolist()),
        count=_shown(hits.count.tolist(), seen),
        cuts=lines.cuts,
        disbursed=tuple(size.sums()) if weighed else None,
        amount=_shown(hits.sums(), seen) if weighed else None,
        scale=lines.scale,
    )


def _shown(cells: list[int], seen: list[list[bool]]) -> Cells:
    numbers = iter(cells)
    return tuple(
        tuple(n if shown else None for shown, n in zip(flags, numbers, strict=False))
        for flags in seen
    )
