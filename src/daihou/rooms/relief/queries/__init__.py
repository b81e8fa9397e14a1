"""The only reader of relief: requests, policy, pools, plans for households."""

from daihou.rooms.relief.queries.policy import (
    content_in_force,
    in_force,
    pools_of,
    used_today,
    written_in_force,
)
from daihou.rooms.relief.queries.requests import (
    Asked,
    Line,
    Row,
    after,
    find,
    given_before,
    listed,
    of_customer,
    of_loan,
    relief_seen,
    rows_of,
    seen_among,
)

__all__ = [
    "Asked",
    "Line",
    "Row",
    "after",
    "content_in_force",
    "find",
    "given_before",
    "in_force",
    "listed",
    "of_customer",
    "of_loan",
    "pools_of",
    "relief_seen",
    "rows_of",
    "seen_among",
    "used_today",
    "written_in_force",
]
