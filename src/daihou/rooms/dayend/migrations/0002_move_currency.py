"""Moves between buckets are kept by currency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dayend", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="bucketmove",
            name="currency",
            field=models.CharField(blank=True, default="", max_length=3),
            preserve_default=False,
        ),
    ]
