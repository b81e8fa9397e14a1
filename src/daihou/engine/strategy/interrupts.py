"""What interrupts a journey: an event of the customer, and what the journey then does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class On(StrEnum):
    """What may happen to a customer between two evenings."""

    PAYMENT = "payment"
    PROMISE_MADE = "promise_made"
    PROMISE_KEPT = "promise_kept"
    PROMISE_BROKEN = "promise_broken"  # also one that was kept in part
    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    REFUSAL = "refusal"  # the person wants no contact
    DECEASED = "deceased"
    BANKRUPTCY = "bankruptcy"


class Then(StrEnum):
    """What a journey does about it.

    PAUSE holds it for days; RESUME ends a pause that an event began; JUMP goes on at
    another step, START lets another journey take its place, STOP ends it.
    """

    PAUSE = "pause"
    RESUME = "resume"
    JUMP = "jump"
    START = "start"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Interrupt:
    """On an event, do so; `days` of a PAUSE, `aim` the step or journey gone on at."""

    on: On
    do: Then
    days: int = 0
    aim: str = ""


MOST_DAYS: Final = 366  # of a pause; whoever wants more wants a stop
ON_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    On.PAYMENT: ("收到还款", "a payment comes in"),
    On.PROMISE_MADE: ("客户承诺还款", "a promise is made"),
    On.PROMISE_KEPT: ("承诺已履行", "a promise is kept"),
    On.PROMISE_BROKEN: ("承诺未履行（跳票）", "a promise is broken"),
    On.DISPUTE: ("客户提出争议", "something is disputed"),
    On.COMPLAINT: ("客户投诉", "a complaint is made"),
    On.HARDSHIP: ("客户申报经济困难", "hardship is told of"),
    On.REFUSAL: ("客户要求停止联系", "the person wants no contact"),
    On.DECEASED: ("得知客户死亡", "the person is said to have died"),
    On.BANKRUPTCY: ("得知客户破产", "the person is said to be bankrupt"),
}
