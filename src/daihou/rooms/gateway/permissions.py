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
    RULES_READ = "rules:read"
    RULES_WRITE = "rules:write"
    CONTACT_READ = "contact:read"
    CONTACT_WRITE = "contact:write"
    APPROVALS_READ = "approvals:read"
    APPROVALS_WRITE = "approvals:write"
    CLASSES_READ = "classes:read"
    CLASSES_WRITE = "classes:write"
    CASES_READ = "cases:read"
    CASES_WRITE = "cases:write"
    RELIEF_READ = "relief:read"
    RELIEF_WRITE = "relief:write"
    CLOCKS_READ = "clocks:read"
    CLOCKS_WRITE = "clocks:write"
    STRATEGIES_READ = "strategies:read"
    STRATEGIES_WRITE = "strategies:write"
    PORTFOLIO_READ = "portfolio:read"
    CALC = "calc"


READS: Final = frozenset(each for each in ApiScope if each.endswith(":read"))
