"""What was given up of loans, plans made anew, penalty rates after the first."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0007_loan_officer'),
    ]

    operations = [
        migrations.AddField(
            model_name='demand',
            name='opens_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='loan',
            name='relieved',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='RateStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_on', models.DateField()),
                ('penalty_rate_nano', models.BigIntegerField()),
                ('ref', models.CharField(max_length=60)),
                ('recorded_at', models.DateTimeField()),
                ('loan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.loan')),
            ],
            options={
                'db_table': 'ledger_rate_step',
                'indexes': [models.Index(fields=['loan', 'begins_on', 'id'], name='rate_step')],
                'constraints': [models.CheckConstraint(condition=models.Q(('penalty_rate_nano__gte', 0)), name='rate_step_not_negative')],
            },
        ),
        migrations.CreateModel(
            name='Waiver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('waived_on', models.DateField()),
                ('ends_on', models.DateField(null=True)),
                ('component', models.CharField(max_length=12)),
                ('amount', models.BigIntegerField()),
                ('moved', models.BooleanField(default=False)),
                ('ref', models.CharField(max_length=60)),
                ('recorded_at', models.DateTimeField()),
                ('demand', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.demand')),
                ('loan', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.loan')),
            ],
            options={
                'db_table': 'ledger_waiver',
                'indexes': [models.Index(fields=['loan', 'waived_on', 'id'], name='waiver_loan'), models.Index(fields=['ref'], name='waiver_ref'), models.Index(condition=models.Q(('moved', True)), fields=['id'], name='waiver_moved')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='waiver_amount_positive'), models.CheckConstraint(condition=models.Q(('component__in', ('principal', 'interest', 'penalty', 'compound', 'fee'))), name='waiver_component'), models.CheckConstraint(condition=models.Q(('ends_on', None), ('ends_on__gte', models.F('waived_on')), _connector='OR'), name='waiver_ends_after')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='waiver',
            trigger=pgtrigger.compiler.Trigger(name='waiver_ends_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF to_jsonb(OLD) - 'ends_on' IS DISTINCT FROM to_jsonb(NEW) - 'ends_on'\n                   OR OLD.ends_on IS NOT NULL THEN\n                  RAISE EXCEPTION 'what was given up stays as written; it ends once';\n                END IF;\n                RETURN NEW;\n                ", hash='577cf0ec1182164aff426f90cb49c16ce7973914', operation='UPDATE', pgid='pgtrigger_waiver_ends_once_d60d7', table='ledger_waiver', when='BEFORE')),
        ),
    ]
