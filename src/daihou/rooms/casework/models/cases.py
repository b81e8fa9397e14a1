"""Cases and their loans, what holds them, and what the night is told of them.

A case is about one customer, named by our number in the ledger, as its loans are. The
branch, product and officer by which it is seen are those of its latest loan. Amounts
are minor units of `currency`.
"""

from enum import StrEnum

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from daihou.rooms.casework import states
from daihou.rooms.casework.models.triggers import KEPT_HOLD, held_agrees

_OPEN = Q(lifecycle=states.Lifecycle.OPEN.value)
_NOT_CLOSED = ~Q(lifecycle=states.Lifecycle.CLOSED.value)
_WORKED = _OPEN & Q(held=False)


def words(enum: type[StrEnum]) -> list[str]:
    """The words of an axis, as the database keeps them."""
    return [each.value for each in enum]


def login() -> models.CharField:
    """A column for somebody's login, or nobody's."""
    return models.CharField(max_length=150, blank=True, default="")


def among(**axes: type[StrEnum]) -> Q:
    """A condition: each of these columns has a word of its axis."""
    found = Q()
    for name, enum in axes.items():
        found &= Q(**{f"{name}__in": words(enum)})
    return found


class Case(models.Model):
    """One person's late (or soon due) loans, worked as one; eight axes, no status.

    `version` grows with every deed, so that two who act at once are told. `taken_by`
    has it in hand until `taken_until`; nobody is given it before `next_at`, nor
    before `lawful_from`, the instant until which the gate said not yet. `because` is
    the row of the strategy in both languages, `disputed` the part of the overdue
    amount that is left in peace. `paid` is what came in since it was opened.
    """

    number = models.CharField(_("case number"), max_length=20, unique=True)
    customer_id = models.BigIntegerField()
    lifecycle = models.CharField(max_length=10, default=states.Lifecycle.OPEN.value)
    delinquency = models.CharField(
        max_length=12, default=states.Delinquency.CURRENT.value
    )
    treatment = models.CharField(
        max_length=12, default=states.Treatment.UNASSIGNED.value
    )
    held = models.BooleanField(default=False)
    assignment = models.CharField(max_length=10, default=states.Assigned.POOL.value)
    collector = login()
    team = models.CharField(max_length=40, blank=True, default="")
    cover = login()
    placement = models.CharField(max_length=10, default=states.Placement.IN_HOUSE.value)
    legal = models.CharField(max_length=14, default=states.Legal.NONE.value)
    resolution = models.CharField(max_length=14, default=states.Resolution.NONE.value)
    queue = models.CharField(max_length=40, default="early")
    segment = models.CharField(max_length=60, blank=True, default="")
    action = models.CharField(max_length=20, blank=True, default="")
    journey = models.CharField(max_length=60, blank=True, default="")
    because = models.JSONField(default=dict)
    priority = models.IntegerField(default=0)
    expected_value = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default="CNY")
    dpd = models.IntegerField(default=0)
    loans = models.SmallIntegerField(default=0)
    overdue_total = models.BigIntegerField(default=0)
    outstanding_total = models.BigIntegerField(default=0)
    disputed = models.BigIntegerField(default=0)
    paid = models.BigIntegerField(default=0)
    branch = models.CharField(max_length=40, blank=True, default="")
    product = models.CharField(max_length=40, blank=True, default="")
    officer = models.CharField(max_length=80, blank=True, default="")
    opened_on = models.DateField()
    opened_at = models.DateTimeField()
    opened_because = models.CharField(max_length=20)
    reopened = models.SmallIntegerField(default=0)
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = login()
    close_code = models.CharField(max_length=30, blank=True, default="")
    last_worked_at = models.DateTimeField(null=True)
    last_worked_by = login()
    next_at = models.DateTimeField(null=True)
    lawful_from = models.DateTimeField(null=True)
    taken_by = login()
    taken_until = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)
    refreshed_on = models.DateField(null=True)

    class Meta:
        db_table = "casework_case"
        indexes = (
            models.Index(
                fields=("collector", "-expected_value"),
                condition=_WORKED & ~Q(collector=""),
                name="case_mine",
            ),
            models.Index(
                fields=("cover", "-expected_value"),
                condition=_WORKED & ~Q(cover=""),
                name="case_covered",
            ),
            models.Index(
                fields=("queue", "assignment", "-expected_value"),
                condition=_WORKED,
                name="case_queue",
            ),
            # Read from the top for who takes the next one of a pool.
            models.Index(
                fields=("queue", "-expected_value", "id", "branch"),
                condition=_WORKED & Q(collector="", next_at=None),
                name="case_pool",
            ),
            # The alarms of the floor: what lies untouched, and what a plan left over.
            models.Index(
                Coalesce("last_worked_at", "opened_at"),
                condition=_WORKED,
                name="case_untouched",
            ),
            models.Index(
                fields=("opened_at",),
                condition=_OPEN
                & Q(treatment__in=("finished", "stopped"), overdue_total__gt=0),
                name="case_left_over",
            ),
            models.Index(
                fields=("-overdue_total", "-id"), condition=_OPEN, name="case_overdue"
            ),
            models.Index(
                fields=("branch", "-overdue_total"), condition=_OPEN, name="case_branch"
            ),
            models.Index(fields=("customer_id", "-id"), name="case_customer"),
            models.Index(
                fields=("closed_on", "id"),
                condition=Q(lifecycle=states.Lifecycle.CLOSED.value),
                name="case_closed",
            ),
            models.Index(
                fields=("next_at",),
                condition=_WORKED & Q(next_at__isnull=False),
                name="case_next",
            ),
            models.Index(
                fields=("taken_by",), condition=~Q(taken_by=""), name="case_taken"
            ),
            models.Index(fields=("opened_on",), name="case_opened"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("customer_id",), condition=_NOT_CLOSED, name="case_one_a_person"
            ),
            models.CheckConstraint(
                condition=among(
                    lifecycle=states.Lifecycle,
                    delinquency=states.Delinquency,
                    treatment=states.Treatment,
                    assignment=states.Assigned,
                    placement=states.Placement,
                    legal=states.Legal,
                    resolution=states.Resolution,
                ),
                name="case_axes",
            ),
            models.CheckConstraint(
                condition=(
                    Q(lifecycle=states.Lifecycle.CLOSED.value)
                    & Q(close_code__in=words(states.CloseCode))
                    & Q(closed_on__isnull=False, closed_at__isnull=False)
                    & Q(held=False, taken_by="", collector="", cover="", team="")
                )
                | (_NOT_CLOSED & Q(close_code="", closed_on=None, closed_at=None)),
                name="case_closed_with_a_code",
            ),
            models.CheckConstraint(
                condition=(
                    Q(assignment=states.Assigned.POOL.value)
                    & Q(collector="", team="", cover="")
                )
                | (
                    Q(assignment=states.Assigned.TEAM.value)
                    & Q(collector="", cover="")
                    & ~Q(team="")
                )
                | (
                    Q(assignment=states.Assigned.COLLECTOR.value)
                    & ~Q(collector="")
                    & Q(cover="")
                )
                | (
                    Q(assignment=states.Assigned.COVER.value)
                    & ~Q(collector="")
                    & ~Q(cover="")
                    & ~Q(cover=F("collector"))
                ),
                name="case_in_one_hand",
            ),
            models.CheckConstraint(
                condition=Q(taken_by="", taken_until=None)
                | (~Q(taken_by="") & Q(taken_until__isnull=False)),
                name="case_taken_until",
            ),
            models.CheckConstraint(
                condition=Q(overdue_total__gte=0, disputed__gte=0, version__gte=1),
                name="case_not_negative",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="case_kept", operation=pgtrigger.Delete),
            held_agrees("case_held", on_case=True),
        )


class CaseLoan(models.Model):
    """A loan in a case from `since` on; in one case at a time.

    `outstanding` is what it owed when it joined: what payments must reach before the
    case may be called paid in full.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="in_it")
    loan_id = models.BigIntegerField()
    since = models.DateField()
    joined_at = models.DateTimeField()
    until = models.DateField(null=True)
    outstanding = models.BigIntegerField()

    class Meta:
        db_table = "casework_loan"
        indexes = (models.Index(fields=("loan_id", "-id"), name="case_loan_loan"),)
        constraints = (
            models.UniqueConstraint(
                fields=("loan_id",), condition=Q(until=None), name="case_loan_in_one"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")),
                name="case_loan_in_order",
            ),
        )


class Hold(models.Model):
    """Why a case, or `amount` of it, is left in peace until a day.

    `reason`, `evidence` and `release_reason` are sealed. `flag_id` is the flag that
    holds contact with the person meanwhile; it is lifted with the hold.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="holds")
    customer_id = models.BigIntegerField(default=0, db_default=0)
    kind = models.CharField(max_length=12)
    amount = models.BigIntegerField(null=True)
    loan_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    evidence = models.TextField(blank=True, default="")
    from_at = models.DateTimeField()
    expires_on = models.DateField()
    flag_id = models.BigIntegerField(null=True)
    placed_by = models.CharField(max_length=150)
    released_by = login()
    released_at = models.DateTimeField(null=True)
    release = models.CharField(max_length=10, blank=True, default="")
    release_reason = models.TextField(blank=True, default="")

    class Meta:
        db_table = "casework_hold"
        indexes = (
            models.Index(
                fields=("expires_on",),
                condition=Q(released_at=None),
                name="hold_standing",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("case", "kind"),
                condition=Q(released_at=None),
                name="hold_one_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=words(states.HoldKind)), name="hold_kind"
            ),
            models.CheckConstraint(
                condition=Q(amount=None)
                | Q(
                    amount__gt=0, kind__in=sorted(each.value for each in states.PARTIAL)
                ),
                name="hold_amount",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by="", release="")
                | (
                    Q(released_at__isnull=False)
                    & ~Q(released_by="")
                    & Q(release__in=("released", "expired", "closed"))
                ),
                name="hold_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(release="released") | ~Q(released_by=F("placed_by")),
                name="hold_released_by_another",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="hold_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="hold_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=KEPT_HOLD,
            ),
            held_agrees("hold_held", on_case=False),
        )


class CaseFacts(models.Model):
    """What the night must know of a customer with a case; see the strategy's inputs."""

    customer_id = models.BigIntegerField(primary_key=True)
    promise_state = models.CharField(max_length=10, default="none", db_default="none")
    broken_promises = models.IntegerField(default=0, db_default=0)
    last_contact_on = models.DateField(null=True)
    held = models.BooleanField(default=False, db_default=False)
    plan_state = models.CharField(max_length=10, default="none", db_default="none")

    class Meta:
        db_table = "casework_facts"


class CaseNumber(models.Model):
    """The last serial number of a day."""

    on = models.DateField(primary_key=True, db_column="on_day")
    last = models.IntegerField(default=0)

    class Meta:
        db_table = "casework_number"


class Morning(models.Model):
    """The morning after a closed day: what was done, each step once.

    `mark` is what it was done from (the run of the day and of the strategy); a morning
    of the same mark does nothing again.
    """

    as_of = models.DateField(primary_key=True)
    mark = models.CharField(max_length=160)
    counts = models.JSONField(default=dict)
    steps = ArrayField(models.CharField(max_length=20), default=list)
    at = models.DateTimeField()
    seconds = models.FloatField(default=0)

    class Meta:
        db_table = "casework_morning"
