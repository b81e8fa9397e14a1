"""Talks of a day that a supervisor calls back about 电话回访, and what was heard."""

import pgtrigger
from django.db import models
from django.db.models import Q

from daihou.rooms.reporting.states import CallbackResult

_TOLD = """
IF OLD.result <> '' OR
   (to_jsonb(OLD) - 'result' - 'satisfied' - 'note' - 'told_by' - 'told_at')
   IS DISTINCT FROM
   (to_jsonb(NEW) - 'result' - 'satisfied' - 'note' - 'told_by' - 'told_at') THEN
  RAISE EXCEPTION 'call-back % stays as it was told', OLD.id;
END IF;
RETURN NEW;
"""


class Callback(models.Model):
    """One talk drawn for a call-back; `draw` orders the talks of its day.

    `result_id` is the talk (`casework_result`), `hand` who held it. `satisfied` is how
    the customer rates it, 1 to 5. `note` is sealed.
    """

    drawn_on = models.DateField()
    of_day = models.DateField()
    result_id = models.BigIntegerField(unique=True)
    case_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    hand = models.CharField(max_length=150)
    draw = models.CharField(max_length=16)
    drawn_by = models.CharField(max_length=150)
    drawn_at = models.DateTimeField()
    result = models.CharField(max_length=20, blank=True, default="")
    satisfied = models.SmallIntegerField(null=True)
    note = models.TextField(blank=True, default="")
    told_by = models.CharField(max_length=150, blank=True, default="")
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "reporting_callback"
        indexes = (
            models.Index(fields=("-of_day", "draw"), name="callback_day"),
            models.Index(fields=("case_id",), name="callback_case"),
            models.Index(fields=("customer_id",), name="callback_customer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(result="", told_by="", told_at=None, satisfied=None)
                | (
                    Q(result__in=[each.value for each in CallbackResult])
                    & ~Q(told_by="")
                    & Q(told_at__isnull=False)
                ),
                name="callback_told_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(satisfied=None) | Q(satisfied__gte=1, satisfied__lte=5),
                name="callback_satisfied",
            ),
            # Who held the talk does not ask how it was.
            models.CheckConstraint(
                condition=~Q(told_by=models.F("hand")), name="callback_by_another"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="callback_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="callback_told_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_TOLD,
            ),
        )
