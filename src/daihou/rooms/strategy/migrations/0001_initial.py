"""Strategies, their versions, rehearsals, runs, steps and enrolments."""

import daihou.rooms.strategy.states
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('approvals', '0002_own_rights'),  # a trigger reads its table
        ('ledger', '0007_loan_officer'),
    ]

    operations = [
        migrations.CreateModel(
            name='Strategy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True, verbose_name='code')),
                ('title_zh', models.CharField(max_length=120, verbose_name='title in Chinese')),
                ('title_en', models.CharField(max_length=120, verbose_name='title in English')),
                ('place', models.PositiveSmallIntegerField(default=1, verbose_name='order')),
                ('made_by', models.CharField(max_length=150, verbose_name='by')),
                ('made_at', models.DateTimeField(verbose_name='at')),
            ],
            options={
                'db_table': 'strategy_strategy',
                'ordering': ('place', 'code'),
            },
        ),
        migrations.CreateModel(
            name='CustomerStep',
            fields=[
                ('customer', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='+', serialize=False, to='ledger.customer')),
                ('version_id', models.BigIntegerField()),
                ('row_id', models.CharField(max_length=60)),
                ('arm', models.CharField(blank=True, db_default='', default='', max_length=40)),
                ('segment', models.CharField(max_length=60)),
                ('queue', models.CharField(max_length=60)),
                ('action', models.CharField(max_length=20)),
                ('priority', models.IntegerField()),
                ('open_case', models.BooleanField()),
                ('journey', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('journey_step', models.CharField(blank=True, db_default='', default='', max_length=60)),
                ('journey_since', models.DateField(null=True)),
                ('step_since', models.DateField(null=True)),
                ('next_on', models.DateField(null=True)),
                ('journey_sets', models.JSONField(db_default={}, default=dict)),
                ('action_code', models.CharField(blank=True, db_default='', default='', max_length=80)),
                ('alarm', models.CharField(blank=True, db_default='', default='', max_length=30)),
                ('because', models.JSONField(db_default={}, default=dict)),
                ('since', models.DateField(null=True)),
            ],
            options={
                'db_table': 'strategy_step',
                'indexes': [models.Index(fields=['queue', '-priority'], name='strategy_step_queue'), models.Index(fields=['row_id'], name='strategy_step_row'), models.Index(fields=['segment'], name='strategy_step_segment'), models.Index(condition=models.Q(('alarm', ''), _negated=True), fields=['alarm'], name='strategy_step_alarm')],
            },
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('experiment', models.CharField(max_length=60)),
                ('customer_id', models.BigIntegerField()),
                ('arm', models.CharField(max_length=40)),
                ('version_id', models.BigIntegerField()),
                ('since', models.DateField(verbose_name='since')),
            ],
            options={
                'db_table': 'strategy_enrolment',
                'indexes': [models.Index(fields=['experiment', 'arm'], name='strategy_arm')],
                'constraints': [models.UniqueConstraint(fields=('experiment', 'customer_id'), name='strategy_enrolled_once')],
            },
        ),
        migrations.CreateModel(
            name='Run',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('as_of', models.DateField(verbose_name='date')),
                ('positions', models.CharField(max_length=64)),
                ('versions', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('fingerprint', models.CharField(max_length=64)),
                ('customers', models.IntegerField()),
                ('steps', models.IntegerField()),
                ('changed', models.IntegerField()),
                ('alarms', models.IntegerField()),
                ('counts', models.JSONField(default=dict)),
                ('seconds', models.FloatField()),
                ('at', models.DateTimeField(verbose_name='at')),
                ('by', models.CharField(max_length=150, verbose_name='by')),
                ('current', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'strategy_run',
                'ordering': ('-id',),
                'constraints': [models.UniqueConstraint(condition=models.Q(('current', True)), fields=('as_of',), name='one_current_strategy_run_per_date')],
            },
        ),
        migrations.CreateModel(
            name='Version',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('state', models.CharField(default=daihou.rooms.strategy.states.State['DRAFT'], max_length=10, verbose_name='state')),
                ('origin', models.CharField(max_length=10, verbose_name='origin')),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('rev', models.PositiveIntegerField(default=1)),
                ('authors', models.JSONField(default=list)),
                ('changed_by', models.CharField(max_length=150, verbose_name='changed by')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
                ('begins_on', models.DateField(null=True, verbose_name='holds from')),
                ('ended_on', models.DateField(null=True, verbose_name='until')),
                ('proposal_id', models.BigIntegerField(null=True, unique=True)),
                ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('because', models.TextField(blank=True, verbose_name='reason')),
                ('based_on', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategy.version')),
                ('strategy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='strategy.strategy')),
            ],
            options={
                'db_table': 'strategy_version',
                'ordering': ('strategy', '-number'),
            },
        ),
        migrations.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64)),
                ('against', models.JSONField(default=list)),
                ('as_of', models.DateField(verbose_name='as of')),
                ('state', models.CharField(default=daihou.rooms.strategy.states.Rehearsing['ASKED'], max_length=10, verbose_name='state')),
                ('told', models.PositiveSmallIntegerField(default=0)),
                ('key', models.CharField(blank=True, max_length=120)),
                ('summary', models.JSONField(default=dict)),
                ('problem', models.TextField(blank=True)),
                ('asked_by', models.CharField(max_length=150, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('begun_at', models.DateTimeField(null=True)),
                ('done_at', models.DateTimeField(null=True)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rehearsals', to='strategy.version')),
            ],
            options={
                'db_table': 'strategy_rehearsal',
                'ordering': ('-id',),
            },
        ),
        migrations.AddIndex(
            model_name='version',
            index=models.Index(fields=['state', 'begins_on'], name='strategy_version_state'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(fields=('strategy', 'number'), name='strategy_version_number'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.UniqueConstraint(condition=models.Q(('state', daihou.rooms.strategy.states.State['LIVE'])), fields=('strategy',), name='one_live_version_of_a_strategy'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', (daihou.rooms.strategy.states.State['SCHEDULED'], daihou.rooms.strategy.states.State['LIVE'])), _negated=True), ('begins_on__isnull', False), _connector='OR'), name='strategy_version_has_a_day'),
        ),
        migrations.AddConstraint(
            model_name='version',
            constraint=models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('begins_on__isnull', True), ('ended_on__gte', models.F('begins_on')), _connector='OR'), name='strategy_version_days'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='version',
            trigger=pgtrigger.compiler.Trigger(name='decided', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF OLD.state <> 'draft' AND\n   (to_jsonb(NEW) - 'state' - 'begins_on' - 'ended_on')\n   IS DISTINCT FROM (to_jsonb(OLD) - 'state' - 'begins_on' - 'ended_on') THEN\n  RAISE EXCEPTION 'version % is kept as it was decided', OLD.id;\nEND IF;\nIF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (('draft', 'reviewed'), ('draft', 'scheduled'), ('live', 'retired'), ('reviewed', 'retired'), ('reviewed', 'scheduled'), ('scheduled', 'live'), ('scheduled', 'retired')) THEN\n  RAISE EXCEPTION 'version % does not move from % to %', OLD.id, OLD.state, NEW.state;\nEND IF;\nIF OLD.state IN ('live', 'retired') AND NEW.begins_on IS DISTINCT FROM OLD.begins_on THEN\n  RAISE EXCEPTION 'version % has begun already', OLD.id;\nEND IF;\nIF OLD.state = 'draft' AND NEW.state IN ('reviewed', 'scheduled', 'live', 'retired') THEN\n  PERFORM 1 FROM approvals_proposal p WHERE p.id = NEW.proposal_id\n    AND p.kind = 'strategy_version' AND p.state = 'approved' AND p.subject_id = NEW.id::text\n    AND p.decided_by <> p.proposed_by AND p.decided_by = NEW.decided_by\n    AND NOT (NEW.authors ? p.decided_by) FOR SHARE;\n  IF NOT FOUND THEN\n    RAISE EXCEPTION 'version % without the approval of another person', NEW.id;\n  END IF;\nEND IF;\nRETURN NEW;\n", hash='3a08bb1431860b65096f6d27bb6bd47b97e1d9df', operation='UPDATE', pgid='pgtrigger_decided_5e843', table='strategy_version', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='version',
            trigger=pgtrigger.compiler.Trigger(name='begun', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.state = 'draft' THEN\n  RETURN NEW;\nEND IF;\nIF NEW.origin = 'rollback' THEN\n  PERFORM 1 FROM strategy_version v WHERE v.id = NEW.based_on_id\n    AND v.strategy_id = NEW.strategy_id AND v.digest = NEW.digest\n    AND v.content = NEW.content AND v.state IN ('live', 'retired')\n    AND v.begins_on IS NOT NULL;\n  IF FOUND AND NEW.decided_by <> '' THEN\n    RETURN NEW;\n  END IF;\nELSIF NEW.origin = 'shipped' AND NEW.state = 'live' THEN\n  PERFORM 1 FROM strategy_version v WHERE v.strategy_id = NEW.strategy_id\n    AND v.state <> 'draft';\n  IF NOT FOUND THEN\n    RETURN NEW;\n  END IF;\nEND IF;\nRAISE EXCEPTION 'a version of strategy % begins as a draft', NEW.strategy_id;\n", hash='c7de0ae5c31d616084e3a80f7e6e9e294cc24d6d', operation='INSERT', pgid='pgtrigger_begun_69d19', table='strategy_version', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='version',
            trigger=pgtrigger.compiler.Trigger(name='kept', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (OLD.state <> 'draft')", func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c8ca3a088b7407c5d5a7857e1042bf7fa4d6a455', operation='DELETE', pgid='pgtrigger_kept_64473', table='strategy_version', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='rehearsal',
            index=models.Index(condition=models.Q(('state__in', (daihou.rooms.strategy.states.Rehearsing['ASKED'], daihou.rooms.strategy.states.Rehearsing['RUNNING']))), fields=['id'], name='strategy_rehearsal_waits'),
        ),
    ]
