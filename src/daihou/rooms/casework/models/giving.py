"""To whom cases were given, one by one and many at once, and what was agreed on them."""

import pgtrigger
from django.db import models
from django.db.models import Q

from daihou.rooms.casework import states
from daihou.rooms.casework.models.cases import Case, among, login
from daihou.rooms.casework.models.triggers import KEPT_BATCH


class Batch(models.Model):
    """Cases that changed hands together; `key` makes the same asked twice one.

    `report` says who got how many cases and how much, how even that is, whose case
    did not go back to them and why, and which cases nobody could take.
    """

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=14)
    mode = models.CharField(max_length=12, blank=True, default="")
    queue = models.CharField(max_length=40, blank=True, default="")
    business_date = models.DateField()
    seed = models.BigIntegerField(default=0)
    moved = models.IntegerField(default=0)
    report = models.JSONField(default=dict)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default=states.BatchState.DONE.value)
    undone_by = login()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_batch"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=among(kind=states.BatchKind, state=states.BatchState),
                name="batch_words",
            ),
            models.CheckConstraint(
                condition=Q(state="done", undone_at=None, undone_by="")
                | (Q(state="undone", undone_at__isnull=False) & ~Q(undone_by="")),
                name="batch_undone_by_somebody",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="batch_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=KEPT_BATCH,
            ),
        )


class Assignment(models.Model):
    """To whom a case was given, from when until when; the history stays.

    The row before it of the same case is who had it before. `downgraded` says why the
    case did not go back to who had it once.
    """

    # The index below begins with the case; a second one would only cost.
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="given", db_index=False
    )
    assignment = models.CharField(max_length=10)
    collector = login()
    team = models.CharField(max_length=40, blank=True, default="")
    cover = login()
    method = models.CharField(max_length=10)
    batch = models.ForeignKey(
        Batch, null=True, on_delete=models.PROTECT, related_name="gave"
    )
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    business_date = models.DateField()
    amount = models.BigIntegerField(default=0)
    by = models.CharField(max_length=150)
    reason = models.CharField(max_length=200, blank=True, default="")
    downgraded = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "casework_assignment"
        indexes = (
            models.Index(fields=("case", "-id"), name="assignment_case"),
            models.Index(
                fields=("collector", "business_date"),
                condition=~Q(collector=""),
                name="assignment_day",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case",), condition=Q(until_at=None), name="assignment_one"
            ),
        )


class Commitment(models.Model):
    """Something agreed that lives: a promise, a plan; `reference` names it.

    The case's resolution is the first of those that live, by `states.PRECEDENCE`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agreed")
    resolution = models.CharField(max_length=14)
    reference = models.CharField(max_length=60)
    since_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_commitment"
        constraints = (
            models.UniqueConstraint(
                fields=("case", "reference"),
                condition=Q(ended_at=None),
                name="commitment_once",
            ),
            models.CheckConstraint(
                condition=among(resolution=states.Resolution), name="commitment_kind"
            ),
        )
