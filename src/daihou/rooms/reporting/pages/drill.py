"""The loans behind one cell of an answer, with what each owed on that day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.http import QueryDict

from daihou.kit import masking, ports
from daihou.kit.ladder import on_ladder
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages import answer, coins
from daihou.rooms.reporting.pages.lab import names_people
from daihou.rooms.reporting.queries import lab

_OWED: Final = ("loan_id", "dpd", "bucket", "outstanding_principal", "overdue_total")


@dataclass(frozen=True, slots=True)
class Line:
    """One loan, its borrower's name masked."""

    line: ledger.reading.LoanLine
    name: str
    product: str
    branch: str
    dpd: int | None  # None: no position of that day
    bucket: str
    balance: int | None  # outstanding principal, minor units
    overdue: int | None


@dataclass(frozen=True, slots=True)
class Drill:
    """The loans in the numerator, and the question they answer."""

    address: str
    word: str
    key: str
    at: str
    lines: Sequence[Line]
    most: int
    currency: str
    as_of: date | None  # of what they owe
    balance: int
    overdue: int


def drill(query: QueryDict, *, person: people.Person) -> Drill:
    """The page behind an address of a cell."""
    question, _choice = coins.settled(questions.read(query), scope=person.scope)
    at, key = query.get("at", "")[:20], query.get("key", "")[:120].replace("\x00", "")
    found = lab.loans(question, at=at, key=key, scope=person.scope)
    say = words.keys(officers=names_people(question))
    shown = ledger.reading.list_words()
    as_of = _day(at)
    owed = _owed([each.loan_id for each in found], as_of)
    lines = [_line(each, owed.get(each.loan_id), shown) for each in found]
    return Drill(
        address=question.address(),
        word=words.name(question.metric),
        key=answer.line_word(question, say, key, question.metric) if key else "",
        at=at,
        lines=lines,
        most=lab.MOST_LOANS,
        currency=question.coin,
        as_of=as_of if owed else None,
        balance=sum(line.balance or 0 for line in lines),
        overdue=sum(line.overdue or 0 for line in lines),
    )


def _line(
    each: ledger.reading.LoanLine, owed: Mapping[str, Any] | None, shown: words.Names
) -> Line:
    told = owed or {}
    return Line(
        each,
        masking.name(each.name),
        shown.product(each.product),
        shown.branch(each.branch),
        dpd=told.get("dpd"),
        bucket=told.get("bucket", ""),
        balance=told.get("outstanding_principal"),
        overdue=told.get("overdue_total"),
    )


def _day(at: str) -> date | None:
    """The day of a cell: the last of its month; of an age that of the last month."""
    months = lab.months()
    named = [each.as_of for each in months if each.name == at]
    return named[0] if named else months[-1].as_of if months else None


def _owed(
    loan_ids: Sequence[int], as_of: date | None
) -> Mapping[int, Mapping[str, Any]]:
    """What these loans owed at the end of a day; nothing of one that is not kept."""
    if as_of is None or not loan_ids:
        return {}
    among = pc.field("loan_id").isin(pa.array(sorted(loan_ids), pa.int64()))
    try:
        found = ports.book().read(as_of, columns=_OWED, filters=among)
    except LookupError:
        return {}
    return {row["loan_id"]: row for row in on_ladder(found).to_pylist()}
