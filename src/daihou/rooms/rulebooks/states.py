"""What a lender may do to a rule from a day on."""

from enum import StrEnum


class Step(StrEnum):
    """One way a rule holds for this lender from a day on."""

    VALUES = "values"  # the lender's own values, stricter where the rule binds
    OFF = "off"  # the rule is not asked; only where it does not bind
    LAW = "law"  # as the rule book says: the lender's own values end here
