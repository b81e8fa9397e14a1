"""The business date, the runs of the night, and what each one changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BusinessDate(models.Model):
    """The one row that says which day it is here (id 1).

    `on` is the open day; everything up to the day before is closed. `simulated`
    is true once the date was turned past the real one.
    """

    id = models.SmallIntegerField(primary_key=True)
    on = models.DateField(_("business date"), db_column="business_date")
    simulated = models.BooleanField(default=False)

    class Meta:
        db_table = "dayend_business_date"
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="one_business_date"),
        )


class Run(models.Model):
    """One day-end of one date; a date run again has another row.

    `kind` is first or again (late facts or by hand). `current` marks the run
    whose positions stand for that date. `reason` is why it was run again, `error`
    what broke it off, until it is taken up again (`daihou.nightly.errors.told`).
    """

    as_of = models.DateField(_("date"))
    kind = models.CharField(max_length=12)
    state = models.CharField(_("state"), max_length=12)
    current = models.BooleanField(default=False)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    inputs_digest = models.CharField(max_length=64, blank=True)
    rules_digest = models.CharField(max_length=64, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    loans = models.IntegerField(default=0)
    plan = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    error = models.JSONField(null=True)
    by = models.CharField(max_length=80, blank=True)

    class Meta:
        db_table = "dayend_run"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("as_of",),
                condition=models.Q(current=True),
                name="one_current_run_per_date",
            ),
        )
        indexes = (models.Index(fields=("as_of", "id")),)


class Step(models.Model):
    """One step of a run: when, how long, how many rows."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    seconds = models.FloatField()
    rows = models.BigIntegerField(default=0)

    class Meta:
        db_table = "dayend_step"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("run", "name"), name="step_once"),
        )


class BucketMove(models.Model):
    """How many loans of a currency, and how much, went from one bucket to another."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="moves")
    from_bucket = models.CharField(max_length=12)
    to_bucket = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)  # none: of an older run
    loans = models.IntegerField()
    outstanding_principal = models.BigIntegerField()
    overdue_total = models.BigIntegerField()

    class Meta:
        db_table = "dayend_bucket_move"


class Difference(models.Model):
    """What a re-run changed for one loan on one date, before and after."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="differences")
    loan_id = models.BigIntegerField()
    as_of = models.DateField()
    dpd_before = models.IntegerField(null=True)
    dpd_after = models.IntegerField(null=True)
    bucket_before = models.CharField(max_length=12, blank=True)
    bucket_after = models.CharField(max_length=12, blank=True)
    overdue_before = models.BigIntegerField(null=True)
    overdue_after = models.BigIntegerField(null=True)

    class Meta:
        db_table = "dayend_difference"
        indexes = (models.Index(fields=("loan_id", "as_of")),)


class Request(models.Model):
    """The office asks the night to run; the worker picks it up.

    A request of kind `plan` changes nothing: the worker leaves in `plan` what closing
    the open day would change (`daihou.nightly.worker` says which keys). One that
    failed says why in `problem` (`daihou.nightly.errors.told`).
    """

    as_of = models.DateField(null=True)
    kind = models.CharField(max_length=12, default="next")
    state = models.CharField(max_length=12, default="waiting")
    by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    problem = models.JSONField(null=True)
    plan = models.JSONField(null=True)

    class Meta:
        db_table = "dayend_request"
        ordering = ("-id",)
