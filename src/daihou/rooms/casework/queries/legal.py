"""Cases that wait for the legal officer: prepared, handed up, not to be worked now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from daihou.rooms.casework.codes import ItemKind, ItemState
from daihou.rooms.casework.models.work import WorkItem
from daihou.rooms.casework.queries.policy import policy

LEGAL_REVIEW: Final = "legal_review"  # what the strategy says of such a case
# In SQL over the case `c`: it was handed up and is not answered, or was answered lately.
# A case of which the strategy says something else meanwhile waits for nobody.
WAITS: Final = """
(c.action = 'legal_review' and exists (
  select from casework_item i
  where i.case_id = c.id and i.kind = 'review' and i.for_supervisor
    and (i.state = 'open' or (i.state = 'done' and i.done_at > %(legal_since)s))))
"""


def since(at: datetime) -> dict[str, Any]:
    """The value that `WAITS` needs at an instant."""
    return {"legal_since": at - timedelta(days=policy().legal_days)}


@dataclass(frozen=True, slots=True)
class Wait:
    """A case is with the legal officer: until an instant, or (None) for their word."""

    until: datetime | None


def wait_of(case_id: int, *, action: str, at: datetime) -> Wait | None:
    """Whether a case waits for the legal officer now."""
    if action != LEGAL_REVIEW:
        return None
    rows = WorkItem.objects.filter(
        case=case_id, kind=ItemKind.REVIEW.value, for_supervisor=True
    ).exclude(state=ItemState.DISMISSED.value)
    found = list(rows.values_list("state", "done_at"))
    if any(state == ItemState.OPEN.value for state, _done_at in found):
        return Wait(None)
    last = max((done_at for _state, done_at in found), default=None)
    if last is None or last <= since(at)["legal_since"]:
        return None
    return Wait(last + timedelta(days=policy().legal_days))
