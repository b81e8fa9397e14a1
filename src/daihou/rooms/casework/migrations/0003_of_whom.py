"""Of whom a hold and a case passed over are, for the retention schedule."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0002_work'),
    ]

    operations = [
        migrations.AddField(
            model_name='hold',
            name='customer_id',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='skip',
            name='customer_id',
            field=models.BigIntegerField(db_default=0, default=0),
        ),
    ]
