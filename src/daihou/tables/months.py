"""Months: where each loan stood at the last closed day of a month, and before."""

from collections.abc import Collection
from typing import Final

import numpy as np
import pyarrow as pa

from daihou.engine.classification.codes import AssetClass
from daihou.engine.delinquency.buckets import BUCKET_SETS
from daihou.tables.facts import MINOR

# The ladder and what is no step of it; `state` columns are places in STATES.
LADDER: Final = tuple(name for name, _ in BUCKET_SETS["M0_M7"])
FIRST_DAYS: Final = tuple(first for _, first in BUCKET_SETS["M0_M7"])
PAID, CLOSED = "paid", "closed"  # settled in this month; in an earlier one
WRITTEN_OFF, TRANSFERRED = "written_off", "transferred"
NEW, MISSING = "new", "missing"
STATES: Final = (*LADDER, PAID, CLOSED, WRITTEN_OFF, TRANSFERRED, NEW, MISSING)
STATE: Final = {name: place for place, name in enumerate(STATES)}
CLASSES: Final = tuple(each.code for each in AssetClass)
NO_CLASS: Final = -1  # not classified then, or no longer open
# Status of a position by state, the word its definitions use.
STATUS_OF: Final = {
    **dict.fromkeys(LADDER, "active"),
    PAID: "settled",
    CLOSED: "settled",
    WRITTEN_OFF: WRITTEN_OFF,
    TRANSFERRED: TRANSFERRED,
    NEW: NEW,
    MISSING: MISSING,
}
# Days past due at which some definition begins; cells keep the first day of a band.
BAND_DAYS: Final = np.array(
    sorted({0, 1, 7, 15, 30, 60, 90, 180, 270, 271, 360, 361, *FIRST_DAYS}), np.int32
)
FIRST_PAYMENTS: Final = (1, 7, 30)
NOT_MATURED: Final = -1
CUTS: Final = ("product", "branch", "officer", "channel", "region", "strategy")
# Where a loan stood when it was first seen: curves by cohort are cut by these, or a
# loan handed on would take its past along. Arms of experiments come later than loans.
LENT: Final = {name: f"lent_{name}" for name in CUTS[:5]}
_WORD: Final = pa.dictionary(pa.int32(), pa.string())

# One row a loan that was ever seen at a month's end, sorted by loan_id; amounts in
# minor units of `currency`. `cohort` is the month of disbursement (12 * year + month
# - 1), `age` the months since (base 0). `worst_dpd` is the highest days past due at
# any day-end so far, `lost` the principal left when the loan was written off or
# transferred, `cash` what was paid in the month less what was taken back, `recovered`
# the part of it that came after the day of the write-off. `first_n`: whether the first
# instalment was n days late; NOT_MATURED: not known (yet).
MONTHS: Final = pa.schema(
    [
        pa.field("loan_id", pa.int64(), nullable=False),
        *(pa.field(name, _WORD, nullable=False) for name in (*CUTS, *LENT.values())),
        pa.field("currency", _WORD, nullable=False),
        pa.field("cohort", pa.int32(), nullable=False),
        pa.field("age", pa.int32(), nullable=False),
        pa.field("state_before", pa.int8(), nullable=False),
        pa.field("state", pa.int8(), nullable=False),
        pa.field("class_before", pa.int8(), nullable=False),
        pa.field("asset_class", pa.int8(), nullable=False),
        pa.field("dpd", pa.int32(), nullable=False),
        pa.field("worst_dpd", pa.int32(), nullable=False),
        pa.field("restructured", pa.bool_(), nullable=False),
        *(pa.field(f"first_{n}", pa.int8(), nullable=False) for n in FIRST_PAYMENTS),
        pa.field("disbursed", MINOR, nullable=False),
        pa.field("balance_before", MINOR, nullable=False),
        pa.field("balance", MINOR, nullable=False),
        pa.field("overdue", MINOR, nullable=False),
        pa.field("cash", MINOR, nullable=False),
        pa.field("recovered", MINOR, nullable=False),
        pa.field("lost", MINOR, nullable=False),
    ]
)
# What cells are cut by, and what is summed in them; regions and arms are asked of the
# loans themselves, for with them there are nearly as many cells as loans.
CELL_DIMS: Final = (
    *("currency", "product", "branch", "channel", "cohort"),
    *("lent_product", "lent_branch", "lent_channel"),
    *("state_before", "state", "class_before", "asset_class", "dpd", "worst_dpd"),
    *("restructured", *(f"first_{n}" for n in FIRST_PAYMENTS), "owes"),
)
# `kept`: the opening balance of each loan as far as it is still owed at the end.
CELL_SUMS: Final = (
    *("loans", "disbursed", "balance_before", "balance", "kept", "overdue", "cash"),
    "lost",
)
# The same sums by fewer cuts, in files of their own: a question reads the first that
# holds every column it names. Loans stand last, one row each, with all there is.
_STOCK: Final = (
    *("currency", "state_before", "state", "class_before", "asset_class", "dpd"),
    *("restructured", "owes"),
)
LOANS, CELLS = "loans", "cells"
# From months so far back a forecast is tried; what became of their loans is kept, too.
STEPS: Final = (3, 6)
SINCE_DIMS: Final = (
    *("currency", "state_before", "state", "class_before", "asset_class", "owes"),
    *("product", "branch", "channel"),
)
SINCE_SUMS: Final = (
    *("loans", "disbursed", "balance_before", "balance", "kept", "lost"),
)
LEVELS: Final = {
    "stock": _STOCK,
    "ages": (
        *("currency", "cohort", "state", "dpd", "worst_dpd"),
        *(*(f"first_{n}" for n in FIRST_PAYMENTS), "owes"),
    ),
    "units": (*_STOCK, "product", "branch", "channel"),
    CELLS: CELL_DIMS,
    "officers": (*_STOCK, "branch", "officer"),
}


def level_for(columns: Collection[str]) -> str:
    """The level of a month with the fewest rows that holds every one of `columns`."""
    for level, dims in LEVELS.items():
        if {*columns} <= {*dims, *CELL_SUMS}:
            return level
    return LOANS


def month_name(number: int) -> str:
    """A month as people write it: 24322 is 2026-11."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_number(name: str) -> int:
    """A month as a number; ValueError for what is no month."""
    year, _, month = name.partition("-")
    number = int(month)
    if not 1 <= number <= 12 or len(name) != 7:
        raise ValueError(name)
    return int(year) * 12 + number - 1
