"""What a token may be let do, within what its person may; plain data."""

from enum import StrEnum
from typing import Final


class ApiScope(StrEnum):
    """One thing a token may do, whatever more its person may."""

    CUSTOMERS_READ = "customers:read"
    LOANS_READ = "loans:read"
    LOANS_WRITE = "loans:write"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_WRITE = "payments:write"
    POSITIONS_READ = "positions:read"
    INTAKE_READ = "intake:read"
    INTAKE_WRITE = "intake:write"
    DAY_END_READ = "day_end:read"
    DAY_END_WRITE = "day_end:write"
    EVENTS_READ = "events:read"
    WEBHOOKS_READ = "webhooks:read"
    WEBHOOKS_WRITE = "webhooks:write"
    CALC = "calc"


READS: Final = frozenset(each for each in ApiScope if each.endswith(":read"))
