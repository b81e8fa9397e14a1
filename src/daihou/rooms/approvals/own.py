"""The kinds of proposal that no later room brings: levels, and rights of people."""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from daihou.engine.basics.money import format_minor
from daihou.kit import numbers
from daihou.rooms.approvals.actions import levels
from daihou.rooms.approvals.actions.proposing import propose
from daihou.rooms.approvals.kinds import Deed, Field, Kind, Values, register
from daihou.rooms.approvals.queries.levels import read_row
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.people import door as people

ROLE = "people.role"


def register_own() -> None:
    """Make both kinds known, and take changes of rights to a second person."""
    people.propose_rights_with(propose_rights)
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
        deed=Deed(
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            reason=deed.reason,
            request_id=deed.request_id,
        ),
    )
    return made.url


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
        "full_name": gettext("Name"),
    }
    return Field(word=words.get(name, name), say=_right_value(name))


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
