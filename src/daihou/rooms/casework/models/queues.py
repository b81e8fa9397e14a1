"""Queues and who works them: seats, who is at a case, drafts, what was passed over."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.casework import states
from daihou.rooms.casework.models.cases import Case


def _codes(size: int = 40) -> ArrayField:
    return ArrayField(models.CharField(max_length=size), default=list, blank=True)


class Queue(models.Model):
    """A line of cases that are worked alike; a case stands in exactly one.

    Empty `teams` are all teams, an empty `skill` asks for none. `most_cases` and
    `most_amount` are what one person holds where their seat says nothing else; None:
    no limit. After `redistribute_days` without work a case goes to another person (0:
    never), after `team_days` of its team (unit -> days) where that is named. For `sticky_days` a case goes back to who had the customer last.
    """

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    title = models.CharField(_("name"), max_length=80)
    title_en = models.CharField(_("English name"), max_length=80, blank=True)
    skill = models.CharField(_("skill"), max_length=40, blank=True, default="")
    teams = _codes()
    share = models.CharField(max_length=10, default=states.Share.COUNT.value)
    order = models.CharField(max_length=10, default=states.Order.VALUE.value)
    taking = models.CharField(max_length=10, default=states.Taking.BOTH.value)
    mode = models.CharField(max_length=10, default=states.CapacityMode.SOFT.value)
    most_cases = models.IntegerField(null=True, blank=True)
    most_amount = models.BigIntegerField(null=True, blank=True)
    redistribute_days = models.PositiveSmallIntegerField(default=0)
    team_days = models.JSONField(default=dict, db_default={})
    sticky_days = models.PositiveSmallIntegerField(default=30)
    sticky_product = models.BooleanField(default=False)
    auto = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "casework_queue"
        ordering = ("position", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    share__in=[each.value for each in states.Share],
                    order__in=[each.value for each in states.Order],
                    taking__in=[each.value for each in states.Taking],
                    mode__in=[each.value for each in states.CapacityMode],
                ),
                name="queue_words",
            ),
        )


class Seat(models.Model):
    """What one collector takes: skills, languages, queues and how much at once.

    Without a row, or with None, the queue says how much. Empty `queues` are all that
    their skills and team fit.
    """

    username = models.CharField(max_length=150, primary_key=True)
    skills = _codes()
    languages = _codes(20)
    queues = _codes()
    most_cases = models.IntegerField(null=True, blank=True)
    most_amount = models.BigIntegerField(null=True, blank=True)
    most_a_day = models.IntegerField(null=True, blank=True)
    away = models.BooleanField(default=False)

    class Meta:
        db_table = "casework_seat"


class Presence(models.Model):
    """Who looks at a case now; their page tells so every little while."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="present")
    by = models.CharField(max_length=150)
    since_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "casework_presence"
        indexes = (models.Index(fields=("by",), name="presence_who"),)
        constraints = (
            models.UniqueConstraint(fields=("case", "by"), name="presence_once"),
        )


class Draft(models.Model):
    """What somebody was writing at a case, sealed, until it is saved or dropped.

    One with `due_at` is sent by itself then, unless it is taken back; `problem` says
    why it could not be.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="drafts")
    by = models.CharField(max_length=150)
    content = models.TextField()
    kept_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    class Meta:
        db_table = "casework_draft"
        indexes = (
            models.Index(
                fields=("due_at",), condition=Q(due_at__isnull=False), name="draft_due"
            ),
            models.Index(fields=("by",), name="draft_by"),
        )
        constraints = (
            models.UniqueConstraint(fields=("case", "by"), name="draft_once"),
        )


class Skip(models.Model):
    """A case somebody was given and passed over, and why (sealed); not again that day."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="skipped")
    customer_id = models.BigIntegerField(default=0, db_default=0)
    by = models.CharField(max_length=150)
    on = models.DateField(db_column="on_day")
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        db_table = "casework_skip"
        indexes = (models.Index(fields=("by", "on"), name="skip_who"),)
