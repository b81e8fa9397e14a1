"""Days after which an untouched case goes on may differ by team."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0007_small_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="team_days",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
