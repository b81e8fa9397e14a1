"""What other rooms and the edge may use of the day-end."""

from daihou.rooms.dayend.actions import request_run, set_business_date
from daihou.rooms.dayend.costs import register as register_costs
from daihou.rooms.dayend.queries import (
    BusinessDay,
    MoveLine,
    RequestLine,
    RunLine,
    business_date,
    last_plan,
    moves_of,
    open_day,
    requests,
    run_of,
    runs,
    waiting,
)

__all__ = [
    "BusinessDay",
    "MoveLine",
    "RequestLine",
    "RunLine",
    "business_date",
    "last_plan",
    "moves_of",
    "open_day",
    "register_costs",
    "request_run",
    "requests",
    "run_of",
    "runs",
    "set_business_date",
    "waiting",
]
