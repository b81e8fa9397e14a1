"""How good a number or an address is: what came of trying it."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from daihou.rooms.contact.states import PointState


def _hours() -> list[int]:
    return [0] * 24


class PointStanding(models.Model):
    """What is known of a number, by its blind index, as a way to one customer.

    With `customer_id` 0: as a number at all, whoever it was given for; one that does
    not exist exists for nobody. `tried_hours` and `answered_hours` count by the hour
    of the day where the person lives. A removed one is used no more until another
    person says on evidence (sealed) that it is right after all.
    """

    point = models.CharField(max_length=32, db_collation="C")
    customer_id = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, default=PointState.UNTRIED.value)
    since_at = models.DateTimeField(null=True)
    attempt_id = models.BigIntegerField(null=True)
    tried = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    last_tried_at = models.DateTimeField(null=True)
    last_answered_at = models.DateTimeField(null=True)
    tried_hours = ArrayField(models.IntegerField(), default=_hours)
    answered_hours = ArrayField(models.IntegerField(), default=_hours)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True, default="")
    restored_at = models.DateTimeField(null=True)
    restored_by = models.CharField(max_length=150, blank=True, default="")
    evidence = models.TextField(blank=True, default="")

    class Meta:
        db_table = "contact_point_standing"
        constraints = (
            models.UniqueConstraint(
                fields=("point", "customer_id"), name="point_standing_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in PointState]),
                name="point_standing_words",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, removed_by="")
                | (Q(removed_at__isnull=False) & ~Q(removed_by="")),
                name="point_removed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(restored_at=None, restored_by="")
                | (Q(restored_at__isnull=False) & ~Q(restored_by="")),
                name="point_restored_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answered__lte=F("tried"), answered__gte=0),
                name="point_answers_are_tries",
            ),
        )
        indexes = (
            models.Index(
                fields=("customer_id",),
                condition=~Q(customer_id=0),
                name="point_standing_customer",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="point_standing_kept", operation=pgtrigger.Delete),
        )
