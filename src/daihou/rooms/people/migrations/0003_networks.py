from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


def networks():
    return ArrayField(base_field=models.CharField(max_length=50), blank=True, default=list, size=None)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_organisation'),
    ]

    operations = [
        migrations.AddField(model_name='branch', name='networks', field=networks()),
        migrations.AddField(model_name='branch', name='networks_held', field=networks()),
        migrations.AddField(model_name='rolegrant', name='networks', field=networks()),
    ]
