from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('gateway', '0001_tokens'),
    ]

    operations = [
        migrations.AddField(
            model_name='token', name='networks', field=models.JSONField(default=list)
        ),
    ]
