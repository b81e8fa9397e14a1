"""Saved views of lists, which of them opens first, and labels on things."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """An address of a list under a name; `fields` is its question part."""

    list = models.CharField(_("list"), max_length=40)
    owner = models.CharField(_("owner"), max_length=150)
    name = models.CharField(_("name"), max_length=60)
    fields = models.CharField(_("conditions"), max_length=2000, blank=True)
    shared = models.BooleanField(_("shared"), default=False)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "lists_view"
        constraints = (
            models.UniqueConstraint(
                fields=("list", "owner", "name"), name="view_name_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="view_has_name"),
        )
        indexes = (
            models.Index(
                fields=("list",), condition=Q(shared=True), name="view_shared"
            ),
        )


class FirstView(models.Model):
    """The view that opens first for somebody, own or shared."""

    list = models.CharField(max_length=40)
    login = models.CharField(max_length=150)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE)

    class Meta:
        db_table = "lists_first_view"
        constraints = (
            models.UniqueConstraint(fields=("list", "login"), name="first_view_once"),
        )


class Label(models.Model):
    """A word somebody put on a thing (`loan` 12: 重点跟进)."""

    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    word = models.CharField(_("label"), max_length=40)
    put_by = models.CharField(max_length=150)
    put_at = models.DateTimeField()

    class Meta:
        db_table = "lists_label"
        constraints = (
            models.UniqueConstraint(
                fields=("subject_type", "word", "subject_id"), name="label_once"
            ),
            models.CheckConstraint(condition=~Q(word=""), name="label_has_word"),
        )
        indexes = (models.Index(fields=("subject_type", "subject_id")),)
