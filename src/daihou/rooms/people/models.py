"""People who sign in, and the branches they belong to."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Branch(models.Model):
    """An office of the lender; loans and people carry its code."""

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)

    class Meta:
        db_table = "people_branch"
        ordering = ("code",)

    def __str__(self) -> str:
        """Show the branch by its name."""
        return self.name


class User(AbstractUser):
    """A person who signs in, with one role and, if bound to one, a branch.

    One who `reads_only` (an auditor) sees what the role sees and changes nothing.
    """

    role = models.CharField(_("role"), max_length=20)
    branch = models.ForeignKey(
        Branch,
        verbose_name=_("branch"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
    )
    full_name = models.CharField(_("name"), max_length=80, blank=True)
    reads_only = models.BooleanField(_("reads only"), default=False)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("appearance"), max_length=10, default="auto")
    density = models.CharField(_("density"), max_length=10, default="compact")

    class Meta:
        db_table = "people_user"
