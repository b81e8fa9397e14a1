"""One proposal: what would change, who has said what, and what the reader may do."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from daihou.rooms.approvals import queries
from daihou.rooms.approvals.kinds import Field, kind_of
from daihou.rooms.approvals.pages import words
from daihou.rooms.approvals.queries import Proposal, Remark, Said
from daihou.rooms.approvals.states import State
from daihou.rooms.people import door as people

NAMED = 5  # people named as deciders; more are counted


@dataclass(frozen=True, slots=True)
class Change:
    """One field of the difference; `now` says that it is no longer what it was."""

    word: str
    before: str
    after: str
    masked: bool
    now: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One level: who decides it, and what was said there."""

    number: int
    word: str
    waits: bool
    chip: tuple[str, str, str] | None
    by: str
    for_whom: str
    at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """Everything one page of a proposal shows."""

    proposal: Proposal
    kind: str
    title: str
    amount: str
    by: str
    by_for: str
    chip: tuple[str, str, str]
    late: bool
    changes: tuple[Change, ...]
    hides: bool
    revealed: bool
    levels: tuple[Level, ...]
    remarks: tuple[Remark, ...]
    deciders: str
    address: str
    why_not: str
    stands_for: str
    may_withdraw: bool
    overtaken: bool
    use: str


def page_of(
    proposal_id: int, *, person: people.Person, at: datetime, revealed: bool = False
) -> Page:
    """The page for this reader, or NotFound; `revealed` shows values whole."""
    found = queries.find(proposal_id, person=person, at=at)
    standing = queries.standing(proposal_id, person=person, at=at)
    now = _now(found)
    changes = difference(found, now, revealed=revealed)
    said, remarks = queries.history(proposal_id)
    called = words.names()
    mine = person.username in (found.proposed_by, found.proposed_for)
    return Page(
        proposal=found,
        kind=words.kind_word(found.kind),
        title=words.title_of(found),
        amount=words.amount_of(found),
        by=called.get(found.proposed_by, found.proposed_by),
        by_for=called.get(found.proposed_for, found.proposed_for),
        chip=words.state_chip(found.state),
        late=found.late(at),
        changes=changes,
        hides=any(each.masked for each in changes),
        revealed=revealed,
        levels=_levels(found, said, called),
        remarks=tuple(
            Remark(called.get(each.by, each.by), each.at, each.text) for each in remarks
        ),
        deciders=_named([each.name for each in standing.deciders]),
        address=kind_of(found.kind).address(found.subject_id),
        why_not=standing.why_not,
        stands_for=called.get(standing.for_whom, standing.for_whom),
        may_withdraw=found.undecided and mine and not person.reads_only,
        overtaken=any(value != found.before[name] for name, value in now.items()),
        use=_use(found, person, at=at),
    )


def _use(proposal: Proposal, person: people.Person, *, at: datetime) -> str:
    """Where an approval that serves once is used, for whose it is while it serves."""
    use, until = kind_of(proposal.kind).use, proposal.serves_until
    mine = proposal.proposed_by == person.username and not person.reads_only
    serves = proposal.state == State.APPROVED and until is not None and at < until
    return use(proposal.id) if use is not None and mine and serves else ""


def _now(proposal: Proposal) -> Mapping[str, object]:
    """What the subject is now, while that matters."""
    current = kind_of(proposal.kind).current
    if not proposal.undecided or current is None:
        return {}
    return current(proposal.subject_id, list(proposal.before))


def difference(
    proposal: Proposal, now: Mapping[str, object], *, revealed: bool
) -> tuple[Change, ...]:
    """Before and after by field, in words; personal values masked unless revealed."""
    kind = kind_of(proposal.kind)
    changes = []
    for name, after in proposal.after.items():
        before, field = proposal.before.get(name), kind.describe(name)
        moved = name in now and now[name] != before
        changes.append(
            Change(
                word=str(field.word),
                before=_said(field, before, revealed=revealed),
                after=_said(field, after, revealed=revealed),
                masked=field.mask is not None and not revealed,
                now=_said(field, now[name], revealed=revealed) if moved else None,
            )
        )
    return tuple(changes)


def _said(field: Field, value: object, *, revealed: bool) -> str:
    text = str(field.say(value))
    return text if revealed or field.mask is None or not text else field.mask(text)


def _levels(
    proposal: Proposal, said: Collection[Said], called: Mapping[str, str]
) -> tuple[Level, ...]:
    decided = {each.level: each for each in said}
    levels = []
    for number, role in enumerate(proposal.levels, start=1):
        one = decided.get(number)
        levels.append(
            Level(
                number=number,
                word=words.level_word(proposal, role),
                waits=proposal.undecided and number == proposal.level,
                chip=words.verdict_chip(one.verdict) if one else None,
                by=called.get(one.by, one.by) if one else "",
                for_whom=called.get(one.for_whom, one.for_whom) if one else "",
                at=one.at if one else None,
                note=one.note if one else "",
            )
        )
    return tuple(levels)


def _named(names: Collection[str]) -> str:
    """Who holds the next step, by name; nobody is said too."""
    if not names:
        return ""
    listed = ", ".join(list(names)[:NAMED])
    more = len(names) - NAMED
    if more > 0:
        return gettext("%(names)s and %(more)s more") % {"names": listed, "more": more}
    return listed
