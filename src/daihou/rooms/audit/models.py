"""The event log: one row for everything anyone changed, never altered."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """Who changed what, for which subject, when and on which business date.

    Written in the same transaction as the change it tells of. `happened_on` is
    when it was true in business terms, `recorded_at` when we learnt it.
    """

    type = models.CharField(_("type"), max_length=64)
    subject_type = models.CharField(_("subject type"), max_length=32)
    subject_id = models.CharField(_("subject"), max_length=80)
    actor = models.CharField(_("actor"), max_length=80)
    recorded_at = models.DateTimeField(_("recorded at"))
    business_date = models.DateField(_("business date"), null=True)
    happened_on = models.DateField(_("happened on"), null=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(_("request"), max_length=36, blank=True)
    payload = models.JSONField(_("details"), default=dict)

    class Meta:
        db_table = "audit_event"
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("subject_type", "subject_id", "id")),
            models.Index(fields=("type", "id")),
        )
        triggers = (
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        )
