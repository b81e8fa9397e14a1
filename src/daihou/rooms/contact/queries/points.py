"""How good the numbers and addresses of a customer are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from daihou.rooms.contact.models import PointStanding
from daihou.rooms.contact.states import PointState
from daihou.rooms.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class PointLine:
    """A way to reach a customer, masked, with what came of trying it.

    `tried` and `answered` are contacts with this customer by this number; the hours
    count them by the hour of the day where they live. `removed_at`: used no more.
    """

    point_id: int
    kind: str
    owner_role: str
    masked: str
    state: str
    since_at: datetime | None
    tried: int
    answered: int
    last_tried_at: datetime | None
    last_answered_at: datetime | None
    tried_hours: tuple[int, ...]
    answered_hours: tuple[int, ...]
    removed_at: datetime | None
    removed_by: str

    @property
    def reach(self) -> int | None:
        """Answered contacts in a hundred; None where nobody tried."""
        return self.answered * 100 // self.tried if self.tried else None

    @property
    def best_hour(self) -> int | None:
        """The hour in which most tries were answered; None where none was."""
        if not any(self.answered_hours):
            return None
        shares = [
            (answered / tried, answered, -hour)
            for hour, (tried, answered) in enumerate(
                zip(self.tried_hours, self.answered_hours, strict=True)
            )
            if tried
        ]
        return -max(shares)[2]


def points_of(customer_id: int) -> Sequence[PointLine]:
    """Every way to reach a customer whom the reader may see; those in use first."""
    ways = ledger.reaching.ways(customer_id)
    known = _standing({each.digest for each in ways if each.digest}, customer_id)
    lines = [_line(way, known, customer_id) for way in ways]
    return sorted(lines, key=lambda line: line.removed_at is not None)


def _standing(
    digests: set[str], customer_id: int
) -> Mapping[tuple[str, int], PointStanding]:
    rows = PointStanding.objects.filter(
        point__in=sorted(digests), customer_id__in=(0, customer_id)
    )
    return {(row.point, row.customer_id): row for row in rows}


def _line(
    way: ledger.reaching.Way,
    known: Mapping[tuple[str, int], PointStanding],
    customer_id: int,
) -> PointLine:
    mine = known.get((way.digest, customer_id)) if way.digest else None
    whole = known.get((way.digest, 0)) if way.digest else None
    gone = next(
        (each for each in (mine, whole) if each is not None and each.removed_at), None
    )
    shown = gone or mine
    return PointLine(
        point_id=way.point_id,
        kind=way.kind,
        owner_role=way.owner_role,
        masked=way.masked,
        state=shown.state if shown else PointState.UNTRIED.value,
        since_at=shown.since_at if shown else None,
        tried=mine.tried if mine else 0,
        answered=mine.answered if mine else 0,
        last_tried_at=mine.last_tried_at if mine else None,
        last_answered_at=mine.last_answered_at if mine else None,
        tried_hours=tuple(mine.tried_hours) if mine else (0,) * 24,
        answered_hours=tuple(mine.answered_hours) if mine else (0,) * 24,
        removed_at=gone.removed_at if gone else None,
        removed_by=gone.removed_by if gone else "",
    )


def removed(point: str, customer_id: int) -> str | None:
    """Why a number is used no more for a customer; None while it is."""
    if not point:
        return None
    rows = PointStanding.objects.filter(
        point=point, customer_id__in=(0, customer_id), removed_at__isnull=False
    )
    found: str | None = rows.values_list("state", flat=True).order_by("id").first()
    return found


def in_use(lines: Sequence[PointLine]) -> Sequence[PointLine]:
    """Those that were not removed, the best first among those of one kind."""
    return [line for line in lines if line.removed_at is None]
