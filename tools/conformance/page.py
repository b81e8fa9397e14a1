"""The page of docs/reference: what matched, and every difference with its reason."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from tools.conformance.score import Mismatch, Score, all_cases, id_of

MARK = "<!-- Made by `make conformance`; do not edit. -->\n"
_INCOME = ("Accrual", "Accrual Activity", "Accrual Adjustment")
_WIDTH = 90
_INTRODUCTION = """\
Apache Fineract (Apache-2.0) publishes what it expects of loans: numbers, dates and
words. The plain engine (`daihou.engine.ledger.moving`) is given the same terms and
events, step by step; a checkpoint matches when every field it gives matches.

- A pure schedule is judged by its dates, balance, principal and interest. The terms of
  a schedule case name its charges but not how they are worked out; with the charge
  columns too, {with_charges} of {total} match.
- Lines of one due date may stand in either order: whether a disbursement on a due date
  is printed before or after the instalment of that day is no number.
- Journal checks ({journals}) are not compared: there are no journal entries here. Cases
  on capitalised income, buy-down fees and changed approvals are left out and counted.
"""
_REASONS = {
    "error": (
        "it could not be computed: the file holds something this tool does not know, "
        "or lacks something it needs"
    ),
    "refused": (
        "the file does not say what was asked for; only the state of the loan can "
        "refuse, and it allows it"
    ),
    "charge": (
        "the file names the charge but not how it is worked out, so the flat rate of "
        "its catalogue is used"
    ),
    "partial": "a step of this case is missing from the file",
    "follows": "follows from the first difference of the case",
    "income": (
        "the money agrees; what was earned is booked on other days or in other parts"
    ),
    "flags": "the amounts agree; which entries were derived anew is marked otherwise",
    "history": "the days of a first classification after missing day-ends differ",
    "cent": "one cent: an even share is rounded at another place",
    "refunded": (
        "the interest refunded with a payment is worked out along another history of "
        "the loan"
    ),
    "closing": (
        "after a charge-off or termination, what happened before it but was recorded "
        "after it finds its place otherwise"
    ),
    "next": "what counts as the next payment of a loan partly paid late",
    "replay": (
        "entries recorded late or taken back meet charges, pauses and rates in another "
        "order when all is derived again"
    ),
    "layout": "a disbursement and its down payment are placed or rounded otherwise",
    "open": "not yet explained",
}


def page(score: Score, data: Mapping[str, Any]) -> str:
    """Return the whole page."""
    cases = {id_of(case): case for case in all_cases(data)}
    introduction = _INTRODUCTION.format(
        with_charges=score.with_charges,
        total=score.schedules[1],
        journals=score.journals,
    )
    lines = [MARK, "# Conformance", "", introduction, *_totals(score)]
    seen: set[str] = set()
    rows, counted = [], dict.fromkeys(_REASONS, 0)
    for each in score.mismatches:
        reason = reason_of(each, cases.get(each.case), later=each.case in seen)
        seen.add(each.case)
        counted[reason] += 1
        rows.append(_row(each, reason))
    lines += ["", "## Reasons", "", "| key | reason | checkpoints |", "|---|---|---|"]
    lines += [f"| {k} | {_REASONS[k]} | {n} |" for k, n in counted.items() if n]
    lines += [
        *("", "## Differences", "", "One line a checkpoint: its first difference.", ""),
        *("| case, step | check | field | ours | theirs | reason |",),
        *("|---|---|---|---|---|---|", *rows),
    ]
    return "\n".join(lines) + "\n"


def _totals(score: Score) -> list[str]:
    def line(name: str, pair: list[int]) -> str:
        share = 100 * pair[0] / pair[1] if pair[1] else 100
        return f"| {name} | {pair[0]} | {pair[1]} | {share:.1f} % |"

    lines = ["| | matched | of | |", "|---|---|---|---|"]
    lines += [
        line("schedules", score.schedules),
        line("checkpoints, interest fixed", score.fixed),
        line("checkpoints, interest recalculated", score.recalculated),
        line("whole cases", score.cases),
    ]
    lines += ["", "## By category", "", "| | matched | of | |", "|---|---|---|---|"]
    lines += [line(k, v) for k, v in sorted(score.by_category.items())]
    lines += [
        "",
        "## By kind of check",
        "",
        "| | matched | of | |",
        "|---|---|---|---|",
    ]
    lines += [line(k, v) for k, v in sorted(score.by_check.items())]
    lines += ["", "## Left out", "", "| cases on | |", "|---|---|"]
    lines += [f"| {why} | {n} |" for why, n in sorted(score.skipped.items())]
    return lines


def reason_of(each: Mismatch, case: Mapping[str, Any] | None, *, later: bool) -> str:
    """Return the key of the reason of one difference."""
    if each.error:
        return "error"
    if each.check == "refused":
        return "refused"
    if _only_flags(each):
        return "flags"
    if _only_income(each):
        return "income"
    loan = (case or {}).get("loan", {})
    if (case or {}).get("completeness") == "partial":
        return "partial"
    if _charges_unknown(each, loan):
        return "charge"
    if each.check == "delinquency_history":
        return "history"
    if later:
        return "follows"
    return _by_events(each, case or {})


def _by_events(each: Mismatch, case: Mapping[str, Any]) -> str:
    """Return the reason from what the difference is about and what happened before."""
    steps = (case.get("steps") or ())[: each.step]
    done = [step.get("op") for step in steps]
    if _by_a_cent(each):
        return "cent"
    if any(row[1] == "Interest Refund" for row in _rows_of(each)):
        return "refunded"
    if "charge_off" in done or "contract_termination" in done:
        return "closing"
    if each.check == "next_payment":
        return "next"
    if {"reverse", "interest_pause", "reschedule", "charge", "payoff"} & set(done):
        return "replay"
    if done.count("disburse") > 1:
        return "layout"
    return "replay" if _recorded_late(case, each.step) else "open"


def _by_a_cent(each: Mismatch) -> bool:
    try:
        return bool(each.differences) and all(
            abs(Decimal(str(ours)) - Decimal(str(theirs))) <= Decimal("0.01")
            for _, ours, theirs in each.differences
        )
    except InvalidOperation:
        return False


def _recorded_late(case: Mapping[str, Any], until: int) -> bool:
    """Tell whether something was recorded on a later day than its own."""
    today = ""
    for step in (case.get("steps") or ())[:until]:
        if step.get("op") == "set_date":
            today = str(step.get("date"))
        elif "op" in step and str(step.get("date", today)) < today:
            return True
    return False


def _rows_of(each: Mismatch) -> list[list[Any]]:
    return [
        list(row)
        for difference in each.differences
        for row in difference[1:]
        if isinstance(row, list) and each.check == "transactions" and len(row) > 1
    ]


def _only_income(each: Mismatch) -> bool:
    rows = _rows_of(each)
    return (
        each.check == "transactions"
        and bool(rows)
        and all(row[1] in _INCOME for row in rows)
    )


def _only_flags(each: Mismatch) -> bool:
    if each.check != "transactions" or not each.differences:
        return False
    ours = [tuple(d[1][:8]) for d in each.differences if isinstance(d[1], list)]
    theirs = [tuple(d[2][:8]) for d in each.differences if isinstance(d[2], list)]
    return bool(ours) and sorted(map(str, ours)) == sorted(map(str, theirs))


def _charges_unknown(each: Mismatch, loan: Mapping[str, Any]) -> bool:
    given = loan.get("initial_charges") or loan.get("product_charges")
    fields = " ".join(str(difference[0]) for difference in each.differences)
    rows = _rows_of(each)
    at_once = "Repayment (at time of disbursement)"
    only_at_once = bool(rows) and all(row[1] == at_once for row in rows)
    return bool(given) and (each.check == "charges" or "fees" in fields or only_at_once)


def _row(each: Mismatch, reason: str) -> str:
    if each.error:
        field, ours, theirs = "error", each.error, ""
    else:
        field, ours, theirs = (str(part) for part in each.differences[0])
    cells = [f"{each.case}, {each.step}", each.check, field, ours, theirs, reason]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    text = text.replace("|", "/").replace("'", "")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
