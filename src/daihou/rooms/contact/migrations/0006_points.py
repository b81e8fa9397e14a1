"""How good numbers and addresses are, by what came of trying them."""

import daihou.rooms.contact.models.points
import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0005_reason_sealed'),
    ]

    operations = [
        migrations.CreateModel(
            name='PointStanding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('point', models.CharField(db_collation='C', max_length=32)),
                ('customer_id', models.BigIntegerField(default=0)),
                ('state', models.CharField(default='untried', max_length=10)),
                ('since_at', models.DateTimeField(null=True)),
                ('attempt_id', models.BigIntegerField(null=True)),
                ('tried', models.IntegerField(default=0)),
                ('answered', models.IntegerField(default=0)),
                ('last_tried_at', models.DateTimeField(null=True)),
                ('last_answered_at', models.DateTimeField(null=True)),
                ('tried_hours', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=daihou.rooms.contact.models.points._hours, size=None)),
                ('answered_hours', django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), default=daihou.rooms.contact.models.points._hours, size=None)),
                ('removed_at', models.DateTimeField(null=True)),
                ('removed_by', models.CharField(blank=True, default='', max_length=150)),
                ('restored_at', models.DateTimeField(null=True)),
                ('restored_by', models.CharField(blank=True, default='', max_length=150)),
                ('evidence', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'contact_point_standing',
                'indexes': [models.Index(condition=models.Q(('customer_id', 0), _negated=True), fields=['customer_id'], name='point_standing_customer')],
                'constraints': [models.UniqueConstraint(fields=('point', 'customer_id'), name='point_standing_once'), models.CheckConstraint(condition=models.Q(('state__in', ['untried', 'answered', 'silent', 'off', 'invalid', 'wrong'])), name='point_standing_words'), models.CheckConstraint(condition=models.Q(models.Q(('removed_at', None), ('removed_by', '')), models.Q(('removed_at__isnull', False), models.Q(('removed_by', ''), _negated=True)), _connector='OR'), name='point_removed_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('restored_at', None), ('restored_by', '')), models.Q(('restored_at__isnull', False), models.Q(('restored_by', ''), _negated=True)), _connector='OR'), name='point_restored_by_somebody'), models.CheckConstraint(condition=models.Q(('answered__gte', 0), ('answered__lte', models.F('tried'))), name='point_answers_are_tries')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pointstanding',
            trigger=pgtrigger.compiler.Trigger(name='point_standing_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='55c99c542960fc1500495bad3d7e7b384af1d06f', operation='DELETE', pgid='pgtrigger_point_standing_kept_2e205', table='contact_point_standing', when='BEFORE')),
        ),
    ]
