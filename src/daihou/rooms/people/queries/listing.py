"""What the pages of people, units, roles, devices and covers show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.kit.paging import Paging, paging
from daihou.kit.refusal import NotFound
from daihou.packs import products
from daihou.rooms.people.models import Branch, Cover, RoleGrant, SignedIn, User
from daihou.rooms.people.permissions import GRANTS, Permission, Role
from daihou.rooms.people.queries.person import (
    Person,
    granted_to,
    no_such_person,
    role_name,
    role_permissions,
    unit_name,
    units_below,
    user_named,
)
from daihou.rooms.people.words import device_word


@dataclass(frozen=True, slots=True)
class UserLine:
    """One login in a list."""

    username: str
    name: str
    role: str
    role_name: str
    unit: str
    unit_name: str
    products: tuple[str, ...]
    reads_only: bool
    active: bool
    factors: int
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class UserList:
    """One page of logins, and what it was narrowed by."""

    rows: tuple[UserLine, ...]
    paging: Paging
    asked: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a form."""

    code: str
    name: str
    depth: int = 0
    kind: str = ""  # of a unit

    @property
    def indent(self) -> range:
        """As many steps as it stands below the top."""
        return range(self.depth)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of the tree, in the order it is drawn."""

    code: str
    name: str
    name_en: str
    shown: str
    kind: str
    parent: str
    depth: int
    people: int
    below: int
    networks: tuple[str, ...] = ()
    held: tuple[str, ...] = ()  # the list that holds, from above if it has none

    @property
    def indent(self) -> range:
        """As many steps as it stands below the top."""
        return range(self.depth)

    @property
    def all(self) -> int:
        """People of the unit and of all below it."""
        return self.people + self.below


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role with what it allows."""

    code: str
    shown: str
    name: str
    name_en: str
    permissions: frozenset[Permission]
    reach: str
    products: tuple[str, ...]
    reads_only: bool
    shipped: bool
    changed: bool
    holders: int
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """One device somebody is signed in on."""

    id: int
    began_at: datetime
    seen_at: datetime
    address: str
    device: str
    way: str
    here: bool

    @property
    def shown(self) -> str:
        """Browser and system as people call them."""
        return device_word(self.device)


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One leave cover; `last_on` is its last day."""

    id: int
    absent: str
    absent_name: str
    cover: str
    cover_name: str
    begins_on: date
    last_on: date
    reason: str
    arranged_by: str
    state: str  # ahead | now | over


def visible(by: Person) -> "QuerySet[User]":
    """The logins this person may see: all, or those of their unit and below.

    Every list and page of people starts here.
    """
    rows = User.objects.select_related("role", "branch")
    if by.oversees:
        return rows
    return rows.filter(branch__in=units_below(by.branch) if by.branch else ())


def in_sight(by: Person) -> frozenset[str] | None:
    """The logins this person may see; None: all of them."""
    if by.oversees:
        return None
    return frozenset(visible(by).values_list("username", flat=True))


def visible_user(username: str, *, by: Person) -> User:
    """The row of this login; NotFound where it does not exist or is out of sight."""
    found: User | None = None
    if "\x00" not in username:
        found = visible(by).filter(username=username).first()
    if found is None:  # the same words for one elsewhere and one that is nowhere
        raise no_such_person(username)
    return found


def users(asked: Mapping[str, str], *, by: Person) -> UserList:
    """The logins in sight, by login, narrowed by text, role, unit and state."""
    rows = visible(by)
    kept = {
        name: asked.get(name, "").replace("\x00", "").strip()[:80]
        for name in ("q", "role", "unit", "state")
    }
    if kept["q"]:
        text = kept["q"]
        rows = rows.filter(Q(username__icontains=text) | Q(full_name__icontains=text))
    if kept["role"]:
        rows = rows.filter(role_id=kept["role"])
    if kept["unit"]:
        rows = rows.filter(branch__in=units_below(kept["unit"]))
    if kept["state"] in ("on", "off"):
        rows = rows.filter(is_active=kept["state"] == "on")
    pages = paging(asked.get("page"), total=rows.count())
    rows = rows.annotate(factors=Count("authenticator"))
    shown = rows.order_by("username")[pages.start : pages.stop]
    return UserList(tuple(_line(row) for row in shown), pages, kept)


def user_line(username: str, *, by: Person) -> UserLine:
    """One login in sight; NotFound else."""
    visible_user(username, by=by)
    rows = visible(by).annotate(factors=Count("authenticator"))
    return _line(rows.get(username=username))


def _line(row: Any) -> UserLine:
    return UserLine(
        username=row.username,
        name=row.full_name,
        role=row.role_id,
        role_name=role_name(row.role),
        unit=row.branch_id or "",
        unit_name=unit_name(row.branch),
        products=tuple(row.products),
        reads_only=row.reads_only,
        active=row.is_active,
        factors=row.factors,
        last_login=row.last_login,
    )


def permissions_of(username: str) -> frozenset[Permission]:
    """What this login may do."""
    return granted_to(user_named(username))


def tree() -> tuple[UnitLine, ...]:
    """Every unit, each followed by those below it; one at the top has depth 0."""
    rows = Branch.objects.annotate(people=Count("user")).order_by("code")
    children: dict[str, list[Any]] = {}
    for row in rows:
        children.setdefault(row.parent_id or "", []).append(row)

    def walk(above: str, depth: int) -> Iterable[UnitLine]:
        for row in children.get(above, ()):
            below = tuple(walk(row.code, depth + 1))
            yield UnitLine(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                shown=unit_name(row),
                kind=row.kind,
                parent=above,
                depth=depth,
                people=row.people,
                below=sum(each.people for each in below if each.depth == depth + 1)
                + sum(each.below for each in below if each.depth == depth + 1),
                networks=tuple(row.networks),
                held=tuple(row.networks_held),
            )
            yield from below

    return tuple(walk("", 0))


def unit_line(code: str) -> UnitLine:
    """One unit, NotFound for an unknown code."""
    found = {each.code: each for each in tree()}.get(code)
    if found is None:
        raise NotFound("branch_unknown", _("There is no unit with this code."))
    return found


def unit_choices() -> tuple[Choice, ...]:
    """Every unit to choose, in the order of the tree."""
    return tuple(
        Choice(each.code, each.shown, each.depth, each.kind) for each in tree()
    )


def role_choices() -> tuple[Choice, ...]:
    """Every role to choose."""
    return tuple(Choice(row.code, role_name(row)) for row in RoleGrant.objects.all())


def role_names() -> dict[str, str]:
    """Code -> name of every role in the reader's language, as shipped first."""
    rows = RoleGrant.objects.order_by("position", "code")
    return {row.code: role_name(row) for row in rows}


def product_choices(*, language: str) -> tuple[Choice, ...]:
    """Every product to choose."""
    return tuple(
        Choice(code, product.name(language))
        for code, product in sorted(products.known().items())
    )


def roles() -> tuple[RoleLine, ...]:
    """Every role, as shipped first."""
    rows = RoleGrant.objects.annotate(holders=Count("user"))
    return tuple(_role_line(row) for row in rows.order_by("position", "code"))


def role_line(code: str) -> RoleLine:
    """One role, NotFound for an unknown code."""
    row = RoleGrant.objects.annotate(holders=Count("user")).filter(pk=code).first()
    if row is None:
        raise NotFound("role_missing", _("There is no such role; look at the list."))
    return _role_line(row)


def _role_line(row: Any) -> RoleLine:
    return RoleLine(
        code=row.code,
        shown=role_name(row),
        name=row.name,
        name_en=row.name_en,
        permissions=role_permissions(row),
        reach=row.reach,
        products=tuple(row.products),
        reads_only=row.reads_only,
        shipped=row.shipped,
        changed=row.shipped and row.permissions is not None,
        holders=row.holders,
        networks=tuple(row.networks),
    )


def shipped_permissions(code: str) -> frozenset[Permission]:
    """What a shipped role allows as shipped."""
    return GRANTS[Role(code)] if code in set(Role) else frozenset()


def devices(username: str, *, at: datetime, key: str = "") -> tuple[Device, ...]:
    """Where somebody is signed in now; `key` is the session of who looks."""
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    rows = SignedIn.objects.filter(user__username=username, key__in=alive)
    return tuple(
        Device(
            id=row.pk,
            began_at=row.began_at,
            seen_at=row.seen_at,
            address=row.address,
            device=row.device,
            way=row.way,
            here=row.key == key,
        )
        for row in rows.order_by("-seen_at")
    )


def covers(*, by: Person, at: datetime, login: str = "") -> tuple[CoverLine, ...]:
    """Leave covers, newest first: of the people in sight, or of one login."""
    rows = Cover.objects.select_related("absent", "cover")
    if login:
        rows = rows.filter(Q(absent__username=login) | Q(cover__username=login))
    else:
        seen = visible(by).values("pk")
        rows = rows.filter(Q(absent__in=seen) | Q(cover__in=seen))
    today = timezone.localdate(at)
    return tuple(_cover_line(row, today) for row in rows[:200])


def _cover_line(row: Cover, today: date) -> CoverLine:
    state = "ahead" if today < row.begins_on else "now"
    return CoverLine(
        id=row.pk,
        absent=row.absent.username,
        absent_name=row.absent.full_name or row.absent.username,
        cover=row.cover.username,
        cover_name=row.cover.full_name or row.cover.username,
        begins_on=row.begins_on,
        last_on=max(row.begins_on, row.ends_on - timedelta(days=1)),
        reason=row.reason,
        arranged_by=row.arranged_by,
        state="over" if row.ends_on <= today else state,
    )


def on_duty(*, by: Person) -> tuple[Choice, ...]:
    """The people in sight who are on duty, to choose from: login and name."""
    rows = visible(by).filter(is_active=True).order_by("username")
    return tuple(Choice(row.username, row.full_name or row.username) for row in rows)
