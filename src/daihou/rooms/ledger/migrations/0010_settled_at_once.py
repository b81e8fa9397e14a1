"""How far the loans of an open day, or of a file, were settled before the night."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_paid_on")]

    operations = [
        migrations.AddField(
            model_name="change",
            name="settled_to",
            field=models.BigIntegerField(null=True),
        ),
        migrations.CreateModel(
            name="DaySettled",
            fields=[
                (
                    "on",
                    models.DateField(
                        db_column="on_day", primary_key=True, serialize=False
                    ),
                ),
                ("settled_to", models.BigIntegerField(null=True)),
            ],
            options={"db_table": "ledger_day_settled"},
        ),
    ]
