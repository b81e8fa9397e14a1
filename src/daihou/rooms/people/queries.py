"""The only reader of people and branches."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound
from daihou.kit.scope import EVERYTHING, NOTHING, Scope, branches
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.permissions import Permission, Role, grants
from daihou.rooms.people.words import permission_word, role_word


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, with everything that decides what they may do."""

    id: int
    username: str
    name: str
    role: str
    reads_only: bool
    branch: str | None
    permissions: frozenset[Permission]
    scope: Scope
    language: str
    theme: str
    density: str
    active: bool

    def may(self, permission: Permission) -> bool:
        """Whether this person holds the permission; one put off duty holds none."""
        return permission in self.permissions


def _person(user: User) -> Person:
    granted = grants(user.role, reads_only=user.reads_only)
    granted = granted if user.is_active else frozenset()
    return Person(
        id=user.pk,
        username=user.username,
        name=user.full_name or user.username,
        role=user.role,
        reads_only=user.reads_only,
        branch=user.branch_id,
        permissions=granted,
        scope=_scope(granted, branch=user.branch_id),
        language=user.language,
        theme=user.theme,
        density=user.density,
        active=user.is_active,
    )


def _scope(granted: frozenset[Permission], *, branch: str | None) -> Scope:
    if Permission.SEE_ALL_BRANCHES in granted:
        return EVERYTHING
    if Permission.VIEW_LOANS in granted and branch:
        return branches(branch)
    return NOTHING


def process(name: str) -> Person:
    """A process of the house (command line, town, worker) as the doer of something.

    It may do everything; who started it is a matter of the machine it runs on.
    """
    return Person(
        id=0,
        username=name,
        name=name,
        role="",
        reads_only=False,
        branch=None,
        permissions=frozenset(Permission),
        scope=EVERYTHING,
        language="zh-hans",
        theme="auto",
        density="compact",
        active=True,
    )


def person_of(user: User) -> Person:
    """The person behind a signed-in user (`request.user`); costs no query."""
    return _person(user)


def person(username: str) -> Person:
    """The person with this login, or NotFound."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound(
            "person_unknown",
            _("There is no login %(username)s. Look at the list of people.")
            % {"username": username},
            username=username,
        )
    return _person(user)


def people() -> tuple[Person, ...]:
    """Everybody who has a login, by login."""
    return tuple(_person(user) for user in User.objects.order_by("username"))


def scope_of(user: User) -> Scope:
    """Which branches' loans this user may see."""
    return person_of(user).scope


def may(user: User, permission: Permission) -> bool:
    """Whether this user holds the permission."""
    return person_of(user).may(permission)


def require(person: Person, permission: Permission) -> None:
    """Raise NotAllowed, naming which roles can help, unless the person may."""
    if person.may(permission):
        return
    holders = [role_word(role) for role in Role if permission in grants(role)]
    raise NotAllowed(
        "not_allowed",
        _("This is not among your tasks: %(task)s. Ask one of: %(roles)s.")
        % {"task": permission_word(permission), "roles": ", ".join(holders)},
        permission=permission.value,
    )


def branch_names(*, language: str) -> Mapping[str, str]:
    """Code -> name of every branch, in the reader's language where there is one."""
    chinese = language.lower().startswith("zh")
    return {
        branch.code: branch.name if chinese else (branch.name_en or branch.name)
        for branch in Branch.objects.all()
    }
