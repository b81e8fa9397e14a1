"""Payments of some days are found without reading all of them."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0008_relief")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=BrinIndex(
                autosummarize=True,
                fields=["paid_on"],
                name="payment_paid",
                pages_per_range=32,
            ),
        ),
    ]
