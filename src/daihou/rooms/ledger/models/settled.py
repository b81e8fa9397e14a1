"""How far money of an open day was settled before the night."""

from django.db import models


class DaySettled(models.Model):
    """How far the loans with money of an open day were settled when it opened."""

    on = models.DateField(primary_key=True, db_column="on_day")
    settled_to = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_day_settled"
