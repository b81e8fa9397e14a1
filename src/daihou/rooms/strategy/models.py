"""Strategies with their versions, rehearsals, the night's runs and each one's step."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.strategy import triggers
from daihou.rooms.strategy.states import Rehearsing, State


class Strategy(models.Model):
    """One strategy by its code; of several the one with the lowest `place` asks first."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120)
    place = models.PositiveSmallIntegerField(_("order"), default=1)
    made_by = models.CharField(_("by"), max_length=150)
    made_at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "strategy_strategy"
        ordering = ("place", "code")


class Version(models.Model):
    """What a strategy says, from the draft to the day it is replaced.

    `content` is the plain form of the whole strategy, as the YAML file has it; `digest`
    names it. `rev` counts the times a draft was kept: who keeps it must have seen the
    last one. `authors` are the logins of everybody who changed it; none of them decides.
    It holds on the mornings [begins_on, ended_on).
    """

    strategy = models.ForeignKey(
        Strategy, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, default=State.DRAFT)
    origin = models.CharField(_("origin"), max_length=10)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    rev = models.PositiveIntegerField(default=1)
    based_on = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+"
    )
    authors = models.JSONField(default=list)
    changed_by = models.CharField(_("changed by"), max_length=150)
    changed_at = models.DateTimeField(_("changed at"))
    begins_on = models.DateField(_("holds from"), null=True)
    ended_on = models.DateField(_("until"), null=True)
    proposal_id = models.BigIntegerField(null=True, unique=True)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True)
    because = models.TextField(_("reason"), blank=True)

    class Meta:
        db_table = "strategy_version"
        ordering = ("strategy", "-number")
        indexes = (
            models.Index(fields=("state", "begins_on"), name="strategy_version_state"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("strategy", "number"), name="strategy_version_number"
            ),
            models.UniqueConstraint(
                fields=("strategy",),
                condition=Q(state=State.LIVE),
                name="one_live_version_of_a_strategy",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.SCHEDULED, State.LIVE))
                | Q(begins_on__isnull=False),
                name="strategy_version_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(begins_on__isnull=True)
                | Q(ended_on__gte=F("begins_on")),
                name="strategy_version_days",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="decided",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=triggers.CHANGED,
            ),
            pgtrigger.Trigger(
                name="begun",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=triggers.BEGUN,
            ),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(f"OLD.state <> '{State.DRAFT}'"),
            ),
        )


class Rehearsal(models.Model):
    """A draft tried on a closed day by the worker; nothing is written to the book.

    `digest` names the content that was tried, `against` the versions that were live.
    `told` is how far it is, in per mille; `key` finds who moves in the night's files.
    """

    version = models.ForeignKey(
        Version, on_delete=models.CASCADE, related_name="rehearsals"
    )
    digest = models.CharField(max_length=64)
    against = models.JSONField(default=list)
    as_of = models.DateField(_("as of"))
    state = models.CharField(_("state"), max_length=10, default=Rehearsing.ASKED)
    told = models.PositiveSmallIntegerField(default=0)
    key = models.CharField(max_length=120, blank=True)
    summary = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"))
    begun_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "strategy_rehearsal"
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(state__in=(Rehearsing.ASKED, Rehearsing.RUNNING)),
                name="strategy_rehearsal_waits",
            ),
        )


class Run(models.Model):
    """One evaluation of a closed day; `current` marks the one that stands for it.

    The night writes it. `versions` are the ids of the versions in the order in which
    they were asked, `digest` that of everything that went in, `fingerprint` that of the
    steps. `counts`: how many customers and how much money by row, queue, action,
    segment and arm, in minor units.
    """

    as_of = models.DateField(_("date"))
    positions = models.CharField(max_length=64)
    versions = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    customers = models.IntegerField()
    steps = models.IntegerField()
    changed = models.IntegerField()
    alarms = models.IntegerField()
    counts = models.JSONField(default=dict)
    seconds = models.FloatField()
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=150)
    current = models.BooleanField(default=False)

    class Meta:
        db_table = "strategy_run"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("as_of",),
                condition=Q(current=True),
                name="one_current_strategy_run_per_date",
            ),
        )


class CustomerStep(models.Model):
    """The step of a customer that the last run found; the night writes it.

    A row that did not change is not written again: `since` is the day its content last
    changed, and which day it holds for says the run.
    """

    customer = models.OneToOneField(
        "ledger.Customer",
        primary_key=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    version_id = models.BigIntegerField()
    row_id = models.CharField(max_length=60)
    arm = models.CharField(max_length=40, blank=True, default="", db_default="")
    segment = models.CharField(max_length=60)
    queue = models.CharField(max_length=60)
    action = models.CharField(max_length=20)
    priority = models.IntegerField()
    open_case = models.BooleanField()
    journey = models.CharField(max_length=60, blank=True, default="", db_default="")
    journey_step = models.CharField(
        max_length=60, blank=True, default="", db_default=""
    )
    journey_since = models.DateField(null=True)
    step_since = models.DateField(null=True)
    next_on = models.DateField(null=True)
    journey_sets = models.JSONField(default=dict, db_default={})
    action_code = models.CharField(max_length=80, blank=True, default="", db_default="")
    alarm = models.CharField(max_length=30, blank=True, default="", db_default="")
    because = models.JSONField(default=dict, db_default={})
    since = models.DateField(null=True)

    class Meta:
        db_table = "strategy_step"
        indexes = (
            models.Index(fields=("queue", "-priority"), name="strategy_step_queue"),
            models.Index(fields=("row_id",), name="strategy_step_row"),
            models.Index(fields=("segment",), name="strategy_step_segment"),
            models.Index(
                fields=("alarm",), condition=~Q(alarm=""), name="strategy_step_alarm"
            ),
        )


class JourneyBefore(models.Model):
    """Where a customer's journey stood before the last day was first evaluated.

    The night writes it, and finds the same day again from here: what an evaluation
    that is put right had moved is not where the next one begins.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    journey = models.CharField(max_length=60)
    journey_step = models.CharField(
        max_length=60, blank=True, default="", db_default=""
    )
    journey_since = models.DateField(null=True)
    step_since = models.DateField(null=True)
    next_on = models.DateField(null=True)
    journey_sets = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "strategy_before"


class Enrolment(models.Model):
    """A customer who took part in an experiment: in which arm, since when.

    Kept from the first night on, so that who has paid since is still counted.
    """

    experiment = models.CharField(max_length=60)
    customer_id = models.BigIntegerField()
    arm = models.CharField(max_length=40)
    version_id = models.BigIntegerField()
    since = models.DateField(_("since"))

    class Meta:
        db_table = "strategy_enrolment"
        constraints = (
            models.UniqueConstraint(
                fields=("experiment", "customer_id"), name="strategy_enrolled_once"
            ),
        )
        indexes = (models.Index(fields=("experiment", "arm"), name="strategy_arm"),)


class Order(models.Model):
    """What stands over a customer's journey: an event or a person gave it.

    It holds on the mornings [given_on, until_on) unless it was ended before, and is
    about `journey` (empty: whichever there is). `aim` is the step of a jump or the
    journey that takes its place. `cause` is the event, or `person`; `source` names the
    very event, so that it counts once. Reasons of people are sealed.
    """

    customer_id = models.BigIntegerField()
    do = models.CharField(max_length=10)
    journey = models.CharField(max_length=60, blank=True, default="")
    aim = models.CharField(max_length=60, blank=True, default="")
    cause = models.CharField(max_length=20)
    source = models.CharField(max_length=60)
    given_on = models.DateField()
    until_on = models.DateField(null=True)
    reason = models.TextField(blank=True, default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True, default="")
    ended_because = models.CharField(max_length=20, blank=True, default="")
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "strategy_order"
        ordering = ("pk",)
        indexes = (
            models.Index(fields=("customer_id", "id"), name="strategy_order_whose"),
            models.Index(
                fields=("until_on",),
                condition=Q(ended_at__isnull=True),
                name="strategy_order_stands",
            ),
            models.Index(fields=("given_on",), name="strategy_order_given"),
            models.Index(fields=("ended_on",), name="strategy_order_ended"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer_id", "source"), name="strategy_order_once"
            ),
            models.CheckConstraint(
                condition=Q(do__in=("pause", "jump", "start", "stop")),
                name="strategy_order_do",
            ),
            models.CheckConstraint(
                condition=~Q(do="pause") | Q(until_on__gt=F("given_on")),
                name="strategy_order_pause_ends",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_on=None, ended_because="")
                | Q(ended_at__isnull=False, ended_on__gte=F("given_on"))
                & ~Q(ended_because=""),
                name="strategy_order_ended_whole",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="order_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="order_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=triggers.ORDER_STAYS,
            ),
        )


class Look(models.Model):
    """Up to which payment or event journeys were interrupted; one row of each.

    Numbers are given before they are seen: `ahead_id` was the newest when `ahead_mark`
    was the next transaction, and everything up to it is in sight once all transactions
    before the mark have ended.
    """

    name = models.CharField(max_length=10, primary_key=True)
    last_id = models.BigIntegerField(default=0)
    ahead_id = models.BigIntegerField(default=0)
    ahead_mark = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "strategy_look"


class ReadOut(models.Model):
    """What an experiment came to by the end of a day, kept after the day-end.

    `content` is what `queries.read_outs` wrote: counts and sums by arm, exact.
    """

    experiment = models.CharField(max_length=60)
    as_of = models.DateField(_("date"))
    content = models.JSONField(default=dict)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "strategy_read_out"
        ordering = ("-as_of", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("experiment", "as_of"), name="strategy_read_out_once"
            ),
        )
