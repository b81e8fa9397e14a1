"""Promises to pay: their parts, the money they took, every verdict there was."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from daihou.engine.commitments.promise import ENDED, State
from daihou.rooms.casework.models.cases import Case

_ENDED = Q(state__in=sorted(each.value for each in ENDED))
_STATES = [each.value for each in State if each is not State.DRAFT]
_KEPT = """
IF (to_jsonb(OLD) - 'state' - 'appropriated' - 'met' - 'decided_on' - 'judged_at'
    - 'ended_at' - 'ended_by' - 'end_reason' - 'watch_until') IS DISTINCT FROM
   (to_jsonb(NEW) - 'state' - 'appropriated' - 'met' - 'decided_on' - 'judged_at'
    - 'ended_at' - 'ended_by' - 'end_reason' - 'watch_until')
   OR (OLD.ended_at IS NOT NULL AND (OLD.state, OLD.ended_at, OLD.ended_by)
       IS DISTINCT FROM (NEW.state, NEW.ended_at, NEW.ended_by)) THEN
  RAISE EXCEPTION 'promise % stays as it was given', OLD.id;
END IF;
RETURN NEW;
"""


class Promise(models.Model):
    """A customer promises to pay `amount` by `due_on`, in one part or some.

    Minor units of `currency`; money on these `loans` counts. Grace, tolerance (per
    mille) and window are those of the lender's policy (`rule`) when it was given.
    `broken_before` is how many broken ones it came after, `replaces` the promise it
    took the place of. `watch_until` is the last day on which money that comes or
    goes can still change the verdict.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="promises")
    customer_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    loans = ArrayField(models.BigIntegerField())
    grace_days = models.SmallIntegerField()
    tolerance = models.SmallIntegerField()
    window_days = models.SmallIntegerField()
    remind_days = models.SmallIntegerField()
    rule = models.CharField(max_length=40)
    overdue_then = models.BigIntegerField()
    broken_before = models.SmallIntegerField(default=0)
    channel = models.CharField(max_length=10)
    self_service = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True, default="")
    taken_by = models.CharField(max_length=150)
    taken_at = models.DateTimeField()
    made_on = models.DateField()
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    state = models.CharField(max_length=16, default=State.ACTIVE.value)
    appropriated = models.BigIntegerField(default=0)
    met = models.SmallIntegerField(default=0)
    decided_on = models.DateField(null=True)
    judged_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True, default="")
    end_reason = models.TextField(blank=True, default="")
    watch_until = models.DateField()
    # False: too small a share of what was overdue for collection to wait for it.
    pauses = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "casework_promise"
        indexes = (
            models.Index(fields=("case", "-id"), name="promise_case"),
            models.Index(fields=("customer_id", "-id"), name="promise_customer"),
            models.Index(
                fields=("due_on", "id"),
                condition=Q(state=State.ACTIVE.value),
                name="promise_due",
            ),
            models.Index(
                fields=("watch_until",),
                condition=Q(ended_at=None),
                name="promise_watched",
            ),
            GinIndex(
                fields=("loans",),
                condition=Q(ended_at=None),
                name="promise_loans",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=_STATES), name="promise_states"
            ),
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0,
                    appropriated__gte=0,
                    appropriated__lte=F("amount"),
                    due_on__gte=F("made_on"),
                    watch_until__gte=F("due_on"),
                ),
                name="promise_in_bounds",
            ),
            models.CheckConstraint(
                condition=(_ENDED & Q(ended_at__isnull=False) & ~Q(ended_by=""))
                | (~_ENDED & Q(ended_at=None, ended_by="")),
                name="promise_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(
                    state__in=[
                        State.KEPT.value,
                        State.PARTIALLY_KEPT.value,
                        State.BROKEN.value,
                    ]
                )
                | Q(decided_on__isnull=False),
                name="promise_decided",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="promise_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="promise_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_KEPT,
            ),
        )


class PromisePart(models.Model):
    """One amount of a promise and its day, in order."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="parts")
    seq = models.SmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        db_table = "casework_promise_part"
        constraints = (
            models.UniqueConstraint(fields=("promise", "seq"), name="part_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="part_is_money"),
        )
        triggers = (
            pgtrigger.Protect(
                name="part_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Appropriation(models.Model):
    """So much of a payment counts for a part, until it was judged otherwise."""

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="took")
    part = models.SmallIntegerField()
    payment_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    paid_on = models.DateField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_appropriation"
        indexes = (
            models.Index(
                fields=("payment_id",),
                condition=Q(undone_at=None),
                name="appropriation_payment",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("promise", "part", "payment_id"),
                condition=Q(undone_at=None),
                name="appropriation_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="appropriation_is_money"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="appropriation_kept", operation=pgtrigger.Delete),
        )


class Verdict(models.Model):
    """How a promise was judged at an instant; a later one never takes it away.

    `because` is a code: the money came, the day passed, money went back or came
    late, the debt was gone.
    """

    promise = models.ForeignKey(
        Promise, on_delete=models.PROTECT, related_name="verdicts"
    )
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    appropriated = models.BigIntegerField()
    ratio = models.SmallIntegerField()
    as_of = models.DateField()
    decided_on = models.DateField(null=True)
    because = models.CharField(max_length=20)
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "casework_verdict"
        indexes = (models.Index(fields=("promise", "id"), name="verdict_promise"),)
        triggers = (
            pgtrigger.Protect(
                name="verdict_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class PaymentLook(models.Model):
    """Up to which payment promises were judged; one row.

    Numbers are given before they are seen: `ahead_id` was the newest when
    `ahead_mark` was the next transaction, and everything up to it is in sight once
    all transactions before the mark have ended.
    """

    last_id = models.BigIntegerField(default=0)
    ahead_id = models.BigIntegerField(default=0)
    ahead_mark = models.BigIntegerField(default=0)
    judged_on = models.DateField(null=True)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "casework_payment_look"
