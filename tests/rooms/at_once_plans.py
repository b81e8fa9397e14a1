"""Plans and persons in the hands of two at once."""

from datetime import timedelta
from typing import Final

from daihou.rooms.casework import door
from daihou.rooms.casework.actions import journeys, same_person
from daihou.rooms.casework.models import Case
from daihou.rooms.contact import door as contact
from daihou.rooms.contact.models import Twin
from daihou.rooms.people import door as people
from daihou.rooms.strategy.models import CustomerStep
from tests.rooms import strategies
from tests.rooms.at_once_world import MOVED, World
from tests.rooms.cast import AT, TODAY
from tests.rooms.overlapping import Line, Pair
from tests.rooms.promising import deed, late_case

UNTIL: Final = TODAY + timedelta(days=3)


def _seen(w: World) -> Case:
    """The case, with a step of a strategy."""
    if not CustomerStep.objects.filter(pk=w.case.customer_id).exists():
        strategies.a_run()
        strategies.a_step(w.case.customer_id)
    return w.case


def _pause(w: World) -> Pair:
    seen = _seen(w)

    def pause(by: people.Person) -> object:
        return journeys.pause_plan(
            seen.pk, until=UNTIL, reason="a", deed=deed(by), version=seen.version
        )

    return lambda: pause(w.boss), lambda: pause(w.other)


def _resume(w: World) -> Pair:
    journeys.pause_plan(_seen(w).pk, until=UNTIL, reason="a", deed=deed(w.boss))
    seen = w.case

    def resume(by: people.Person) -> object:
        return journeys.resume_plan(
            seen.pk, reason="b", deed=deed(by), version=seen.version
        )

    return lambda: resume(w.boss), lambda: resume(w.other)


def _stop(w: World) -> Pair:
    seen = _seen(w)

    def stop(by: people.Person) -> object:
        return journeys.stop_plan(
            seen.pk, reason="a", deed=deed(by), version=seen.version
        )

    return lambda: stop(w.boss), lambda: stop(w.other)


def _together(w: World) -> Pair:
    second = late_case(f"X{w.worked.loan.pk}", boss=w.boss)
    low, high = sorted((w.case.customer_id, second.case.customer_id))
    twin = Twin.objects.create(
        first_id=low, second_id=high, reason="name_birth", found_at=AT
    )
    contact.join_persons(twin.pk, evidence="seen", deed=deed(w.boss))
    key = f"give:{w.case.pk}"
    door.assign([w.case.pk], collector="mei", key=key, deed=deed(w.boss))
    seen = w.case

    def bring(by: people.Person) -> object:
        return same_person.bring_together(seen.pk, deed=deed(by), version=seen.version)

    return lambda: bring(w.boss), lambda: bring(w.other)


LINES: Final = {
    "journeys.pause_plan": Line(_pause, "journey.paused", MOVED),
    "journeys.resume_plan": Line(_resume, "journey.resumed", MOVED),
    "journeys.stop_plan": Line(_stop, "journey.stopped", MOVED),
    "same_person.bring_together": Line(_together, "assignment.changed", MOVED),
}
