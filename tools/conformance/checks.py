"""Their expectations against our loan: one answer a checkpoint."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from daihou.engine.ledger.moving.answers import due_by, interest_due_by
from daihou.engine.ledger.moving.state import MEMO, MONEY_IN, Row
from tools.conformance import views
from tools.conformance.driver import Driver

Difference = tuple[str, object, object]  # field, ours, theirs


def check(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    """Return the differences of one checkpoint; none: it matches."""
    kind = step["check"]
    function = _CHECKS.get(kind)
    if function is None:
        return [(kind, "unknown check", "")]
    return function(driver, step)


def _same(ours: object, theirs: object) -> bool:
    if ours == theirs:
        return True
    try:
        return Decimal(str(ours)) == Decimal(str(theirs))
    except InvalidOperation:
        return False


def compare_rows(
    ours: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    theirs: Sequence[Sequence[Any]],
) -> list[Difference]:
    """Compare two tables row by row, in order."""
    found: list[Difference] = []
    if len(ours) != len(theirs):
        found.append(("rows", len(ours), len(theirs)))
    for number, (mine, given) in enumerate(zip(ours, theirs, strict=False), 1):
        for column, value in zip(columns, given, strict=False):
            if not _same(mine.get(column), value):
                found.append((f"row {number} {column}", mine.get(column), value))
    return found


def compare_fields(
    ours: Mapping[str, object], theirs: Mapping[str, Any]
) -> list[Difference]:
    """Compare every field they give."""
    return [
        (key, ours.get(key), value)
        for key, value in theirs.items()
        if key != "check" and not _same(ours.get(key), value)
    ]


def _schedule(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    account = driver.account
    if account.status in ("submitted", "approved"):
        expected = driver.expected()
    else:
        expected = [
            (each["on"], each["amount"])
            for each in driver.tranches
            if each["paid"] is None
        ]
    rows = views.schedule_rows(account, expected)
    columns = step["columns"]
    return compare_rows(in_order(rows), columns, in_order(step["rows"], columns))


def in_order(rows: Sequence[Any], columns: Sequence[str] | None = None) -> list[Any]:
    """Sort schedule lines by day; of one day, money paid out comes first.

    Whether a disbursement on a due date is printed before or after the instalment
    of that day is no expectation: their own files have it both ways.
    """

    def key(row: Any) -> tuple[str, int]:
        if columns is None:
            return str(row["due_date"]), row["nr"] or 0
        by_name = dict(zip(columns, row, strict=False))
        return str(by_name["due_date"]), by_name["nr"] or 0

    return sorted(rows, key=key)


def _total(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = views.schedule_total(driver.account)
    return compare_fields(ours, step)


def _transactions(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = views.transactions(driver.account)
    columns = step["columns"]

    def key(row: Sequence[Any]) -> tuple[str, ...]:
        return tuple(str(value) for value in row)

    mine = sorted(([row.get(each) for each in columns] for row in ours), key=key)
    theirs = sorted(step["rows"], key=key)
    found: list[Difference] = []
    left = [list(row) for row in theirs]
    for row in mine:
        for given in left:
            if all(_same(a, b) for a, b in zip(row, given, strict=False)):
                left.remove(given)
                break
        else:
            found.append(("only ours", row, None))
    found += [("only theirs", None, row) for row in left]
    return found


def _transaction_on(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    wanted = {key: value for key, value in step.items() if key != "check"}
    near: list[Difference] = [("transaction", None, wanted)]
    for row in views.transactions(driver.account):
        if row["date"] != step["date"] or row["type"] != step["type"]:
            continue
        near = [
            (key, row.get(key), value)
            for key, value in wanted.items()
            if not _same(row.get(key), value)
        ]
        if not near:
            return []
    return near


def _reverted(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    rows = views.transactions(driver.account)
    if "nth" in step:  # of all entries
        rows = rows[int(step["nth"]) - 1 : int(step["nth"])]
    rows = [
        each
        for each in rows
        if each["type"] == step["type"]
        and ("date" not in step or each["date"] == step["date"])
    ]
    if any(each["reverted"] == step["reverted"] for each in rows):
        return []
    return [("reverted", [each["reverted"] for each in rows], step["reverted"])]


def _charges(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = views.charges(driver.account, driver.catalogue)
    columns = step["columns"]
    mine = sorted(ours, key=lambda row: [str(row.get(each)) for each in columns])
    theirs = sorted(step["rows"], key=lambda row: [str(each) for each in row])
    return compare_rows(mine, columns, theirs)


def _status(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = driver.account.status
    ours = {"submitted": "submitted_and_pending_approval"}.get(ours, ours)
    return compare_fields({"status": ours}, step)


def _outstanding(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    return compare_fields({"amount": views.text(driver.account.outstanding)}, step)


def _interest(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = driver.account.outstanding_of("interest")
    return compare_fields({"amount": views.text(ours)}, step)


def _overpaid(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    return compare_fields({"amount": views.text(driver.account.state.over)}, step)


def _late_rows(driver: Driver) -> list[Row]:
    """Return rows past due; arrears stand still once a loan is charged off."""
    state = driver.account.state
    ends = [e.on for e in state.live("charge_off", "contract_termination")]
    today = min([driver.today, *ends])
    return [row for row in state.rows if row.due < today]


def _overdue(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = sum(row.outstanding for row in _late_rows(driver))
    return compare_fields({"amount": views.text(ours)}, step)


def _interest_overdue(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = sum(row.left("interest") for row in _late_rows(driver))
    return compare_fields({"amount": views.text(ours)}, step)


def _unpaid_due_interest(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = interest_due_by(driver.account.state, driver.today)
    return compare_fields({"amount": views.text(ours)}, step)


def _all_met(driver: Driver, _: Mapping[str, Any]) -> list[Difference]:
    open_rows = [r.due.isoformat() for r in driver.account.state.rows if r.open]
    return [("open rows", open_rows, [])] if open_rows else []


def _last_payment(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    paid = [e for e in driver.account.state.live(*MONEY_IN)]
    paid.sort(key=lambda each: (each.on, each.seq))
    repaid = [each for each in paid if each.kind == "repayment"]
    ours = {
        "amount": views.text(paid[-1].amount) if paid else None,
        "date": paid[-1].on.isoformat() if paid else None,
        "last_repayment_amount": views.text(repaid[-1].amount) if repaid else None,
        "last_repayment_date": repaid[-1].on.isoformat() if repaid else None,
    }
    return compare_fields(ours, step)


def _closed_on(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    closed = driver.account.closed_on
    return compare_fields({"date": closed.isoformat() if closed else None}, step)


def _maturity(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    last = max(row.due for row in driver.account.state.normal)
    actual = driver.account.closed_on or last
    ours = {"actual": actual.isoformat(), "expected": last.isoformat()}
    return compare_fields(ours, step)


def _charged_off_on(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    on = driver.account.charged_off_on
    return compare_fields({"date": on.isoformat() if on else None}, step)


def _delinquency(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    late, account, today = driver.lateness, driver.account, driver.today
    days, past, since = late.days(account, today)
    ours = {
        "classification": late.tag,
        "amount": views.text(late.amount(account, today)),
        "delinquent_date": since.isoformat() if since else None,
        "delinquent_days": days,
        "past_due_days": past,
    }
    return compare_fields(ours, step)


def _history(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = [
        {
            "classification": tag.name,
            "added_on": tag.added_on.isoformat(),
            "lifted_on": tag.lifted_on.isoformat() if tag.lifted_on else None,
        }
        for tag in driver.lateness.sticky.history
    ]
    return compare_rows(ours, step["columns"], step["rows"])


def _by_instalment(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = [
        {"classification": name, "amount": views.text(amount)}
        for name, amount in driver.lateness.by_instalment(driver.account, driver.today)
    ]
    return compare_rows(ours, step["columns"], step["rows"])


def _actions(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = [
        {
            "action": "pause" if action.till else "resume",
            "start": action.on.isoformat(),
            "end": action.till.isoformat() if action.till else None,
        }
        for action in driver.lateness.actions
    ]
    return compare_rows(ours, step["columns"], step["rows"])


def _pauses(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = [
        {
            "active": start <= driver.today <= end,
            "start": start.isoformat(),
            "end": end.isoformat(),
        }
        for start, end in driver.lateness.pauses
    ]
    return compare_rows(ours, step["columns"], step["rows"])


def _next_payment(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    unpaid = [row for row in driver.account.state.rows if row.open]
    setting = driver.config.get("next-payment-due-date", "earliest-unpaid-date")
    if setting == "next-unpaid-due-date":
        unpaid = [row for row in unpaid if row.due >= driver.today] or unpaid[-1:]
    amount, due = 0, driver.today
    if unpaid:  # money that came late moves what comes next to its day
        money = [each.on for each in driver.account.state.live(*MONEY_IN)]
        due = max([unpaid[0].due, *money])
        coming = next((row for row in unpaid if row.due >= due), unpaid[-1])
        amount = due_by(driver.account.state, coming.due)
    ours = {
        "due_date": due.isoformat(),
        "amount": views.text(amount),
        "classification": driver.lateness.tag,
    }
    return compare_fields(ours, step)


def _tranches(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    ours = [
        {
            "expected_on": each["on"].isoformat(),
            "disbursed_on": each["paid"].isoformat() if each["paid"] else None,
            "principal": views.text(each["amount"]),
            "net": None if each["net"] is None else views.text(each["net"]),
        }
        for each in driver.tranches
    ]
    return compare_rows(ours, step["columns"], step["rows"])


def _refused(driver: Driver, step: Mapping[str, Any]) -> list[Difference]:
    """Their operation had details the file does not give; only the state can refuse."""
    operation, account = step["operation"], driver.account
    closed = account.status.startswith("closed") or account.status == "overpaid"
    disbursed = sum(each.amount for each in account.state.live("disbursement"))
    full = disbursed >= driver.approved and not driver.terms.several_disbursements
    if driver.by_tranche:  # each disbursement has its tranche
        full = all(each["paid"] for each in driver.tranches)
    later = [e.on for e in account.state.live() if e.kind not in MEMO]
    refused = {
        "repayment": account.status == "closed_written_off",
        "reverse": account.status == "closed_written_off",
        "charge_off": account.charged_off_on is not None
        or closed
        or (bool(later) and max(later) > driver.today),
        "charge": account.charged_off_on is not None,
        "reschedule": account.charged_off_on is not None or closed,
        "credit_balance_refund": account.state.over <= 0,
        "interest_pause": not driver.terms.bears_interest
        or not driver.terms.recalculates,
        "disburse": (full and bool(disbursed))
        or account.status == "closed_obligations_met"
        or account.charged_off_on is not None
        or account.status == "closed_written_off",
        "approve": account.status != "submitted",
    }.get(operation, False)
    if refused:
        return []
    return [("refused", "not refused by the state of the loan", operation)]


_CHECKS = {
    "schedule": _schedule,
    "schedule_total": _total,
    "transactions": _transactions,
    "transaction_on": _transaction_on,
    "transaction_reverted": _reverted,
    "charges": _charges,
    "status": _status,
    "outstanding": _outstanding,
    "interest_outstanding": _interest,
    "overpaid": _overpaid,
    "overdue": _overdue,
    "interest_overdue": _interest_overdue,
    "unpaid_due_interest": _unpaid_due_interest,
    "all_installments_met": _all_met,
    "last_payment": _last_payment,
    "closed_on": _closed_on,
    "maturity": _maturity,
    "charged_off_on": _charged_off_on,
    "delinquency": _delinquency,
    "delinquency_history": _history,
    "delinquency_history_nth": _history,
    "installment_delinquency": _by_instalment,
    "delinquency_actions": _actions,
    "delinquency_pauses": _pauses,
    "next_payment": _next_payment,
    "tranches": _tranches,
    "refused": _refused,
}

__all__ = ["Difference", "check", "compare_fields", "compare_rows", "in_order"]
