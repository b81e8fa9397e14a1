"""The caps of a licence over time: for whole books, which ask day by day the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from daihou.engine.caps.lpr import LprTable
from daihou.engine.caps.rules import CEILINGS, PENALTY, CapRules
from daihou.engine.caps.values import Lending
from daihou.engine.rulebook.law import Lawbook

EVER, NEVER = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Term:
    """What holds for loans paid out on [begins_on, ends_on) by one kind of lender.

    `cap` is the lowest known all-in rate a year, None where none is known;
    `overdue_most` the highest multiple for lateness. `complete`: every cap of these
    days is known, so that keeping it may be asserted; `doubted`: one of them rests on
    what nobody has checked.
    """

    licence: str
    begins_on: date
    ends_on: date
    cap: Decimal | None
    overdue_most: Decimal | None
    complete: bool
    doubted: bool


def terms(law: Lawbook, lpr: LprTable, *, licence: str) -> tuple[Term, ...]:
    """Return the caps of a licence for every day, each stretch as long as can be."""
    found: list[Term] = []
    for first, following in pairwise(_days_of_change(law, lpr)):
        term = _term(law, lpr, licence, first, following)
        if found and _says(found[-1]) == _says(term):
            earlier = found.pop()
            term = _term(law, lpr, licence, earlier.begins_on, following)
        found.append(term)
    return tuple(found)


def _days_of_change(law: Lawbook, lpr: LprTable) -> list[date]:
    days = {EVER, NEVER, *(each.begins_on for each in lpr.quotes)}
    asked = (*CEILINGS, PENALTY)
    for rule in filter(None, map(law.rules.get, asked)):
        for version in rule.versions:
            days |= _both(version.begins_on, version.ends_on)
    for change in law.changes:
        if change.rule in asked:
            days |= _both(change.begins_on, change.ends_on)
    return sorted(day for day in days if EVER <= day <= NEVER)


def _both(begins_on: date, ends_on: date | None) -> set[date]:
    return {begins_on} if ends_on is None else {begins_on, ends_on}


def _term(
    law: Lawbook, lpr: LprTable, licence: str, first: date, following: date
) -> Term:
    rules = CapRules.of(law, Lending(licence, first), lpr)
    most = None if rules.penalty is None else rules.penalty.share("overdue_most")
    return Term(
        licence=licence,
        begins_on=first,
        ends_on=following,
        cap=rules.cap,
        overdue_most=most,
        complete=rules.is_complete,
        doubted=any(each.is_doubted for each in rules.ceilings),
    )


def _says(term: Term) -> tuple[object, ...]:
    return term.cap, term.overdue_most, term.complete, term.doubted


def holding(found: tuple[Term, ...], on: date) -> Term:
    """Return the term of a day of payout."""
    return next(_within(found, on))


def _within(found: tuple[Term, ...], on: date) -> Iterator[Term]:
    return (each for each in found if each.begins_on <= on < each.ends_on)
