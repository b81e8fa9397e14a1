"""What was proposed and how it was decided; the database refuses the proposer too."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.approvals.states import MOVES, UNDECIDED, State, Verdict

_ASKED = (
    "kind",
    "subject_type",
    "subject_id",
    "title",
    "digest",
    "amount",
    "currency",
    "reason",
    "proposed_by",
    "proposed_for",
    "proposed_at",
    "business_date",
    "levels",
    "request_id",
)

# An approval stands on one decision for each level, none of them the proposer's.
_ALL_LEVELS = """
IF (SELECT count(*) FROM approvals_decision WHERE proposal_id = NEW.id
    AND verdict = 'approve') <> jsonb_array_length(NEW.levels) THEN
  RAISE EXCEPTION 'proposal % is approved without a decision of every level', NEW.id;
END IF;
RETURN NEW;
"""

_BY_ANOTHER = """
SELECT * INTO asked FROM approvals_proposal WHERE id = NEW.proposal_id FOR UPDATE;
IF NEW.decided_by IN (asked.proposed_by, asked.proposed_for)
   OR NEW.decided_for IN (asked.proposed_by, nullif(asked.proposed_for, '')) THEN
  RAISE EXCEPTION 'proposal % is decided by who proposed it', asked.id;
END IF;
IF asked.subject_type = 'person'
   AND asked.subject_id IN (NEW.decided_by, nullif(NEW.decided_for, '')) THEN
  RAISE EXCEPTION 'proposal % is decided by whose rights it is about', asked.id;
END IF;
IF asked.state NOT IN ('open', 'escalated') OR NEW.level <> asked.level THEN
  RAISE EXCEPTION 'proposal % does not wait for level %', asked.id, NEW.level;
END IF;
NEW.proposed_by := asked.proposed_by;
RETURN NEW;
"""


def _append_only() -> pgtrigger.Trigger:
    return pgtrigger.Protect(
        name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
    )


class Proposal(models.Model):
    """Something one person wants and another decides.

    `content` holds the fields before and after, sealed; `digest` is the SHA-256 of
    what was sealed, so that nobody changes it between the asking and the deciding.
    `levels` are the roles that decide one after the other ("" is whoever holds the
    kind's permission) and `level` the one it waits for, from 1, whose role is
    `waits_for`. `amount` is in minor units of `currency`, or a count without one.
    """

    kind = models.CharField(_("kind"), max_length=40)
    subject_type = models.CharField(_("subject type"), max_length=32)
    subject_id = models.CharField(_("subject"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    amount = models.BigIntegerField(_("amount"), null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    reason = models.TextField(_("reason"))
    proposed_by = models.CharField(_("proposed by"), max_length=150)
    proposed_for = models.CharField(_("on behalf of"), max_length=150, blank=True)
    proposed_at = models.DateTimeField(_("proposed at"))
    business_date = models.DateField(_("business date"), null=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    levels = models.JSONField()
    level = models.SmallIntegerField(default=1)
    waits_for = models.CharField(max_length=40, blank=True)
    permission = models.CharField(max_length=40)
    due_at = models.DateTimeField(_("to be decided by"))
    state = models.CharField(_("state"), max_length=12, default=State.OPEN)
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    serves_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "approvals_proposal"
        ordering = ("-id",)
        indexes = (
            models.Index(
                fields=("due_at",),
                condition=Q(state__in=UNDECIDED),
                name="approvals_undecided",
            ),
            models.Index(fields=("proposed_by", "id"), name="approvals_mine"),
            models.Index(fields=("subject_type", "subject_id", "id")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "subject_type", "subject_id"),
                condition=Q(state__in=UNDECIDED),
                name="approvals_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by"))
                & (Q(decided_by="") | ~Q(decided_by=F("proposed_for"))),
                name="approvals_not_by_the_proposer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__gt="")
                | ~Q(state__in=(State.APPROVED, State.REFUSED, State.USED)),
                name="approvals_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, state__in=UNDECIDED)
                | (Q(closed_at__isnull=False) & ~Q(state__in=UNDECIDED)),
                name="approvals_closed",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="asked_once", fields=[*_ASKED]),
            pgtrigger.FSM(
                name="moves",
                field="state",
                transitions=[(str(start), str(end)) for start, end in MOVES],
            ),
            pgtrigger.Trigger(
                name="approved_by_every_level",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__state=State.APPROVED),
                func=_ALL_LEVELS,
            ),
            pgtrigger.Protect(
                name="begins_open",
                operation=pgtrigger.Insert,
                condition=~pgtrigger.Q(new__state=State.OPEN),
            ),
        )


class Decision(models.Model):
    """What one person said of a proposal at one level; for whom, if a deputy did."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="decisions"
    )
    level = models.SmallIntegerField(_("level"))
    verdict = models.CharField(_("verdict"), max_length=10)
    proposed_by = models.CharField(max_length=150)  # the trigger's to say
    decided_by = models.CharField(_("decided by"), max_length=150)
    decided_for = models.CharField(_("on behalf of"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"))
    note = models.TextField(_("note"), blank=True)

    class Meta:
        db_table = "approvals_decision"
        ordering = ("proposal", "level")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "level"), name="approvals_level_once"
            ),
            models.UniqueConstraint(
                fields=("proposal", "decided_by"), name="approvals_person_once"
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by"))
                & ~Q(decided_for=F("proposed_by")),
                name="approvals_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=[*Verdict]), name="approvals_verdict"
            ),
        )
        triggers = (
            _append_only(),
            pgtrigger.Trigger(
                name="by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("asked", "approvals_proposal%ROWTYPE")],
                func=_BY_ANOTHER,
            ),
        )


class Comment(models.Model):
    """A question or an answer under a proposal."""

    proposal = models.ForeignKey(
        Proposal, on_delete=models.PROTECT, related_name="comments"
    )
    by = models.CharField(_("by"), max_length=150)
    at = models.DateTimeField(_("at"))
    text = models.TextField(_("text"))

    class Meta:
        db_table = "approvals_comment"
        ordering = ("id",)
        triggers = (_append_only(),)


class Delegation(models.Model):
    """One person decides for another from a day until a day (half open)."""

    principal = models.CharField(_("who is away"), max_length=150)
    deputy = models.CharField(_("who decides meanwhile"), max_length=150)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    reason = models.TextField(_("reason"), blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "approvals_delegation"
        ordering = ("-id",)
        indexes = (models.Index(fields=("deputy", "until_on")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(principal=F("deputy")), name="approvals_deputy_is_another"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="approvals_delegation_days"
            ),
        )
        triggers = (
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="only_ended", exclude=["id", "ended_at", "ended_by"]
            ),
        )


class LevelTable(models.Model):
    """Who decides a kind of proposal by its amount, from a day on.

    `rows` are {step, from, below, role}: every row with from <= amount < below counts,
    and the steps follow one another; amounts in minor units of `currency`, or counts.
    The newest table whose day has come is in force. Made by an approved proposal.
    """

    kind = models.CharField(_("kind"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    from_on = models.DateField(_("from"))
    rows = models.JSONField()
    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, null=True)

    class Meta:
        db_table = "approvals_level_table"
        ordering = ("kind", "currency", "-from_on", "-id")
        triggers = (_append_only(),)
