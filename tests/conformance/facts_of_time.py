"""Facts of schedules and lateness, each asked of the engine."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from daihou.engine.basics.dates import add_period
from daihou.engine.delinquency.tags import range_of
from daihou.engine.ledger.fixed.history import history
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.schedule import due_dates, schedule
from daihou.engine.ledger.values import LoanState
from tests.conformance.facts import (
    NPA_DAYS,
    Case,
    Told,
    day,
    loan_of,
    minor,
    policy,
    terms_of,
)

ONE = timedelta(days=1)


def _classification(case: Case) -> Iterator[Told]:
    rule = policy(due_date_counts=0)
    loan = loan_of(terms_of(case["loan"]))
    ranges = [(name, first) for name, first, _ in case["ranges"]]
    for wanted in case["expected"]:
        dpd = settle(loan, rule, as_of=day(wanted["as_of"])).dpd
        yield Told(wanted["as_of"], wanted["dpd"], dpd)
        yield Told("class", wanted["classification"], range_of(dpd, ranges))
        if "is_npa" in wanted:
            yield Told("npa", wanted["is_npa"], dpd > case["npa_threshold_days"])


def _daily(case: Case) -> Iterator[Told]:
    if "draws" in case["loan"]:
        yield from _by_draw(case)
        return
    paid = [(day(on), minor(amount)) for on, amount in case["payments"]]
    loan = loan_of(terms_of(case["loan"]), paid)
    days = {day(on): dpd for on, dpd in case["expected_dpd"].items()}
    ours = history(loan, policy(), first=min(days), last=max(days))
    for on, dpd in days.items():
        yield Told(on.isoformat(), dpd, ours[on])


def _by_draw(case: Case) -> Iterator[Told]:
    loans = {}
    for draw in case["loan"]["draws"]:
        terms = terms_of(
            case["loan"]
            | {"principal": draw["amount"], "first_due": draw["first_due"]},
            disbursed_on=day(draw["date"]),
            # The first instalment asked for is a whole one, soon after the draw.
            first_period="on_first",
            level_by="period",
        )
        rows = loan_of(
            replace(terms, disbursed_on=add_period(terms.first_due_on, -1, "months"))
        )
        paid = [
            (day(on), minor(amount))
            for on, amount, mine in case["payments"]
            if mine == draw["id"]
        ]
        whole = loan_of(terms, paid)
        loans[draw["id"]] = replace(whole, demands=rows.demands)
    for wanted in case["expected"]:
        state = settle(loans[wanted["draw"]], policy(), as_of=day(wanted["as_of"]))
        yield Told(f"{wanted['draw']} {wanted['as_of']}", wanted["dpd"], state.dpd)


def _borrower(case: Case) -> Iterator[Told]:
    """All loans of a borrower are non-performing from the day the worst is.

    Until nothing of any of them is late (worst of the loans, with a memory).
    """
    loans = {each["id"]: loan_of(terms_of(each)) for each in case["loans"]}
    at = max(day(step["date"]) for step in case["steps"] if "date" in step)
    for step in case["steps"]:
        if step.get("op") == "pay_all_due":
            loan = loans[step["loan"]]
            state = settle(loan, policy(), as_of=day(step["date"]))
            paid = (day(step["date"]), state.overdue_total)
            loans[step["loan"]] = loan_of(
                next(terms_of(x) for x in case["loans"] if x["id"] == step["loan"]),
                [paid],
            )
        for name, wanted in step.get("check", {}).items():
            yield Told(name, wanted, _non_performing(loans.values(), at))


def _non_performing(loans: Any, on: date) -> bool:
    paths = [
        history(loan, policy(), first=loan.disbursed_on, last=on) for loan in loans
    ]
    standing = False
    begin = min(min(path) for path in paths)
    for count in range((on - begin).days + 1):
        worst = max(path.get(begin + timedelta(days=count), 0) for path in paths)
        standing = worst > NPA_DAYS or (standing and worst > 0)
    return standing


def _case_lateness(case: Case) -> Iterator[Told]:
    """Only days past due: the case itself is opened and closed elsewhere."""
    steps, terms = case["steps"], terms_of(case["loan"])
    paid: list[tuple[date, int]] = []
    before: LoanState | None = None
    for step in steps:
        if step.get("op") == "payment":
            paid.append((day(step["date"]), minor(step["amount"])))
        elif step.get("op") == "classify":
            loan = loan_of(terms, paid)
            state = settle(loan, policy(), as_of=day(step["date"]))
        elif "dpd_greater_than" in step["check"]:
            floor = step["check"]["dpd_greater_than"]
            yield Told(f"dpd over {floor}", theirs=True, ours=state.dpd > floor)
            before = state
        elif step["check"].get("dpd") == "lower":
            assert before is not None
            yield Told("dpd is lower", theirs=True, ours=state.dpd < before.dpd)
            yield Told(
                "bucket has changed", theirs=True, ours=state.bucket != before.bucket
            )


def _schedule(case: Case) -> Iterator[Told]:
    rows, wanted = schedule(terms_of(case["loan"])), case["expected"]
    if "columns" in wanted:
        for row, (due, *amounts) in zip(rows, wanted["rows"], strict=True):
            ours = [row.principal, row.interest, row.principal + row.interest]
            yield Told("due", due, row.due_on.isoformat())
            yield Told(due, [minor(each) for each in amounts], ours)
        return
    interest = sum(row.interest for row in rows)
    yield Told("rows", wanted["rows"], len(rows))
    yield Told("interest", wanted["total_interest"], _units(interest))
    total = interest + sum(row.principal for row in rows)
    yield Told("total", wanted["total_payment"], _units(total))
    if "installment" in wanted:
        first = rows[0].principal + rows[0].interest
        yield Told("instalment", wanted["installment"], _units(first))
    for each in wanted.get("sample_rows", ()):
        row = rows[each["n"] - 1]
        left = sum(other.principal for other in rows[each["n"] :])
        ours = [_units(row.principal), _units(row.interest), _units(left)]
        theirs = [each["principal"], each["interest"], each["balance"]]
        yield Told(f"row {each['n']}", theirs, ours)


def _units(amount: int) -> str:
    return str(round(Fraction(amount, 100)))


def _due_dates(case: Case) -> Iterator[Told]:
    wanted, start = case["expected"], day(case["loan"]["start"])
    rule = case["loan"]["rule"]
    terms = terms_of(case["loan"] | {"first_due": wanted["first_due"]})
    if "last day" in rule:
        terms = replace(terms, month_end="last_day")
    due = due_dates(terms)
    assert start <= due[0]
    yield Told("second", wanted["second_due"], due[1].isoformat())
    yield Told("last", wanted["last_due"], due[-1].isoformat())


def _first_days(case: Case) -> Iterator[Told]:
    """Interest of the days before the first whole period, and where it is asked for."""
    place = {
        "spread over all periods": "spread",
        "first installment": "on_first",
        "deducted at disbursement": "at_disbursement",
    }[case["loan"]["recovery"]]
    rows = schedule(
        terms_of(
            case["loan"],
            day_count="ACT/365F",
            level_by="period",
            first_period=place,
        )
    )
    for name, amount in case["expected"].items():
        number = int(name.removeprefix("row").removesuffix("_interest"))
        yield Told(name, minor(amount), rows[number - 1].interest)


READERS: Mapping[str, Callable[[Case], Iterator[Told]]] = {
    "dpd_classification": _classification,
    "dpd_daily_log": _daily,
    "npa_borrower": _borrower,
    "collection_case": _case_lateness,
    "schedule": _schedule,
    "schedule_dates": _due_dates,
    "broken_period_interest": _first_days,
}
