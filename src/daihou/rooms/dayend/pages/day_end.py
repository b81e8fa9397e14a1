"""The day-end page: runs, and of one run its steps, who moved, what it changed."""

import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from daihou.kit import currencies, numbers
from daihou.kit.ports import BookReader
from daihou.kit.scope import Scope
from daihou.rooms.dayend import queries
from daihou.rooms.dayend.pages.days import Days
from daihou.rooms.dayend.pages.home import bucket_level, bucket_word
from daihou.rooms.ledger import door as ledger

MOVERS_SHOWN = 20


@dataclass(frozen=True)
class StepBar:
    """One step and how much of the run it took; `width` of 120 pixels."""

    name: str
    seconds: float
    rows: int
    width: int


@dataclass(frozen=True)
class Mover:
    """One loan that changed bucket."""

    loan_id: int
    number: str
    name: str
    from_word: str
    to_word: str
    worse: bool
    outstanding: int
    currency: str


@dataclass(frozen=True)
class MoveRow:
    """How many loans went from one bucket to another, and their principal.

    The principal means something only in a book of one currency.
    """

    from_word: str
    to_word: str
    worse: bool
    loans: int
    outstanding: int


@dataclass(frozen=True)
class Changed:
    """What a re-run changed for one loan on one date."""

    number: str
    currency: str
    line: queries.DifferenceLine


@dataclass(frozen=True)
class Opened:
    """The run that is opened beside the list; `unit` None: of several currencies."""

    run: queries.RunLine
    unit: numbers.Unit | None
    kind: str
    reason: str
    error: str
    steps: Sequence[StepBar]
    moves: Sequence[MoveRow]
    movers: Sequence[Mover]
    moved: int
    differences: Sequence[Changed]
    difference_count: int


def step_word(name: str) -> str:
    """The word for a step of the night."""
    words = {
        "freeze": gettext("Freeze the facts"),
        "compute": gettext("Compute positions"),
        "publish": gettext("Publish the book"),
        "apply": gettext("Apply to the office"),
    }
    return words.get(name, name)


def kind_word(kind: str) -> str:
    """The word for a kind of run."""
    return gettext("First") if kind == "first" else gettext("Run again")


def reason_words(reason: str) -> str:
    """Why the night ran a date again; what a person wrote is shown as it is."""
    known, _, since = reason.partition("late facts since ")
    if not known and since:
        return gettext("facts arrived late, true since %(day)s") % {"day": since}
    return gettext("asked for by hand") if reason == "asked for" else reason


def problem_words(problem: Mapping[str, Any] | None) -> str:
    """What stood in the way of a run or a request, in the language of the page."""
    if problem is None:
        return ""
    chinese = numbers.is_chinese(get_language() or "zh-hans")
    return str(problem["zh" if chinese else "en"])


def _steps(run: queries.RunLine) -> Sequence[StepBar]:
    longest = max((step.seconds for step in run.steps), default=0) or 1
    return [
        StepBar(
            step_word(step.name),
            step.seconds,
            step.rows,
            max(2, round(120 * step.seconds / longest)),
        )
        for step in run.steps
    ]


def _worse(from_bucket: str, to_bucket: str) -> bool:
    return bucket_level(to_bucket) > bucket_level(from_bucket)


def _movers(
    days: Days, as_of: date, scope: Scope
) -> tuple[int, Sequence[Mover], Sequence[MoveRow]]:
    """Who moved on the closed day, compared with the closed day before it."""
    at = bisect.bisect_left(days.dates, as_of)
    if at == 0 or at == len(days.dates) or days.dates[at] != as_of:
        return 0, [], []
    change = days.change(days.dates[at - 1], as_of)
    head = change.movers.head[:MOVERS_SHOWN]
    lines = ledger.reading.lines_of([row["loan_id"] for row in head], scope=scope)
    movers = [
        Mover(
            row["loan_id"],
            line.number,
            line.name,
            bucket_word(row["from_bucket"]),
            bucket_word(row["to_bucket"]),
            _worse(row["from_bucket"], row["to_bucket"]),
            row["outstanding_principal"],
            line.currency,
        )
        for row in head
        if (line := lines.get(row["loan_id"]))
    ]
    return change.movers.loans, movers, _move_rows(change.by_pair)


def _move_rows(by_pair: Sequence[Mapping[str, Any]]) -> Sequence[MoveRow]:
    rows = [
        MoveRow(
            bucket_word(row["from_bucket"]),
            bucket_word(row["to_bucket"]),
            _worse(row["from_bucket"], row["to_bucket"]),
            row["loan_id_count"],
            row["outstanding_principal_sum"],
        )
        for row in by_pair
    ]
    return sorted(rows, key=lambda row: (not row.worse, -row.loans))


def opened(page: queries.RunPage, reader: BookReader, *, scope: Scope) -> Opened:
    """One run with its steps, moves and differences in words."""
    days = Days(reader, scope)
    count, movers, moves = _movers(days, page.run.as_of, scope)
    lines: Mapping[int, ledger.reading.LoanLine] = ledger.reading.lines_of(
        [line.loan_id for line in page.differences], scope=scope
    )
    currency = currencies.choose(None, ledger.book.register().currencies(scope))
    return Opened(
        run=page.run,
        unit=None if currency.several else numbers.Unit(currency.code, large=True),
        kind=kind_word(page.run.kind),
        reason=reason_words(page.run.reason),
        error=problem_words(page.run.error),
        steps=_steps(page.run),
        moves=moves,
        movers=movers,
        moved=count,
        differences=[
            Changed(lines[line.loan_id].number, lines[line.loan_id].currency, line)
            for line in page.differences
            if line.loan_id in lines
        ],
        difference_count=page.difference_count,
    )
