"""Loans are found by their officer: what somebody sees may be their own alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0006_receipts"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="loan",
            index=models.Index(fields=["officer"], name="loan_officer"),
        ),
    ]
