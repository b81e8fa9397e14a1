"""What was heard of people and waits to be confirmed, or was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from daihou.engine.commitments.marker import OPEN
from daihou.kit.scope import Scope
from daihou.rooms.casework import sealing
from daihou.rooms.casework.models import Marker

SHOWN = 50


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """One thing heard of a person; `evidence` and `decision` opened."""

    id: int
    case_id: int
    case_number: str
    customer_id: int
    kind: str
    state: str
    evidence: str
    raised_by: str
    raised_at: datetime
    confirm_by: date
    escalated_on: date | None
    decided_by: str
    decided_at: datetime | None
    decision: str

    @property
    def stands(self) -> bool:
        """Whether nobody confirmed or refuted it yet."""
        return self.state in {each.value for each in OPEN}


def markers(
    *, scope: Scope, stands: str = "open", before: int = 0, limit: int = SHOWN
) -> Sequence[MarkerRow]:
    """Markers of cases of the scope: open the most urgent first, decided the newest."""
    rows = scope.limit(Marker.objects.all(), by="case__branch")
    names = [each.value for each in OPEN]
    if stands == "open":
        rows = rows.filter(state__in=names).order_by("confirm_by", "pk")
    else:
        rows = rows.exclude(state__in=names).order_by("-pk")
        rows = rows.filter(pk__lt=before) if before else rows
    fields = list(MarkerRow.__dataclass_fields__)
    paths = ["case__number" if name == "case_number" else name for name in fields]
    return [_opened(MarkerRow(*values)) for values in rows.values_list(*paths)[:limit]]


def markers_after(*, scope: Scope, after: int, limit: int) -> Sequence[MarkerRow]:
    """Markers of the scope with an id above `after`, by id; texts stay sealed."""
    rows = scope.limit(Marker.objects.filter(pk__gt=after), by="case__branch")
    names = list(MarkerRow.__dataclass_fields__)
    paths = ["case__number" if name == "case_number" else name for name in names]
    found = rows.order_by("pk").values_list(*paths)[:limit]
    return [replace(MarkerRow(*each), evidence="", decision="") for each in found]


def _opened(row: MarkerRow) -> MarkerRow:
    return replace(
        row,
        evidence=sealing.opened(row.evidence, about=sealing.REASON),
        decision=sealing.opened(row.decision, about=sealing.REASON),
    )


def waiting(*, scope: Scope) -> int:
    """How many wait to be confirmed, as far as one sees."""
    rows = Marker.objects.filter(state__in=[each.value for each in OPEN])
    return int(scope.limit(rows, by="case__branch").count())
