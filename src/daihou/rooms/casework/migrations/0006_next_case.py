"""The next of a pool, drafts of somebody and the alarms are found by an index."""

import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_in_hand"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("lifecycle", "open"),
                    ("held", False),
                    ("collector", ""),
                    ("next_at", None),
                ),
                fields=["queue", "-expected_value", "id", "branch"],
                name="case_pool",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                django.db.models.functions.comparison.Coalesce(
                    "last_worked_at", "opened_at"
                ),
                condition=models.Q(("lifecycle", "open"), ("held", False)),
                name="case_untouched",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("lifecycle", "open"),
                    ("overdue_total__gt", 0),
                    ("treatment__in", ("finished", "stopped")),
                ),
                fields=["opened_at"],
                name="case_left_over",
            ),
        ),
        migrations.AddIndex(
            model_name="draft",
            index=models.Index(fields=["by"], name="draft_by"),
        ),
    ]
