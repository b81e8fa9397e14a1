"""What was heard of a person and is to be confirmed: death, custody, fraud, bankruptcy."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from daihou.engine.commitments.marker import OPEN, Kind, State
from daihou.rooms.casework.models.cases import Case, Hold

_STANDS = Q(state__in=sorted(each.value for each in OPEN))
_DECIDED = Q(state__in=(State.CONFIRMED.value, State.REFUTED.value))
_KEPT = """
IF (to_jsonb(OLD) - 'state' - 'evidence' - 'decided_by' - 'decided_at' - 'decision'
    - 'escalated_on') IS DISTINCT FROM
   (to_jsonb(NEW) - 'state' - 'evidence' - 'decided_by' - 'decided_at' - 'decision'
    - 'escalated_on')
   OR (OLD.decided_at IS NOT NULL AND (OLD.state, OLD.decided_by, OLD.decided_at)
       IS DISTINCT FROM (NEW.state, NEW.decided_by, NEW.decided_at)) THEN
  RAISE EXCEPTION 'marker % stays as it was raised', OLD.id;
END IF;
RETURN NEW;
"""


class Marker(models.Model):
    """One thing heard of a person, the hold it placed, and until when it is confirmed.

    `evidence` (of who raised it) and `decision` (of who confirmed or refuted it) are
    sealed. `confirm_by` and `escalated_days` are the policy's when it was raised.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="markers")
    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    hold = models.ForeignKey(
        Hold, null=True, on_delete=models.PROTECT, related_name="markers"
    )
    evidence = models.TextField()
    raised_by = models.CharField(max_length=150)
    raised_at = models.DateTimeField()
    raised_on = models.DateField()
    confirm_by = models.DateField()
    escalated_days = models.SmallIntegerField()
    escalated_on = models.DateField(null=True)
    state = models.CharField(max_length=12, default=State.RAISED.value)
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True, default="")

    class Meta:
        db_table = "casework_marker"
        indexes = (
            models.Index(
                fields=("confirm_by", "id"), condition=_STANDS, name="marker_open"
            ),
            models.Index(fields=("customer_id", "-id"), name="marker_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"), condition=_STANDS, name="marker_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[each.value for each in Kind],
                    state__in=[each.value for each in State],
                ),
                name="marker_words",
            ),
            models.CheckConstraint(
                condition=(
                    _DECIDED
                    & Q(decided_at__isnull=False)
                    & ~Q(decided_by="")
                    & ~Q(decision="")
                )
                | (Q(state=State.RETURNED.value) & Q(decided_at__isnull=False))
                | (_STANDS & Q(decided_at=None, decided_by="", decision="")),
                name="marker_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~_DECIDED | ~Q(decided_by=F("raised_by")),
                name="marker_decided_by_another",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="marker_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="marker_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEPT,
            ),
        )
