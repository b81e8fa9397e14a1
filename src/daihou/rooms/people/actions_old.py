"""The only writer of people and branches."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import queries
from daihou.rooms.people.models import Branch, User
from daihou.rooms.people.permissions import Permission, Role

LANGUAGES = ("zh-hans", "en")
THEMES = ("auto", "light", "dark")
DENSITIES = ("compact", "cozy", "roomy")

# One login per role for a demo on the own machine; never made by anything else.
DEMO_PASSWORD = "daihou-demo"
_DEMO_NAMES = {
    Role.COLLECTOR: "催收员",
    Role.RISK: "风险经理",
    Role.ADMIN: "管理员",
}


def _one_of(field: str, value: str, known: Iterable[str]) -> None:
    known = tuple(known)
    if value not in known:
        raise Refused(
            f"{field}_unknown",
            _("%(value)s is not a known %(field)s; choose one of: %(known)s.")
            % {"value": value, "field": field, "known": ", ".join(known)},
        )


def _branch(code: str | None) -> Branch | None:
    if not code:
        return None
    branch: Branch | None = Branch.objects.filter(code=code).first()
    if branch is None:
        raise NotFound(
            "branch_unknown",
            _("There is no branch %(code)s. Add it first, or choose another.")
            % {"code": code},
        )
    return branch


def _record(
    happened: str,
    user: User,
    *,
    by: str,
    at: datetime,
    day: date | None,
    **payload: object,
) -> None:
    audit.record(
        type=f"person.{happened}",
        subject_type="person",
        subject_id=user.username,
        by=by,
        at=at,
        business_date=day,
        payload=payload,
    )


@transaction.atomic
def create_user(
    *,
    username: str,
    password: str,
    role: str,
    by: str,
    at: datetime,
    branch: str | None = None,
    full_name: str = "",
    language: str = "zh-hans",
    reads_only: bool = False,
    business_date: date | None = None,
) -> queries.Person:
    """Make a login. `branch` is a code; a collector without one sees no loan.

    Refused when the login is taken, the role, branch or language unknown or the
    password weak. The password itself goes nowhere but into its hash.
    """
    _one_of("role", role, [str(known) for known in Role])
    _one_of("language", language, LANGUAGES)
    user = User(
        username=username.strip(),
        role=role,
        branch=_branch(branch),
        full_name=full_name,
        language=language,
        reads_only=reads_only,
        date_joined=at,
    )
    _check_password(password, user)
    if not user.username or User.objects.filter(username=user.username).exists():
        raise Refused(
            "username_taken",
            _("The login “%(username)s” is taken or empty; choose another.")
            % {"username": user.username},
        )
    user.set_password(password)
    user.save(force_insert=True)
    _record(
        "created",
        user,
        by=by,
        at=at,
        day=business_date,
        role=role,
        branch=branch or "",
        reads_only=reads_only,
    )
    return queries.person_of(user)


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as weak:
        words = " ".join(_weakness(each) for each in weak.error_list)
        raise Refused("password_weak", words) from None


def _weakness(weak: ValidationError) -> str:
    """What is weak, in our words: not every catalog of Django has all of its own."""
    if weak.code == "password_too_short":
        least = (weak.params or {})["min_length"]
        return _("The password is too short; take at least %(least)s characters.") % {
            "least": least
        }
    if weak.code == "password_too_common":
        return _("The password is one of the most common; choose another.")
    return str(weak.messages[0])


def _locked(username: str) -> User:
    user = User.objects.select_for_update(of=("self",)).filter(username=username)
    found: User | None = user.first()
    if found is None:
        queries.person(username)  # raises NotFound with the words
        raise AssertionError("a login appeared between two looks")
    return found


@transaction.atomic
def change_user(
    *,
    username: str,
    by: queries.Person,
    at: datetime,
    business_date: date | None = None,
    role: str | None = None,
    branch: str | None = None,
    reads_only: bool | None = None,
    active: bool | None = None,
) -> queries.Person:
    """Change role, branch (empty text: none), reading-only or duty; None keeps.

    Only who manages people may, and nobody their own role, so that there is always
    a second person behind a new right.
    """
    queries.require(by, Permission.MANAGE_PEOPLE)
    if by.username == username:
        raise Refused(
            "own_rights",
            _("Nobody changes their own rights. Ask another administrator."),
        )
    user = _locked(username)
    before = _rights(user)
    if role is not None:
        _one_of("role", role, [str(known) for known in Role])
        user.role = role
    if branch is not None:
        user.branch = _branch(branch)
    user.reads_only = user.reads_only if reads_only is None else reads_only
    user.is_active = user.is_active if active is None else active
    after = _rights(user)
    if after != before:
        user.save(update_fields=["role", "branch", "reads_only", "is_active"])
        _record(
            "changed",
            user,
            by=by.username,
            at=at,
            day=business_date,
            before=before,
            after=after,
        )
    return queries.person_of(user)


def _rights(user: User) -> dict[str, object]:
    return {
        "role": user.role,
        "branch": user.branch_id or "",
        "reads_only": user.reads_only,
        "active": user.is_active,
    }


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
    user = _locked(username)
    before = {name: getattr(user, name) for name in ("language", "theme", "density")}
    user.language = language or user.language
    user.theme = theme or user.theme
    user.density = density or user.density
    _one_of("language", user.language, LANGUAGES)
    _one_of("theme", user.theme, THEMES)
    _one_of("density", user.density, DENSITIES)
    after = {name: getattr(user, name) for name in before}
    if after != before:
        user.save(update_fields=list(after))
        _record(
            "preferred",
            user,
            by=username,
            at=at,
            day=None,
            before=before,
            after=after,
        )
    return queries.person_of(user)


@transaction.atomic
def save_branches(
    branches: Iterable[tuple[str, str, str]], *, by: str, at: datetime
) -> int:
    """Add or rename branches given as (code, name, English name); count changes."""
    known = {branch.code: branch for branch in Branch.objects.select_for_update()}
    new = []
    for code, name, name_en in branches:
        row = known.get(code)
        if row is None or (row.name, row.name_en) != (name, name_en):
            new.append(Branch(code=code, name=name, name_en=name_en))
    Branch.objects.bulk_create(
        new,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "name_en"],
    )
    audit.record_many(
        audit.NewEvent(
            type="branch.saved",
            subject_type="branch",
            subject_id=branch.code,
            by=by,
            at=at,
            business_date=None,
            payload={"name": branch.name, "name_en": branch.name_en},
        )
        for branch in new
    )
    return len(new)


def demo_logins(*, at: datetime) -> list[tuple[str, str, str]]:
    """One login per role, made if missing: (role, username, password) of each.

    The collector belongs to the first branch. A password changed since then is
    not known here and told as an empty text.
    """
    first_branch = (
        Branch.objects.order_by("code").values_list("code", flat=True).first()
    )
    logins = []
    for role in Role:
        username = role.value
        user = User.objects.filter(username=username).first()
        if user is None:
            create_user(
                username=username,
                password=DEMO_PASSWORD,
                role=role.value,
                branch=first_branch if role is Role.COLLECTOR else None,
                full_name=_DEMO_NAMES[role],
                by="demo",
                at=at,
            )
            logins.append((role.value, username, DEMO_PASSWORD))
        else:
            same = user.check_password(DEMO_PASSWORD)
            logins.append((role.value, username, DEMO_PASSWORD if same else ""))
    return logins


def open_demo_logins() -> list[str]:
    """Names of the demonstration's logins that still have the known password."""
    users = User.objects.filter(username__in=[role.value for role in Role])
    return [
        user.username
        for user in users.filter(is_active=True).order_by("username")
        if user.check_password(DEMO_PASSWORD)
    ]
