"""The reader of people: who somebody is, what they may do and what they may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, NotFound
from daihou.kit.scope import EVERYTHING, NOTHING, Scope
from daihou.rooms.people.models import Branch, Cover, RoleGrant, User
from daihou.rooms.people.permissions import (
    GRANTS,
    LOOKING,
    READING,
    Permission,
    Reach,
    Role,
    known,
)
from daihou.rooms.people.words import permission_word, role_word

Below = Callable[[str], frozenset[str]]
Working = Callable[[frozenset[str]], frozenset[str]]
_BELOW = """with recursive below(code) as (
  select code from people_branch where code = %s
  union
  select b.code from people_branch b join below on b.parent_id = below.code
) select code from below"""
_JOINED = ("branch", "role")  # read with the person, so that a person is one query


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, with everything that decides what they may do.

    `viewing_as` is the login of the administrator who looks through these eyes, else
    empty; `covering` the logins of the absent ones this person stands in for today.
    """

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
    role_name: str = ""
    unit_name: str = ""
    products: frozenset[str] | None = None
    must_change_password: bool = False
    covering: tuple[str, ...] = ()
    viewing_as: str = ""
    own_scope: Scope | None = None  # without what a cover lends, where there is one
    lent: tuple[tuple[str, Scope], ...] = ()  # what each of those covered for sees
    email: str = ""
    networks: tuple[tuple[str, ...], ...] = ()  # an address lies within each of these

    @property
    def login(self) -> str:
        """The name they sign in with."""
        return self.username

    @property
    def oversees(self) -> bool:
        """Whether they see everything by themselves: sight is lent, tasks are not."""
        own = self.own_scope if self.own_scope is not None else self.scope
        return own.everything

    def may(self, permission: Permission) -> bool:
        """Whether this person holds the permission; one put off duty holds none."""
        return permission in self.permissions


def role_permissions(role: RoleGrant) -> frozenset[Permission]:
    """What a role allows: its own list, or what is shipped where nobody changed it."""
    if role.permissions is None:
        granted = GRANTS[Role(role.code)]
    else:
        granted = known(role.permissions)
    return granted & READING if role.reads_only else granted


def role_name(role: RoleGrant) -> str:
    """The name of a role in the reader's language."""
    if role.shipped and not role.name:
        return role_word(role.code)
    chinese = (get_language() or "zh").startswith("zh")
    return role.name if chinese else (role.name_en or role.name)


def unit_name(unit: Branch | None) -> str:
    """The name of a unit in the reader's language; empty without one."""
    if unit is None:
        return ""
    chinese = (get_language() or "zh").startswith("zh")
    return unit.name if chinese else (unit.name_en or unit.name)


def granted_to(user: User) -> frozenset[Permission]:
    """Everything this user may do; one off duty may do nothing."""
    granted = role_permissions(user.role) if user.is_active else frozenset()
    return granted & READING if user.reads_only else granted


def units_below(code: str) -> frozenset[str]:
    """The codes of a unit and of all below it."""
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, [code])
        return frozenset(row[0] for row in cursor.fetchall())


def logins_in(codes: frozenset[str]) -> frozenset[str]:
    """The logins of everybody who belongs to one of these units."""
    rows = User.objects.filter(branch__in=codes).values_list("username", flat=True)
    return frozenset(rows)


def _products(user: User) -> frozenset[str] | None:
    """The products of the role that are also the person's; None: all of them."""
    limits = [frozenset(each) for each in (user.role.products, user.products) if each]
    return frozenset.intersection(*limits) if limits else None


def _networks(user: User) -> tuple[tuple[str, ...], ...]:
    """The lists of role and unit that an address has to lie within."""
    unit = user.branch.networks_held if user.branch is not None else ()
    return tuple(tuple(each) for each in (user.role.networks, unit) if each)


def _scope(
    user: User, granted: frozenset[Permission], *, below: Below, working: Working
) -> Scope:
    if Permission.VIEW_LOANS not in granted:
        return NOTHING
    products, reach = _products(user), user.role.reach
    if reach == Reach.ALL:
        return Scope(branches=None, products=products)
    if reach == Reach.OWN:
        mine = frozenset({user.username})
        return Scope(branches=None, products=products, officers=mine)
    if not user.branch_id:
        return NOTHING
    codes = below(user.branch_id)
    unit = Scope(branches=codes, products=products)
    if reach == Reach.BRANCH:
        return unit
    return unit.with_also(
        Scope(branches=None, products=products, officers=working(codes))
    )


def _person(
    user: User, *, below: Below = units_below, working: Working = logins_in
) -> Person:
    granted = granted_to(user)
    return Person(
        id=user.pk,
        username=user.username,
        name=user.full_name or user.username,
        role=user.role_id,
        reads_only=user.reads_only or user.role.reads_only,
        branch=user.branch_id,
        permissions=granted,
        scope=_scope(user, granted, below=below, working=working),
        language=user.language,
        theme=user.theme,
        density=user.density,
        active=user.is_active,
        role_name=role_name(user.role),
        unit_name=unit_name(user.branch),
        products=_products(user),
        must_change_password=user.must_change_password,
        networks=_networks(user),
        email=user.email,
    )


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


def person_of(user: User, *, at: datetime | None = None) -> Person:
    """The person behind a signed-in user (`request.user`).

    With `at` they also see what those see whom they cover for on that day. Costs a
    query for the units below theirs, if they are bound to one, and one for covers, if
    they ever had one.
    """
    found = _person(user)
    if at is None or not found.active:
        return found
    absent = _covered_by(user, on=timezone.localdate(at))
    if not absent:
        return found
    lent = tuple((each.username, _person(each).scope) for each in absent)
    return replace(
        found,
        own_scope=found.scope,
        scope=found.scope.with_also(*(scope for _login, scope in lent)),
        lent=lent,
        covering=tuple(each.username for each in absent),
    )


def _covered_by(user: User, *, on: date) -> tuple[User, ...]:
    """Whom this user stands in for, by login."""
    if not getattr(user, "stands_in", True):  # read with the session's user
        return ()
    rows = Cover.objects.filter(cover=user, begins_on__lte=on, ends_on__gt=on)
    names = ("absent", *(f"absent__{name}" for name in _JOINED))
    found = {row.absent_id: row.absent for row in rows.select_related(*names)}
    return tuple(sorted(found.values(), key=lambda each: each.username))


def covers_on(on: date) -> Mapping[str, tuple[str, ...]]:
    """Who is absent on a day, by login, and who stands in for them; one query."""
    rows = Cover.objects.filter(
        begins_on__lte=on, ends_on__gt=on, cover__is_active=True
    )
    found: dict[str, list[str]] = {}
    for absent, cover in rows.order_by("id").values_list(
        "absent__username", "cover__username"
    ):
        found.setdefault(absent, []).append(cover)
    return {absent: tuple(dict.fromkeys(names)) for absent, names in found.items()}


def seen_as(viewed: Person, *, by: Person) -> Person:
    """The viewed person as an administrator looks through their eyes: reading only."""
    return replace(
        viewed,
        permissions=viewed.permissions & LOOKING,
        reads_only=True,
        viewing_as=by.username,
    )


def user_named(username: str) -> User:
    """The row of this login, role and unit read with it; NotFound else."""
    found: User | None = None
    if "\x00" not in username:
        rows = User.objects.select_related(*_JOINED)
        found = rows.filter(username=username).first()
    if found is None:
        raise no_such_person(username)
    return found


def no_such_person(username: str) -> NotFound:
    """The refusal for a login that is not there, or not for these eyes."""
    return NotFound(
        "person_unknown",
        _("There is no login %(username)s. Look at the list of people.")
        % {"username": username},
        username=username,
    )


def user_with_id(user_id: int) -> User | None:
    """The row behind a session, role and unit read with it; `stands_in` tells whether
    they cover for anybody, at whatever time."""
    covers = Exists(Cover.objects.filter(cover=OuterRef("pk")))
    rows = User.objects.select_related(*_JOINED).annotate(stands_in=covers)
    found: User | None = rows.filter(pk=user_id).first()
    return found


def person(username: str, *, at: datetime | None = None) -> Person:
    """The person with this login, or NotFound; with `at`, their covers count."""
    return person_of(user_named(username), at=at)


def people() -> tuple[Person, ...]:
    """Everybody who has a login, by login; covers do not count. Two queries."""
    below = _tree()
    rows = list(User.objects.select_related(*_JOINED).order_by("username"))

    def working(codes: frozenset[str]) -> frozenset[str]:
        return frozenset(each.username for each in rows if each.branch_id in codes)

    return tuple(_person(user, below=below, working=working) for user in rows)


def names() -> Mapping[str, str]:
    """Login -> name of everybody, as pages call them."""
    rows = User.objects.values_list("username", "full_name")
    return {login: name or login for login, name in rows}


def _tree() -> Below:
    """Units below a unit, from one look at all of them."""
    children: dict[str, list[str]] = {}
    for code, above in Branch.objects.values_list("code", "parent_id"):
        children.setdefault(above or "", []).append(code)

    def below(code: str) -> frozenset[str]:
        found, ahead = {code}, [code]
        while ahead:
            new = set(children.get(ahead.pop(), ())) - found
            found |= new
            ahead += new
        return frozenset(found)

    return below


def scope_of(user: User) -> Scope:
    """Which loans this user may see; covers do not count."""
    return person_of(user).scope


def may(user: User, permission: Permission) -> bool:
    """Whether this user holds the permission."""
    return person_of(user).may(permission)


def require(person: Person, permission: Permission) -> None:
    """Raise NotAllowed, naming which roles can help, unless the person may."""
    if person.may(permission):
        return
    names = [
        role_name(role)
        for role in RoleGrant.objects.all()
        if permission in role_permissions(role)
    ]
    raise NotAllowed(
        "not_allowed",
        _("This is not among your tasks: %(task)s. Ask one of: %(roles)s.")
        % {"task": permission_word(permission), "roles": ", ".join(names)},
        permission=permission.value,
    )


def logins_with(permission: Permission) -> tuple[str, ...]:
    """Who may do this and is on duty, by login."""
    rows = User.objects.select_related(*_JOINED).filter(is_active=True)
    return tuple(
        user.username
        for user in rows.order_by("username")
        if permission in granted_to(user)
    )


def branch_names(*, language: str) -> Mapping[str, str]:
    """Code -> name of every unit, in the reader's language where there is one."""
    chinese = language.lower().startswith("zh")
    return {
        branch.code: branch.name if chinese else (branch.name_en or branch.name)
        for branch in Branch.objects.all()
    }
