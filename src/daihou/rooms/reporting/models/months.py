"""The months of the book that can be asked for."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Month(models.Model):
    """One counted month; its last closed day stands for it. The night writes it.

    `positions` and `classes` are the fingerprints of the closed day it rests on (no
    classes: ""), `rests_on` a digest of those, of the month before and of the law of
    counting, `fingerprint` that of the month file. `complete` is False while the
    month still runs.
    """

    name = models.CharField(_("month"), max_length=7, unique=True)
    as_of = models.DateField(_("date"))
    loans = models.IntegerField()
    positions = models.CharField(max_length=64)
    classes = models.CharField(max_length=64, blank=True, db_default="")
    rests_on = models.CharField(max_length=64, default="", db_default="")
    fingerprint = models.CharField(max_length=64)
    complete = models.BooleanField(default=False, db_default=False)
    seconds = models.FloatField(default=0, db_default=0)
    counted_at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        db_table = "reporting_month"
        ordering = ("name",)
