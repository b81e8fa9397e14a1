"""Questions given to others, and what was sent of them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Standing(models.Model):
    """A question of the lab given to roles and units; `fields` is its question part.

    Everybody who holds one of `roles` (none: any) in one of `units` or below (none:
    any) finds it in the lab, reckoned over what they themselves may see. With `every`
    (`day`, `week`, `month`) it is also sent by mail from `next_on` on.
    """

    name = models.CharField(_("name"), max_length=60)
    owner = models.CharField(_("owner"), max_length=150)
    fields = models.CharField(_("question"), max_length=2000)
    roles = models.JSONField(default=list)
    units = models.JSONField(default=list)
    every = models.CharField(max_length=5, blank=True, db_default="")
    next_on = models.DateField(null=True)
    made_at = models.DateTimeField(_("at"))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_standing"
        ordering = ("name", "id")
        indexes = (
            models.Index(
                fields=("next_on",),
                condition=Q(ended_at=None) & ~Q(every=""),
                name="standing_due",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="standing_has_name"),
            models.CheckConstraint(
                condition=Q(every="", next_on=None)
                | (Q(every__in=("day", "week", "month")) & Q(next_on__isnull=False)),
                name="standing_knows_when",
            ),
        )


class Sending(models.Model):
    """What became of one mail of one person on one day: `sent`, or why not."""

    standing = models.ForeignKey(
        Standing, on_delete=models.CASCADE, related_name="sendings"
    )
    login = models.CharField(max_length=150)
    on = models.DateField(_("date"))
    outcome = models.CharField(max_length=12)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "reporting_sending"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("standing", "login", "on"), name="sending_once"
            ),
        )
