"""Facts that people tell of a loan, the classes the night found, and their runs."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

UPGRADE_KIND = "grading.upgrade"
FACT_KIND = "grading.fact"
END_KIND = "grading.end"

# What makes a class better stands on a proposal that another person approved.
_APPROVED = f"""
IF NEW.proposal_id IS NOT NULL THEN
  PERFORM 1 FROM approvals_proposal p WHERE p.id = NEW.proposal_id
    AND p.state = 'approved' AND p.kind IN ('{UPGRADE_KIND}', '{FACT_KIND}')
    AND p.subject_id = NEW.loan_id::text AND p.decided_by <> p.proposed_by;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a fact of loan % without an approved proposal', NEW.loan_id;
  END IF;
ELSIF NEW.kind = ANY(ARRAY['technical_overdue', 'refinancing_excepted',
    'accepted_enhancement', 'stage_2_rebutted', 'default_rebutted', 'solved',
    'upgrade', 'able_to_pay']) THEN
  RAISE EXCEPTION 'a fact that lifts loan % without a proposal', NEW.loan_id;
END IF;
RETURN NEW;
"""
# Only its end may be told later; everything else stays as it was written.
_ENDS_ONCE = """
IF OLD.ends_on IS NULL AND NEW.ends_on IS NOT NULL AND
   (to_jsonb(NEW) - 'ends_on' - 'ended_known_on' - 'ended_by' - 'ended_at'
    - 'ended_proposal_id' - 'ended_because')
   = (to_jsonb(OLD) - 'ends_on' - 'ended_known_on' - 'ended_by' - 'ended_at'
    - 'ended_proposal_id' - 'ended_because') THEN
  RETURN NEW;
END IF;
RAISE EXCEPTION 'fact % is kept as it was written', OLD.id;
"""


class ClassFact(models.Model):
    """A fact about a loan or its debtor, so from `begins_on` on until `ends_on`.

    `kind` and `content` are `daihou.tables.grades.Fact` and its CONTENT, amounts in
    minor units. It counts for runs of days from `known_on` on, so that a day that is
    run again reads what was known then. `by` grading: the run saw it itself.
    """

    loan_id = models.BigIntegerField()
    customer_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=30)
    begins_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True)
    known_on = models.DateField()
    ended_known_on = models.DateField(null=True)
    content = models.JSONField(default=dict)
    evidence = models.TextField(_("evidence"), blank=True)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))
    proposal_id = models.BigIntegerField(null=True)
    ended_by = models.CharField(max_length=150, blank=True, db_default="", default="")
    ended_at = models.DateTimeField(null=True)
    ended_because = models.TextField(blank=True, db_default="", default="")
    ended_proposal_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "grading_fact"
        ordering = ("begins_on", "id")
        indexes = (
            models.Index(fields=("loan_id", "begins_on"), name="grading_fact_loan"),
            models.Index(fields=("customer_id",), name="grading_fact_customer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="grading_fact_days",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_APPROVED,
            ),
            pgtrigger.Trigger(
                name="ends_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=_ENDS_ONCE,
            ),
            pgtrigger.Protect(
                name="kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.by <> 'grading'"),
            ),
        )


class LoanClass(models.Model):
    """The class of an open loan at the end of the last graded day.

    The numbers are those of `engine.classification.codes`; the whole book is in the
    night's files. Written by the run, set by set.
    """

    loan = models.OneToOneField(
        "ledger.Loan",
        primary_key=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    asset_class = models.SmallIntegerField(_("class"))
    machine_class = models.SmallIntegerField()
    asserted_class = models.SmallIntegerField()
    causes = models.IntegerField()
    stage = models.SmallIntegerField()
    rule = models.CharField(_("rule"), max_length=40, blank=True)
    since = models.DateField(_("since"))
    cleared_on = models.DateField(null=True)
    missed_on = models.DateField(null=True)
    observed_until = models.DateField(null=True)
    upgrade_from = models.DateField(null=True)
    dpd = models.IntegerField()
    arrears = models.BigIntegerField()
    balance = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "grading_class"
        indexes = (
            models.Index(
                fields=("-asset_class", "-balance", "loan"),
                condition=Q(asset_class__gt=0),
                name="grading_class_worst",
            ),
        )


class GradingRun(models.Model):
    """One run over a closed day; `current` marks the one that stands for it.

    `shown` marks the one whose classes `LoanClass` holds. `positions`, `previous` and
    `rules` are the digests of what it rests on, `law` that of the whole law book;
    `history` is the last row of the ledger's history when the run began.
    """

    as_of = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10)
    current = models.BooleanField(default=False)
    shown = models.BooleanField(default=False, db_default=False)
    positions = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    rules = models.CharField(max_length=64)
    history = models.BigIntegerField(default=0, db_default=0)
    law = models.CharField(max_length=64)
    licence = models.CharField(_("licence"), max_length=40)
    fingerprint = models.CharField(max_length=64)
    loans = models.IntegerField()
    looked_at = models.IntegerField()
    moved = models.IntegerField()
    counts = models.JSONField()
    seconds = models.FloatField()
    at = models.DateTimeField(_("at"))
    by = models.CharField(_("by"), max_length=150)

    class Meta:
        db_table = "grading_run"
        ordering = ("-id",)
        indexes = (models.Index(fields=("as_of", "id"), name="grading_run_day"),)
        constraints = (
            models.UniqueConstraint(
                fields=("as_of",),
                condition=Q(current=True),
                name="one_current_grading_per_date",
            ),
        )


class ClassMove(models.Model):
    """A loan that a run put into another class; -1: not in the book before, or now."""

    run = models.ForeignKey(GradingRun, on_delete=models.CASCADE, related_name="moves")
    loan = models.ForeignKey(
        "ledger.Loan",
        on_delete=models.PROTECT,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    as_of = models.DateField()
    was = models.SmallIntegerField()
    becomes = models.SmallIntegerField()
    causes = models.IntegerField()
    rule = models.CharField(max_length=40, blank=True)
    balance = models.BigIntegerField()

    class Meta:
        db_table = "grading_move"
        ordering = ("-as_of", "id")
        indexes = (models.Index(fields=("loan", "-as_of"), name="grading_move_loan"),)


class ProvisionRun(models.Model):
    """What a graded day needs as provisions; `current` marks the one that stands for it.

    `classes`, `opening` and `rules` are the digests of what it rests on, `opening_on`
    the last graded day of the month before, None where there is none.
    """

    as_of = models.DateField(_("date"))
    opening_on = models.DateField(null=True)
    classes = models.CharField(max_length=64)
    opening = models.CharField(max_length=64, blank=True)
    rules = models.CharField(max_length=64)
    law = models.CharField(max_length=64)
    licence = models.CharField(_("licence"), max_length=40)
    current = models.BooleanField(default=False)
    seconds = models.FloatField()
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "grading_provision_run"
        ordering = ("-as_of", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("as_of",),
                condition=Q(current=True),
                name="one_current_provision_per_date",
            ),
        )


class ProvisionNeed(models.Model):
    """What the loans of a class, branch and currency need under one table."""

    run = models.ForeignKey(
        ProvisionRun, on_delete=models.CASCADE, related_name="needs"
    )
    table = models.CharField(_("table"), max_length=20)
    currency = models.CharField(max_length=3)
    branch = models.CharField(_("branch"), max_length=40, blank=True)
    asset_class = models.SmallIntegerField(_("class"))
    loans = models.IntegerField()
    balance = models.BigIntegerField()
    needed = models.BigIntegerField()

    class Meta:
        db_table = "grading_provision_need"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "table", "currency", "branch", "asset_class"),
                name="provision_need_once",
            ),
        )


class ProvisionMove(models.Model):
    """How balances and allowances came from the opening day to this one, and it foots.

    Sheets are class by line, `moved` from class to class (`engine.provision.movement`).
    """

    run = models.ForeignKey(
        ProvisionRun, on_delete=models.CASCADE, related_name="moves"
    )
    table = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    balances = models.JSONField()
    allowances = models.JSONField()
    moved = models.JSONField()

    class Meta:
        db_table = "grading_provision_move"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "table", "currency"), name="provision_move_once"
            ),
        )


class ProvisionHeld(models.Model):
    """The allowance that stands on the books from a day on, as finance told it."""

    on = models.DateField(_("from"))
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(_("allowance held"))
    evidence = models.CharField(_("evidence"), max_length=300)
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "grading_provision_held"
        indexes = (
            models.Index(fields=("currency", "-on", "-id"), name="provision_held_on"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="provision_held_not_negative"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="provision_held_kept",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
        )
