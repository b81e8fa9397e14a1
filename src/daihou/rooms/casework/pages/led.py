"""Who works cases in the units a reader sees: whom they may choose and look for."""

from collections.abc import Mapping, Sequence

from daihou.rooms.casework.queries import seats
from daihou.rooms.people import door as people


def led_by(by: people.Person, *, counted: bool = False) -> Mapping[str, seats.Taker]:
    """Who works cases in the units this person sees, by login.

    What each holds is counted only where it is asked for.
    """
    return {
        login: taker
        for login, taker in seats.takers(counted=counted).items()
        if by.scope.everything or by.scope.allows(taker.team)
    }


def choices(by: people.Person) -> Sequence[tuple[str, str]]:
    """The same as choices of a form: login and name."""
    return [(login, taker.name) for login, taker in sorted(led_by(by).items())]
