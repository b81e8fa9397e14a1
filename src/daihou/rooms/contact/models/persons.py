"""One natural person behind several customers, as senders number them."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from daihou.rooms.contact.states import TwinState


class Twin(models.Model):
    """Two customers who may be one person, and what was decided of them.

    Same document and same name join by themselves (`decided_by` is the house); the
    rest a person decides on evidence (sealed). What was decided apart is not found
    again.
    """

    first_id = models.BigIntegerField()
    second_id = models.BigIntegerField()
    reason = models.CharField(max_length=30)
    state = models.CharField(max_length=10, default=TwinState.WAITING.value)
    found_at = models.DateTimeField()
    decided_by = models.CharField(max_length=150, blank=True, default="")
    decided_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True, default="")

    class Meta:
        db_table = "contact_twin"
        indexes = (
            models.Index(
                fields=("id",),
                condition=Q(state=TwinState.WAITING.value),
                name="twin_waiting",
            ),
            models.Index(fields=("second_id",), name="twin_second"),
        )
        constraints = (
            models.UniqueConstraint(fields=("first_id", "second_id"), name="twin_once"),
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")), name="twin_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in TwinState]),
                name="twin_words",
            ),
            models.CheckConstraint(
                condition=Q(state=TwinState.WAITING.value)
                | (Q(decided_at__isnull=False) & ~Q(decided_by="")),
                name="twin_decided_by_somebody",
            ),
        )
        triggers = (pgtrigger.Protect(name="twin_kept", operation=pgtrigger.Delete),)


class SamePerson(models.Model):
    """Which person a customer is: the lowest number of all who were joined.

    Derived from the twins that were joined; who was joined with nobody has no row.
    """

    customer_id = models.BigIntegerField(primary_key=True)
    person_id = models.BigIntegerField()

    class Meta:
        db_table = "contact_same_person"
        indexes = (models.Index(fields=("person_id",), name="same_person"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(person_id__lte=F("customer_id")), name="person_is_lowest"
            ),
        )
