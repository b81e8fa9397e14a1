"""Closed days whose classes are still to come, or rest on what stands no more."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from daihou.kit import grades, ports
from daihou.rooms.grading.models import GradingRun


@dataclass(frozen=True, slots=True)
class Unsettled:
    """How many closed days wait for their classes, and from which day on."""

    since: date
    days: int


def unsettled() -> Unsettled | None:
    """The days that wait; None once every closed day has the class it keeps.

    A class rests on the positions of its day and on the classes of the day before, as
    `kit.grades.Grader.due` has it: a first look at the last day alone is not settled.
    None, too, where nobody classifies.
    """
    if grades.grader() is None:
        return None
    closed = ports.book().standing()
    runs = {
        row[0]: row[1:]
        for row in GradingRun.objects.filter(current=True).values_list(
            "as_of", "positions", "previous", "fingerprint"
        )
    }
    last, days = "", sorted(closed)
    for place, day in enumerate(days):
        run = runs.get(day)
        if run is None or run[:2] != (closed[day], last):
            return Unsettled(day, len(days) - place)
        last = run[2]
    return None


def beside(request: HttpRequest, *pages: str) -> Unsettled | None:
    """What a line above these pages has to say; None elsewhere."""
    return unsettled() if request.path.startswith(pages) else None
