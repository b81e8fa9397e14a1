"""How a period moved the book: from class to class, and what made or ended bad loans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from daihou.engine.metrics.regulatory import migration_rates, moves_of
from daihou.rooms.reporting.pages.reports.desk import BAD, CLASSES, Desk
from daihou.rooms.reporting.pages.reports.report import (
    Column,
    Kind,
    Table,
    Value,
    made,
    rounded,
    share,
)
from daihou.rooms.reporting.pages.reports.stock import OFFICE, by_branch

_BALANCE: Final = "outstanding_principal"
# Where a loan can stand: a class while it runs, then the ways out of the book.
OUT: Final = ("settled", "written_off", "transferred", "missing")
NONE: Final = "none"  # it runs and was not classified
STATES: Final = (*CLASSES, NONE, *OUT)
_COLUMNS: Final = ["asset_class", "status", _BALANCE]
Numbers = np.ndarray[Any, np.dtype[np.int64]]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Loans of the opening and the closing day side by side, sorted by loan.

    `was` and `becomes` are places in STATES; a loan paid out in between was `missing`.
    """

    was: Numbers
    becomes: Numbers
    opening: Numbers  # balance, minor units; 0 unless it ran
    closing: Numbers
    branch: pa.Array


def pairs(desk: Desk) -> Pairs:
    """Every loan that ran on either day."""
    wish = desk.wish
    old = desk.read(wish.since, _COLUMNS, words=())
    new = desk.read(wish.as_of, _COLUMNS, words=())
    ids = _either(old["loan_id"].to_numpy(), new["loan_id"].to_numpy())
    was, opening = _standing(old, ids)
    becomes, closing = _standing(new, ids)
    running = len(CLASSES) + 1
    kept = (was < running) | (becomes < running)
    words = desk.words(ids[kept], OFFICE)["branch"].cast(pa.string())
    return Pairs(
        was[kept],
        becomes[kept],
        opening[kept],
        closing[kept],
        words.combine_chunks(),
    )


def _either(one: Numbers, other: Numbers) -> Numbers:
    """The numbers of two sorted lists without repeats, in order; no hashing."""
    both = np.concatenate([one, other])
    both.sort(kind="stable")
    return both[np.append([True], both[1:] != both[:-1])] if len(both) else both


def _standing(table: pa.Table, ids: Numbers) -> tuple[Numbers, Numbers]:
    """Where each loan stands and its balance while it runs."""
    missing = STATES.index("missing")
    status = table["status"].combine_chunks()
    runs = pc.equal(status, "active").to_numpy(zero_copy_only=False)
    names = pa.array(STATES)
    classed = pc.fill_null(
        pc.index_in(table["asset_class"].combine_chunks(), names), STATES.index(NONE)
    ).to_numpy(zero_copy_only=False)
    ended = pc.fill_null(pc.index_in(status, names), missing)
    stands = np.where(runs, classed, ended.to_numpy(zero_copy_only=False))
    balance = np.where(runs, table[_BALANCE].to_numpy(), 0)
    at = np.searchsorted(table["loan_id"].to_numpy(), ids)
    there = np.zeros(len(ids), bool)
    if table.num_rows:
        clipped = np.minimum(at, table.num_rows - 1)
        there = table["loan_id"].to_numpy()[clipped] == ids
        at = clipped
        return (
            np.where(there, stands[at], missing).astype(np.int64),
            np.where(there, balance[at], 0).astype(np.int64),
        )
    return np.full(len(ids), missing), np.zeros(len(ids), np.int64)


def class_moves(desk: Desk) -> Sequence[Table]:
    """From class to class over a period, with the regulator's five rates."""
    found = pairs(desk)
    size = len(STATES)
    pair = found.was * size + found.becomes
    count = np.bincount(pair, minlength=size * size)
    amount = _sums(pair, found.opening, size * size)
    closing = _sums(pair, found.closing, size * size)
    kept = _sums(pair, np.minimum(found.opening, found.closing), size * size)
    was = [*range(len(CLASSES)), STATES.index(NONE), STATES.index("missing")]
    return [
        _rates(amount, kept, size),
        _matrix("amount", _("By opening balance"), amount, was, Kind.MONEY),
        _matrix("count", _("By number of loans"), count, was, Kind.COUNT),
        _matrix("closing", _("By closing balance"), closing, was, Kind.MONEY),
    ]


_LOW: Final = 24  # bits: sums of so few over millions of loans are exact as floats


def _sums(place: Numbers, values: Numbers, size: int) -> Numbers:
    """Exact sums of whole numbers by place.

    In two halves, each of which a float holds exactly: ten times faster than adding
    one by one.
    """
    low, high = values & ((1 << _LOW) - 1), values >> _LOW
    parts = [
        np.bincount(place, weights=each, minlength=size).astype(np.int64)
        for each in (low, high)
    ]
    return parts[0] + (parts[1] << _LOW)


def state_words() -> Mapping[str, str]:
    """The words for where a loan stands when it is in no class."""
    return {
        NONE: _("Not classified"),
        "settled": pgettext("loan status", "Settled"),
        "written_off": pgettext("loan status", "Written off"),
        "transferred": pgettext("loan status", "Transferred"),
        "missing": _("Not in the book"),
        "normal": pgettext("five-tier class", "Normal"),
        "special_mention": pgettext("five-tier class", "Special mention"),
        "substandard": pgettext("five-tier class", "Substandard"),
        "doubtful": pgettext("five-tier class", "Doubtful"),
        "loss": pgettext("five-tier class", "Loss"),
    }


def _matrix(
    key: str, title: str, cells: Numbers, was: Sequence[int], kind: Kind
) -> Table:
    words, size = state_words(), len(STATES)
    used = [
        at
        for at in range(size)
        if at < len(CLASSES) or cells[at::size].any() or cells[at * size :][:size].any()
    ]
    rows: list[dict[str, Value]] = []
    for begun in was:
        if begun not in used:
            continue
        row = cells[begun * size : (begun + 1) * size]
        named: dict[str, Value] = {STATES[at]: int(row[at]) for at in used}
        rows.append({"was": STATES[begun], **named, "all": int(row.sum())})
    return made(
        key,
        title,
        [
            Column(
                "was", pgettext("class at the opening", "From"), Kind.WORD, words=words
            ),
            *(Column(STATES[at], words[STATES[at]], kind, sums=True) for at in used),
            Column("all", pgettext("sum", "All"), kind, sums=True),
        ],
        rows,
    )


def _rates(amount: Numbers, kept: Numbers, size: int) -> Table:
    def square(cells: Numbers) -> Mapping[tuple[str, str], int]:
        return {
            (STATES[i], STATES[j]): int(cells[i * size + j])
            for i in range(len(CLASSES))
            for j in range(size)
        }

    found = migration_rates(moves_of(square(amount), square(kept)))
    words = {
        "normal_to_bad": _("Normal loans (normal and special mention into bad)"),
        "normal": _("Class normal, downwards"),
        "special_mention": _("Class special mention, downwards"),
        "substandard": _("Class substandard, downwards"),
        "doubtful": _("Class doubtful, downwards"),
    }
    rows: list[dict[str, Value]] = [
        {"what": name, "rate": rounded(getattr(found, name))} for name in words
    ]
    return made(
        "rates",
        _("Migration rates as the regulator defines them"),
        [
            Column("what", _("Rate"), Kind.WORD, words=words),
            Column("rate", pgettext("of a ratio", "Ratio"), Kind.SHARE),
        ],
        rows,
        note=_(
            "A loan counts with its opening balance as far as it is still owed. What"
            " was collected, also by instalments, written off or sold in the period is"
            " the decrease."
        ),
    )


LINES: Final = (
    "opening",
    "new",
    "cash",
    "upgrade",
    "written_off",
    "transferred",
    "other",
    "closing",
)


def npl_lines(found: Pairs) -> Mapping[str, Numbers]:
    """What brought bad loans from their opening to their closing balance, loan by loan.

    opening + new - cash - upgrade - written_off - transferred + other = closing, for
    each loan (METRICS identity 3). `new` is the closing balance of a loan that was not
    bad before; `cash` what a bad one fell by or was settled with; `upgrade` the balance
    of one that is bad no more; `other` what a bad one rose by, or left the book with.
    """
    bad = np.isin(np.arange(len(STATES)), [STATES.index(each) for each in BAD])
    was, becomes = bad[found.was], bad[found.becomes]
    runs = found.becomes < len(CLASSES) + 1
    zero = np.zeros(len(was), np.int64)
    opening = np.where(was, found.opening, zero)
    closing = np.where(becomes, found.closing, zero)

    def left(state: str) -> Numbers:
        return np.where(was & (found.becomes == STATES.index(state)), opening, zero)

    fell = np.where(was & runs, np.maximum(opening - found.closing, 0), zero)
    rose = np.where(was & runs, np.maximum(found.closing - opening, 0), zero)
    return {
        "opening": opening,
        "new": np.where(becomes & ~was, closing, zero),
        "cash": fell + left("settled"),
        "upgrade": np.where(was & runs & ~becomes, found.closing, zero),
        "written_off": left("written_off"),
        "transferred": left("transferred"),
        "other": rose - left("missing"),
        "closing": closing,
    }


def line_words() -> Mapping[str, str]:
    """The words of the lines."""
    return {
        "opening": _("Opening NPL"),
        "new": _("+ newly bad"),
        "cash": _("− paid in cash"),
        "upgrade": _("− upgraded"),
        "written_off": _("− written off"),
        "transferred": _("− transferred"),
        "other": _("± other"),
        "closing": _("Closing NPL"),
    }


def npl_moves(desk: Desk) -> Sequence[Table]:
    """The movement of bad loans over a period by branch; every row foots."""
    found = pairs(desk)
    lines, words = npl_lines(found), line_words()
    branches = pc.fill_null(found.branch, "")
    encoded = branches.dictionary_encode()
    codes: list[str] = encoded.dictionary.to_pylist()
    place = encoded.indices.to_numpy()
    sums = {name: _sums(place, lines[name], len(codes)) for name in LINES}
    rows: list[dict[str, Value]] = []
    for code in sorted(codes):
        at = codes.index(code)
        row = {name: int(sums[name][at]) for name in LINES}
        if any(row.values()):
            rows.append({"branch": code, **row, "foots": foots(row)})
    opening_loans = int(found.opening.sum())
    made_bad = int(lines["new"].sum() + lines["other"].sum())
    total = {name: int(lines[name].sum()) for name in LINES}
    problem = "" if foots(total) == 0 else _("The movement does not foot.")
    return [
        made(
            "moves",
            _("Movement of bad loans by branch"),
            [
                by_branch(),
                *(Column(name, words[name], Kind.MONEY, sums=True) for name in LINES),
                Column("foots", _("Difference"), Kind.MONEY, sums=True),
            ],
            rows,
            problem=problem,
            note=_(
                "Opening + new − cash − upgraded − written off − transferred ± other ="
                " closing; the difference must be nothing."
            ),
        ),
        _formation(made_bad, opening_loans),
    ]


def _formation(made_bad: int, opening_loans: int) -> Table:
    rate: list[dict[str, Value]] = [
        {
            "what": "formation",
            "part": made_bad,
            "whole": opening_loans,
            "rate": share(made_bad, opening_loans),
        }
    ]
    return made(
        "formation",
        _("Formation of bad loans"),
        [
            Column(
                "what",
                _("Figure"),
                Kind.WORD,
                words={"formation": _("Newly bad ÷ opening loans")},
            ),
            Column("part", pgettext("of a ratio", "Part"), Kind.MONEY),
            Column("whole", pgettext("of a ratio", "Whole"), Kind.MONEY),
            Column("rate", pgettext("of a ratio", "Ratio"), Kind.SHARE),
        ],
        rate,
        metric="npl_formation",
    )


def foots(row: Mapping[str, int]) -> int:
    """What is missing between what the lines say and the closing balance."""
    reckoned = row["opening"] + row["new"] - row["cash"] - row["upgrade"]
    reckoned += row["other"] - row["written_off"] - row["transferred"]
    return row["closing"] - reckoned
