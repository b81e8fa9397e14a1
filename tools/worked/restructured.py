"""Lives with agreements in them: what was agreed, the plan before and after, the days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from functools import cache

from daihou.engine.basics.money import format_minor
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life import front
from daihou.engine.ledger.life.words import KIND_WORDS
from daihou.engine.ledger.terms import LoanTerms
from daihou.engine.rulebook.policy import Component
from tests.golden.lives import Life, lives
from tools.worked import words
from tools.worked.tables import Cells, said_on_days, table

SAID = {kind: f"{english} {chinese}" for kind, (chinese, english) in KIND_WORDS.items()}
COMMON = {field.name for field in fields(ev.Event)}
ROW = (Component.PRINCIPAL, Component.INTEREST, Component.FEE)


@cache
def by_name() -> Mapping[str, Life]:
    return {each.name: each for each in lives()}


def find(name: str) -> Life:
    if name not in by_name():
        known = "\n  ".join(by_name())
        raise LookupError(f"No golden life is named {name!r}. There are:\n  {known}")
    return by_name()[name]


def lines(name: str) -> list[str]:
    """A life in tables: what happened, the rows without it and with it, the days."""
    found = find(name)
    said = [f"**{name}.** *{found.source}*", ""]
    said += [found.note.strip(), ""] if found.note else []
    said += [f"Agreed 约定: {'; '.join(_agreed(found.contract.terms))}.", ""]
    if found.known_at:
        said += [f"As known 已知截至 {found.known_at.isoformat()}.", ""]
    said += [*table(("day", "what happened", "amount"), _happened(found)), ""]
    rows = [day for day, expected in found.expect.items() if "left" in expected]
    for day in rows:
        said += [*_with_and_without(found, day), ""]
    figures = {
        day.isoformat(): {k: v for k, v in expected.items() if k != "left"}
        for day, expected in found.expect.items()
    }
    if any(figures.values()):
        said += said_on_days(figures)
    return said


def _agreed(terms: LoanTerms) -> Iterator[str]:
    amount = format_minor(terms.principal_minor, terms.currency)
    rate = words.percent(terms.annual_rate)
    yield f"{amount} at {rate} a year, {words.METHODS[terms.method]}"
    yield f"{terms.periods} {terms.period_unit}"
    yield f"paid out 放款 {terms.disbursed_on}; first due {terms.first_due_on}"


def _happened(found: Life) -> Iterator[Cells]:
    currency = found.contract.terms.currency
    for event in sorted(found.events, key=ev.place_of):
        said = SAID[ev.kind_of(event)]
        amount = getattr(event, "amount", None)
        more = [
            f"{field.name.replace('_', ' ')} {_told(getattr(event, field.name))}"
            for field in fields(event)
            if field.name not in COMMON | {"amount"}
            and getattr(event, field.name) != field.default
        ]
        if more:
            said += f": {', '.join(more)}"
        told = format_minor(amount, currency) if amount else ""
        yield (event.happened_on.isoformat(), said, told)


def _told(value: object) -> str:
    if isinstance(value, Decimal):
        return words.percent(value)
    return str(value)


def _with_and_without(found: Life, on: date) -> list[str]:
    """What is unpaid of each row at the end of a day: by money alone, and by all."""
    money = tuple(e for e in found.events if isinstance(e, ev.PaymentReceived))
    without, as_agreed = (_rows(found, told, on) for told in (money, found.events))
    expected = [tuple(row) for row in found.expect[on]["left"]]
    assert [(day, *row[1:]) for day, row in as_agreed.items()] == [
        (day, *map(_plain, amounts)) for day, *amounts in expected
    ], (found.name, as_agreed, expected)
    empty = [""] * 4
    rows = [
        [day, without.get(day, empty)[0], *as_agreed.get(day, empty)]
        for day in sorted({*without, *as_agreed})
    ]
    head = [f"left on 未还 {on}", "without it 若无约定", "with it 依约定"]
    return table([*head, *(words.PARTS[part.value] for part in ROW)], rows)


def _rows(
    found: Life, events: Sequence[ev.Event], on: date
) -> Mapping[str, Sequence[str]]:
    """Due date -> what is unpaid of a row: together, principal, interest, fee."""
    life = front.settle_life(found.contract, events, as_of=on, known_at=found.known_at)
    currency = found.contract.terms.currency
    rows: dict[str, Sequence[str]] = {}
    for each in life.state.demands:
        amounts = [each.unpaid[part] for part in ROW]
        if any(amounts):
            every = (sum(amounts), *amounts)
            due = each.due_on.isoformat()
            assert due not in rows, (found.name, due)
            rows[due] = [format_minor(amount, currency) for amount in every]
    return rows


def _plain(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"


def index() -> list[str]:
    """Every golden life: its name and source."""
    return table(
        ("case", "source"), ((each.name, each.source) for each in by_name().values())
    )
