"""The world in which two people act on one case at the same moment."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from daihou.rooms.casework.models import Case
from daihou.rooms.people import door as people
from tests.rooms.promising import Worked, late_case

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
MOVED: Final = ("case_has_moved",)


@dataclass(frozen=True)
class World:
    """A case, two supervisors of its branch, and collectors Mei and Li."""

    worked: Worked
    boss: people.Person
    other: people.Person
    mei: people.Person
    li: people.Person

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.worked.case


def make_world(number: str, boss: people.Person, **others: people.Person) -> World:
    """A case of its own, of the people who are there already."""
    return World(late_case(number, boss=boss), boss, **others)
