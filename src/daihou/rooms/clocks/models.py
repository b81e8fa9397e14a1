"""Clocks of law as they stand, what was told of them, and when they were looked at.

Customers and loans are named by our numbers in the ledger; beside each row stand the
branch, product and officer of the loan, by which it is seen. A clock without a loan is
of the house.
"""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.clocks.states import Closed, Kind

# Only that it was struck may be said of an event later, once.
_STRUCK_ONCE = """
IF OLD.struck_at IS NULL AND NEW.struck_at IS NOT NULL AND
   (to_jsonb(NEW) - 'struck_at' - 'struck_by' - 'struck_because')
   = (to_jsonb(OLD) - 'struck_at' - 'struck_by' - 'struck_because') THEN
  RETURN NEW;
END IF;
IF (to_jsonb(NEW) - 'evidence' - 'struck_because')
   = (to_jsonb(OLD) - 'evidence' - 'struck_because') THEN
  RETURN NEW;
END IF;
RAISE EXCEPTION 'event % is kept as it was told', OLD.id;
"""


class Scoped(models.Model):
    """A row that is seen by the branch, product and officer of its loan."""

    branch = models.CharField(_("branch"), max_length=40, blank=True)
    product = models.CharField(max_length=40, blank=True)
    officer = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


class Clock(Scoped):
    """One clock and how it stood when it was last reckoned.

    `facts` are what its kind needs beside the beginning (form of a guarantee, kind of
    asset, end of a contract). `by_hand`: a person said when it began; `told`: events
    were told, so it is reckoned by itself and not with the book. `alarm` is the
    nearest step of the ladder that was raised, 0 once its end has passed.
    """

    kind = models.CharField(_("clock"), max_length=30)
    loan_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    party_id = models.BigIntegerField(default=0, db_default=0)
    name = models.CharField(
        _("about"), max_length=200, blank=True, default="", db_default=""
    )
    begins_on = models.DateField(_("begins"), null=True)
    facts = models.JSONField(default=dict)
    evidence = models.TextField(blank=True, default="", db_default="")
    by_hand = models.BooleanField(default=False, db_default=False)
    told = models.BooleanField(default=False, db_default=False)
    state = models.CharField(_("state"), max_length=12)
    counted_to = models.DateField(null=True)
    ends_on = models.DateField(_("ends on"), null=True)
    rule = models.CharField(_("rule"), max_length=20, blank=True)
    rule_since = models.DateField(null=True)
    unverified = models.BooleanField(default=False)
    alarm = models.SmallIntegerField(null=True)
    reckoned_on = models.DateField()
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField()
    closed_on = models.DateField(null=True)
    closed_because = models.CharField(
        max_length=12, blank=True, default="", db_default=""
    )
    closed_by = models.CharField(max_length=150, blank=True, default="", db_default="")
    closed_evidence = models.TextField(blank=True, default="", db_default="")

    class Meta:
        db_table = "clocks_clock"
        indexes = (
            models.Index(
                fields=("ends_on", "id"),
                condition=Q(closed_on=None),
                name="clock_open_end",
            ),
            models.Index(
                fields=("kind", "ends_on", "id"),
                condition=Q(closed_on=None),
                name="clock_open_kind",
            ),
            models.Index(fields=("loan_id",), name="clock_loan"),
            models.Index(fields=("customer_id",), name="clock_customer"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "loan_id", "party_id"),
                condition=Q(
                    closed_on=None,
                    kind__in=(
                        Kind.LIMITATION.value,
                        Kind.GUARANTEE.value,
                        Kind.OBSERVATION.value,
                    ),
                ),
                name="one_open_clock_of_a_claim",
            ),
            models.UniqueConstraint(
                fields=("kind",),
                condition=Q(closed_on=None, kind=Kind.TRANSFER_PILOT.value),
                name="one_pilot_clock",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closed_because=""),
                name="clock_closed_because",
            ),
            models.CheckConstraint(
                condition=~Q(closed_because=Closed.BY_HAND.value) | ~Q(closed_by=""),
                name="clock_closed_by_somebody",
            ),
        )
        triggers = (pgtrigger.Protect(name="clock_kept", operation=pgtrigger.Delete),)


class ClockEvent(models.Model):
    """Something told that a clock may hear, with what proves it.

    Of a claim (`loan_id`, and all of its clocks hear it) or of one clock. It is never
    changed; one told by mistake is struck, with a reason.
    """

    clock = models.ForeignKey(
        Clock, null=True, on_delete=models.PROTECT, related_name="events"
    )
    loan_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField(null=True)
    kind = models.CharField(_("event"), max_length=40)
    happened_on = models.DateField(_("on"))
    until_on = models.DateField(null=True)
    evidence_kind = models.CharField(max_length=40, blank=True)
    signed_by = models.CharField(max_length=40, blank=True)
    arrived = models.BooleanField(default=False)
    debtor_missing = models.BooleanField(default=False)
    party_id = models.BigIntegerField(default=0)
    evidence = models.TextField(blank=True)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))
    struck_by = models.CharField(max_length=150, blank=True, default="")
    struck_at = models.DateTimeField(null=True)
    struck_because = models.TextField(blank=True, default="")

    class Meta:
        db_table = "clocks_event"
        ordering = ("happened_on", "id")
        indexes = (
            models.Index(
                fields=("loan_id",),
                condition=Q(struck_at=None) & ~Q(loan_id=None),
                name="clock_event_loan",
            ),
            models.Index(fields=("customer_id",), name="clock_event_customer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(loan_id__isnull=False) ^ Q(clock__isnull=False),
                name="clock_event_of_one",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("happened_on")),
                name="clock_event_days",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="clock_event_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="clock_event_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_STRUCK_ONCE,
            ),
        )


class ClockRun(models.Model):
    """One look at every clock at the end of a closed day.

    `positions` and `law` are the digests of what it rests on: the same again is not
    looked at again.
    """

    as_of = models.DateField(_("date"))
    positions = models.CharField(max_length=64)
    law = models.CharField(max_length=64)
    licence = models.CharField(max_length=40)
    clocks = models.IntegerField()
    changed = models.IntegerField()
    alarms = models.IntegerField()
    seconds = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        db_table = "clocks_run"
        ordering = ("-id",)
