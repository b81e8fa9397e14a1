"""Which entry a step means: the last of a kind, or the nth among some."""

from collections.abc import Mapping, Sequence
from typing import Any

from daihou.engine.ledger.moving.account import MONEY_IN
from daihou.engine.ledger.moving.state import Entry
from tools.conformance.terms import day, minor
from tools.conformance.views import NAMES

_REFUNDS = frozenset({"merchant_issued_refund", "payout_refund", "goodwill_credit"})


def find(entries: Sequence[Entry], step: Mapping[str, Any]) -> Entry:
    """Return the entry a step means."""
    which = step.get("which")
    if which:
        kinds = _REFUNDS if "refund" in which else {"repayment"}
        live = [each for each in entries if each.live and each.kind in kinds]
        paid = [each for each in entries if each.live and each.kind in MONEY_IN]
        return (live or paid)[-1]
    among, on = str(step.get("among")), step.get("on_date")
    found = [each for each in entries if _is_among(each, among)]
    if on:
        found = [each for each in found if each.on == day(on)]
    if "amount" in step and "of" not in step:
        exact = [each for each in found if each.amount == minor(step["amount"])]
        found = exact or found
    if among[:1].isupper() or among == "transactions_on_date":
        found = [each for each in found if each.live] or found
        found.sort(key=lambda each: (each.on, each.seq))
    return found[min(int(step.get("nth") or 1), len(found)) - 1]


def _is_among(entry: Entry, among: str) -> bool:
    if among == "transactions_on_date":
        return True
    if among == "repayment":
        return entry.kind in MONEY_IN and entry.kind not in (
            *("down_payment", "interest_refund", "charge_payment"),
            *("charge_adjustment",),
        )
    return entry.kind == among or NAMES.get(entry.kind) == among
