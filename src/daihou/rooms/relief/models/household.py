"""One plan for one household 一户一策: recoverability, sources, means in order, targets."""

from django.db import models
from django.db.models import F, Q

from daihou.engine.commitments.recoverability import Recoverable
from daihou.rooms.relief.states import HouseholdState

_CLASSES = [str(each.value) for each in Recoverable]
_RUNS = Q(state__in=[HouseholdState.RUNNING.value, HouseholdState.STUCK.value])


class HouseholdPlan(models.Model):
    """What is to be got back from a customer, from what, by what means, by when.

    `proposed` is the class the rules gave, with `because`; `confirmed` the one a person
    stands for, to be looked at again on `review_on`. `owed_then` is what was overdue
    when it began, `goal` what is to come in by `goal_on`, `got` what did, minor units.
    """

    customer_id = models.BigIntegerField()
    loan_id = models.BigIntegerField()  # by which it is seen: the largest loan
    currency = models.CharField(max_length=3)
    branch = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=40, blank=True)
    officer = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default=HouseholdState.RUNNING.value)
    proposed = models.CharField(max_length=12)
    because = models.JSONField(default=dict)
    confirmed = models.CharField(max_length=12, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_why = models.TextField(blank=True)  # sealed
    review_on = models.DateField()
    willingness = models.CharField(max_length=20, blank=True)
    story = models.TextField(blank=True)  # sealed
    owner = models.CharField(max_length=150)
    owed_then = models.BigIntegerField()
    goal = models.BigIntegerField()
    goal_on = models.DateField()
    got = models.BigIntegerField(default=0)
    began_on = models.DateField()
    next_on = models.DateField()
    stuck_because = models.CharField(max_length=20, blank=True)
    ended_on = models.DateField(null=True)
    at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "relief_household"
        indexes = (
            models.Index(fields=("customer_id", "-id"), name="household_customer"),
            models.Index(
                fields=("next_on", "id"), condition=_RUNS, name="household_next"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer_id",), condition=_RUNS, name="household_one_runs"
            ),
            models.CheckConstraint(
                condition=Q(proposed__in=_CLASSES)
                & (Q(confirmed="") | Q(confirmed__in=_CLASSES)),
                name="household_class",
            ),
            models.CheckConstraint(
                condition=Q(confirmed="") | ~Q(confirmed_by=""),
                name="household_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(goal__gt=0, goal__gte=0)
                & Q(goal_on__gte=F("began_on"), got__gte=0),
                name="household_goal",
            ),
        )


class Source(models.Model):
    """Something the household can pay from: wages, a business, rent collected for it."""

    plan = models.ForeignKey(
        HouseholdPlan, on_delete=models.PROTECT, related_name="sources"
    )
    kind = models.CharField(max_length=20)
    amount = models.BigIntegerField()  # each `every`
    every = models.CharField(max_length=10)
    from_on = models.DateField()
    note = models.TextField(blank=True)  # sealed

    class Meta:
        db_table = "relief_source"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="source_amount"),
        )


class Means(models.Model):
    """A means, in its place in the order; done once, with what came of it."""

    plan = models.ForeignKey(
        HouseholdPlan, on_delete=models.PROTECT, related_name="means"
    )
    place = models.SmallIntegerField()
    code = models.CharField(max_length=20)
    planned_on = models.DateField()
    done_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)  # sealed

    class Meta:
        db_table = "relief_means"
        constraints = (
            models.UniqueConstraint(fields=("plan", "place"), name="means_place"),
        )


class Target(models.Model):
    """What is to have come in by a day, minor units since the plan began."""

    plan = models.ForeignKey(
        HouseholdPlan, on_delete=models.PROTECT, related_name="targets"
    )
    on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "relief_target"
        constraints = (
            models.UniqueConstraint(fields=("plan", "on"), name="target_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="target_amount"),
        )
