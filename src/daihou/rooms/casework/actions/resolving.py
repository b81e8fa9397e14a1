"""What was agreed on a case and lives; the first by precedence is its resolution."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.casework.actions.common import (
    Deed,
    many_told,
    open_case_locked,
    tell,
)
from daihou.rooms.casework.models import Case, Commitment
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.states import PRECEDENCE, Resolution

End = Callable[[Sequence[int], str, Deed], None]
_ends: dict[str, End] = {}
# The rank of a resolution in SQL: the lowest number of those that live counts.
_RANK: Final = "array_position(%(precedence)s::text[], m.resolution::text)"
_REFRESH: Final = f"""
update casework_case c set resolution = want.resolution
from (select k.id, coalesce((select m.resolution from casework_commitment m
        where m.case_id = k.id and m.ended_at is null
        order by {_RANK}, m.id desc limit 1), 'none') as resolution
      from casework_case k where k.id = any(%(ids)s)) want
where want.id = c.id and c.lifecycle <> 'closed' and c.resolution <> want.resolution
returning c.id, c.resolution
"""


def register_commitment(kind: str, *, end: End) -> None:
    """Say who ends what was agreed, under a word, when its case closes.

    `end(case_ids, close_code, deed)` runs in the transaction of the closing, for many
    cases at once; the same word again replaces it.
    """
    _ends[kind] = end


def end_all(case_ids: Sequence[int], *, code: str, deed: Deed) -> None:
    """Nothing agreed lives on a case that is closed."""
    for kind in sorted(_ends):
        _ends[kind](case_ids, code, deed)
    Commitment.objects.filter(case_id__in=case_ids, ended_at=None).update(
        ended_at=deed.at
    )


@transaction.atomic
def set_resolution(
    case_id: int,
    *,
    resolution: Resolution,
    reference: str,
    deed: Deed,
    version: int | None = None,
) -> CaseLine:
    """Something was agreed (or came of it) under `reference`, such as `plan:12`.

    It lives until `end_resolution` of the same reference; the resolution of the case
    is the first of all that live, by `states.PRECEDENCE`.
    """
    if resolution is Resolution.NONE or not reference:
        raise Refused("resolution_none", _("Say what was agreed, and its number."))
    row = open_case_locked(case_id, deed=deed, version=version)
    Commitment.objects.get_or_create(
        case=row,
        reference=reference,
        ended_at=None,
        defaults={"resolution": resolution.value, "since_at": deed.at},
    )
    return _refreshed(row, deed, {"reference": reference})


@transaction.atomic
def end_resolution(case_id: int, *, reference: str, deed: Deed) -> CaseLine:
    """What was agreed under `reference` lives no more: kept, broken or taken back."""
    row = Case.objects.select_for_update().get(pk=case_id)
    Commitment.objects.filter(case=row, reference=reference, ended_at=None).update(
        ended_at=deed.at
    )
    return _refreshed(row, deed, {"reference": reference})


def _refreshed(row: Case, deed: Deed, payload: Mapping[str, object]) -> CaseLine:
    was = row.resolution
    refresh([row.pk])
    row.refresh_from_db(fields=["resolution"])
    if row.resolution != was:
        row.version += 1
        row.save(update_fields=["version"])
        tell(
            "case.resolution.changed",
            row,
            deed,
            payload,
            before={"resolution": was},
            after={"resolution": row.resolution},
        )
    return line(row)


@dataclass(frozen=True, slots=True)
class Kept:
    """Something agreed on one of many cases."""

    case_id: int
    resolution: Resolution
    reference: str


def begin_many(agreed: Sequence[Kept], *, deed: Deed) -> None:
    """The same as `set_resolution` for many cases, locked by the caller."""
    Commitment.objects.bulk_create(
        [
            Commitment(
                case_id=each.case_id,
                resolution=each.resolution.value,
                reference=each.reference,
                since_at=deed.at,
            )
            for each in agreed
        ],
        ignore_conflicts=True,
    )
    _told([each.case_id for each in agreed], deed)


def end_many(references: Mapping[str, int], *, at: datetime, deed: Deed) -> None:
    """What was agreed under these references (each with its case) lives no more."""
    if not references:
        return
    Commitment.objects.filter(
        reference__in=list(references),
        case_id__in=set(references.values()),
        ended_at=None,
    ).update(ended_at=at)
    _told(sorted(set(references.values())), deed)


def _told(case_ids: Sequence[int], deed: Deed) -> None:
    moved = refresh(case_ids)
    many_told(
        "case.resolution.changed",
        [(case_id, {"resolution": became}) for case_id, became in moved],
        deed=deed,
    )


def refresh(case_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Derive the resolution of these cases again; which changed, and to what."""
    with connection.cursor() as cursor:
        cursor.execute(
            _REFRESH,
            {
                "ids": list(case_ids),
                "precedence": [each.value for each in PRECEDENCE],
            },
        )
        return list(cursor.fetchall())
