"""What the strategy does about a case, what stands over it, and what it would say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext

from daihou.kit.actors import actor_word
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.policy import policy
from daihou.rooms.people import door as people
from daihou.rooms.strategy import door as strategy

SHOWN = 8


@dataclass(frozen=True, slots=True)
class OrderShown:
    """Something that was ordered over the plan, in words; it `stands` or is over."""

    word: str
    cause: str
    until: date | None
    on: date
    reason: str
    by: str
    ended: str
    stands: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a case as its page shows it; `pause_until` is what the form offers."""

    step: strategy.StepLine | None
    action: str
    says: Sequence[str]
    orders: Sequence[OrderShown]
    paused: bool
    stopped: bool
    may_pause: bool
    may_resume: bool
    may_stop: bool
    pause_until: date
    pause_most: date


def plan_of(case: CaseLine, *, by: people.Person, on: date) -> Plan:
    """The plan of a case that the page has found, on a business day."""
    step = strategy.step_of(case.customer_id)
    listed = strategy.orders_of(case.customer_id, most=SHOWN)
    names = people.names()
    standing = [each for each in listed if each.stands(on)]
    pauses = [each for each in standing if each.do == "pause"]
    mine = bool(pauses) and all(each.by == by.username for each in pauses)
    stopped = any(each.do == "stop" for each in standing)
    manages = by.may(people.Permission.MANAGE_CASES)
    works = by.may(people.Permission.WORK_CASES) and case.is_open and step is not None
    by_hand = any(each.by_person for each in pauses)
    most = on + timedelta(days=policy().hold_days["manual"])
    return Plan(
        step=step,
        action=strategy.action_word(step.action) if step else "",
        says=_says(step),
        orders=[_shown(each, names, on) for each in listed],
        paused=bool(pauses),
        stopped=stopped,
        may_pause=works and not by_hand and not stopped,
        may_resume=works and bool(pauses) and (mine or manages),
        may_stop=works and manages and not stopped,
        pause_until=min(on + timedelta(days=7), most),
        pause_most=most,
    )


def _says(step: strategy.StepLine | None) -> Sequence[str]:
    if step is None:
        return ()
    found = strategy.interrupts_of(step.version_id, step.journey)
    return tuple(strategy.interrupt_said(each) for each in found)


def _shown(each: strategy.OrderLine, names: Mapping[str, str], on: date) -> OrderShown:
    return OrderShown(
        word=order_word(each.do, each.aim),
        cause=strategy.event_word(each.cause),
        until=each.until,
        on=each.given_on,
        reason=each.reason,
        by=actor_word(each.by, names=names) if each.by_person else "",
        ended=_ended(each),
        stands=each.stands(on),
    )


def order_word(do: str, aim: str) -> str:
    """What was ordered, in words."""
    texts: dict[str, str] = {
        "pause": gettext("Paused"),
        "stop": gettext("Stopped"),
        "jump": gettext("Goes on at the step %(aim)s"),
        "start": gettext("The journey %(aim)s instead"),
    }
    return str(texts[do] % {"aim": aim})


def _ended(each: strategy.OrderLine) -> str:
    texts: dict[str, str] = {
        "resumed": gettext("let go on by hand"),
        "expired": gettext("its last day was over"),
        "event": gettext("something else happened"),
        "closed": gettext("the case was closed"),
        "left": gettext("the customer left the journey"),
    }
    return str(texts.get(each.ended_because, ""))
