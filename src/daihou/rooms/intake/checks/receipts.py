"""Receipts: a currency we know, and one that was claimed stays as it came."""

import numpy as np
import pyarrow.compute as pc

from daihou.engine.basics.money import DIGITS
from daihou.rooms.intake.checks import rows
from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found
from daihou.rooms.ledger import door as ledger


def judged(one: Typed, *, source: str) -> list[Found]:
    """What is wrong with receipts beside what every row is judged by."""
    found = rows.not_among(one, "currency", "unknown_currency", sorted(DIGITS))
    ids = pc.drop_null(pc.unique(one.column("receipt_id"))).to_pylist()
    claimed = ledger.taking_in.claimed_receipts(source=source, ids=ids)
    if not claimed:
        return found
    columns = ("receipt_id", "amount", "currency", "received_on")
    sent = zip(*(one.column(name).to_pylist() for name in columns), strict=True)
    moved = [
        place
        for place, (key, *came) in enumerate(sent)
        if key in claimed and tuple(came) != claimed[key]
    ]
    if moved:
        found.append(
            Found(
                "receipt_claimed",
                table="receipts",
                column="receipt_id",
                rows=np.array(moved, dtype=np.int64),
            )
        )
    return found
