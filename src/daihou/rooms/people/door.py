"""What other rooms may use of people: who they are, what they may do and see."""

from daihou.rooms.people.actions import (
    Deed,
    ask_for_rights,
    change_user,
    create_user,
    demo_logins,
    grant_role,
    open_demo_logins,
    propose_rights_with,
    rights,
    save_branches,
    save_unit,
    set_preferences,
)
from daihou.rooms.people.permissions import Permission, Role
from daihou.rooms.people.queries import (
    Person,
    branch_names,
    logins_with,
    may,
    people,
    person,
    person_of,
    process,
    require,
    role_names,
    scope_of,
)
from daihou.rooms.people.signing_in import GUESSES, SignInHeld, authenticate
from daihou.rooms.people.standing import must_first, note_use, viewed_by
from daihou.rooms.people.words import permission_word

__all__ = [
    "GUESSES",
    "Deed",
    "Permission",
    "Person",
    "Role",
    "SignInHeld",
    "ask_for_rights",
    "authenticate",
    "branch_names",
    "change_user",
    "create_user",
    "demo_logins",
    "grant_role",
    "logins_with",
    "may",
    "must_first",
    "note_use",
    "open_demo_logins",
    "people",
    "permission_word",
    "person",
    "person_of",
    "process",
    "propose_rights_with",
    "require",
    "rights",
    "role_names",
    "save_branches",
    "save_unit",
    "scope_of",
    "set_preferences",
    "viewed_by",
]
