"""The principal owed after each entry, as it is written beside it."""

from daihou.engine.ledger.moving.state import MEMO, Entry, State

_NO_BALANCE = MEMO - {"waive_charge"} | {
    *("charge_off", "contract_termination", "reage", "reamortize"),
}


def effect(entry: Entry) -> int:
    """Return what an entry does to the principal still owed."""
    if entry.kind in _NO_BALANCE or entry.kind == "waive_charge":
        return 0
    if entry.kind == "disbursement":
        return entry.amount - entry.over
    if entry.kind == "chargeback" and "from_over" in entry.details:
        return entry.parts["principal"] - min(entry.over, entry.parts["principal"])
    if entry.kind in ("chargeback", "credit_balance_refund", "refund"):
        return entry.parts["principal"]
    return -entry.parts["principal"]


def note_balances(state: State) -> None:
    """Note the principal owed after each entry; reversed ones keep theirs."""
    balance = 0
    for entry in sorted(state.entries, key=lambda each: (each.on, each.seq)):
        if entry.live:
            balance += effect(entry)
            entry.balance = 0 if entry.kind in _NO_BALANCE else max(0, balance)
