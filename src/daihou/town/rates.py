"""How often things happen between a floor of collectors and its customers: one table.

No public source counts these together, so every number here is an assumption of ours,
chosen to be believable and to make each way through the product happen in a few weeks.
Where a number follows a published one, its line says so. None of it is a finding.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# Results of a talk with the customer themselves, by how often among a thousand of them.
# A third to a half of right-party talks with early cases end in a promise; few later.
_TALK_EARLY: Final[Mapping[str, int]] = {
    "PTP": 470,
    "PAID_CLAIM": 60,
    "NEGO": 130,
    "PLAN_REQ": 50,
    "HARDSHIP": 25,
    "REFUSE": 60,
    "DISPUTE": 12,
    "COMPLAINT": 8,
    "CALLBACK": 170,
    "CEASE": 4,
    "LAWYER": 2,
    "BANKRUPT": 1,
    "ID_FRAUD": 2,
}
_TALK_LATE: Final[Mapping[str, int]] = {
    "PTP": 230,
    "PAID_CLAIM": 40,
    "NEGO": 250,
    "PLAN_REQ": 90,
    "HARDSHIP": 60,
    "REFUSE": 160,
    "DISPUTE": 20,
    "COMPLAINT": 14,
    "CALLBACK": 110,
    "CEASE": 10,
    "LAWYER": 6,
    "BANKRUPT": 4,
    "ID_FRAUD": 3,
}
# What a call comes to where the customer was not talked to, among a thousand of them.
_NOBODY: Final[Mapping[str, int]] = {
    "NO_ANSWER": 690,
    "BUSY": 90,
    "HANGUP": 80,
    "OFF": 70,
    "LEFT_MSG": 40,
    "INVALID": 10,
    "WRONG": 9,
    "LOST": 4,
    "DECEASED": 4,
    "JAILED": 1,
}


@dataclass(frozen=True, slots=True)
class Rates:
    """The whole table; shares are of one unless a line says otherwise."""

    # Chance that a call reaches the customer themselves, by how late they are.
    reached: Mapping[str, float] = field(
        default_factory=lambda: {
            "current": 0.55,
            "pre": 0.55,
            "M1": 0.46,
            "M2": 0.38,
            "M3": 0.32,
            "M4": 0.25,
            "M5": 0.22,
            "M6": 0.20,
            "M7": 0.15,
            "charged_off": 0.12,
        }
    )
    talk_early: Mapping[str, int] = field(default_factory=lambda: _TALK_EARLY)
    talk_late: Mapping[str, int] = field(default_factory=lambda: _TALK_LATE)
    nobody: Mapping[str, int] = field(default_factory=lambda: _NOBODY)
    # A disputed debt is disputed in part as often as this; the rest is worked on.
    dispute_of_a_part: float = 0.4
    # Of those who negotiate: asked to give up penalties; those past ninety days: to
    # close for less; those not yet: to move an instalment.
    waiver_asked: float = 0.45
    settlement_asked: float = 0.30
    # Promises: all that is overdue, or half; in two parts. Days ahead: 0 to this.
    promise_whole: float = 0.62
    promise_parts: float = 0.15
    promise_days: int = 9
    # How promises go, before the customer's own honesty moves it: kept in time, paid
    # late, paid in part; the rest brings nothing. Trade talk names a half to two thirds
    # of promises kept; there is no statistic of it that we may cite.
    kept: float = 0.58
    late: float = 0.14
    partly: float = 0.10
    # Of instalments of plans and parts of settlements, and conditions of waivers.
    instalment_kept: float = 0.80
    offer_accepted: float = 0.75
    # Money that comes and goes back one to three days later (the town's own debits come
    # back as often: `payers.due_part`).
    bounced: float = 0.012
    # A decider approves so many of what is asked, the rest is refused with a reason.
    approved: float = 0.82
    # A supervisor asks for relief too, and tries to approve it: refused by the house.
    own_asked: float = 0.25
    # Of the late cases that the strategy sends to legal review, on each day somebody
    # looks at one: the customer came to the branch by themselves.
    comes_by: float = 0.06
    # A collector asks the gate for somebody else than the customer, dials again at once
    # where nobody answered, stays on after eight in the evening.
    third_party: float = 0.02
    dials_again: float = 0.30
    stays_on: float = 0.04
    # On a working day somebody falls ill, for two to five days.
    falls_ill: float = 0.006
    # Holds are looked into after so many days; then so many are released each day.
    hold_days: int = 6
    hold_released: float = 0.20
    marker_days: int = 2
    marker_confirmed: float = 0.6
    # A distribution made by hand is taken back within the quarter of an hour.
    undone: float = 0.3


RATES: Final = Rates()
