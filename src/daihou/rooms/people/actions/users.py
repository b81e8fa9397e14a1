"""Logins: made, changed, put off duty; and how each likes their pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit import masking
from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.people import queries
from daihou.rooms.people.actions import passwords, permits, separation, sessions
from daihou.rooms.people.actions._common import Deed, locked, one_of, record, role, unit
from daihou.rooms.people.models import User
from daihou.rooms.people.permissions import Permission, Reach

LANGUAGES = ("zh-hans", "en")
THEMES = ("auto", "light", "dark")
DENSITIES = ("compact", "cozy", "roomy")
_RIGHTS = ("role", "branch", "products", "full_name", "reads_only")

# A later room may say how a change of rights is proposed to a second person.
Propose = Callable[..., str]
_propose: list[Propose] = []


def propose_rights_with(propose: Propose) -> None:
    """Say who takes a proposed change of rights to a second person.

    Called as `propose(username=, before=, after=, deed=)`, it gives the address of
    the proposal; once approved, its handler calls `grant_role` with `after`.
    """
    _propose[:] = [propose]


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    role: str,
    by: str,
    at: datetime,
    branch: str | None = None,
    products: Iterable[str] = (),
    full_name: str = "",
    language: str = "zh-hans",
    reads_only: bool = False,
    must_change_password: bool = False,
    business_date: date | None = None,
    request_id: str = "",
) -> queries.Person:
    """Make a login. `branch` is a code; a collector without one sees no loan.

    Refused when the login is taken, the role, branch or language unknown or the
    password weak. The password itself goes nowhere but into its hash.
    """
    granted = _role(role)
    separation.check(granted)
    one_of("language", language, LANGUAGES)
    user = User(
        username=username.strip(),
        role=granted,
        branch=unit(branch),
        products=sorted(set(products)),
        full_name=full_name.strip(),
        language=language,
        reads_only=reads_only,
        date_joined=at,
    )
    passwords.check(password, user)
    _check_login(user)
    passwords.put(user, password, at=at, must_change=must_change_password)
    user.save(force_insert=True)
    passwords.remember(user, at=at)
    deed = Deed(queries.process(by), at, business_date, request_id=request_id)
    record(
        "person.created",
        "person",
        user.username,
        deed,
        role=role,
        branch=branch or "",
        products=user.products,
        reads_only=reads_only,
    )
    return queries.person_of(user)


LONGEST_LOGIN = 80  # characters; every event carries it


def _check_login(user: User) -> None:
    name = user.username
    if not name or User.objects.filter(username=name).exists():
        raise Refused(
            "username_taken",
            _("The login “%(username)s” is taken or empty; choose another.")
            % {"username": name},
        )
    if len(name) > LONGEST_LOGIN or not name.isprintable() or "/" in name:
        raise Refused(
            "username_odd",
            _("A login is 1 to %(most)s letters, digits or signs, without a slash.")
            % {"most": LONGEST_LOGIN},
        )


_role = role  # `role` is also what a caller names


def _own_rights() -> Refused:
    return Refused(
        "own_rights",
        _("Nobody changes their own rights. Ask another administrator."),
    )


def _check_rights_of(deed: Deed, username: str) -> None:
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    if deed.by.username == username:
        raise _own_rights()
    queries.visible_user(username, by=deed.by)


@transaction.atomic
def change_user(
    *,
    username: str,
    by: queries.Person,
    at: datetime,
    business_date: date | None = None,
    role: str | None = None,
    branch: str | None = None,
    products: Iterable[str] | None = None,
    full_name: str | None = None,
    reads_only: bool | None = None,
    active: bool | None = None,
    reason: str = "",
    request_id: str = "",
) -> queries.Person:
    """Change role, unit (empty text: none), products, name, reading-only or duty.

    None keeps. Only who manages people may, and nobody their own rights, so that
    there is always a second person behind a new right. Where the house wants role
    changes approved, only a process may still change one here; a person uses
    `ask_for_rights`.
    """
    deed = Deed(by, at, business_date, reason, request_id)
    _check_rights_of(deed, username)
    wish = {
        "role": role,
        "branch": branch,
        "products": None if products is None else sorted(set(products)),
        "reads_only": reads_only,
        "active": active,
        "full_name": full_name,
    }
    wish = {name: value for name, value in wish.items() if value is not None}
    _check_given(wish, deed)
    user = locked(username)
    if by.id and _wants_approval(rights_of(user), wish):
        raise permits.approval_needed()
    return _change(user, wish, deed)


def _wants_approval(before: Mapping[str, object], wish: Mapping[str, object]) -> bool:
    """Whether the wish widens what somebody may do or see and the house asks two.

    Coming back on duty does; going off does not.
    """
    rights = ("role", "branch", "products", "reads_only")
    changed = [name for name in rights if name in wish and wish[name] != before[name]]
    back = wish.get("active") is True and not before["active"]
    return bool(settings.APPROVE_ROLE_CHANGES and (changed or back))


def ask_for_rights(*, username: str, wish: Mapping[str, Any], deed: Deed) -> str:
    """Change a person's rights, or propose it where the house asks for two.

    `wish` as the keywords of `change_user`. Gives the address of the proposal; empty
    when the change is made.
    """
    _check_rights_of(deed, username)
    _check_given(wish, deed)
    before = rights_of(queries.user_named(username))
    if not _wants_approval(before, wish):
        _changed_as_wished(username, wish, deed)
        return ""
    if not _propose:
        raise permits.approval_needed()
    after = {**before, **{name: wish[name] for name in before if name in wish}}
    separation.check(_role(str(after["role"])))
    unit(str(after["branch"]))
    return _propose[0](username=username, before=before, after=after, deed=deed)


@transaction.atomic
def _changed_as_wished(username: str, wish: Mapping[str, Any], deed: Deed) -> None:
    _change(locked(username), wish, deed)


@transaction.atomic
def grant_role(
    *, username: str, rights: Mapping[str, Any], deed: Deed
) -> queries.Person:
    """Give a person the rights of an approved proposal (`after` of `ask_for_rights`).

    `deed.by` is who approved, not the person themselves. The approval is their right
    to: approvals know who may decide, also a deputy or who the levels name.
    """
    if deed.by.username == username:
        raise _own_rights()
    user = locked(username)
    assert set(rights) <= set(rights_of(user)), rights
    return _change(user, rights, deed)


def _change(user: User, wish: Mapping[str, Any], deed: Deed) -> queries.Person:
    before = rights_of(user)
    if "role" in wish:
        user.role = _role(wish["role"])
        if user.role_id != before["role"]:
            separation.check(user.role)
    if "branch" in wish:
        user.branch = unit(wish["branch"])
    if "active" in wish:
        user.is_active = wish["active"]
    for name in ("products", "reads_only", "full_name"):
        if name in wish:
            setattr(user, name, wish[name])
    after = rights_of(user)
    if after != before:
        user.save(
            update_fields=[
                *("role", "branch", "products", "full_name", "reads_only", "is_active")
            ]
        )
        record(
            "person.changed", "person", user.username, deed, before=before, after=after
        )
    return queries.person_of(user)


def rights_of(user: User) -> dict[str, object]:
    """What decides what somebody may do and see, as it stands in events."""
    return {
        "role": user.role_id,
        "branch": user.branch_id or "",
        "products": list(user.products),
        "reads_only": user.reads_only,
        "active": user.is_active,
        "full_name": user.full_name,
    }


def rights(username: str) -> dict[str, object]:
    """The rights of a login now; inside a transaction its row is held."""
    held = connection.in_atomic_block
    return rights_of(locked(username) if held else queries.user_named(username))


@transaction.atomic
def set_preferences(
    *,
    username: str,
    at: datetime,
    language: str | None = None,
    theme: str | None = None,
    density: str | None = None,
) -> queries.Person:
    """Keep what a person chose for their own screen; None keeps what it was."""
    user = locked(username)
    before = {name: getattr(user, name) for name in ("language", "theme", "density")}
    user.language = language or user.language
    user.theme = theme or user.theme
    user.density = density or user.density
    one_of("language", user.language, LANGUAGES)
    one_of("theme", user.theme, THEMES)
    one_of("density", user.density, DENSITIES)
    after = {name: getattr(user, name) for name in before}
    if after != before:
        user.save(update_fields=list(after))
        deed = Deed(queries.process(username), at)
        record("person.preferred", "person", username, deed, before=before, after=after)
    return queries.person_of(user)


@transaction.atomic
def set_mail_address(*, username: str, address: str, at: datetime) -> None:
    """Keep where notices are mailed to a person; empty: nowhere.

    Refused for what is no address, or one outside the domains the lender has named.
    """
    address = address.replace("\x00", "").strip()
    user = locked(username)
    if address == user.email:
        return
    if address:
        _check_address(address)
    before = {"email": masking.email(user.email) if user.email else ""}
    user.email = address
    user.save(update_fields=["email"])
    after = {"email": masking.email(address) if address else ""}
    deed = Deed(queries.process(username), at)
    record("person.preferred", "person", username, deed, before=before, after=after)


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(
            "mail_address", _("%(address)s is no mail address.") % {"address": address}
        ) from None
    domain = address.rpartition("@")[2].lower()
    if settings.MAIL_DOMAINS and domain not in settings.MAIL_DOMAINS:
        raise Refused(
            "mail_domain",
            _("Mail goes to addresses at %(domains)s only.")
            % {"domains": ", ".join(sorted(settings.MAIL_DOMAINS))},
        )


@transaction.atomic
def make_login(
    *, username: str, wish: Mapping[str, Any], deed: Deed
) -> tuple[str, str]:
    """Make a login from the page; gives its password for once.

    `wish` as the rights of `change_user`. It is changed at the first sign-in. Where a
    second person has to say yes first: no password, and the address of the proposal.
    """
    queries.require(deed.by, Permission.MANAGE_PEOPLE)
    _check_given(wish, deed)
    separation.check(_role(wish["role"]))
    what = {"deed": "login"} | {name: wish[name] for name in _RIGHTS}
    proposal = permits.permitted(
        subject_type="person", subject_id=username.strip(), what=what, deed=deed
    )
    if proposal:
        return "", proposal
    password = passwords.for_once()
    create_user(
        username=username,
        password=password,
        role=wish["role"],
        branch=wish["branch"],
        products=wish["products"],
        full_name=wish["full_name"],
        reads_only=wish["reads_only"],
        must_change_password=True,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        request_id=deed.request_id,
    )
    return password, ""


@transaction.atomic
def set_duty(*, username: str, active: bool, deed: Deed) -> str:
    """Put somebody off duty, which signs them out everywhere, or back on duty.

    Gives the address of a proposal where a second person has to say yes first.
    """
    if active:
        return ask_for_rights(username=username, wish={"active": True}, deed=deed)
    _check_rights_of(deed, username)
    _change(locked(username), {"active": active}, deed)
    sessions.end_all_sessions(username=username, deed=deed)
    return ""


def _check_given(wish: Mapping[str, Any], deed: Deed) -> None:
    """Raise NotAllowed when somebody gives more than they have themselves.

    Who manages the people of one unit gives no role that sees everything and no place
    outside of it.
    """
    if deed.by.oversees:
        return
    reach = _role(wish["role"]).reach if wish.get("role") else ""
    branch = wish.get("branch")
    mine = queries.units_below(deed.by.branch) if deed.by.branch else frozenset()
    if reach == Reach.ALL or (branch is not None and branch not in mine):
        raise NotAllowed(
            "rights_beyond_own",
            _("You give rights within your own unit only. Ask head office."),
        )
