"""The only writer of mapping files: checked, numbered, the former version kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.intake.mapping import files
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Doing:
    """Who changes a mapping, when, on which business date."""

    by: people.Person
    at: datetime
    business_date: date | None
    request_id: str = ""


def require(person: people.Person) -> None:
    """A mapping says what every branch's files mean: for who sees all of them."""
    people.require(person, people.Permission.RUN_INTAKE)
    if not person.oversees:
        raise NotFound("mapping_unknown", _("There is no such mapping."))


@transaction.atomic
def save_mapping(content: Mapping[str, Any], *, basis: str, doing: Doing) -> str:
    """Write a mapping under its name and return its version.

    `basis` is the version it was made from ('' for a new one); another one in its
    place by now is refused. The same content again changes nothing. Raises
    MappingError for content that cannot be a mapping.
    """
    require(doing.by)
    name = str(content.get("mapping", ""))
    if not files.is_name(name):
        raise Refused(
            "mapping_name",
            _("A mapping is named with small letters, digits and _ only."),
        )
    folder = Path(settings.INTAKE_MAPPINGS[0])
    before = files.content_of(name, folders=settings.INTAKE_MAPPINGS)
    known = str(before["version"]) if before else ""
    if known != basis:
        raise Conflict(
            "mapping_moved",
            _("Somebody saved version %(version)s of it meanwhile. Open it again.")
            % {"version": known or "–"},
        )
    if before is not None and _same(before, content, folder):
        return known
    wanted = dict(content) | {"version": files.next_version(known) if known else "1"}
    checked = files.check(wanted, folder=folder)
    audit.record(
        type="mapping.saved",
        subject_type="mapping",
        subject_id=name,
        by=doing.by.username,
        at=doing.at,
        business_date=doing.business_date,
        before={"version": known} if known else None,
        after={"version": checked.version, "digest": checked.digest},
        request_id=doing.request_id,
    )
    files.write(wanted, folder=folder)
    return checked.version


def _same(before: Mapping[str, Any], content: Mapping[str, Any], folder: Path) -> bool:
    """Whether but for the version they say the same, however it is written."""
    old, new = files.check(before, folder=folder), files.check(content, folder=folder)
    words = ("source", "refers_to", "encoding", "description")
    return old.rules == new.rules and all(
        before.get(word, "") == content.get(word, "") for word in words
    )
