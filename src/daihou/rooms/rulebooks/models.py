"""The lender's approved changes of rules; the database wants two people for each."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.rulebooks.states import Step

KIND = "rulebook.change"

# A change stands on an approved proposal about this rule, decided by another person.
_APPROVED = f"""
SELECT * INTO asked FROM approvals_proposal WHERE id = NEW.proposal_id FOR SHARE;
IF asked.id IS NULL OR asked.kind <> '{KIND}' OR asked.state <> 'approved'
   OR asked.subject_id <> NEW.rule OR asked.proposed_by <> NEW.proposed_by
   OR asked.decided_by <> NEW.decided_by THEN
  RAISE EXCEPTION 'a change of rule % without an approved proposal', NEW.rule;
END IF;
RETURN NEW;
"""


class PolicyChange(models.Model):
    """How a rule holds for the lender from `begins_on` on, until the next one begins.

    `values` are the lender's own, in the form of a rule file; with `ends_on` the rule
    book's hold again from that day. Of two that begin on one day the newer counts.
    `decided_on` is the business date it was approved on, `law` the fingerprint of the
    rule book it was looked at against.
    """

    rule = models.CharField(_("rule"), max_length=20)
    begins_on = models.DateField(_("begins on"))
    ends_on = models.DateField(_("ends on"), null=True)
    step = models.CharField(_("what it does"), max_length=10)
    values = models.JSONField(_("values"), default=dict)
    reason = models.TextField(_("reason"))
    source = models.CharField(_("source"), max_length=300)
    proposal_id = models.BigIntegerField(unique=True)
    proposed_by = models.CharField(_("proposed by"), max_length=150)
    decided_by = models.CharField(_("decided by"), max_length=150)
    decided_at = models.DateTimeField(_("decided at"))
    decided_on = models.DateField(_("business date"))
    law = models.CharField(max_length=64)

    class Meta:
        db_table = "rulebooks_change"
        ordering = ("rule", "begins_on", "id")
        indexes = (models.Index(fields=("rule", "begins_on", "id")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")) & ~Q(decided_by=""),
                name="rulebooks_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("begins_on")),
                name="rulebooks_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(begins_on__gt=F("decided_on")),
                name="rulebooks_begins_later",
            ),
            models.CheckConstraint(
                condition=(Q(step=Step.VALUES) & ~Q(values={}))
                | (Q(step__in=(Step.OFF, Step.LAW)) & Q(values={})),
                name="rulebooks_step_and_values",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="approved",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "approvals_proposal%ROWTYPE")],
                func=_APPROVED,
            ),
        )
