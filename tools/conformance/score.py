"""Run every case of a file and count what matches."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.conformance import views
from tools.conformance.checks import Difference, check, compare_rows, in_order
from tools.conformance.driver import Driver, NotUnderstood
from tools.conformance.terms import day, minor

# Out of scope: no engine rule of ours speaks of these.
_OUT_OF_SCOPE = {
    "capitalized_income": "capitalised income",
    "capitalized_income_adjustment": "capitalised income",
    "buy_down_fee": "buy-down fee",
    "buy_down_fee_adjustment": "buy-down fee",
    "update_approved_amount": "tranche approval",
}


# The terms of a schedule case name its charges but not how they are worked out:
# a plan is judged by dates, balance, principal and interest.
_CHARGED = frozenset({"fees", "penalties", "due"})


# What a file we do not know may run into; the checkpoint is then a difference.
_BREAKS = (
    *(NotUnderstood, ArithmeticError, LookupError, AssertionError, TypeError),
    *(ValueError, AttributeError, StopIteration, RecursionError),
)


@dataclass
class Mismatch:
    """One checkpoint that came out differently."""

    case: str
    step: int
    check: str
    differences: list[Difference]
    error: str = ""


@dataclass
class Score:
    """What was compared, what matched, what was left out and why."""

    schedules: list[int] = field(default_factory=lambda: [0, 0])
    fixed: list[int] = field(default_factory=lambda: [0, 0])
    recalculated: list[int] = field(default_factory=lambda: [0, 0])
    cases: list[int] = field(default_factory=lambda: [0, 0])
    by_category: dict[str, list[int]] = field(default_factory=dict)
    by_check: dict[str, list[int]] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    with_charges: int = 0
    journals: int = 0
    mismatches: list[Mismatch] = field(default_factory=list)

    def summary(self) -> dict[str, Any]:
        """Return the line that is printed last."""
        return {
            "schedules": self.schedules,
            "checkpoints": self.fixed,
            "checkpoints_recalculated": self.recalculated,
            "cases": self.cases,
            "skipped": sum(self.skipped.values()),
            "by_category": dict(sorted(self.by_category.items())),
        }


def run(data: Mapping[str, Any], only: str = "") -> Score:
    """Run all schedule cases and cases of a file (or those whose id contains `only`)."""
    score = Score()
    catalogue = data.get("meta", {}).get("charges", {})
    for case in data.get("schedule_cases", ()):
        if only in case["id"]:
            _schedule_case(score, case, catalogue)
    for case in data.get("cases", ()):
        if only in case["id"]:
            _case(score, case, catalogue)
    return score


def _schedule_case(
    score: Score, case: Mapping[str, Any], catalogue: Mapping[str, Any]
) -> None:
    score.schedules[1] += 1
    try:
        driver = Driver(case["terms"], catalogue)
        driver.today = day(case["business_date"])
        if case.get("approved_amount"):
            driver.op_approve(
                {
                    "amount": case["approved_amount"],
                    "date": case["business_date"],
                    "expected_disbursement": case.get("approved_expected"),
                }
            )
        for on, amount in case["disbursements"]:
            driver.op_disburse(
                {"date": on, "amount": amount, "without_auto_down_payment": True}
            )
        expected = []
        if not case["disbursements"]:
            amount_ = driver.approved or driver.terms.principal
            expected = [(driver.expected_on, amount_)]
        rows = views.schedule_rows(driver.account, expected)
        found = compare_rows(
            in_order(rows), case["columns"], in_order(case["rows"], case["columns"])
        )
        total = views.schedule_total(driver.account)
        found += [
            (key, total.get(key), value)
            for key, value in (case.get("total") or {}).items()
            if minor(total[key]) != minor(value)
        ]
        score.with_charges += not found
        found = [each for each in found if each[0].split()[-1] not in _CHARGED]
    except _BREAKS as problem:
        score.mismatches.append(
            Mismatch(
                case["id"], 0, "schedule", [], f"{type(problem).__name__}: {problem}"
            )
        )
        return
    if found:
        score.mismatches.append(Mismatch(case["id"], 0, "schedule", found))
    else:
        score.schedules[0] += 1


def out_of_scope(case: Mapping[str, Any]) -> str | None:
    """Return why a case is left out, or None."""
    for step in case["steps"]:
        why = _OUT_OF_SCOPE.get(step.get("op", ""))
        if why:
            return why
        if step.get("check") == "refused":
            why = _OUT_OF_SCOPE.get(step.get("operation", ""))
            if why:
                return why
    return None


def _case(score: Score, case: Mapping[str, Any], catalogue: Mapping[str, Any]) -> None:
    why = out_of_scope(case)
    if why:
        score.skipped[why] += 1
        return
    counter = (
        score.recalculated
        if case["loan"].get("interest_recalculation")
        else score.fixed
    )
    score.cases[1] += 1
    whole = True
    for number, kind, found, error in _checkpoints(case, catalogue):
        if kind == "journal":
            score.journals += 1
            continue
        good = not found and not error
        for pair in (
            counter,
            score.by_category.setdefault(case["category"], [0, 0]),
            score.by_check.setdefault(kind, [0, 0]),
        ):
            pair[0] += good
            pair[1] += 1
        if not good:
            whole = False
            score.mismatches.append(Mismatch(case["id"], number, kind, found, error))
    score.cases[0] += whole


def _checkpoints(
    case: Mapping[str, Any], catalogue: Mapping[str, Any]
) -> Iterator[tuple[int, str, list[Difference], str]]:
    """Yield each checkpoint of a case; after an error none of them can match."""
    driver, error = None, ""
    try:
        driver = Driver(case["loan"], catalogue)
    except _BREAKS as problem:
        error = f"{type(problem).__name__}: {problem}"
    for number, step in enumerate(case["steps"]):
        kind = step.get("check", "")
        if kind == "journal":
            yield number, kind, [], ""
            continue
        found: list[Difference] = []
        try:
            if driver is not None and not error:
                if "op" in step:
                    driver.run(step)
                else:
                    found = check(driver, step)
        except _BREAKS as problem:
            error = f"step {number}: {type(problem).__name__}: {problem}"
        if kind:
            yield number, kind, found, error
