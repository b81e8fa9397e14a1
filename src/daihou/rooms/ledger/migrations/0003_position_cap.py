"""Positions say what the cost cap cuts off, and since when a loan earns nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_register")]

    operations = [
        migrations.AddField(
            model_name="position",
            name="over_cap",
            field=models.BigIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="position",
            name="non_accrual_since",
            field=models.DateField(null=True),
        ),
    ]
