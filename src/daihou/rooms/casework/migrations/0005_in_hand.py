"""What somebody has in hand, and what was opened on a day, are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_markers")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("taken_by", ""), _negated=True),
                fields=["taken_by"],
                name="case_taken",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["opened_on"], name="case_opened"),
        ),
    ]
