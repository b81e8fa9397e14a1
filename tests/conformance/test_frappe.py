"""Facts published by another lending system, each asked of ours as it is stated.

What the engine cannot be asked is named with its reason, never passed over.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance import facts_of_money, facts_of_time
from tests.conformance.facts import Case, read
from tools.conformance.__main__ import shared_cases

FILE = shared_cases().with_name("frappe_cases.json")
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="the shared file frappe_cases.json is not here"
)
READERS = {**facts_of_time.READERS, **facts_of_money.READERS}
NOT_ASKED = {
    "accrual_dates": "posting dates of accrual vouchers: none are posted here, "
    "interest of any day is worked out when asked",
    "accrual_validation": "overlapping accrual vouchers: none are posted here",
    "collateral": "collateral is not in the engine",
    "closure_tolerance": "a small rest is never given up by itself here: a waiver "
    "is granted by somebody",
    "frappe/case-resolve": "two instalments had fallen due and about one was paid; "
    "the fact does not say what had been asked for",
}
IN_PART = {
    "write_off": "status and money, not the vouchers of the general ledger",
    "collection_case": "lateness, not the state of the case",
    "frappe/accrual-continues-in-npa": "interest kept as a memo, not its account",
}


def cases() -> list[Case]:
    """Return the facts, none where the file is not here."""
    return read(FILE) if FILE.is_file() else []


def reason(case: Case, table: Mapping[str, str]) -> str | None:
    """Return what a table says of a fact, by its id or its category."""
    return table.get(case["id"]) or table.get(case["category"])


def asked() -> list[Any]:
    """Return the facts, with the reason where one is not asked."""
    found = []
    for case in cases():
        marks, why = [], reason(case, NOT_ASKED)
        if why:
            marks.append(pytest.mark.skip(reason=why))
        found.append(pytest.param(case, id=case["id"], marks=marks))
    return found


@pytest.mark.parametrize("case", asked())
def test_says_what_the_fact_says(case: Case) -> None:
    found = list(READERS[case["category"]](case))
    assert found, "nothing was compared"
    assert [each for each in found if each.theirs != each.ours] == []


def test_every_fact_is_asked_or_its_reason_named() -> None:
    whole: list[str] = []
    part: list[str] = []
    not_asked: list[str] = []
    for case in cases():
        if reason(case, NOT_ASKED):
            not_asked.append(case["id"])
            continue
        assert case["category"] in READERS, case["id"]
        (part if reason(case, IN_PART) else whole).append(case["id"])
    count = f"{len(whole)} whole, {len(part)} in part, {len(not_asked)} not asked"
    assert len(whole) >= 20, count
    assert len(whole) + len(part) >= 26, count
