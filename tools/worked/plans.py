"""Tables of repayment plans: what was agreed, row by row what is due, what is left."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from daihou.engine.basics.money import format_minor
from daihou.engine.ledger.terms import Row
from tests.golden.cases import CURRENCY
from tests.golden.test_schedules import CASES, rows_of
from tools.worked import words
from tools.worked.tables import table

SHOWN = 14  # rows; of a longer plan the middle is left out
_SAID: Mapping[str, str] = {
    "day_count": "day count 计息基准 `{0}`",
    "rounding": "rounding `{0}`",
    "instalment": "instalment stated as {0}",
    "last_row": "the last row: `{0}`",
    "multiple_of": "instalments in multiples of {0}",
    "multiple_rounding": "rounded {0}",
    "grace_principal": "{0} periods without principal 本金宽限",
    "grace_interest": "{0} periods without interest payments 利息宽限",
    "grace_interest_to": "their interest: `{0}`",
    "balloon": "balloon 尾款 {0}",
    "down_payment": "down payment 首付 {0}",
    "down_payment_share": "down payment 首付 {share}",
    "first_period": "first period `{0}`",
    "level_by": "instalment solved over `{0}`",
    "month_end": "month end `{0}`",
    "due_day": "due on day {0} of the month",
    "holidays": "holidays 节假日 `{0}`",
    "interest_to": "interest up to the day `{0}`",
}


@cache
def plans() -> Mapping[str, Mapping[str, Any]]:
    return {case["name"]: case for case in CASES}


def plan_lines(name: str) -> list[str]:
    """The terms of a golden schedule in words, and its rows."""
    if name not in plans():
        known = "\n  ".join(plans())
        raise LookupError(
            f"No golden schedule is named {name!r}. There are:\n  {known}"
        )
    case = plans()[name]
    rows = rows_of(case)
    return [
        f"**{name}.** *{case['source']}*",
        "",
        f"Agreed 约定: {'; '.join(_agreed(case))}.",
        "",
        *table(
            (
                "no. 期次",
                "due 应还日",
                "instalment 应还",
                "interest 利息",
                "principal 本金",
            )
            + ("left 剩余本金",),
            _rows(rows),
        ),
    ]


def _agreed(case: Mapping[str, Any]) -> Iterator[str]:
    given = dict(case["terms"])
    rate = words.percent(Decimal(given.pop("annual_rate")))
    amount = f"{Decimal(given.pop('principal')):,.2f}"
    yield f"{amount} at {rate} a year, {words.METHODS[given.pop('method')]}"
    every, unit = given.pop("every", 1), given.pop("period_unit", "months")
    count = given.pop("periods")
    length = f" of {every} {unit}" if every > 1 else ""
    yield f"{count} {'periods' + length if length else unit}"
    yield f"paid out 放款 {given.pop('disbursed_on')}"
    yield f"first due {given.pop('first_due_on')}"
    for each in given.pop("tranches", ()):
        yield f"of it {Decimal(each['amount']):,.2f} paid out on {each['paid_on']}"
    for each in given.pop("rate_changes", ()):
        more = [f"{k} `{v}`" for k, v in each.items() if k in ("applies", "keeps")]
        new = words.percent(Decimal(each["annual_rate"]))
        yield ", ".join([f"{new} from {each['begins_on']}", *more])
    for key, value in given.items():
        said = _SAID.get(key, f"`{key}: {value}`")
        share = words.percent(Decimal(value)) if key.endswith("share") else ""
        yield said.format(value, share=share)
    if case.get("closed"):
        yield f"closed days 节假日: {', '.join(case['closed'])}"
    asked = case.get("remaining")
    if asked:
        yield f"made anew from {asked['from_on']} with {asked['balance']} left"
        skip = ("from_on", "balance")
        yield ", ".join(f"{k} {v}" for k, v in asked.items() if k not in skip)


def _rows(rows: Sequence[Row]) -> Iterator[list[str]]:
    left = sum(row.principal for row in rows)
    for place, row in enumerate(rows, 1):
        left -= row.principal
        if len(rows) > SHOWN and 4 < place <= len(rows) - 3:
            if place == 5:
                yield ["…", "", "", "", "", ""]
            continue
        amounts = (row.principal + row.interest, row.interest, row.principal, left)
        yield [
            str(row.seq),
            row.due_on.isoformat(),
            *(format_minor(amount, CURRENCY) for amount in amounts),
        ]


def lines() -> list[str]:
    """Every golden schedule: its name and how a person can work it out."""
    rows = ((name, str(case["source"])) for name, case in plans().items())
    return table(("case", "worked out by"), rows)
