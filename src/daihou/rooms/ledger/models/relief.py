"""What was given up of a loan, and the penalty rates after its first."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from daihou.rooms.ledger.models.book import Demand, Loan

COMPONENTS = ("principal", "interest", "penalty", "compound", "fee")


class Waiver(models.Model):
    """An amount of one component given up 减免 on a day (daihou.tables.facts.WAIVERS).

    Of one demand, else of the oldest first; from `ends_on` on as if it had never been.
    `moved`: not given up but owed on in rows a restructuring made. `ref` names the act
    it belongs to, by which all of it is taken back.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, db_index=False)
    waived_on = models.DateField()
    ends_on = models.DateField(null=True)
    component = models.CharField(max_length=12)
    amount = models.BigIntegerField()
    demand = models.ForeignKey(
        Demand, null=True, on_delete=models.PROTECT, db_index=False
    )
    moved = models.BooleanField(default=False)
    ref = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_waiver"
        indexes = (
            models.Index(fields=("loan", "waived_on", "id"), name="waiver_loan"),
            models.Index(fields=("ref",), name="waiver_ref"),
            models.Index(fields=("id",), condition=Q(moved=True), name="waiver_moved"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="waiver_amount_positive"
            ),
            models.CheckConstraint(
                condition=Q(component__in=COMPONENTS), name="waiver_component"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("waived_on")),
                name="waiver_ends_after",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="waiver_ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF to_jsonb(OLD) - 'ends_on' IS DISTINCT FROM to_jsonb(NEW) - 'ends_on'
                   OR OLD.ends_on IS NOT NULL THEN
                  RAISE EXCEPTION 'what was given up stays as written; it ends once';
                END IF;
                RETURN NEW;
                """,
            ),
        )


class RateStep(models.Model):
    """The yearly penalty rate from a day on, per 10**9 (daihou.tables.facts)."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, db_index=False)
    begins_on = models.DateField()
    penalty_rate_nano = models.BigIntegerField()
    ref = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_rate_step"
        indexes = (models.Index(fields=("loan", "begins_on", "id"), name="rate_step"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(penalty_rate_nano__gte=0), name="rate_step_not_negative"
            ),
        )
