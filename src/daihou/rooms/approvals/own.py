"""The kinds of proposal that no later room brings: levels, and rights of people."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from daihou.engine.basics.money import format_minor
from daihou.kit import numbers
from daihou.rooms.approvals.actions import levels
from daihou.rooms.approvals.actions.deciding import take
from daihou.rooms.approvals.actions.proposing import propose
from daihou.rooms.approvals.kinds import Deed, Field, Kind, Values, register
from daihou.rooms.approvals.queries.levels import read_row
from daihou.rooms.approvals.queries.proposals import approved_for
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.people import door as people

ROLE = "people.role"
DEFINITION = "people.definition"
PERMIT = "people.permit"


def register_own() -> None:
    """Make the kinds known, and take changes of rights to a second person."""
    people.propose_rights_with(propose_rights)
    people.propose_roles_with(propose_role)
    people.permit_with(permit)
    register(
        Kind(
            code=PERMIT,
            name=_("What leads to rights"),
            permission=people.Permission.DECIDE_ROLE,
            describe=_permit_field,
            serves_hours=24,
        )
    )
    register(
        Kind(
            code=DEFINITION,
            name=_("What a role allows"),
            permission=people.Permission.DECIDE_ROLE,
            proposes=people.Permission.MANAGE_ROLES,
            handler=define,
            current=definition,
            describe=_definition_field,
            address=lambda subject: f"/roles/{subject}/",
        )
    )
    register(
        Kind(
            code=levels.KIND,
            name=_("Who decides what"),
            permission=people.Permission.MANAGE_APPROVALS,
            proposes=people.Permission.MANAGE_APPROVALS,
            handler=levels.make_table,
            current=levels.current,
            describe=_level_field,
            hours=72,
        )
    )
    register(
        Kind(
            code=ROLE,
            name=_("Rights of a person"),
            permission=people.Permission.DECIDE_ROLE,
            proposes=people.Permission.MANAGE_PEOPLE,
            handler=grant,
            current=rights,
            describe=_right_field,
        )
    )


def _level_field(name: str) -> Field:
    if name == levels.FROM_ON:
        return Field(word=gettext("Counts from"), say=_day)
    number = name.rpartition(" ")[2].lstrip("0")
    return Field(word=gettext("Row %(number)s") % {"number": number}, say=_row_words)


def _day(value: object) -> str:
    if not value:
        return ""
    day = date.fromisoformat(str(value))
    return numbers.day_text(day, language=get_language() or "zh-hans")


def _row_words(value: object) -> str:
    if not isinstance(value, Mapping):
        return ""
    row, currency = read_row(value), str(value.get("currency") or "")
    told = {
        "step": row.step,
        "least": amount_words(row.least, currency=currency, counts=""),
        "below": amount_words(row.below, currency=currency, counts=""),
        "role": role_word(row.role),
    }
    if row.below is None:
        return gettext("level %(step)s, from %(least)s on: %(role)s") % told
    return (
        gettext("level %(step)s, from %(least)s and below %(below)s: %(role)s") % told
    )


def role_word(role: str) -> str:
    """The name of a role; without one, whoever holds the permission of the kind."""
    if not role:
        return gettext("whoever holds the permission")
    return people.role_names().get(role, role)


def amount_words(amount: int | None, *, currency: str, counts: str) -> str:
    """An amount as it is read: money, or how many of what."""
    if amount is None:
        return ""
    if currency:
        return f"{currency} {format_minor(amount, currency)}"
    return f"{amount:,} {counts}".strip()


def rights(subject_id: str, names: Collection[str]) -> Values:
    """The named rights of a person as they are now."""
    now = people.rights(subject_id)
    return {name: now.get(name) for name in names}


def grant(proposal: Proposal, deed: Deed) -> None:
    """Give the rights that were approved."""
    people.grant_role(
        username=proposal.subject_id, rights=proposal.after, deed=_theirs(deed)
    )


def propose_rights(
    *,
    username: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
    deed: people.Deed,
) -> str:
    """Propose what the page of people asks for; the address of the proposal."""
    made = propose(
        kind=ROLE,
        subject_type="person",
        subject_id=username,
        title=username,
        before=before,
        after=after,
        deed=_ours(deed),
    )
    return made.url


def definition(subject_id: str, names: Collection[str]) -> Values:
    """The named parts of what a role allows as they are now."""
    now = people.role_definition(subject_id)
    return {name: now.get(name) for name in names}


def define(proposal: Proposal, deed: Deed) -> None:
    """Make the role what was approved."""
    people.define_role(
        code=proposal.subject_id, definition=proposal.after, deed=_theirs(deed)
    )


def propose_role(*, code: str, after: Mapping[str, object], deed: people.Deed) -> str:
    """Propose what the page of roles asks for; the address of the proposal."""
    made = propose(
        kind=DEFINITION,
        subject_type="role",
        subject_id=code,
        title=code,
        after=after,
        deed=_ours(deed),
    )
    return made.url


@transaction.atomic
def permit(
    *, subject_type: str, subject_id: str, what: Mapping[str, object], deed: people.Deed
) -> str:
    """Use what was approved for the very same; else propose it and say where."""
    asked = {name: value for name, value in what.items() if value is not None}
    for row in approved_for(
        PERMIT, subject_type, subject_id, by=deed.by.username, at=deed.at
    ):
        if row.after == asked:
            take(proposal_id=row.id, kind=PERMIT, deed=_ours(deed))
            return ""
    made = propose(
        kind=PERMIT,
        subject_type=subject_type,
        subject_id=subject_id,
        title=subject_id,
        after=asked,
        deed=_ours(deed),
    )
    return made.url


def _permit_field(name: str) -> Field:
    if name == "deed":
        return Field(word=gettext("What is done"), say=_permit_word)
    return _right_field(name)


def _permit_word(value: object) -> str:
    words = {
        "login": gettext("a new login"),
        "password": gettext("a new password for once, told to who asked"),
        "factors": gettext("the second factors are taken away"),
        "rule": gettext("a rule of separation of duties is set aside"),
    }
    return words.get(str(value or ""), "")


def _ours(deed: people.Deed) -> Deed:
    return Deed(
        by=deed.by,
        at=deed.at,
        business_date=deed.business_date,
        reason=deed.reason,
        request_id=deed.request_id,
    )


def _theirs(deed: Deed) -> people.Deed:
    return people.Deed(
        deed.by, deed.at, deed.business_date, deed.reason, deed.request_id
    )


def _right_field(name: str) -> Field:
    words = {
        "role": gettext("Role"),
        "branch": gettext("Unit"),
        "products": gettext("Products"),
        "reads_only": gettext("Reads only"),
        "active": gettext("On duty"),
        "full_name": pgettext("person", "Name"),
    }
    return Field(word=words.get(name, name), say=_right_value(name))


def _definition_field(name: str) -> Field:
    if name.startswith(people.MAY):
        code = name.removeprefix(people.MAY)
        known = code in set(people.Permission)
        word = people.permission_word(people.Permission(code)) if known else code
        return Field(word=gettext("May: %(task)s") % {"task": word}, say=_yes)
    words = {
        "reach": gettext("Sees"),
        "products": gettext("Products"),
        "networks": gettext("Works from these networks"),
        "reads_only": gettext("Reads only"),
        "name": gettext("Name"),
        "name_en": gettext("Name in English"),
    }
    return Field(word=words.get(name, name), say=_definition_value(name))


def _yes(value: object) -> str:
    return gettext("yes") if value else gettext("no")


def _definition_value(name: str) -> Callable[[object], str]:
    def say(value: object) -> str:
        if name == "reads_only":
            return _yes(value)
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value)) or gettext("all")
        if name == "reach" and value:
            return people.reach_word(str(value))
        return str(value or "")

    return say


def _right_value(name: str) -> Callable[[object], str]:
    def say(value: object) -> str:
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, list | tuple):
            return ", ".join(map(str, value)) or gettext("all")
        if name == "role":
            return role_word(str(value or ""))
        return str(value or "")

    return say
