"""Why a loan is late, as somebody was told it: one row each time, never changed."""

import pgtrigger
from django.db import models
from django.db.models import Q

from daihou.rooms.reporting.states import Reason


class OverdueReason(models.Model):
    """The reason of a loan from a business date on; the newest row stands."""

    loan_id = models.BigIntegerField()
    code = models.CharField(max_length=20)
    told_on = models.DateField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "reporting_reason"
        indexes = (models.Index(fields=("loan_id", "-id"), name="reason_loan"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(code__in=[each.value for each in Reason]),
                name="reason_words",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="reason_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
