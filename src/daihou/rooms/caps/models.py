"""The loans above a cap, or of which no cap can be asserted, and on what that rests."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from daihou.rooms.caps.states import LISTED


class Finding(models.Model):
    """An open loan that is above a cap, or whose cap nobody can assert.

    Rates are shares a year, `above` minor units of `currency`. `cap` None: no cap is
    known for its day of payout. Written by the round, the whole book in one statement.
    """

    loan = models.OneToOneField(
        "ledger.Loan",
        primary_key=True,
        on_delete=models.PROTECT,
        db_constraint=False,
        related_name="+",
    )
    standing = models.CharField(_("standing"), max_length=12)
    licence = models.CharField(_("licence"), max_length=40)
    cap = models.DecimalField(max_digits=12, decimal_places=9, null=True)
    all_in = models.DecimalField(max_digits=12, decimal_places=9)
    excess = models.DecimalField(max_digits=12, decimal_places=9)
    multiple_above = models.BooleanField(default=False)
    doubted = models.BooleanField(default=False)
    above = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        db_table = "caps_finding"
        indexes = (
            models.Index(
                fields=("standing", "-above", "-excess", "loan"), name="caps_worst"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(standing__in=LISTED), name="caps_standing"
            ),
        )


class CapRun(models.Model):
    """One look at the whole book: which closed day, under which rules, what it found.

    `positions` is the fingerprint of the day, `rules` the digest of the caps. `sums`
    are rows of standing, currency, branch, loans and minor units above; None where
    they were not kept.
    """

    as_of = models.DateField(_("date"))
    positions = models.CharField(max_length=64)
    rules = models.CharField(max_length=64)
    law = models.CharField(max_length=64)
    over = models.IntegerField()
    not_asserted = models.IntegerField()
    changed = models.IntegerField()
    sums = models.JSONField(null=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        db_table = "caps_run"
        ordering = ("-id",)
