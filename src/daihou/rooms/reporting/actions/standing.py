"""Giving a question to roles and units, with a mail at times, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.approvals.door import Deed
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting.models import Standing
from daihou.rooms.reporting.queries import standing as reading

EVERY = ("day", "week", "month")
MOST = 50  # of one person
LONGEST_NAME, LONGEST_FIELDS = 60, 2000


@dataclass(frozen=True, slots=True)
class Wish:
    """A question for others: its address, a name, for whom, and how often by mail."""

    name: str
    fields: str
    roles: Sequence[str] = ()
    units: Sequence[str] = ()
    every: str = ""


@transaction.atomic
def give(wish: Wish, *, deed: Deed) -> int:
    """Give a question to roles and units and return its number.

    Refused: without a name, for nobody, for roles or units that are not there, more
    than 50 of one person.
    """
    people.require(deed.by, people.Permission.SHARE_REPORT)
    named = " ".join(wish.name.replace("\x00", "").split())[:LONGEST_NAME]
    if not named:
        raise Refused("standing_name_empty", _("Give the question a name."))
    asked = questions.read(QueryDict(wish.fields[:LONGEST_FIELDS]))
    _for_somebody(wish)
    if wish.every and wish.every not in EVERY:
        raise Refused("every_unknown", _("Choose how often the mail goes."))
    mine = Standing.objects.filter(owner=deed.by.username, ended_at=None)
    if mine.count() >= MOST:
        raise Refused(
            "standings_too_many",
            _("You have given %(most)s questions; take one back first.")
            % {"most": MOST},
        )
    row = Standing.objects.create(
        name=named,
        owner=deed.by.username,
        fields=asked.address(),
        roles=sorted(set(wish.roles)),
        units=sorted(set(wish.units)),
        every=wish.every,
        next_on=_first(wish.every, deed),
        made_at=deed.at,
    )
    _record("given", row, deed)
    return int(row.pk)


def _for_somebody(wish: Wish) -> None:
    roles, units = people.role_names(), {c.code for c in people.unit_choices()}
    if not wish.roles and not wish.units:
        raise Refused("standing_for_nobody", _("Choose a role or a unit it is for."))
    if not set(wish.roles) <= set(roles) or not set(wish.units) <= units:
        raise Refused(
            "standing_for_unknown",
            _("One of the roles or units is not there any more."),
        )


def _first(every: str, deed: Deed) -> date | None:
    if not every:
        return None
    return following(every, deed.business_date or deed.at.date())


def following(every: str, on: date) -> date:
    """The next day of a mail after `on`: tomorrow, Monday, or the 1st."""
    if every == "day":
        return on + timedelta(days=1)
    if every == "week":
        return on + timedelta(days=7 - on.weekday())
    return (on.replace(day=1) + timedelta(days=32)).replace(day=1)


@transaction.atomic
def end(standing_id: int, *, deed: Deed) -> None:
    """Take a question back; only who gave it may."""
    row = Standing.objects.select_for_update().filter(pk=standing_id).first()
    seen = reading.one(standing_id, person=deed.by)
    if row is None or not seen.mine:
        raise NotAllowed(
            "standing_of_another",
            _("This question was given by %(owner)s, who alone may take it back.")
            % {"owner": seen.owner},
        )
    moved = Standing.objects.filter(pk=standing_id, ended_at=None)
    if moved.update(ended_at=deed.at):
        _record("ended", row, deed)


def _record(happened: str, row: Standing, deed: Deed) -> None:
    audit.record(
        type=f"standing.{happened}",
        subject_type="standing",
        subject_id=row.pk,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
        payload={
            "name": row.name,
            "question": row.fields,
            "roles": row.roles,
            "units": row.units,
            "every": row.every,
        },
    )
