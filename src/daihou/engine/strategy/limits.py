"""How often a debtor may be contacted, for asking what a strategy would run into.

The gate asks every contact for itself and has the last word. Here its caps and times of
quiet are taken as they are, so that a rehearsal can count who would run into them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from daihou.engine.gate.checks import Cap, Check, Counts, Per, Quiet
from daihou.engine.gate.values import MESSAGES, VOICE, Channel, Purpose, Role

# By which channel an action of a strategy reaches the debtor.
CHANNELS: Final[Mapping[str, Channel]] = MappingProxyType(
    {
        "message": Channel.SMS,
        "offer": Channel.SMS,
        "call": Channel.CALL,
        "letter": Channel.LETTER,
        "visit": Channel.VISIT,
    }
)
_COUNTED: Final = {
    Counts.CONNECTED: VOICE,
    Counts.DIALS: VOICE,
    Counts.MESSAGES: MESSAGES,
    Counts.CONTACTS: None,
}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` counted contacts in `days` local days, for an action, by a rule.

    `channels` are those that count (None: all), of them with `connected` those that
    somebody answered, with `conversation` those in which they spoke.
    """

    rule: str
    action: str
    per: Per
    most: int
    days: int
    channels: frozenset[str] | None
    connected: bool = False
    conversation: bool = False


def limits(checks: Iterable[Check]) -> tuple[Limit, ...]:
    """The limits among the questions of a day, for collecting from the debtor.

    A cap over hours is taken for as many days as they may touch.
    """
    found = []
    for check in checks:
        for action, channel in CHANNELS.items():
            limit = _limit(check, action, channel)
            if limit is not None:
                found.append(limit)
    return tuple(found)


def _limit(check: Check, action: str, channel: Channel) -> Limit | None:
    if not isinstance(check, Cap | Quiet) or not _covers(check, channel):
        return None
    if isinstance(check, Quiet):
        if channel not in VOICE:
            return None
        return Limit(
            *(check.rule, action, check.per, 1, check.days, frozenset(VOICE)),
            conversation=True,
        )
    if not check.counts_channel(channel):
        return None
    days = check.days if check.hours is None else -(-check.hours // 24) + 1
    counted = _COUNTED[check.counts]
    return Limit(
        *(check.rule, action, check.per, check.most, days),
        None if counted is None else frozenset(counted),
        connected=check.counts is Counts.CONNECTED,
    )


def _covers(check: Check, channel: Channel) -> bool:
    scope = check.scope
    return (
        (scope.roles is None or Role.BORROWER in scope.roles)
        and (scope.channels is None or channel in scope.channels)
        and (scope.purposes is None or Purpose.COLLECT in scope.purposes)
    )
