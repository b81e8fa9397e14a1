"""A few claims out of the arrays, for the plain text that explains one of them."""

from datetime import date
from typing import Any

from daihou.columnar.classification import ClassBook
from daihou.columnar.classification.coins import code_of
from daihou.engine.classification.codes import (
    AssetClass,
    Cause,
    Event,
    Guarantee,
    Sign,
)
from daihou.engine.classification.facts import ClassFacts, Happened, Period


def claims_of(book: ClassBook) -> list[ClassFacts]:
    """The same facts claim by claim; `loan` and `customer` are their numbers."""
    return [_claim(book, place) for place in range(len(book))]


def _claim(book: ClassBook, place: int) -> ClassFacts:
    def number(name: str) -> int:
        return int(getattr(book, name)[place])

    def day(name: str) -> date | None:
        found: date | None = getattr(book, name)[place].item()
        return found

    def known(name: str) -> AssetClass | None:
        value = number(name)
        return None if value < 0 else AssetClass(value)

    loss = number("expected_loss")
    return ClassFacts(
        loan=str(number("loan_id")),
        customer=str(number("customer_id")),
        currency=code_of(number("currency")),
        balance=number("balance"),
        arrears=number("arrears"),
        dpd=number("dpd"),
        is_retail=bool(book.is_retail[place]),
        guarantee=Guarantee(number("guarantee")),
        signs=Sign(number("signs")),
        expected_loss=None if loss < 0 else loss,
        market_late=number("market_late"),
        market_total=number("market_total"),
        period=Period(number("period_months"), number("period_days")),
        cleared_on=day("cleared_on"),
        missed_on=day("missed_on"),
        acquired_on=day("acquired_on"),
        judged_class=known("judged_class"),
        previous_class=known("previous_class"),
        previous_causes=Cause(number("previous_causes")),
        previous_since=day("previous_since"),
        upgrade_to=known("upgrade_to"),
        upgrade_on=day("upgrade_on"),
        events=tuple(_events(book, place)),
    )


def _events(book: ClassBook, place: int) -> list[Happened]:
    rows = book.events
    found = []
    for at in range(len(rows.loan)):
        if int(rows.loan[at]) != place:
            continue
        first: Any = rows.first_due_on[at].item()
        period = Period(int(rows.period_months[at]), int(rows.period_days[at]))
        event = Event(int(rows.event[at]))
        on: Any = rows.happened_on[at].item()
        found.append(
            Happened(event, on, first, period) if first else Happened(event, on)
        )
    return found
