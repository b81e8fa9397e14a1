"""The list of strategies, one of them, and one version of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from daihou.engine.strategy.strategy import Strategy
from daihou.kit.refusal import Refused
from daihou.rooms.people import door as people
from daihou.rooms.strategy import document, interrupt_words, queries, words
from daihou.rooms.strategy.queries import (
    RehearsalLine,
    RunLine,
    StrategyLine,
    VersionLine,
)
from daihou.rooms.strategy.states import Origin, State

# Its code, its title, its steps and what interrupts it, in words.
JourneyShown = tuple[str, str, tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reach:
    """How many customers a thing reached on the last day, and how much (fen)."""

    customers: int = 0
    overdue: int = 0
    outstanding: int = 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with the chip of its state and where it came from."""

    line: VersionLine
    chip: words.Chip
    origin: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One strategy of the list."""

    line: StrategyLine
    title: str
    live: Shown | None
    coming: tuple[Shown, ...]
    drafts: tuple[Shown, ...]
    unapproved: bool


@dataclass(frozen=True, slots=True)
class AllPage:
    """The list, the run the figures are of, and what the reader may do."""

    run: RunLine | None
    strategies: tuple[Listed, ...]
    queues: Sequence[tuple[str, Reach]]
    whole: bool
    may_draft: bool


def _shown(line: VersionLine) -> Shown:
    return Shown(line, words.state_chip(line.state), words.origin(line.origin))


def _listed(line: StrategyLine) -> Listed:
    return Listed(
        line=line,
        title=words.text(line.title),
        live=_shown(line.live) if line.live else None,
        coming=tuple(map(_shown, line.coming)),
        drafts=tuple(map(_shown, line.drafts)),
        unapproved=line.live is not None and line.live.origin == Origin.SHIPPED,
    )


def may_draft(person: people.Person) -> bool:
    """Whether the reader may draw."""
    return person.may(people.Permission.DRAFT_STRATEGY) and not person.reads_only


def reaches(
    run: RunLine | None, of: str, *, version_id: int = 0
) -> Mapping[str, Reach]:
    """The figures of a run by queue, segment or action; of a version by row or arm."""
    found: Mapping[str, Any] = run.counts.get(of, {}) if run else {}
    if version_id:
        found = found.get(str(version_id), {})
    return {
        code: Reach(
            each.get("customers", 0),
            each.get("overdue", 0),
            each.get("outstanding", 0),
        )
        for code, each in found.items()
    }


def all_of_them(*, person: people.Person) -> AllPage:
    """The page of the list."""
    run = queries.steps_run()
    found = reaches(run, "queues")
    return AllPage(
        run=run,
        strategies=tuple(_listed(each) for each in queries.strategies()),
        queues=sorted(found.items(), key=lambda pair: (-pair[1].customers, pair[0])),
        whole=person.scope.everything,
        may_draft=may_draft(person),
    )


@dataclass(frozen=True, slots=True)
class OnePage:
    """One strategy with every version of it."""

    listed: Listed
    versions: tuple[Shown, ...]
    may_draft: bool


def one(strategy_id: int, *, person: people.Person) -> OnePage:
    """The page of one strategy, or NotFound."""
    return OnePage(
        listed=_listed(queries.strategy_line(strategy_id)),
        versions=tuple(map(_shown, queries.versions_of(strategy_id))),
        may_draft=may_draft(person),
    )


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row of the table with how far it reaches."""

    id: str
    place: int
    cells: tuple[str, ...]
    values: tuple[str, ...]
    because: str
    note: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class VersionPage:
    """Everything one page of a version shows; `whole` whether figures may be seen."""

    line: VersionLine
    title: str
    chip: words.Chip
    origin: str
    hit: str
    heads: tuple[tuple[str, str], ...]
    answers: tuple[str, ...]
    rows: tuple[RowShown, ...]
    content: Mapping[str, Any]
    journeys: tuple[JourneyShown, ...]
    queues: tuple[tuple[str, str, Mapping[str, Any], str, Reach], ...]
    findings: tuple[tuple[str, str], ...]
    run: RunLine | None
    tried: RehearsalLine | None
    counted: bool
    whole: bool
    live_id: int
    may_draft: bool
    may_schedule: bool
    may_retire: bool
    may_roll_back: bool


def version(version_id: int, *, person: people.Person, on: date) -> VersionPage:
    """The page of a version, or NotFound."""
    line = queries.version(version_id)
    content = queries.content_of(version_id)
    run = queries.steps_run()
    counted = run is not None and version_id in run.versions
    by_row = reaches(run, "rows", version_id=version_id) if counted else {}
    by_queue = reaches(run, "queues") if counted else {}
    grid = document.grid_of(content)
    live = queries.live_row(line.strategy_id)
    decides = person.may(people.Permission.DECIDE_STRATEGY) and not person.reads_only
    releases = decides and person.username not in line.authors
    return VersionPage(
        line=line,
        title=words.text(content["title"]),
        chip=words.state_chip(line.state),
        origin=words.origin(line.origin),
        hit=words.hit(grid["hit"]),
        heads=tuple(
            (words.input_title(n), words.input_about(n)) for n in grid["inputs"]
        ),
        answers=tuple(map(words.output_title, document.COLUMNS)),
        rows=tuple(
            _row(place, each, by_row)
            for place, each in enumerate(grid["rows"], start=1)
        ),
        content=content,
        journeys=_journeys(content),
        queues=tuple(
            (
                each["code"],
                words.text(each["title"]),
                each,
                words.capacity_mode(each.get("capacity_mode", "unlimited")),
                by_queue.get(each["code"], Reach()),
            )
            for each in content.get("queues", [])
        ),
        findings=findings(content),
        run=run,
        tried=queries.last_rehearsal(version_id, digest=line.digest),
        counted=counted,
        whole=person.scope.everything,
        live_id=live.pk if live else 0,
        may_draft=may_draft(person),
        may_schedule=releases and line.state in (State.REVIEWED, State.SCHEDULED),
        may_retire=decides
        and line.state in (State.REVIEWED, State.SCHEDULED, State.LIVE),
        may_roll_back=releases and _comes_back(line, live.digest if live else ""),
    )


def _comes_back(line: VersionLine, live: str) -> bool:
    """Whether a version held once and says otherwise than the live one."""
    held = line.state in (State.LIVE, State.RETIRED) and line.begins_on is not None
    return held and line.digest != live


def _row(place: int, row: Mapping[str, Any], by_row: Mapping[str, Reach]) -> RowShown:
    return RowShown(
        id=row["id"],
        place=place,
        cells=tuple(row["cells"]),
        values=tuple(
            words.action(each) if name == "action" else each
            for name, each in zip(document.COLUMNS, row["values"], strict=True)
        ),
        because=words.text({"zh": row["zh"], "en": row["en"]}),
        note=row["note"],
        reach=by_row.get(row["id"], Reach()),
    )


def findings(content: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What is wrong with a content: the kind and the words."""
    tongue = words.tongue()
    return tuple((each.kind, each.say(tongue)) for each in document.findings(content))


def _journeys(content: Mapping[str, Any]) -> tuple[JourneyShown, ...]:
    try:
        found: Strategy = document.parsed(content)
    except Refused:
        return ()
    return tuple(
        (
            journey.id,
            words.text(journey.title),
            tuple(words.step(each) for each in journey.steps),
            tuple(interrupt_words.sentence(each) for each in journey.interrupts),
        )
        for journey in found.journeys
    )
