"""Two customers who are one person: found, decided, and who is who."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0006_points'),
    ]

    operations = [
        migrations.CreateModel(
            name='SamePerson',
            fields=[
                ('customer_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('person_id', models.BigIntegerField()),
            ],
            options={
                'db_table': 'contact_same_person',
                'indexes': [models.Index(fields=['person_id'], name='same_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('person_id__lte', models.F('customer_id'))), name='person_is_lowest')],
            },
        ),
        migrations.CreateModel(
            name='Twin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_id', models.BigIntegerField()),
                ('second_id', models.BigIntegerField()),
                ('reason', models.CharField(max_length=30)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('found_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, default='', max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('evidence', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'contact_twin',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['id'], name='twin_waiting'), models.Index(fields=['second_id'], name='twin_second')],
                'constraints': [models.UniqueConstraint(fields=('first_id', 'second_id'), name='twin_once'), models.CheckConstraint(condition=models.Q(('first_id__lt', models.F('second_id'))), name='twin_in_order'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'joined', 'apart'])), name='twin_words'), models.CheckConstraint(condition=models.Q(('state', 'waiting'), models.Q(('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True)), _connector='OR'), name='twin_decided_by_somebody')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='twin',
            trigger=pgtrigger.compiler.Trigger(name='twin_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fdc34157d09461c448b31064003d522c4ff3b9e5', operation='DELETE', pgid='pgtrigger_twin_kept_eb231', table='contact_twin', when='BEFORE')),
        ),
    ]
