"""The reader of questions given to others: whose they are, for whom, what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.people import door as people
from daihou.rooms.reporting.models import Sending, Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One question that was given to roles and units."""

    id: int
    name: str
    owner: str
    fields: str
    roles: Sequence[str]
    units: Sequence[str]
    every: str
    next_on: date | None
    made_at: datetime
    mine: bool

    @property
    def query(self) -> QueryDict:
        """The question part, parsed."""
        return QueryDict(self.fields)


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the mail of one person on one day."""

    login: str
    on: date
    outcome: str
    at: datetime


def given_to(person: people.Person) -> Sequence[Line]:
    """The questions given to a person or by them, by name."""
    rows = Standing.objects.filter(ended_at=None).order_by("name", "pk")
    units = _units(person, rows)
    return [
        line(row, person)
        for row in rows
        if row.owner == person.username or fits(row, person, units)
    ]


def _units(
    person: people.Person, rows: Sequence[Standing]
) -> Mapping[str, frozenset[str]]:
    """The units below each unit that is named, where any is."""
    named = {unit for row in rows for unit in row.units}
    return {unit: people.units_below(unit) for unit in sorted(named)}


def fits(
    row: Standing, person: people.Person, units: Mapping[str, frozenset[str]]
) -> bool:
    """Whether a question is given to this person."""
    if row.roles and person.role not in row.roles:
        return False
    if not row.units:
        return bool(row.roles)
    return any(person.branch in units[unit] for unit in row.units)


def recipients(row: Standing) -> Sequence[people.Person]:
    """Everybody on duty a question is given to who may see the portfolio."""
    units = {unit: people.units_below(unit) for unit in row.units}
    return [
        each
        for each in people.people()
        if each.active and may_see(each) and fits(row, each, units)
    ]


def may_see(person: people.Person) -> bool:
    """Whether somebody sees figures of the portfolio; an agency never does."""
    agency = person.role == people.Role.AGENCY
    return person.may(people.Permission.VIEW_PORTFOLIO) and not agency


def line(row: Standing, person: people.Person) -> Line:
    """A row as its reader sees it."""
    return Line(
        id=row.pk,
        name=row.name,
        owner=row.owner,
        fields=row.fields,
        roles=row.roles,
        units=row.units,
        every=row.every,
        next_on=row.next_on,
        made_at=row.made_at,
        mine=row.owner == person.username,
    )


def one(standing_id: int, *, person: people.Person) -> Line:
    """One question the person gave or was given, or NotFound."""
    row = Standing.objects.filter(pk=standing_id, ended_at=None).first()
    units = _units(person, [row]) if row else {}
    if row is None or not (row.owner == person.username or fits(row, person, units)):
        raise no_such_standing()
    return line(row, person)


def no_such_standing() -> NotFound:
    """The refusal for a question that is not there, or not given to the asker."""
    return NotFound(
        "standing_unknown", _("There is no such question among those given to you.")
    )


def sent_of(standing_id: int, *, limit: int = 50) -> Sequence[Sent]:
    """What became of the last mails of a question, the newest first."""
    rows = Sending.objects.filter(standing=standing_id).order_by("-pk")[:limit]
    return [Sent(row.login, row.on, row.outcome, row.at) for row in rows]


def mail_goes() -> bool:
    """Whether this house sends mail at all."""
    return bool(settings.MAIL_SENDS)


def due(*, on: date) -> Sequence[int]:
    """The questions whose mail is due on a day, the oldest first."""
    rows = Standing.objects.filter(ended_at=None, next_on__lte=on).exclude(every="")
    return list(rows.order_by("next_on", "pk").values_list("pk", flat=True))
