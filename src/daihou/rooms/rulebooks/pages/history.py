"""The changes there were, newest first, and those that wait for the reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import queries, words
from daihou.rooms.rulebooks.models import KIND
from daihou.rooms.rulebooks.queries import ChangeLine, OwnVersion
from daihou.rooms.rulebooks.states import Step

SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One approved change in words; `chip` says whether it counts on the day shown."""

    line: ChangeLine
    title: str
    said: str
    until: date | None
    chip: words.Chip
    proposed_by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the history; `older` is the id to go on from, 0: no more."""

    lines: tuple[Line, ...]
    older: int
    paged: bool
    waiting: tuple[approvals.Proposal, ...]


def page(
    query: Mapping[str, str], *, on: date, person: people.Person, at: datetime
) -> Page:
    """The page behind an address."""
    given = query.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() else 0
    before = before if before < 2**53 else 0
    rows = queries.newest_first(limit=SIZE + 1, before=before)
    shown = rows[:SIZE]
    names = {each.username: each.name for each in people.people()} if shown else {}
    counts = _counting(queries.lines()) if shown else {}
    return Page(
        lines=tuple(_line(each, counts, names, on=on) for each in shown),
        older=shown[-1].id if len(rows) > SIZE else 0,
        paged=bool(before),
        waiting=tuple(
            each for each in approvals.waiting(person, at=at) if each.kind == KIND
        ),
    )


def _counting(found: list[ChangeLine]) -> dict[int, OwnVersion]:
    """The changes that count on some day, by id: the others were replaced."""
    by_rule: dict[str, list[ChangeLine]] = {}
    for each in found:
        by_rule.setdefault(each.rule, []).append(each)
    return {
        version.line.id: version
        for of_one in by_rule.values()
        for version in queries.own_versions(of_one)
    }


def _line(
    line: ChangeLine,
    counts: Mapping[int, OwnVersion],
    names: Mapping[str, str],
    *,
    on: date,
) -> Line:
    rule = queries.base().rules.get(line.rule)
    version = counts.get(line.id)
    return Line(
        line=line,
        title=rule.title[words.tongue()] if rule else "",
        said=said(line),
        until=version.ends_on if version else None,
        chip=words.standing(_stands(version, on)),
        proposed_by=names.get(line.proposed_by, line.proposed_by),
        decided_by=names.get(line.decided_by, line.decided_by),
    )


def _stands(version: OwnVersion | None, on: date) -> str:
    if version is None:
        return "replaced"
    if version.holds(on):
        return "now"
    return "later" if on < version.begins_on else "over"


def said(line: ChangeLine) -> str:
    """What a change does, in words."""
    rule = queries.base().rules.get(line.rule)
    if line.step != Step.VALUES or rule is None:
        return words.step(line.step)
    told = [
        f"{rule.terms[name].title[words.tongue()]}: "
        f"{words.written(value, rule.terms[name])}"
        for name, value in line.values.items()
        if name in rule.terms
    ]
    return "; ".join(told)
