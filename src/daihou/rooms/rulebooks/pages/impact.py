"""What a change would do to yesterday's book, as a page shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext

from daihou.engine.rulebook.law import Rule
from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, drafting, queries, rehearsing, words
from daihou.rooms.rulebooks.forms import read_day
from daihou.rooms.rulebooks.impact import Moved
from daihou.rooms.rulebooks.models import KIND
from daihou.rooms.rulebooks.pages import change as change_page
from daihou.rooms.rulebooks.rehearsing import Rehearsal

ROWS = 200  # moved things shown at once


@dataclass(frozen=True, slots=True)
class Effect:
    """One kind of impact; `more` counts what would move beyond the rows shown."""

    name: str
    looked_at: int
    changes: int
    counts: tuple[tuple[str, int], ...]
    moved: tuple[Moved, ...]
    more: int
    note: str


@dataclass(frozen=True, slots=True)
class Effects:
    """All of it on one closed day; without `as_of` there is no book yet.

    `known` tells whether any room can say what a change of rules does; `hidden` that
    the reader does not see the whole book, of which it tells.
    """

    as_of: date | None
    known: bool
    hidden: bool
    found: tuple[Effect, ...]


def shown(rehearsal: Rehearsal | None, *, person: people.Person) -> Effects:
    """What a rehearsal found, for who sees the whole book."""
    if rehearsal is None:
        return Effects(None, known=True, hidden=False, found=())
    hidden = bool(rehearsal.impacts) and not person.scope.everything
    return Effects(
        as_of=rehearsal.as_of,
        known=rehearsal.known,
        hidden=hidden,
        found=() if hidden else tuple(_effects(rehearsal)),
    )


def _effects(rehearsal: Rehearsal) -> Iterator[Effect]:
    for name, each in rehearsal.impacts.values():
        yield Effect(
            name=name,
            looked_at=each.looked_at,
            changes=each.changes,
            counts=each.counts,
            moved=each.moved[:ROWS],
            more=max(0, each.changes - ROWS) if each.moved else 0,
            note=each.note,
        )


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposed change: what it would change in the rule, and in the book."""

    proposal: approvals.Proposal
    rule: Rule
    title: str
    problem: str
    begins_on: date | None
    ends_on: date | None
    changed: tuple[change_page.Changed, ...]
    effects: Effects
    address: str


def of_proposal(
    proposal_id: int,
    *,
    person: people.Person,
    at: datetime,
    as_of: date | None,
    day: date,
) -> ProposalPage:
    """The page of a proposed change, or NotFound.

    What can no longer be carried out says why, and shows no impact.
    """
    found = approvals.find(proposal_id, person=person, at=at)
    book = queries.base()
    if found.kind != KIND or found.subject_id not in book.rules:
        raise NotFound(
            "proposal_unknown",
            gettext("There is no proposed change of a rule with this number."),
        )
    rule = book.rules[found.subject_id]
    problem, seen, wish = "", None, None
    changed: tuple[change_page.Changed, ...] = ()
    if found.undecided:
        wish = actions.wish_of(found)
        try:
            made = actions.draft_of(found, day=day)
        except Refused as refused:
            problem = str(refused)
        else:
            changed = change_page.changes_of(made)
            seen = rehearsing.rehearse(made, as_of=as_of) if as_of else None
    return ProposalPage(
        proposal=found,
        rule=rule,
        title=rule.title[words.tongue()],
        problem=problem,
        begins_on=wish.begins_on if wish else None,
        ends_on=wish.ends_on if wish else None,
        changed=changed,
        effects=shown(seen, person=person),
        address=found.url,
    )


@dataclass(frozen=True, slots=True)
class TurnPage:
    """Another first day of a version, tried on yesterday's book."""

    rule: Rule
    title: str
    versions: tuple[date, ...]
    begins_on: date
    to: str
    problem: str
    effects: Effects | None
    back: str


def of_turn(
    rule_id: str,
    query: Mapping[str, str],
    *,
    person: people.Person,
    as_of: date | None,
) -> TurnPage:
    """The page behind an address; without a day to turn to, only the form."""
    rule = drafting.rule_of(rule_id, queries.base())
    days = tuple(each.begins_on for each in rule.versions)
    asked = read_day(query.get("version", ""))
    begins_on = asked if asked in days else days[-1]
    to, problem, effects = read_day(query.get("to", "")), "", None
    if query.get("to") and to is None:
        problem = gettext("The day could not be read; write it like 2026-12-01.")
    elif to is not None and as_of is not None:
        try:
            seen = rehearsing.turn(rule, begins_on, to, as_of=as_of)
            effects = shown(seen, person=person)
        except Refused as refused:
            problem = str(refused)
    elif to is not None:
        effects = shown(None, person=person)
    return TurnPage(
        rule=rule,
        title=rule.title[words.tongue()],
        versions=days,
        begins_on=begins_on,
        to=to.isoformat() if to else "",
        problem=problem,
        effects=effects,
        back=reverse("rulebooks:rule", args=[rule.id]),
    )
