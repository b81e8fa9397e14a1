"""What is to be recovered and what it costs, as people say it: the newest row stands."""

import pgtrigger
from django.db import models
from django.db.models import Q

from daihou.rooms.reporting.states import CostKind, Measure, Whose

_MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"


class Target(models.Model):
    """What one unit or person is to recover in a month; no `amount`: taken back.

    Cash in minor units of `currency`; loans cured are a number, with no currency.
    """

    month = models.CharField(max_length=7)
    whose = models.CharField(max_length=10)
    code = models.CharField(max_length=150, blank=True)
    measure = models.CharField(max_length=10)
    currency = models.CharField(max_length=3, blank=True)
    amount = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_target"
        indexes = (
            models.Index(
                fields=("month", "whose", "code", "measure", "-id"),
                name="target_newest",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    whose__in=[each.value for each in Whose],
                    measure__in=[each.value for each in Measure],
                    month__regex=_MONTH,
                ),
                name="target_words",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0), name="target_positive"
            ),
            models.CheckConstraint(
                condition=(Q(whose=Whose.HOUSE.value) & Q(code=""))
                | (~Q(whose=Whose.HOUSE.value) & ~Q(code="")),
                name="target_of_somebody",
            ),
            models.CheckConstraint(
                condition=(Q(measure=Measure.CASH.value) & ~Q(currency=""))
                | (~Q(measure=Measure.CASH.value) & Q(currency="")),
                name="target_in_a_currency",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="target_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Cost(models.Model):
    """What collecting cost in a month by kind, and by channel where it is known.

    Minor units of `currency`; no `amount`: taken back. `channel` "" is what belongs
    to none.
    """

    month = models.CharField(max_length=7)
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_cost"
        indexes = (
            models.Index(
                fields=("currency", "month", "kind", "channel", "-id"),
                name="cost_newest",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    kind__in=[each.value for each in CostKind], month__regex=_MONTH
                ),
                name="cost_words",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0), name="cost_not_negative"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="cost_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
