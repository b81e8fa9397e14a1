"""Run every case of a file and count what matches."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tools.conformance import views
from tools.conformance.checks import (
    Difference,
    check,
    compare_fields,
    compare_rows,
    in_order,
)
from tools.conformance.driver import Driver
from tools.conformance.terms import day

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

_SHAPES = {"loan": dict, "terms": dict, "steps": list, "total": dict}
BROKEN = "broken"  # no checkpoint, but a step that could not be done


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
    """Run all schedule cases and cases of a file (or those whose id contains `only`).

    Nothing a case holds stops the run: what cannot be computed is not matched.
    """
    score, meta = Score(), data.get("meta") or {}
    for case in _cases(data, "schedule_cases"):
        if only in id_of(case):
            _schedule_case(score, case, meta)
    for case in _cases(data, "cases"):
        if only in id_of(case):
            _case(score, case, meta)
    return score


def all_cases(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schedule cases and the cases of a file."""
    return [*_cases(data, "schedule_cases"), *_cases(data, "cases")]


def _cases(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    """Return the cases under a key; what has another shape has nothing to compute."""
    return [
        {
            name: part
            for name, part in (each if isinstance(each, dict) else {}).items()
            if isinstance(part, _SHAPES.get(name, object))
        }
        for each in data.get(key) or ()
    ]


def id_of(case: Mapping[str, Any]) -> str:
    """Return what a case is called."""
    return str(case.get("id") or "unnamed")


def _words(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}"


def _schedule_case(
    score: Score, case: Mapping[str, Any], meta: Mapping[str, Any]
) -> None:
    score.schedules[1] += 1
    error = ""
    try:
        found = _schedule_differences(case, meta)
        score.with_charges += not found
        found = [each for each in found if each[0].split()[-1] not in _CHARGED]
    except Exception as problem:  # noqa: BLE001 - a file may hold anything
        found, error = [], _words(problem)
    if found or error:
        score.mismatches.append(Mismatch(id_of(case), 0, "schedule", found, error))
    else:
        score.schedules[0] += 1


def _schedule_differences(
    case: Mapping[str, Any], meta: Mapping[str, Any]
) -> list[Difference]:
    driver = Driver(case["terms"], meta)
    driver.today = day(case["business_date"])
    if case.get("approved_amount"):
        driver.op_approve(
            {
                "amount": case["approved_amount"],
                "date": case["business_date"],
                "expected_disbursement": case.get("approved_expected"),
            }
        )
    paid_out = case.get("disbursements") or ()
    for on, amount in paid_out:
        driver.op_disburse(
            {"date": on, "amount": amount, "without_auto_down_payment": True}
        )
    rows = views.schedule_rows(driver.account, () if paid_out else driver.expected())
    columns = case["columns"]
    found = compare_rows(in_order(rows), columns, in_order(case["rows"], columns))
    return found + compare_fields(
        views.schedule_total(driver.account), case.get("total") or {}
    )


def out_of_scope(case: Mapping[str, Any]) -> str | None:
    """Return why a case is left out, or None."""
    for step in case.get("steps") or ():
        if not isinstance(step, dict):
            continue
        word = step.get("op")
        if step.get("check") == "refused":
            word = step.get("operation")
        why = _OUT_OF_SCOPE.get(str(word))
        if why:
            return why
    return None


def _case(score: Score, case: Mapping[str, Any], meta: Mapping[str, Any]) -> None:
    why = out_of_scope(case)
    if why:
        score.skipped[why] += 1
        return
    follows = case.get("loan", {}).get("interest_recalculation")
    counter = score.recalculated if follows else score.fixed
    category = str(case.get("category") or "none")
    score.cases[1] += 1
    whole = True
    for number, kind, found, error in _checkpoints(case, meta):
        if kind == "journal":
            score.journals += 1
            continue
        good = not found and not error
        for pair in (
            counter,
            score.by_category.setdefault(category, [0, 0]),
            score.by_check.setdefault(kind, [0, 0]),
        ):
            if kind != BROKEN:
                pair[0] += good
                pair[1] += 1
        if not good:
            whole = False
            score.mismatches.append(Mismatch(id_of(case), number, kind, found, error))
    score.cases[0] += whole


def _checkpoints(
    case: Mapping[str, Any], meta: Mapping[str, Any]
) -> Iterator[tuple[int, str, list[Difference], str]]:
    """Yield each checkpoint of a case; after a broken step none of them can match.

    A case that breaks where no checkpoint follows yields one of kind BROKEN, which
    counts for the case alone.
    """
    driver, error, told = None, "", False
    steps = case.get("steps") or ()
    try:
        driver = Driver(case["loan"], meta, case["steps"])
    except Exception as problem:  # noqa: BLE001 - a file may hold anything
        error = _words(problem)
    for number, step in enumerate(steps):
        kind, found, wrong = "", [], ""
        try:
            kind = str(step.get("check") or "")
            if kind == "journal":
                yield number, kind, [], ""
                continue
            if driver is not None and not error:
                if kind:
                    found = check(driver, step)
                else:
                    driver.run(step)
        except Exception as problem:  # noqa: BLE001 - a file may hold anything
            wrong = f"step {number}: {_words(problem)}"
        if kind:
            yield number, kind, found, error or wrong
            told = told or bool(error)
        else:
            error = error or wrong
    if error and not told:
        yield len(steps), BROKEN, [], error
