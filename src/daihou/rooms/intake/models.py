"""Files taken in: what came, from whom, what it did, what was wrong with it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from daihou.rooms.intake.states import STORED


class Batch(models.Model):
    """One intake: one or more files of one source, applied whole or not at all."""

    source = models.CharField(_("source"), max_length=40)
    # Whose loans and customers the rows mean, where that is not the source itself.
    refers_to = models.CharField(max_length=40, blank=True)
    mapping = models.CharField(_("mapping"), max_length=80, blank=True)
    mapping_version = models.CharField(max_length=40, blank=True)
    mapping_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=20)
    by = models.CharField(_("by"), max_length=80)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    business_date = models.DateField(null=True)
    error_count = models.IntegerField(default=0)

    class Meta:
        db_table = "intake_batch"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=STORED), name="batch_state"
            ),
        )


class File(models.Model):
    """One file of a batch, known again by its digest."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(_("file"), max_length=300)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    table = models.CharField(_("table"), max_length=40)
    rows = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    findings = models.JSONField(default=dict)  # how many of each code
    error_file = models.CharField(max_length=300, blank=True)  # below the home
    control_totals = models.JSONField(default=dict)

    class Meta:
        db_table = "intake_file"
        indexes = (models.Index(fields=("digest",)),)


class AttributeField(models.Model):
    """A custom field: a column a source sent that is not in the contract."""

    table = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20)
    personal = models.BooleanField(default=False)

    class Meta:
        db_table = "intake_attribute_field"
        constraints = (
            models.UniqueConstraint(fields=("table", "name"), name="attribute_once"),
        )
