"""What other rooms may use of people: who they are, what they may do and see."""

from daihou.rooms.people.actions import (
    change_user,
    create_user,
    demo_logins,
    open_demo_logins,
    save_branches,
    set_preferences,
)
from daihou.rooms.people.permissions import Permission, Role
from daihou.rooms.people.queries import (
    Person,
    branch_names,
    may,
    people,
    person,
    person_of,
    process,
    require,
    scope_of,
)
from daihou.rooms.people.signing_in import GUESSES, SignInHeld, authenticate

__all__ = [
    "GUESSES",
    "Permission",
    "Person",
    "Role",
    "SignInHeld",
    "authenticate",
    "branch_names",
    "change_user",
    "create_user",
    "demo_logins",
    "may",
    "open_demo_logins",
    "people",
    "person",
    "person_of",
    "process",
    "require",
    "save_branches",
    "scope_of",
    "set_preferences",
]
