"""Segments and queues of the last day, and the customers behind one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.rooms.people import door as people
from daihou.rooms.strategy import asked, queries, words
from daihou.rooms.strategy.pages.listing import Reach, reaches
from daihou.rooms.strategy.queries import RunLine, StepLine


@dataclass(frozen=True, slots=True)
class Line:
    """A segment or a queue: its code, its name, what it holds and how much it reaches."""

    code: str
    title: str
    skill: str
    most: int | None
    mode: str
    redistribute_days: int
    reach: Reach

    @property
    def over(self) -> int:
        """How many customers are beyond its capacity."""
        return max(0, self.reach.customers - self.most) if self.most is not None else 0


@dataclass(frozen=True, slots=True)
class Page:
    """The page; figures are of the whole house and hidden from who sees part of it."""

    run: RunLine | None
    whole: bool
    queues: Sequence[Line]
    segments: Sequence[tuple[str, Reach]]
    actions: Sequence[tuple[str, str, Reach]]
    chosen: Mapping[str, str]
    lines: Sequence[tuple[StepLine, str, str, str, str]]
    titles: Mapping[str, str]
    next: int


_FILTERS = ("queue", "segment", "row", "action", "alarm")


def page(given: Mapping[str, str], *, person: people.Person, on: date) -> Page:
    """The page behind an address."""
    run = queries.steps_run()
    chosen = {name: given.get(name, "")[:60].replace("\x00", "") for name in _FILTERS}
    queues = _queues(run, on)
    titles = {each.code: each.title for each in queues}
    lines, more = queries.steps_page(
        scope=person.scope,
        queue=chosen["queue"],
        segment=chosen["segment"],
        row_id=chosen["row"],
        action=chosen["action"],
        alarmed=chosen["alarm"],
        after=asked.whole(given.get("after")),
    )
    return Page(
        run=run,
        whole=person.scope.everything,
        queues=queues,
        titles=titles,
        segments=_by_size(reaches(run, "segments")),
        actions=[
            (code, words.action(code), reach)
            for code, reach in _by_size(reaches(run, "actions"))
        ],
        chosen=chosen,
        lines=[
            (
                each,
                words.action(each.action),
                words.text(each.because),
                words.alarm(each.alarm) if each.alarm else "",
                titles.get(each.queue, each.queue),
            )
            for each in lines
        ],
        next=more,
    )


def _by_size(found: Mapping[str, Reach]) -> Sequence[tuple[str, Reach]]:
    return sorted(found.items(), key=lambda pair: (-pair[1].customers, pair[0]))


def _queues(run: RunLine | None, on: date) -> Sequence[Line]:
    found = reaches(run, "queues")
    made: dict[str, Line] = {}
    for live in queries.in_force(on):
        for each in live.strategy.queues:
            if each.code not in made:
                made[each.code] = Line(
                    code=each.code,
                    title=words.text(each.title),
                    skill=each.skill,
                    most=each.most,
                    mode=words.capacity_mode(each.capacity_mode.value),
                    redistribute_days=each.redistribute_days,
                    reach=found.get(each.code, Reach()),
                )
    return list(made.values())
