"""The morning after a closed day: cases opened, refreshed, closed, given out.

Each step is one transaction over every case at once, writes the events that single
deeds would, and does nothing again where it was done; a morning of the same day whose
book or strategy was run again is gone through again.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from django.db import transaction

from daihou.kit import turns
from daihou.rooms.casework.actions import (
    morning_covers,
    morning_steps,
    morning_treating,
    same_person,
)
from daihou.rooms.casework.actions.common import BY, Deed
from daihou.rooms.casework.models import Morning
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from daihou.rooms.strategy import door as strategy

Counts = Mapping[str, int]


class Do(Protocol):
    """One step, within its transaction; what it did, by name."""

    def __call__(self, *, as_of: date, deed: Deed) -> Counts: ...


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the morning by its name.

    One that is done `alone` has transactions of its own, and is marked after them: it
    must change nothing where it is done again.
    """

    name: str
    do: Do
    alone: bool = False


_more: dict[str, Step] = {}


def register_step(name: str, do: Do, *, alone: bool = False) -> None:
    """Do something each morning after figures are fresh, before cases are closed.

    The same name again replaces it; several go in order of their names. See `Step`
    for `alone`.
    """
    _more[name] = Step(name, do, alone=alone)


def steps(*, with_strategy: bool) -> Sequence[Step]:
    """Everything a morning does, in order."""
    first = [
        Step("expire", morning_steps.expire),
        Step("join", morning_steps.join),
        Step("refresh", morning_steps.refresh),
    ]
    opening = (
        morning_steps.open_by_strategy if with_strategy else morning_steps.open_by_rule
    )
    closing = (
        morning_steps.close_by_strategy
        if with_strategy
        else morning_steps.close_by_rule
    )
    treating = (
        morning_treating.treat_by_strategy
        if with_strategy
        else morning_treating.treat_by_stage
    )
    return [
        *first,
        *(_more[name] for name in sorted(_more)),
        Step("close", closing),
        Step("open", opening),
        Step("treat", treating),
        Step("value", morning_treating.value),
        Step("cover", morning_covers.cover),
        Step("share", morning_covers.share),
        Step("persons", same_person.watch_persons),
    ]


@dataclass(frozen=True, slots=True)
class Done:
    """What a morning did, by step and name; `waits` for what must come first."""

    as_of: date
    counts: Mapping[str, Counts]
    seconds: float
    waits: str = ""


def morning(as_of: date, *, at: datetime) -> Done:
    """Go through the morning after the closed day `as_of`.

    Waits while the day has no run, or strategies are in force that have not been
    applied to it. Works without any strategy, by the rules of the house.
    """
    run = dayend.run_of(as_of)
    if run is None:
        return Done(as_of, {}, 0.0, waits="day_end")
    live = strategy.in_force(as_of + timedelta(days=1))
    stepped = strategy.steps_run()
    if live and (stepped is None or stepped.as_of < as_of):
        return Done(as_of, {}, 0.0, waits="strategy")
    applied = stepped if live and stepped and stepped.as_of == as_of else None
    mark = f"{run.fingerprint[:64]}:{applied.fingerprint[:64] if applied else ''}"
    deed = Deed(by=people.process(BY), at=at, business_date=as_of + timedelta(days=1))
    began = time.perf_counter()
    counts: dict[str, Counts] = {}
    for step in steps(with_strategy=applied is not None):
        once = _alone if step.alone else _once
        found = once(step, as_of=as_of, mark=mark, deed=deed)
        if found is not None:
            counts[step.name] = found
    seconds = time.perf_counter() - began
    if counts:
        Morning.objects.filter(as_of=as_of).update(seconds=seconds)
    return Done(as_of, counts, seconds)


@transaction.atomic
def _once(step: Step, *, as_of: date, mark: str, deed: Deed) -> Counts | None:
    """Do a step unless it was done from the same book; one worker at a time."""
    row = _row(as_of, mark=mark, deed=deed)
    if step.name in row.steps:
        return None
    done = step.do(as_of=as_of, deed=deed)
    _kept(row, step, done, deed=deed)
    return done


def _alone(step: Step, *, as_of: date, mark: str, deed: Deed) -> Counts | None:
    """Do a step in transactions of its own, then write that it was done."""
    with transaction.atomic():
        if step.name in _row(as_of, mark=mark, deed=deed).steps:
            return None
    done = step.do(as_of=as_of, deed=deed)
    with transaction.atomic():
        row = _row(as_of, mark=mark, deed=deed)
        if step.name not in row.steps:
            _kept(row, step, done, deed=deed)
    return done


def _row(as_of: date, *, mark: str, deed: Deed) -> Morning:
    """What was done of a morning; nobody else is at it to the end of transaction."""
    turns.in_turn("casework.morning")
    row: Morning
    row, _new = Morning.objects.get_or_create(
        as_of=as_of, defaults={"mark": mark, "at": deed.at}
    )
    if row.mark != mark:
        row.mark, row.steps, row.counts = mark, [], {}
    return row


def _kept(row: Morning, step: Step, done: Counts, *, deed: Deed) -> None:
    row.steps = [*row.steps, step.name]
    row.counts = {**row.counts, step.name: dict(done)}
    row.at = deed.at
    row.save()


EVERY: Final = 3.0  # seconds between two looks whether a morning is due


def morning_due(*, at: datetime) -> None:
    """Go through the morning of the last closed day, where it is due; on the rounds."""
    day = dayend.business_date()
    if day is not None:
        morning(day.closed_on, at=at)
