"""What is kept about personal data: holds, deletion runs and their proof, canaries."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.ledger.models.book import Customer, Loan
from daihou.rooms.ledger.states import ErasureState


class RetentionHold(models.Model):
    """A legal hold: while it stands nothing of this customer or loan is removed.

    A hold on a loan keeps everybody who is a party of it. It is lifted, never deleted.
    """

    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT)
    reason = models.CharField(_("reason"), max_length=300)
    placed_by = models.CharField(max_length=80)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=80, blank=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    class Meta:
        db_table = "ledger_retention_hold"
        constraints = (
            models.CheckConstraint(
                condition=Q(customer=None) ^ Q(loan=None), name="hold_on_one_thing"
            ),
            models.UniqueConstraint(
                fields=("customer",),
                condition=Q(lifted_at=None) & ~Q(customer=None),
                name="hold_customer_once",
            ),
            models.UniqueConstraint(
                fields=("loan",),
                condition=Q(lifted_at=None) & ~Q(loan=None),
                name="hold_loan_once",
            ),
        )
        triggers = (pgtrigger.Protect(name="hold_is_kept", operation=pgtrigger.Delete),)


class RetentionRun(models.Model):
    """A deletion under the retention schedule: planned by one, carried out by another.

    `digest` is of the list of what goes (see `Erasure`), the same in plan and run; a
    plan whose list is no longer the same is not carried out.
    """

    as_of = models.DateField(_("as of"))
    schedule = models.CharField(_("schedule"), max_length=80)
    counts = models.JSONField(default=dict)  # rows by data class
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12)
    planned_by = models.CharField(max_length=80)
    planned_at = models.DateTimeField()
    done_by = models.CharField(max_length=80, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_retention_run"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=ErasureState.DONE.value)
                | ~Q(done_by=F("planned_by")),
                name="retention_run_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state=ErasureState.DONE.value)
                | (Q(done_at__isnull=False) & ~Q(done_by="")),
                name="retention_run_done_by",
            ),
        )
        triggers = (
            pgtrigger.Protect(name="retention_run_kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="retention_run_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=ErasureState.DONE.value),
            ),
        )


class Erasure(models.Model):
    """One row that a deletion run removed or emptied, without what it held.

    `row_digest` is SHA-256 of the row as PostgreSQL prints it as JSON: who keeps an
    old copy can show that it is this row, nobody can make the row from it.
    """

    run = models.ForeignKey(RetentionRun, on_delete=models.PROTECT)
    data_class = models.CharField(max_length=40)
    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    row_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "ledger_erasure"
        constraints = (
            models.UniqueConstraint(
                fields=("run", "data_class", "table", "row_id"), name="erasure_once"
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="erasure_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )


class Canary(models.Model):
    """A customer whose data nobody has a reason to look at: who does is reported."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    note = models.CharField(_("note"), max_length=300)
    set_by = models.CharField(max_length=80)
    set_at = models.DateTimeField()
    ended_by = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_canary"
        constraints = (
            models.UniqueConstraint(
                fields=("customer",), condition=Q(ended_at=None), name="canary_once"
            ),
        )
