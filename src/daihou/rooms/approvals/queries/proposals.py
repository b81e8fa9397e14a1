"""Proposals as pages and other rooms read them, and the inbox of a person."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.approvals.content import opened
from daihou.rooms.approvals.kinds import kind_of
from daihou.rooms.approvals.models import Decision
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.approvals.queries.authority import (
    PERSON,
    barred,
    hats,
    holds,
    seen_of,
    sees,
)
from daihou.rooms.approvals.states import UNDECIDED, State, Verdict
from daihou.rooms.approvals.values import Proposal, Remark, Said
from daihou.rooms.people import door as people

PAGE = 50
MOST_WAITING = 500  # an inbox longer than this is not worked from its end
TABS = ("waiting", "mine", "decided", "all")


_PLAIN = (
    "kind",
    "subject_type",
    "subject_id",
    "title",
    "amount",
    "currency",
    "reason",
    "proposed_by",
    "proposed_for",
    "proposed_at",
    "business_date",
    "level",
    "waits_for",
    "permission",
    "due_at",
    "state",
    "decided_by",
    "closed_at",
    "serves_until",
)


def proposal_of(row: Row, *, whole: bool = True) -> Proposal:
    """A row as its value; `whole` opens what would change, a list does without."""
    before, after = opened(row.content, row.digest) if whole else ({}, {})
    return Proposal(
        id=row.pk,
        levels=tuple(row.levels),
        before=before,
        after=after,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def no_such_proposal(proposal_id: int) -> NotFound:
    """The refusal for one that is not there, or not for these eyes."""
    return NotFound(
        "proposal_unknown",
        _("There is no proposal %(number)s among those you may see.")
        % {"number": proposal_id},
        proposal=proposal_id,
    )


def visible(row: Row, person: people.Person, *, at: datetime) -> bool:
    """Whether a person may read a proposal.

    They asked or decided, may decide now, could have asked themselves, or read the
    log of changes; and the subject lies within their data scope, or that of somebody
    whom they stand in for.
    """
    login = person.username
    kind = kind_of(row.kind)
    part = login in (row.proposed_by, row.proposed_for)
    part = part or person.may(people.Permission.VIEW_AUDIT)
    part = part or bool(kind.proposes and kind.seen and person.may(kind.proposes))
    part = part or row.decisions.filter(decided_by=login).exists()
    if part and sees(row, person):
        return True
    return any(
        _concerns(row, hat.person) and sees(row, hat.person)
        for hat in hats(person, at=at)
    )


def _concerns(row: Row, person: people.Person) -> bool:
    """Whether any level of it is, was or will be theirs to decide."""
    if not person.active or person.reads_only:
        return False
    by_permission = "" in row.levels and person.may(people.Permission(row.permission))
    by_role = bool(person.role) and person.role in row.levels
    return by_permission or by_role or holds(row, person)


def row_for(proposal_id: int, *, person: people.Person, at: datetime) -> Row:
    """The row of a proposal this person may read, or NotFound."""
    row: Row | None = Row.objects.filter(pk=proposal_id).first()
    if row is None or not visible(row, person, at=at):
        raise no_such_proposal(proposal_id)
    return row


def find(proposal_id: int, *, person: people.Person, at: datetime) -> Proposal:
    """One proposal with what would change, or NotFound."""
    return proposal_of(row_for(proposal_id, person=person, at=at))


def history(proposal_id: int) -> tuple[tuple[Said, ...], tuple[Remark, ...]]:
    """What was decided and what was remarked on, in order; the page looked first."""
    row = Row.objects.get(pk=proposal_id)
    said = tuple(
        Said(*values)
        for values in row.decisions.order_by("level").values_list(
            "level", "verdict", "decided_by", "decided_for", "decided_at", "note"
        )
    )
    remarks = row.comments.order_by("pk").values_list("by", "at", "text")
    return said, tuple(Remark(*values) for values in remarks)


def approvals_of(proposal_ids: Collection[int]) -> Mapping[int, tuple[Said, ...]]:
    """Who approved each of these proposals, level by level; one query."""
    rows = Decision.objects.filter(
        proposal_id__in=proposal_ids, verdict=Verdict.APPROVE.value
    ).order_by("proposal_id", "level")
    found: dict[int, tuple[Said, ...]] = {}
    for number, *values in rows.values_list(
        *("proposal_id", "level", "verdict", "decided_by", "decided_for"),
        *("decided_at", "note"),
    ):
        found[number] = (*found.get(number, ()), Said(*values))
    return found


def waiting(person: people.Person, *, at: datetime) -> tuple[Proposal, ...]:
    """What waits for this person, the earliest deadline first (at most 500)."""
    open_ones = Row.objects.filter(state__in=UNDECIDED).exclude(
        Q(proposed_by=person.username) | Q(proposed_for=person.username)
    )
    open_ones = open_ones.exclude(decisions__decided_by=person.username)
    open_ones = open_ones.exclude(subject_type=PERSON, subject_id=person.username)
    found: dict[int, Row] = {}
    for hat in hats(person, at=at):
        if person.reads_only or hat.person.reads_only or not hat.person.active:
            continue
        rows = open_ones.filter(_held_by(hat.person))
        if hat.for_whom:
            theirs = Q(proposed_by=hat.for_whom) | Q(proposed_for=hat.for_whom)
            theirs |= Q(subject_type=PERSON, subject_id=hat.for_whom)
            rows = rows.exclude(theirs)
        first = list(rows.order_by("due_at", "pk")[:MOST_WAITING])
        found |= {row.pk: row for row in seen_of(first, hat.person)}
    ordered = sorted(found.values(), key=lambda row: (row.due_at, row.pk))
    return tuple(proposal_of(row, whole=False) for row in ordered[:MOST_WAITING])


def waiting_count(person: people.Person, *, at: datetime) -> int:
    """How many proposals wait for this person, counted to 100; mostly one query.

    Of those that are open the rights are looked at first, which costs nothing, then
    whom they stand in for, then what they may see.
    """
    if person.reads_only or not person.id:
        return 0
    rows = Row.objects.filter(state__in=UNDECIDED).defer("content", "reason")
    rows = rows.exclude(
        Q(proposed_by=person.username)
        | Q(proposed_for=person.username)
        | Q(subject_type=PERSON, subject_id=person.username)
    )
    left = list(rows.order_by("due_at", "pk")[:MOST_WAITING])
    if not left:
        return 0
    left = _undecided_by(person, left)
    found: set[int] = set()
    for hat in hats(person, at=at):
        mine = [
            row
            for row in left
            if row.pk not in found
            and hat.for_whom not in barred(row)
            and holds(row, hat.person)
        ]
        found |= {row.pk for row in seen_of(mine, hat.person)} if mine else set()
    return min(len(found), 100)


def _undecided_by(person: people.Person, rows: list[Row]) -> list[Row]:
    """Those of which this person has not decided an earlier level."""
    later = [row.pk for row in rows if row.level > 1]
    if not later:
        return rows
    done = set(
        Row.objects.filter(
            pk__in=later, decisions__decided_by=person.username
        ).values_list("pk", flat=True)
    )
    return [row for row in rows if row.pk not in done]


def _held_by(person: people.Person) -> Q:
    """What waits for the role or for a permission of this person; see `holds`."""
    mine = Q(waits_for=person.role) & ~Q(waits_for="")
    permissions = [str(each) for each in person.permissions]
    mine |= Q(waits_for="", permission__in=permissions)
    if person.may(people.Permission.DECIDE_LATE):
        mine |= Q(state=State.ESCALATED)
    return mine


def inbox(
    person: people.Person, *, tab: str, at: datetime, before: int = 0, size: int = PAGE
) -> tuple[tuple[Proposal, ...], int]:
    """One page of a tab, and the id from which the next page goes on (0: no more)."""
    if tab == "waiting":
        return waiting(person, at=at), 0
    rows = _of_tab(person, tab)
    found: list[Row] = []
    while len(found) <= size:
        chunk = list((rows.filter(pk__lt=before) if before else rows)[: size * 2])
        found += seen_of(chunk, person)
        if len(chunk) < size * 2:
            break
        before = chunk[-1].pk
    shown = found[:size]
    older = shown[-1].pk if len(found) > size else 0
    return tuple(proposal_of(row, whole=False) for row in shown), older


def listed(
    person: people.Person, *, tab: str, before: int, limit: int, at: datetime
) -> tuple[Proposal, ...]:
    """Up to `limit` proposals of a tab with smaller ids than `before` (0: all)."""
    if tab == "waiting":
        rows = sorted(waiting(person, at=at), key=lambda each: -each.id)
        return tuple(row for row in rows if not before or row.id < before)[:limit]
    return inbox(person, tab=tab, at=at, before=before, size=limit)[0]


def _of_tab(person: people.Person, tab: str) -> "QuerySet[Row]":
    rows = Row.objects.order_by("-pk")
    login = person.username
    if tab == "mine":
        return rows.filter(Q(proposed_by=login) | Q(proposed_for=login))
    if tab == "decided":
        mine = Q(decisions__decided_by=login) | Q(decisions__decided_for=login)
        return rows.filter(mine).distinct()
    assert tab == "all", tab
    people.require(person, people.Permission.VIEW_AUDIT)
    return rows


def approved_for(
    kind: str, subject_type: str, subject_id: str, *, by: str, at: datetime
) -> tuple[Proposal, ...]:
    """What was approved for a subject, serves once and was not used yet, oldest first."""
    rows = Row.objects.filter(
        kind=kind,
        subject_type=subject_type,
        subject_id=subject_id,
        proposed_by=by,
        state=State.APPROVED,
        serves_until__gt=at,
    )
    return tuple(proposal_of(row) for row in rows.order_by("pk"))


def kept_contents() -> tuple[tuple[int, str, str, date, str], ...]:
    """Closed proposals whose content is kept: id, subject, day of closing, digest."""
    rows = Row.objects.exclude(content="").filter(closed_at__isnull=False)
    told = rows.values_list("pk", "subject_type", "subject_id", "closed_at", "digest")
    return tuple(
        (pk, kind, subject, timezone.localdate(at), digest)
        for pk, kind, subject, at, digest in told.order_by("pk")
    )


def open_on(
    subject_type: str, subject_id: str | int, *, person: people.Person, at: datetime
) -> tuple[Proposal, ...]:
    """What is proposed for one subject and not decided, for its page."""
    rows = Row.objects.filter(
        subject_type=subject_type, subject_id=str(subject_id), state__in=UNDECIDED
    ).order_by("pk")
    return tuple(
        proposal_of(row, whole=False) for row in rows if visible(row, person, at=at)
    )
