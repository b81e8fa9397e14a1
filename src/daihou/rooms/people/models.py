"""People who sign in, their roles, and the organisation they stand in."""

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Branch(models.Model):
    """A unit of the lender or one that works for it; loans and people carry its code.

    Head office, branches, teams and agencies are one tree: `parent` is the unit above.
    """

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=20, default="branch")
    parent = models.ForeignKey(
        "self",
        verbose_name=_("unit above"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    # From where its people may work, its own list and the one that holds: its own, else
    # that of the nearest unit above. Empty: from anywhere.
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    networks_held = ArrayField(
        models.CharField(max_length=50), default=list, blank=True
    )

    class Meta:
        db_table = "people_branch"
        ordering = ("code",)
        constraints = (
            models.CheckConstraint(
                name="people_branch_kind",
                condition=Q(kind__in=["head_office", "branch", "team", "agency"]),
            ),
            models.CheckConstraint(
                name="people_branch_not_above_itself",
                condition=Q(parent=None) | ~Q(parent=F("code")),
            ),
        )

    def __str__(self) -> str:
        """Show the branch by its name."""
        return self.name


class RoleGrant(models.Model):
    """A role: what its holders may do and how far they see.

    `permissions` is null for a shipped role that nobody changed: then it is what this
    version ships (`permissions.GRANTS`), and a new version may bring more. Empty
    `products` are all products, empty `networks` anywhere.
    """

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    permissions = ArrayField(models.CharField(max_length=40), null=True, blank=True)
    reach = models.CharField(_("reach"), max_length=10, default="branch")
    products = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    networks = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    reads_only = models.BooleanField(_("reads only"), default=False)
    shipped = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        db_table = "people_role"
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                name="people_role_reach",
                condition=Q(reach__in=["own", "team", "branch", "all"]),
            ),
            models.CheckConstraint(
                name="people_role_own_says_what",
                condition=Q(shipped=True) | Q(permissions__isnull=False),
            ),
        )

    def __str__(self) -> str:
        """Show the role by its code."""
        return self.code


class User(AbstractUser):
    """A person who signs in, with one role and, if bound to one, a unit.

    One who `reads_only` (an auditor) sees what the role sees and changes nothing.
    Empty `products` are all that the role may see.
    """

    role = models.ForeignKey(
        RoleGrant,
        verbose_name=_("role"),
        db_column="role",
        on_delete=models.PROTECT,
    )
    branch = models.ForeignKey(
        Branch,
        verbose_name=_("branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    products = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    full_name = models.CharField(_("name"), max_length=80, blank=True)
    reads_only = models.BooleanField(_("reads only"), default=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("appearance"), max_length=10, default="auto")
    density = models.CharField(_("density"), max_length=10, default="compact")
    password_set_at = models.DateTimeField(null=True, blank=True)
    must_change_password = models.BooleanField(default=False)

    class Meta:
        db_table = "people_user"


class PasswordUsed(models.Model):
    """A hash of a password somebody had, so that it is not taken again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    password = models.CharField(max_length=128)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_password_used"
        indexes = (models.Index(fields=["user", "-at"]),)


class SignedIn(models.Model):
    """One device on which somebody is signed in; `key` names Django's session."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    key = models.CharField(max_length=40, unique=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=20, default="password")

    class Meta:
        db_table = "people_signed_in"
        indexes = (models.Index(fields=["user", "-seen_at"]),)


class Cover(models.Model):
    """Who stands in for whom: from `begins_on` until the day before `ends_on`."""

    absent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    cover = models.ForeignKey(User, on_delete=models.PROTECT, related_name="covers")
    begins_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    arranged_by = models.CharField(max_length=150)
    arranged_at = models.DateTimeField()

    class Meta:
        db_table = "people_cover"
        ordering = ("-begins_on", "-id")
        indexes = (models.Index(fields=["cover", "begins_on", "ends_on"]),)
        constraints = (
            models.CheckConstraint(
                name="people_cover_of_another", condition=~Q(absent=F("cover"))
            ),
            models.CheckConstraint(
                name="people_cover_in_order", condition=Q(ends_on__gte=F("begins_on"))
            ),
        )


class ConflictRule(models.Model):
    """Two permissions nobody may hold together while `in_force`."""

    first = models.CharField(max_length=40)
    second = models.CharField(max_length=40)
    in_force = models.BooleanField(default=True)
    shipped = models.BooleanField(default=False)

    class Meta:
        db_table = "people_conflict_rule"
        ordering = ("first", "second")
        constraints = (
            models.UniqueConstraint(
                fields=["first", "second"], name="people_conflict_once"
            ),
            models.CheckConstraint(
                name="people_conflict_of_two", condition=~Q(first=F("second"))
            ),
        )
