"""The schedules a banker can work out by hand, against the reference."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from daihou.engine.ledger.schedule import remaining, schedule
from daihou.engine.ledger.terms import LoanTerms, RateChange, Row, Tranche
from daihou.packs.reading import read_yaml
from tests.golden.cases import CURRENCY, FOLDER, day, minor

DATES = ("disbursed_on", "first_due_on")
SHARES = ("annual_rate", "down_payment_share")
AMOUNTS = {
    "principal": "principal_minor",
    "instalment": "instalment_minor",
    "balloon": "balloon_minor",
    "down_payment": "down_payment_minor",
    "multiple_of": "multiple_of",
}


def cases() -> Iterator[Mapping[str, Any]]:
    """Yield every case of every file of schedules."""
    for file in sorted((FOLDER / "schedules").glob("*.yaml")):
        yield from read_yaml(file.read_text(encoding="utf-8"), name=file.name)


def terms_of(given: Mapping[str, Any]) -> LoanTerms:
    """Read the terms of a case; amounts in yuan, periods of months by default."""
    fields: dict[str, Any] = {"period_unit": "months"}
    for name, value in given.items():
        if name in AMOUNTS:
            fields[AMOUNTS[name]] = minor(value)
        elif name in DATES:
            fields[name] = day(value)
        elif name in SHARES:
            fields[name] = Decimal(value)
        elif name == "tranches":
            fields[name] = tuple(
                Tranche(day(each["paid_on"]), minor(each["amount"])) for each in value
            )
        elif name == "rate_changes":
            fields[name] = tuple(_rate_change(dict(each)) for each in value)
        else:
            fields[name] = value
    return LoanTerms(currency=CURRENCY, **fields)


def _rate_change(given: dict[str, str]) -> RateChange:
    on, rate = day(given.pop("begins_on")), Decimal(given.pop("annual_rate"))
    return RateChange(on, rate, **given)


def rows_of(case: Mapping[str, Any]) -> tuple[Row, ...]:
    """Make the schedule of a case, or what is left of it."""
    known = {"name", "source", "terms", "closed", "remaining", "expect"}
    assert case.keys() <= known, case["name"]
    terms = terms_of(case["terms"])
    closed = frozenset(day(each) for each in case.get("closed", ()))
    if "remaining" not in case:
        return schedule(terms, closed=closed)
    asked = dict(case["remaining"])
    asked |= {name: day(asked[name]) for name in ("from_on", "first_due_on")}
    asked |= {"balance": minor(asked["balance"])}
    if "annual_rate" in asked:
        asked["annual_rate"] = Decimal(asked["annual_rate"])
    return remaining(terms, closed=closed, **asked)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_schedule_is_what_the_banker_expects(case: Mapping[str, Any]) -> None:
    rows = rows_of(case)
    expect = case["expect"]
    assert expect.keys() <= {"rows", "total_interest", "row"}, case["name"]
    if "rows" in expect:
        assert len(rows) == expect["rows"]
    if "total_interest" in expect:
        assert sum(row.interest for row in rows) == minor(expect["total_interest"])
    numbered = {row.seq: row for row in rows}
    for seq, values in expect.get("row", {}).items():
        found = {name: getattr(numbered[seq], name) for name in values}
        assert found == {
            name: date.fromisoformat(value) if name == "due_on" else minor(value)
            for name, value in values.items()
        }, seq


def test_the_names_are_told_apart() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) >= 25
