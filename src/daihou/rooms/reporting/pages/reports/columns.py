"""A report with the columns somebody chose, in their order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from daihou.rooms.reporting.pages.reports.report import Column, Kind, Report

# Whom a row names is always said: exports are weighed and watched by it.
_KEPT: Final = frozenset({Kind.LOAN, Kind.CUSTOMER})
_MOST: Final = 60  # names that are looked at in an address


@dataclass(frozen=True)
class Choice:
    """One column of the first table, and whether it is shown."""

    key: str
    title: str
    chosen: bool
    fixed: bool


def narrowed(report: Report, keys: Sequence[str]) -> Report:
    """The report with these columns of its first table, in this order; none: all.

    A column that names the loan or the customer stays, in front. What is not a column
    is left aside. Other columns are another report: its fingerprint says so.
    """
    known = {each.key: each for each in report.main.columns}
    asked = [key for key in dict.fromkeys(keys[:_MOST]) if key in known]
    if not asked:
        return report
    named = [each.key for each in report.main.columns if each.kind in _KEPT]
    chosen = [*named, *(key for key in asked if key not in named)]
    if chosen == list(known):
        return report
    columns: list[Column] = [known[key] for key in chosen]
    told = "\n".join([report.fingerprint, *chosen])
    return replace(
        report,
        tables=(replace(report.main, columns=columns), *report.tables[1:]),
        conditions=(*report.conditions, ("cols", ",".join(chosen))),
        fingerprint=hashlib.sha256(told.encode()).hexdigest(),
    )


def choices(whole: Report, shown: Report) -> Sequence[Choice]:
    """Every column of the first table: those shown first, in their order."""
    on = [each.key for each in shown.main.columns]
    rest = [each for each in whole.main.columns if each.key not in on]
    return [
        Choice(each.key, each.title, each.key in on, each.kind in _KEPT)
        for each in (*shown.main.columns, *rest)
    ]
