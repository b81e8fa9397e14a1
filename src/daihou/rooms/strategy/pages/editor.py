"""The grid of a draft: what the page needs to draw it, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from daihou.engine.strategy import cells
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.inputs import INPUTS, OUTPUTS
from daihou.engine.strategy.journey import SETTABLE, Do
from daihou.engine.strategy.strategy import CapacityMode
from daihou.engine.strategy.table import Hit
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.strategy import document, forms, interrupt_words, queries, words
from daihou.rooms.strategy.queries import RehearsalLine, VersionLine

_QUICK: Final = 40_000  # nodes looked at while somebody types


@dataclass(frozen=True, slots=True)
class Page:
    """The page of the grid; `data` is drawn by the browser."""

    line: VersionLine
    title: str
    data: Mapping[str, Any]
    live_id: int
    waiting: tuple[approvals.Proposal, ...]
    tried: RehearsalLine | None
    tried_chip: words.Chip | None
    can_rehearse: bool


def page(version_id: int, *, person: people.Person, at: datetime) -> Page:
    """The page of a draft, or NotFound."""
    line = queries.version(version_id)
    content = queries.content_of(version_id)
    live = queries.live_row(line.strategy_id)
    tried = queries.last_rehearsal(version_id, finished=False)
    return Page(
        line=line,
        title=words.text(content["title"]),
        data=_data(line, content),
        live_id=live.pk if live else 0,
        waiting=approvals.open_on("strategy_version", version_id, person=person, at=at),
        tried=tried,
        tried_chip=words.rehearsing_chip(tried.state) if tried else None,
        can_rehearse=queries.can_rehearse(),
    )


def _data(line: VersionLine, content: Mapping[str, Any]) -> dict[str, Any]:
    queue_codes = [each["code"] for each in content.get("queues", [])]
    journey_codes = [each["id"] for each in content.get("journeys", [])]
    offered = {"queue": queue_codes, "journey": journey_codes}
    return {
        **answer(line, content),
        "keep": reverse("strategy:keep", args=[line.id]),
        "begin": reverse("strategy:begin", args=[line.strategy_id]),
        "version": line.id,
        "known": [
            {
                "name": name,
                "title": words.input_title(name),
                "about": words.input_about(name),
                "allowed": cells.allowed(each.input),
                "choices": list(each.input.choices) or _flags(each.input.kind),
            }
            for name, each in INPUTS.items()
        ],
        "outputs": [
            {
                "name": each.name,
                "title": words.output_title(each.name),
                "allowed": cells.allowed(each) if each.kind != "text" else "",
                "choices": list(each.choices)
                or offered.get(each.name, _flags(each.kind)),
            }
            for each in OUTPUTS
        ],
        "hits": [[each.value, words.hit(each.value)] for each in Hit],
    }


def _flags(kind: str) -> list[str]:
    return ["yes", "no"] if kind == "flag" else []


def answer(line: VersionLine, content: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser is told after keeping: the grid as kept, and what is wrong."""
    tongue = words.tongue()
    found = document.findings(content, most_nodes=_QUICK)
    grid = document.grid_of(content)
    return {
        "rev": line.rev,
        "by": line.changed_by,
        "digest": line.digest,
        "grid": grid,
        "faults": _faults(grid),
        "findings": [
            {
                "kind": each.kind,
                "rows": list(each.rows),
                "words": each.say(tongue),
                "blocking": each.kind in document.BLOCKING,
            }
            for each in found
        ],
    }


def _faults(grid: Mapping[str, Any]) -> list[dict[str, str]]:
    """Every cell that cannot be read, with what may stand there."""
    found, tongue = [], words.tongue()
    for row in grid["rows"]:
        for name, text in zip(grid["inputs"], row["cells"], strict=True):
            try:
                cells.read(text, INPUTS[name].input, row=row["id"])
            except StrategyError as error:
                said = error.say(tongue)
                found.append({"row": row["id"], "column": name, "words": said})
        for column, text in zip(OUTPUTS, row["values"], strict=True):
            try:
                cells.read_value(text, column, row=row["id"])
            except StrategyError as error:
                said = error.say(tongue)
                found.append({"row": row["id"], "column": column.name, "words": said})
    return found


@dataclass(frozen=True, slots=True)
class Parts:
    """Journeys, queues and the experiment of a draft as fields of a form."""

    line: VersionLine
    rev: int
    title: str
    journeys: list[dict[str, Any]]
    queues: list[Mapping[str, Any]]
    experiment: Mapping[str, Any] | None
    arms: list[dict[str, Any]]
    does: list[tuple[str, str]]
    events: list[tuple[str, str]]
    doings: list[tuple[str, str]]
    modes: list[tuple[str, str]]
    settable: tuple[str, ...]
    findings: list[str]


def parts(line: VersionLine, content: Mapping[str, Any], *, rev: int) -> Parts:
    """The page of everything that is not the table."""
    experiment = content.get("experiment")
    tongue = words.tongue()
    return Parts(
        line=line,
        rev=rev or line.rev,
        title=words.text(content["title"]),
        journeys=[
            {
                **journey,
                "steps": [
                    {
                        **step,
                        "asked": " | ".join(
                            f"{n}: {t}" for n, t in step.get("when", {}).items()
                        ),
                    }
                    for step in journey["steps"]
                ],
            }
            for journey in content.get("journeys", [])
        ],
        queues=list(content.get("queues", [])),
        experiment=experiment,
        arms=[
            {**arm, "text": forms.changes_text(arm)}
            for arm in (experiment or {}).get("arms", [])
        ],
        does=[(each.value, words.action(each.value)) for each in Do],
        events=interrupt_words.events(),
        doings=interrupt_words.doings(),
        modes=[(each.value, words.capacity_mode(each.value)) for each in CapacityMode],
        settable=SETTABLE,
        findings=_part_findings(content, tongue),
    )


def _part_findings(content: Mapping[str, Any], tongue: str) -> list[str]:
    from daihou.kit.refusal import Refused

    try:
        found = document.findings(content, most_nodes=_QUICK)
    except Refused as refused:
        return [str(refused)]
    return [each.say(tongue) for each in found if each.kind not in ("overlap", "gap")]
