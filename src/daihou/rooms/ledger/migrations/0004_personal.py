"""Personal data is sealed: room for its indexes; holds, deletion runs, canaries."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_position_cap'),
    ]

    operations = [
        migrations.CreateModel(
            name='Canary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.CharField(max_length=300, verbose_name='note')),
                ('set_by', models.CharField(max_length=80)),
                ('set_at', models.DateTimeField()),
                ('ended_by', models.CharField(blank=True, max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_canary',
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data_class', models.CharField(max_length=40)),
                ('table', models.CharField(max_length=40)),
                ('row_id', models.BigIntegerField()),
                ('customer_id', models.BigIntegerField(null=True)),
                ('row_digest', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'ledger_erasure',
            },
        ),
        migrations.CreateModel(
            name='RetentionHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('placed_by', models.CharField(max_length=80)),
                ('placed_at', models.DateTimeField()),
                ('lifted_by', models.CharField(blank=True, max_length=80)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lift_reason', models.CharField(blank=True, max_length=300, verbose_name='why it was lifted')),
            ],
            options={
                'db_table': 'ledger_retention_hold',
            },
        ),
        migrations.CreateModel(
            name='RetentionRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='as of')),
                ('schedule', models.CharField(max_length=80, verbose_name='schedule')),
                ('counts', models.JSONField(default=dict)),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(max_length=12)),
                ('planned_by', models.CharField(max_length=80)),
                ('planned_at', models.DateTimeField()),
                ('done_by', models.CharField(blank=True, max_length=80)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'ledger_retention_run',
                'ordering': ('-id',),
            },
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='value_digest',
            field=models.CharField(db_collation='C', db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='contactpoint',
            name='value_tail',
            field=models.CharField(db_collation='C', db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='customer',
            name='erased_on',
            field=models.DateField(null=True, verbose_name='removed on'),
        ),
        migrations.AddField(
            model_name='customer',
            name='id_no_digest',
            field=models.CharField(blank=True, db_collation='C', db_default='', default='', max_length=32),
        ),
        migrations.AddField(
            model_name='customer',
            name='id_no_tail',
            field=models.CharField(blank=True, db_collation='C', db_default='', default='', max_length=32),
        ),
        migrations.AlterField(
            model_name='contactpoint',
            name='value',
            field=models.TextField(),
        ),
        migrations.AlterField(
            model_name='customer',
            name='address',
            field=models.TextField(blank=True, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='customer',
            name='id_no',
            field=models.TextField(blank=True, verbose_name='document number'),
        ),
        migrations.AddIndex(
            model_name='contactpoint',
            index=models.Index(fields=['value_digest'], name='contact_point_value'),
        ),
        migrations.AddIndex(
            model_name='contactpoint',
            index=models.Index(fields=['value_tail'], name='contact_point_tail'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['id_no_digest'], name='customer_id_no'),
        ),
        migrations.AddIndex(
            model_name='customer',
            index=models.Index(fields=['id_no_tail'], name='customer_id_no_tail'),
        ),
        migrations.AddField(
            model_name='canary',
            name='customer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.customer'),
        ),
        migrations.AddField(
            model_name='retentionhold',
            name='customer',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.customer'),
        ),
        migrations.AddField(
            model_name='retentionhold',
            name='loan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.loan'),
        ),
        migrations.AddConstraint(
            model_name='retentionrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_by', models.F('planned_by')), _negated=True), _connector='OR'), name='retention_run_two_people'),
        ),
        migrations.AddConstraint(
            model_name='retentionrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('done_at__isnull', False), models.Q(('done_by', ''), _negated=True)), _connector='OR'), name='retention_run_done_by'),
        ),
        migrations.AddField(
            model_name='erasure',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.retentionrun'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrun',
            trigger=pgtrigger.compiler.Trigger(name='retention_run_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='41d552141b7d3b8393360581cab25441ebcd6c01', operation='DELETE', pgid='pgtrigger_retention_run_kept_1587e', table='ledger_retention_run', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionrun',
            trigger=pgtrigger.compiler.Trigger(name='retention_run_final', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" = \'done\')', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='b73cdb38a23e489494eab584f3652c18817fab4e', operation='UPDATE', pgid='pgtrigger_retention_run_final_0d1d3', table='ledger_retention_run', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='canary',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('customer',), name='canary_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionhold',
            constraint=models.CheckConstraint(condition=models.Q(('customer', None), ('loan', None), _connector='XOR'), name='hold_on_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='retentionhold',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None), models.Q(('customer', None), _negated=True)), fields=('customer',), name='hold_customer_once'),
        ),
        migrations.AddConstraint(
            model_name='retentionhold',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at', None), models.Q(('loan', None), _negated=True)), fields=('loan',), name='hold_loan_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='retentionhold',
            trigger=pgtrigger.compiler.Trigger(name='hold_is_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ec260641116ca9cb8d8b9ab942aad448d8cf919e', operation='DELETE', pgid='pgtrigger_hold_is_kept_fa427', table='ledger_retention_hold', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='erasure',
            constraint=models.UniqueConstraint(fields=('run', 'data_class', 'table', 'row_id'), name='erasure_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='erasure',
            trigger=pgtrigger.compiler.Trigger(name='erasure_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='12a9df45cd189f04fda021fb3d4d97b00dc3126b', operation='UPDATE OR DELETE', pgid='pgtrigger_erasure_kept_aa3b4', table='ledger_erasure', when='BEFORE')),
        ),
    ]
