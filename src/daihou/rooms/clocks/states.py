"""Which clocks of law there are, what each is about, and how they come to be."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """One kind of clock; the values are those of `engine.clocks`."""

    LIMITATION = "limitation"
    GUARANTEE = "guarantee"
    OBSERVATION = "observation"
    ENFORCEMENT = "enforcement"
    PAYMENT_ORDER_ACCEPT = "payment_order_accept"
    PAYMENT_ORDER_ISSUE = "payment_order_issue"
    PAYMENT_ORDER_OBJECT = "payment_order_object"
    COMPLAINT = "complaint"
    CREDIT_DISPUTE = "credit_dispute"
    CREDIT_COMPLAINT = "credit_complaint"
    ADVERSE_DATA = "adverse_data"
    BLAME = "blame"
    AUDIT_REPORT = "audit_report"
    FINANCE_REPORT = "finance_report"
    FORECLOSED = "foreclosed"
    EVALUATION = "evaluation"
    TRANSFER_PILOT = "transfer_pilot"


class Group(StrEnum):
    """What clocks are looked at together."""

    CLAIM = "claim"
    COURT = "court"
    SERVICE = "service"
    RECOVERY = "recovery"
    HOUSE = "house"


GROUPS: Final[Mapping[Group, tuple[Kind, ...]]] = MappingProxyType(
    {
        Group.CLAIM: (Kind.LIMITATION, Kind.GUARANTEE, Kind.OBSERVATION),
        Group.COURT: (
            Kind.ENFORCEMENT,
            Kind.PAYMENT_ORDER_ACCEPT,
            Kind.PAYMENT_ORDER_ISSUE,
            Kind.PAYMENT_ORDER_OBJECT,
        ),
        Group.SERVICE: (
            Kind.COMPLAINT,
            Kind.CREDIT_DISPUTE,
            Kind.CREDIT_COMPLAINT,
            Kind.ADVERSE_DATA,
        ),
        Group.RECOVERY: (Kind.BLAME, Kind.FORECLOSED),
        Group.HOUSE: (
            Kind.EVALUATION,
            Kind.AUDIT_REPORT,
            Kind.FINANCE_REPORT,
            Kind.TRANSFER_PILOT,
        ),
    }
)
# The book starts these by itself; a person may only say that one began elsewhere.
OF_THE_BOOK: Final = frozenset({Kind.LIMITATION, Kind.GUARANTEE, Kind.OBSERVATION})
# Nobody starts these: the rule itself has the day, or classification keeps it.
NOT_STARTED: Final = frozenset({Kind.TRANSFER_PILOT, Kind.OBSERVATION})
# About a loan, always; the others may be about the house as a whole.
NEED_LOAN: Final = frozenset(
    {*OF_THE_BOOK, *GROUPS[Group.COURT], *GROUPS[Group.RECOVERY]}
)
# What is told of the claim counts for all of these, on whichever the person stands.
OF_THE_CLAIM: Final = frozenset({Kind.LIMITATION, Kind.GUARANTEE, Kind.ENFORCEMENT})


class Closed(StrEnum):
    """Why a clock is no longer looked at."""

    PAID = "paid"  # nothing of the claim is late any more
    DONE = "done"  # what it waited for was done
    BY_HAND = "by_hand"  # somebody said why
    CORRECTED = "corrected"  # somebody said that it began elsewhere; another runs
    NO_LONGER = "no_longer"  # what it was about is gone: no longer observed


PASSED: Final = 0  # the step of the ladder after the last: the end has passed
