"""Who may decide a proposal now, by their own right or for somebody who is away."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.approvals.kinds import kind_of
from daihou.rooms.approvals.models import Proposal as Row
from daihou.rooms.approvals.queries.delegations import deputies_at, stands_in_for
from daihou.rooms.approvals.states import UNDECIDED, State
from daihou.rooms.people import door as people

PERSON: Final = "person"  # the subject type of proposals about somebody's rights


@dataclass(frozen=True, slots=True)
class Hat:
    """The rights somebody decides with: their own, or those of `for_whom`."""

    person: people.Person
    for_whom: str = ""


def hats(person: people.Person, *, at: datetime) -> tuple[Hat, ...]:
    """The own hat first, then those of whoever this person stands in for now."""
    found = [Hat(person)]
    for login in stands_in_for(person.username, at=at):
        try:
            found.append(Hat(people.person(login), login))
        except NotFound:  # a login that is gone gives nobody rights
            continue
    return tuple(found)


def holds(row: Row, person: people.Person) -> bool:
    """Whether the role, or the permission, that the proposal waits for is theirs.

    Past its deadline another role may step in for the one a level names, but never
    somebody who could not decide its kind at all.
    """
    if not person.active or person.reads_only:
        return False
    able = person.may(people.Permission(row.permission))
    late = row.state == State.ESCALATED
    if late and able and person.may(people.Permission.DECIDE_LATE):
        return True
    return person.role == row.waits_for if row.waits_for else able


def sees(row: Row, person: people.Person) -> bool:
    """Whether the subject lies within a person's scope; see `seen_of`."""
    return bool(seen_of([row], person))


def seen_of(rows: Collection[Row], person: people.Person) -> list[Row]:
    """Those whose subject a person may see, asked once a kind, in their order.

    A kind whose subjects have no scope is of the whole house: it is for who sees
    everything, and for whoever asked.
    """
    subjects: dict[str, set[str]] = {}
    for row in rows:
        subjects.setdefault(row.kind, set()).add(row.subject_id)
    known: dict[str, set[str]] = {}
    for kind, ids in subjects.items():
        look = kind_of(kind).seen
        if look is not None:
            known[kind] = look(ids, person.scope)
        else:
            known[kind] = ids if person.scope.everything else set()
    return [
        row
        for row in rows
        if row.subject_id in known[row.kind]
        or (kind_of(row.kind).seen is None and person.username in asked_by(row))
    ]


def asked_by(row: Row) -> set[str]:
    """Whose proposal it is: none of them decides it."""
    return {row.proposed_by, row.proposed_for} - {""}


def barred(row: Row) -> set[str]:
    """Who decides it at no level: whose proposal it is, and whose rights it is about."""
    about = {row.subject_id} if row.subject_type == PERSON else set()
    return asked_by(row) | about


def hat_for(row: Row, person: people.Person, *, at: datetime) -> Hat | None:
    """The rights with which this person may decide the present level, or None."""
    if person.username in barred(row) or person.reads_only:
        return None
    for hat in hats(person, at=at):
        mine = hat.for_whom not in barred(row)
        if mine and holds(row, hat.person) and sees(row, hat.person):
            return hat
    return None


def why_not(row: Row, person: people.Person, *, at: datetime) -> tuple[str, str]:
    """Why this person may not decide now, as (code, words); two empty: they may."""
    if row.state not in UNDECIDED:
        return "proposal_closed", _("It is decided; nothing is left to do.")
    if person.username in asked_by(row):
        return "own_proposal", _("Nobody decides their own proposal.")
    if person.username in barred(row):
        return "own_rights", _("Nobody decides on their own rights.")
    if row.decisions.filter(decided_by=person.username).exists():
        return "decided_before", _(
            "You decided an earlier level; each level is decided by another person."
        )
    if not person.id or hat_for(row, person, at=at) is None:  # a process is nobody
        return "not_the_decider", _("Your role does not decide this one.")
    return "", ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one reader stands to a proposal.

    `code` and `why_not` say why they may not decide, empty when they may; `for_whom`
    whose rights they would use; `deciders` who may, by login.
    """

    code: str
    why_not: str
    for_whom: str
    deciders: tuple[people.Person, ...]


def standing(proposal_id: int, *, person: people.Person, at: datetime) -> Standing:
    """How this person stands to a proposal they may read."""
    row = Row.objects.get(pk=proposal_id)
    code, why = why_not(row, person, at=at)
    hat = None if code else hat_for(row, person, at=at)
    return Standing(
        code=code,
        why_not=why,
        for_whom=hat.for_whom if hat else "",
        deciders=deciders(row, at=at),
    )


def _seeing(row: Row, able: Mapping[str, people.Person]) -> set[str]:
    """Who of these sees the subject; asked once where its kind tells its places."""
    places = kind_of(row.kind).places
    if places is not None:
        found = [*places(row.subject_id)]
        return {
            login
            for login, person in able.items()
            if person.scope.everything
            or any(
                person.scope.allows(branch, product=product, officer=officer)
                for branch, product, officer in found
            )
        }
    scopes: dict[Scope, bool] = {}
    for person in able.values():
        if person.scope not in scopes:
            scopes[person.scope] = sees(row, person)
    return {login for login, person in able.items() if scopes[person.scope]}


def deciders(row: Row, *, at: datetime) -> tuple[people.Person, ...]:
    """Everybody who may decide the present level now, by login."""
    if row.state not in UNDECIDED:
        return ()
    everybody = {person.username: person for person in people.people()}
    done = set(row.decisions.values_list("decided_by", flat=True))
    out = barred(row) | done
    able = {
        login
        for login, person in everybody.items()
        if login not in barred(row) and holds(row, person)
    }
    able = _seeing(row, {login: everybody[login] for login in able})
    for principal, deputy in deputies_at(at):
        known = everybody.get(deputy)
        if principal in able and known and known.active and not known.reads_only:
            able.add(deputy)
    return tuple(everybody[login] for login in sorted(able - out))
