"""Keeps where journeys stood before the last day was evaluated."""

from django.db import migrations, models

# Where a book is taken over, the steps that stand are all that is known of the day.
_SEED = """
insert into strategy_before (customer_id, journey, journey_step, journey_since,
  step_since, next_on, journey_sets)
select customer_id, journey, journey_step, journey_since, step_since, next_on,
  journey_sets
from strategy_step where journey <> ''
"""


class Migration(migrations.Migration):
    """A table beside the steps, filled from those that stand."""

    dependencies = [("strategy", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="JourneyBefore",
            fields=[
                (
                    "customer_id",
                    models.BigIntegerField(primary_key=True, serialize=False),
                ),
                ("journey", models.CharField(max_length=60)),
                (
                    "journey_step",
                    models.CharField(
                        blank=True, db_default="", default="", max_length=60
                    ),
                ),
                ("journey_since", models.DateField(null=True)),
                ("step_since", models.DateField(null=True)),
                ("next_on", models.DateField(null=True)),
                ("journey_sets", models.JSONField(db_default={}, default=dict)),
            ],
            options={"db_table": "strategy_before"},
        ),
        migrations.RunSQL(_SEED, migrations.RunSQL.noop),
    ]
