from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="gradingrun",
            name="history",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
