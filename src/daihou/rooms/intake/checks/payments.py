"""Payments: the split adds up, and a reversal fits the payment it takes back."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from daihou.rooms.intake.checks.typed import Typed
from daihou.rooms.intake.findings import Found
from daihou.rooms.ledger import door as ledger

PARTS = ("principal", "interest", "fee", "penalty")


def major(minor: int, digits: int) -> str:
    """Minor units as a decimal in major units, exact."""
    if not digits:
        return str(minor)
    whole, part = divmod(abs(minor), 10**digits)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{digits}d}"


def split(one: Typed, digits: npt.NDArray[np.int64]) -> list[Found]:
    """Where a sender has allocated a payment, the parts make the whole."""
    given = np.zeros(len(one.data), dtype=np.bool_)
    total = np.zeros(len(one.data), dtype=np.int64)
    for name in PARTS:
        given |= one.present(name)
        total += one.numbers(name)
    rows = np.flatnonzero(
        given & one.present("amount") & (total != one.numbers("amount"))
    )
    if not len(rows):
        return []
    right = [major(int(total[row]), int(digits[row])) for row in rows]
    return [
        Found("split_sum", table="payments", column="amount", rows=rows, right=right)
    ]


def reversal_ids(one: Typed) -> list[str]:
    """The payments that reversals in the file take back."""
    ids: list[str] = pc.drop_null(pc.unique(one.column("reversal_of"))).to_pylist()
    return ids


def reversals(
    one: Typed,
    kept: Mapping[str, ledger.taking_in.KnownPayment],
    digits: npt.NDArray[np.int64],
) -> list[Found]:
    """A reversal names a known payment of its loan, in full, and only once."""
    of = one.column("reversal_of")
    kind = one.column("kind")
    unnamed = pc.and_(pc.equal(kind, "reversal"), pc.is_null(of))
    faults: dict[str, tuple[list[int], list[str]]] = {}
    rows = np.flatnonzero(pc.fill_null(unnamed, fill_value=False))
    faults["reversal_of_missing"] = (list(map(int, rows)), [])
    at = np.flatnonzero(one.present("reversal_of"))
    if len(at):
        _judge_all(one, kept, digits, at, faults)
    return [
        Found(
            code,
            table="payments",
            column="reversal_of",
            rows=np.array(where, dtype=np.int64),
            right=right,
        )
        for code, (where, right) in faults.items()
        if where
    ]


def _judge_all(
    one: Typed,
    kept: Mapping[str, ledger.taking_in.KnownPayment],
    digits: npt.NDArray[np.int64],
    at: npt.NDArray[np.int64],
    faults: dict[str, tuple[list[int], list[str]]],
) -> None:
    """Each reversal against the payment it names, in the file or in the ledger."""
    names = ("payment_id", "loan_id", "amount", "reversal_of", "paid_on")
    ids = one.column("reversal_of").take(pa.array(at))
    inside = pc.is_in(one.column("payment_id"), value_set=ids)
    sent = one.data.select(names).filter(inside).to_pylist()
    originals = {row["payment_id"]: row for row in sent}
    # What each payment of the file reverses now, whatever it did when we last saw it.
    now = dict(
        zip(
            one.column("payment_id").to_pylist(),
            one.column("reversal_of").to_pylist(),
            strict=True,
        )
    )
    seen: dict[str, str] = {}
    mine = one.data.select(names).take(pa.array(at)).to_pylist()
    for place, row in zip(at, mine, strict=True):
        key = row["reversal_of"]
        first = seen.setdefault(key, row["payment_id"])
        before = kept.get(key)
        if before and now.get(before.reversed_by, key) != key:
            before = replace(before, reversed_by="")
        code, right = _judge(row, originals.get(key), before, int(digits[place]))
        if code is None and first != row["payment_id"]:
            code, right = "reversed_twice", ""
        if code:
            where, rights = faults.setdefault(code, ([], []))
            where.append(int(place))
            rights.append(right)


def _judge(
    row: dict[str, object],
    sent: dict[str, object] | None,
    kept: ledger.taking_in.KnownPayment | None,
    digits: int,
) -> tuple[str | None, str]:
    if sent is None and kept is None:
        return "reversal_unknown", ""
    if kept is not None and kept.reversed_by not in ("", row["payment_id"]):
        return "reversed_twice", ""
    loan = sent["loan_id"] if sent else kept.loan if kept else None
    amount = sent["amount"] if sent else kept.amount if kept else None
    if sent["reversal_of"] is not None if sent else kept and kept.is_reversal:
        return "reversal_unknown", ""
    if row["loan_id"] != loan or row["amount"] != amount:
        known = isinstance(amount, int)
        return "reversal_amount", major(amount, digits) if known else ""  # type: ignore[arg-type]
    paid_on = sent["paid_on"] if sent else kept.paid_on if kept else None
    if paid_on and row["paid_on"] and row["paid_on"] < paid_on:  # type: ignore[operator]
        return "reversal_early", str(paid_on)
    return None, ""


def refused(one: Typed, bad: npt.NDArray[np.bool_]) -> list[Found]:
    """Reversals of a payment that is itself left out."""
    if not bad.any():
        return []
    out = one.column("payment_id").filter(pa.array(bad))
    hit = np.asarray(
        pc.is_in(one.column("reversal_of"), value_set=out).to_numpy(
            zero_copy_only=False
        )
    )
    rows = np.flatnonzero(hit & one.present("reversal_of") & ~bad)
    column = "reversal_of"
    if not len(rows):
        return []
    return [Found("refers_to_refused", table="payments", column=column, rows=rows)]
