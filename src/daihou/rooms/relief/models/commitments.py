"""Waivers, plans, settlements and changes of terms: one row each, and what belongs to it.

Customers and loans are named by our numbers in the ledger; the branch, product and
officer are those of the loan, by which a row is seen. Amounts are minor units.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from daihou.rooms.relief.states import FIRST, JUDGED, MOVES, OVER, UNDECIDED


def _login() -> models.CharField:
    return models.CharField(max_length=150, blank=True, default="")


_ALLOWED = ", ".join(
    f"'{kind}:{start}:{end}'"
    for kind, moves in MOVES.items()
    for start, end in ((str(a.value), str(b.value)) for a, b in moves)  # type: ignore[attr-defined]
)
_MOVED = f"""
IF NEW.state <> OLD.state
   AND (NEW.kind || ':' || OLD.state || ':' || NEW.state) NOT IN ({_ALLOWED}) THEN
  RAISE EXCEPTION 'relief % does not move from % to %', NEW.number, OLD.state, NEW.state;
END IF;
IF NEW.state <> OLD.state AND NEW.version <= OLD.version THEN
  RAISE EXCEPTION 'relief % was changed without a new version', NEW.number;
END IF;
RETURN NEW;
"""
# Once asked for, it is decided as it was asked for.
_ASKED = (
    *("number", "kind", "customer_id", "loan_id", "loan_ids", "currency"),
    *("asked_by", "asked_at", "asked_on", "difficulty", "re_age"),
)
_KINDS = [str(kind.value) for kind in MOVES]


class Relief(models.Model):
    """One thing agreed, or asked to be agreed, with a customer.

    `parts` is what is to be given up by component, `receive` what has to come in, by
    `until`. `terms` is what else was agreed (engine.commitments). `effect` is what the
    asker was shown: loan before and after, class, worth. `after_payment` is the newest
    payment of its loans when it was agreed; money up to it counts not. `levels` are the roles that
    decide, `rules` the row of the matrix for each component; `pool` is what it took of
    the asker's pool of that day.
    """

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    customer_id = models.BigIntegerField()
    loan_id = models.BigIntegerField()
    loan_ids = ArrayField(models.BigIntegerField())
    currency = models.CharField(max_length=3)
    branch = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=40, blank=True)
    officer = models.CharField(max_length=80, blank=True)
    parts = models.JSONField(default=dict)
    given_up = models.BigIntegerField(default=0)
    receive = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    since = models.DateField(null=True)
    after_payment = models.BigIntegerField(default=0)
    until = models.DateField(null=True)
    offer_until = models.DateField(null=True)
    terms = models.JSONField(default=dict)
    difficulty = models.CharField(max_length=20, blank=True)
    re_age = models.BooleanField(default=False)
    interest_freeze = models.BooleanField(default=False)
    policy = models.CharField(max_length=120)
    verdict = models.CharField(max_length=12)
    levels = ArrayField(models.CharField(max_length=40), default=list)
    rules = models.JSONField(default=dict)
    because = models.JSONField(default=dict)
    effect = models.JSONField(default=dict)
    pool = models.BigIntegerField(default=0)
    reason = models.TextField(blank=True)  # sealed
    evidence = models.TextField(blank=True)  # sealed: of the customer's agreement
    proposal_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    asked_on = models.DateField()
    decided_by = _login()
    decided_at = models.DateTimeField(null=True)
    accepted_on = models.DateField(null=True)
    met_on = models.DateField(null=True)
    posted = models.BooleanField(default=False)
    class_told = models.BooleanField(default=False)
    ended_on = models.DateField(null=True)
    ended_because = models.CharField(max_length=40, blank=True)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    replans = models.SmallIntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        db_table = "relief_relief"
        indexes = (
            models.Index(fields=("customer_id", "-id"), name="relief_customer"),
            models.Index(fields=("loan_id", "-id"), name="relief_loan"),
            models.Index(fields=("state", "-id"), name="relief_state"),
            models.Index(fields=("branch", "-id"), name="relief_branch"),
            models.Index(
                fields=("id",),
                condition=Q(state__in=sorted(JUDGED)),
                name="relief_judged",
            ),
        )
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=_KINDS), name="relief_kind"),
            models.CheckConstraint(
                condition=Q(given_up__gte=0, receive__gte=0, pool__gte=0),
                name="relief_not_negative",
            ),
            # Nobody decides their own: auto has nobody, else it is another person.
            models.CheckConstraint(
                condition=~Q(decided_by=F("asked_by")), name="relief_by_another"
            ),
            models.CheckConstraint(
                condition=Q(verdict="auto")
                | ~Q(decided_by="")
                | Q(state__in=sorted(UNDECIDED | OVER)),
                name="relief_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=("loan_id",),
                condition=Q(kind="plan")
                & Q(state__in=["accepted", "active", "at_risk", "suspended"]),
                name="relief_one_plan",
            ),
            models.UniqueConstraint(
                fields=("loan_id",),
                condition=Q(kind="settlement") & Q(state__in=["approved", "accepted"]),
                name="relief_one_settlement",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="relief_kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="relief_asked_once", fields=[*_ASKED]),
            pgtrigger.Trigger(
                name="relief_moves",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_MOVED,
            ),
            pgtrigger.Trigger(
                name="relief_begins",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                IF NEW.state NOT IN ('requested', 'proposed') THEN
                  RAISE EXCEPTION 'relief % begins in %', NEW.number, NEW.state;
                END IF;
                RETURN NEW;
                """,
            ),
        )


assert set(FIRST.values()) == {"requested", "proposed"}, "see relief_begins"


class Instalment(models.Model):
    """A row of a plan, or a part of a settlement; `paid` as last judged."""

    relief = models.ForeignKey(Relief, on_delete=models.PROTECT, related_name="rows")
    seq = models.SmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()
    paid = models.BigIntegerField(default=0)
    missed = models.BooleanField(default=False)

    class Meta:
        db_table = "relief_instalment"
        indexes = (models.Index(fields=("due_on", "id"), name="relief_due"),)
        constraints = (
            models.UniqueConstraint(
                fields=("relief", "seq"), name="relief_instalment_once"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, paid__gte=0, paid__lte=F("amount")),
                name="relief_instalment_amounts",
            ),
        )


class PoolUse(models.Model):
    """What one person granted by themselves on one day; never more than their pool."""

    day = models.DateField()
    username = models.CharField(max_length=150)
    currency = models.CharField(max_length=3)
    used = models.BigIntegerField(default=0)
    most = models.BigIntegerField()

    class Meta:
        db_table = "relief_pool_use"
        constraints = (
            models.UniqueConstraint(
                fields=("day", "username", "currency"), name="relief_pool_once"
            ),
            models.CheckConstraint(
                condition=Q(used__gte=0, used__lte=F("most")), name="relief_pool_most"
            ),
        )


class Policy(models.Model):
    """The lender's own relief policy from a day on, on an approved proposal."""

    from_on = models.DateField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    proposal_id = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "relief_policy"
        indexes = (models.Index(fields=("-from_on", "-id"), name="relief_policy_on"),)
        triggers = (
            pgtrigger.Protect(
                name="policy_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Followed(models.Model):
    """How far the ledger's notes were followed, and the day all was last judged."""

    name = models.CharField(max_length=20, primary_key=True)
    change_id = models.BigIntegerField(default=0)
    judged_on = models.DateField(null=True)

    class Meta:
        db_table = "relief_followed"
