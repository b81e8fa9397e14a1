"""Keeps the sums of the list with each look at the book."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column of the runs."""

    dependencies = [("caps", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="caprun",
            name="sums",
            field=models.JSONField(null=True),
        ),
    ]
