"""The page of one request: what, how much, who decides, how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from daihou.kit.scope import Scope
from daihou.rooms.approvals import door as approvals
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries, words
from daihou.rooms.relief.queries import Line, Row


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure before and after; `after` None where nothing is changed by itself."""

    word: str
    before: int | None
    after: int | None
    money: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page shows; `may` are the deeds open to the reader now."""

    line: Line
    loan: ledger.reading.LoanLine | None
    kind: str
    chip: tuple[str, str, str]
    parts: Sequence[tuple[str, int]]
    rows: Sequence[Row]
    figures: Sequence[Figure]
    new_rows: Sequence[dict[str, Any]]
    why: Sequence[str]
    difficulty: str
    terms: str
    levels: Sequence[str]
    routed: str
    asker: str
    decider: str
    may: frozenset[str]
    proposal: approvals.Proposal | None


def page(
    line: Line,
    *,
    person: people.Person,
    proposal: approvals.Proposal | None,
    scope: Scope,
) -> Page:
    """The page of a request that was found within the reader's scope."""
    roles = people.role_names()
    loans = ledger.reading.lines_of([line.loan_id], scope=scope)
    names = people.names()
    levels = [roles.get(level, level) for level in line.levels]
    role = str(line.effect.get("passed_over", ""))
    alone = bool(line.effect.get("alone"))
    return Page(
        line=line,
        loan=loans.get(line.loan_id),
        kind=words.kind_word(line.kind),
        chip=words.state_chip(line.state),
        parts=[(words.component_word(p), minor) for p, minor in line.parts.items()],
        rows=queries.rows_of(line.id),
        figures=figures(line.effect),
        new_rows=dated(line.effect.get("rows") or ()),
        why=words.sentences(line.because),
        difficulty=words.difficulty_word(line.difficulty),
        terms=words.terms_word(line.terms.get("kind", "")),
        levels=levels,
        routed=words.routed_word(roles.get(role, role), levels, alone=alone),
        asker=names.get(line.asked_by, line.asked_by),
        decider=names.get(line.decided_by, line.decided_by),
        may=deeds(line, person),
        proposal=proposal,
    )


def dated(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Kept rows with their days as dates and their sums."""
    return [
        row
        | {
            "due_on": date.fromisoformat(row["due_on"]),
            "total": row["principal"] + row["interest"] + row["fee"],
        }
        for row in rows
    ]


def figures(effect: Any) -> list[Figure]:
    """Before and after, in the order of what matters."""
    before, after = effect.get("before") or {}, effect.get("after") or {}
    told = (
        ("dpd", gettext("Days past due"), False),
        ("overdue", gettext("Overdue"), True),
        ("outstanding", gettext("Outstanding"), True),
        ("still_owed", gettext("To be paid in all"), True),
    )
    return [
        Figure(word, before.get(name), after.get(name), money)
        for name, word, money in told
        if name in before
    ]


def deeds(line: Line, person: people.Person) -> frozenset[str]:
    """What the reader may do with a request as it stands."""
    if person.reads_only or not person.may(people.Permission.REQUEST_RELIEF):
        return frozenset()
    plan = line.kind == "plan"
    found = set()
    if line.state == "approved" and line.kind in ("plan", "settlement"):
        found |= {"accept", "withdraw"}
        if line.kind == "settlement" and not line.terms.get("counters"):
            found.add("counter")
    if line.state == "conditional":
        found.add("withdraw")
    if plan and line.state in ("accepted", "active", "at_risk"):
        found |= {"suspend", "cancel"}
    if plan and line.state in ("active", "at_risk"):
        found.add("replan")
        left = int(line.terms.get("skips", 0)) - int(line.terms.get("skipped", 0))
        if left > 0 and not line.re_age:
            found.add("skip")
    if plan and line.state == "suspended":
        found |= {"resume", "cancel"}
    return frozenset(found)
