"""A promise of too small a share of what is overdue pauses nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0006_next_case")]

    operations = [
        migrations.AddField(
            model_name="promise",
            name="pauses",
            field=models.BooleanField(db_default=True, default=True),
        ),
    ]
