"""What the gate answered, who was contacted, what holds contact, what was refused.

Customers and loans are named by our numbers in the ledger; beside each row stand the
branch, product and officer of the loan, by which it is seen. A person is `p<customer>`,
or `p<customer>.<contact point>` for somebody else behind a number of theirs.
"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.contact.states import FOR_GOOD, DecisionState, ItemState
from daihou.rooms.contact.triggers import but_for, confirmed_once


class Scoped(models.Model):
    """A row that is seen by the branch, product and officer of its loan."""

    branch = models.CharField(_("branch"), max_length=40, blank=True)
    product = models.CharField(max_length=40, blank=True)
    officer = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


def _point() -> models.CharField:
    """The blind index of a number or an address; the text itself is not kept here."""
    return models.CharField(max_length=32, blank=True, db_collation="C")


def _by_another(who: str) -> Q:
    """Confirmed by somebody else than who wrote it down, or not yet."""
    another = ~Q(confirmed_by=F(who)) & ~Q(confirmed_by="")
    return Q(confirmed_at=None) | another


class Decision(Scoped):
    """One question to the gate and its answer, as it was given; never changed.

    `because` holds each rule in the way with the instant until which it stands,
    `law_digest` the fingerprint of the law book that decided. `held_at`: from then on
    a flag or a withdrawn consent of the person takes the leave back.
    """

    loan_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    debtor_id = models.BigIntegerField(null=True)
    person = models.CharField(max_length=60)
    point_id = models.BigIntegerField(default=0)
    point = _point()
    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    actor = models.CharField(max_length=20)
    staff_count = models.PositiveSmallIntegerField(null=True)
    jurisdiction = models.CharField(max_length=20)
    licence = models.CharField(max_length=40)
    request = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10)
    until = models.DateTimeField(null=True)
    rules = ArrayField(models.CharField(max_length=40), default=list)
    because = models.JSONField(default=list)
    unknown = ArrayField(models.CharField(max_length=40), default=list)
    law_digest = models.CharField(max_length=64)
    asked_by = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=DecisionState.OPEN.value)
    held_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_decision"
        indexes = (
            models.Index(fields=("person", "-asked_at"), name="decision_person"),
            models.Index(
                fields=("point", "asked_at"),
                condition=Q(state=DecisionState.OPEN.value, verdict="allow"),
                name="decision_pending_point",
            ),
            models.Index(fields=("customer_id", "-id"), name="decision_customer"),
            models.Index(
                fields=("debtor_id",),
                condition=Q(state=DecisionState.OPEN.value, verdict="allow"),
                name="decision_pending_debtor",
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=DecisionState.USED.value) | Q(verdict="allow"),
                name="decision_used_only_if_allowed",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="decision_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="decision_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF to_jsonb(OLD) - 'state' - 'held_at'
                     IS DISTINCT FROM to_jsonb(NEW) - 'state' - 'held_at'
                   OR (OLD.state <> 'open' AND NEW.state <> OLD.state)
                   OR (OLD.held_at IS NOT NULL
                       AND NEW.held_at IS DISTINCT FROM OLD.held_at) THEN
                  RAISE EXCEPTION 'an answer of the gate stays as it was given';
                END IF;
                RETURN NEW;
                """,
            ),
        )


class Attempt(Scoped):
    """One contact that was made or tried, by whoever acts for the lender.

    Each rests on one decision that allowed it; those of an imported file (`fact_id`,
    the row in the ledger) were made before they came here and have none.
    """

    decision = models.OneToOneField(Decision, null=True, on_delete=models.PROTECT)
    fact_id = models.BigIntegerField(null=True)
    loan_id = models.BigIntegerField(null=True)
    customer_id = models.BigIntegerField()
    person = models.CharField(max_length=60)
    point_id = models.BigIntegerField(default=0)
    point = _point()
    channel = models.CharField(max_length=20)
    purpose = models.CharField(max_length=20)
    actor = models.CharField(max_length=20)
    at = models.DateTimeField()
    result = models.CharField(max_length=20, blank=True)
    connected = models.BooleanField()
    conversation = models.BooleanField()
    failed = models.BooleanField()
    staff_count = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "contact_attempt"
        indexes = (
            models.Index(fields=("person", "at"), name="attempt_person"),
            models.Index(
                fields=("point", "at"), condition=~Q(point=""), name="attempt_point"
            ),
            models.Index(fields=("customer_id", "-at"), name="attempt_customer"),
        )
        constraints = (
            models.UniqueConstraint(fields=("fact_id",), name="attempt_fact_once"),
            models.CheckConstraint(
                condition=Q(decision__isnull=False) | Q(fact_id__isnull=False),
                name="attempt_rests_on_a_decision",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="attempt_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="attempt_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=but_for("OLD.fact_id IS NULL", "note", "a contact stays"),
            ),
        )


class PersonFlag(Scoped):
    """A fact about a person that holds contact from an instant on, until it is lifted.

    `point_id` where it is about somebody behind one number. Of an imported file:
    `fact_id`, and then the sender's next row may end it. One that opens a way to
    others (they are dead, or cannot be reached) does so once another confirmed it.
    """

    customer_id = models.BigIntegerField()
    point_id = models.BigIntegerField(default=0)
    kind = models.CharField(_("flag"), max_length=20)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True)
    raised_by = models.CharField(max_length=150)
    raised_at = models.DateTimeField()
    fact_id = models.BigIntegerField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lift_evidence = models.TextField(blank=True)
    confirmed_by = models.CharField(
        max_length=150, blank=True, default="", db_default=""
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_flag"
        indexes = (models.Index(fields=("customer_id",), name="flag_customer"),)
        constraints = (
            models.UniqueConstraint(fields=("fact_id",), name="flag_fact_once"),
            models.CheckConstraint(
                condition=Q(lifted_at=None)
                | (~Q(lifted_by=F("raised_by")) & ~Q(lifted_by="")),
                name="flag_lifted_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=sorted(FOR_GOOD))
                | Q(lifted_at=None, until_at=None),
                name="flag_for_good",
            ),
            models.CheckConstraint(
                condition=_by_another("raised_by"), name="flag_confirmed_by_another"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="flag_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="flag_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=but_for(
                    "(OLD.fact_id IS NULL OR OLD.lifted_at IS NOT NULL)",
                    "evidence lift_evidence lifted_by lifted_at until_at"
                    " confirmed_by confirmed_at",
                    "a flag stays",
                ),
            ),
            pgtrigger.Trigger(
                name="flag_ends",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF (OLD.fact_id IS NULL OR OLD.lifted_at IS NOT NULL)
                   AND NEW.until_at IS DISTINCT FROM OLD.until_at
                   AND (OLD.kind <> 'unreachable' OR NEW.until_at IS NULL
                        OR NEW.until_at > OLD.until_at) THEN
                  RAISE EXCEPTION 'a flag ends as it was written';
                END IF;
                RETURN NEW;
                """,
            ),
            confirmed_once("flag"),
        )


class Consent(Scoped):
    """What a person agreed to on [given_at, withdrawn_at); no channel means all.

    One that opens the night, or again a channel that was withdrawn, counts from when
    another person confirmed it.
    """

    customer_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=20, blank=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField()
    fact_id = models.BigIntegerField(null=True)
    confirmed_by = models.CharField(
        max_length=150, blank=True, default="", db_default=""
    )
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "contact_consent"
        indexes = (models.Index(fields=("customer_id",), name="consent_customer"),)
        constraints = (
            models.UniqueConstraint(fields=("fact_id",), name="consent_fact_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("given_at")),
                name="consent_in_order",
            ),
            models.CheckConstraint(
                condition=_by_another("recorded_by"),
                name="consent_confirmed_by_another",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="consent_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="consent_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=but_for(
                    "OLD.fact_id IS NULL",
                    "evidence withdrawn_at confirmed_by confirmed_at",
                    "a consent stays",
                ),
            ),
            confirmed_once("consent"),
            pgtrigger.Trigger(
                name="consent_withdrawn_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                IF OLD.fact_id IS NULL AND OLD.withdrawn_at IS NOT NULL
                   AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
                  RAISE EXCEPTION 'a consent is withdrawn once';
                END IF;
                RETURN NEW;
                """,
            ),
        )


class Template(models.Model):
    """What a message, a letter or a call says; a new wording is a new version."""

    code = models.CharField(_("code"), max_length=60)
    channel = models.CharField(max_length=20)
    language = models.CharField(max_length=20)
    version = models.IntegerField()
    body = models.TextField()
    written_by = models.CharField(max_length=150)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "contact_template"
        constraints = (
            models.UniqueConstraint(
                fields=("code", "language", "version"), name="template_version"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="template_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class ComplianceItem(Scoped):
    """An attempt at a refused act, or a report of one, that compliance looks into.

    The same words by the same way again while it is open count here (`times`). `words`
    and `reason` are sealed: what is said of a person may stand in them.
    """

    code = models.CharField(_("act"), max_length=40)
    way = models.CharField(max_length=20)
    place = models.CharField(max_length=300)
    field = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    words_digest = models.CharField(max_length=32, blank=True, db_collation="C")
    let_in = models.BooleanField()
    customer_id = models.BigIntegerField(null=True)
    loan_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=150, blank=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.IntegerField(default=1)
    state = models.CharField(max_length=10, default=ItemState.OPEN.value)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "contact_compliance_item"
        indexes = (models.Index(fields=("state", "-last_at"), name="item_state"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state=ItemState.OPEN.value)
                | (
                    Q(closed_at__isnull=False)
                    & ~Q(closed_by="")
                    & ~Q(closed_by=F("by"))
                    & ~Q(reason="")
                ),
                name="item_closed_by_another_for_a_reason",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="item_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="item_final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=but_for(
                    "OLD.state = 'closed'", "words reason", "a closed item stays"
                ),
            ),
        )
