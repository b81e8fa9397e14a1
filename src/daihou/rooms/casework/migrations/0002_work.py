"""Work items, results of working a case, promises to pay and their verdicts."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0001_cases'),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentLook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('last_id', models.BigIntegerField(default=0)),
                ('ahead_id', models.BigIntegerField(default=0)),
                ('ahead_mark', models.BigIntegerField(default=0)),
                ('judged_on', models.DateField(null=True)),
                ('at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'casework_payment_look',
            },
        ),
        migrations.CreateModel(
            name='Promise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_id', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('due_on', models.DateField()),
                ('loans', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('grace_days', models.SmallIntegerField()),
                ('tolerance', models.SmallIntegerField()),
                ('window_days', models.SmallIntegerField()),
                ('remind_days', models.SmallIntegerField()),
                ('rule', models.CharField(max_length=40)),
                ('overdue_then', models.BigIntegerField()),
                ('broken_before', models.SmallIntegerField(default=0)),
                ('channel', models.CharField(max_length=10)),
                ('self_service', models.BooleanField(default=False)),
                ('reason_code', models.CharField(blank=True, default='', max_length=40)),
                ('taken_by', models.CharField(max_length=150)),
                ('taken_at', models.DateTimeField()),
                ('made_on', models.DateField()),
                ('state', models.CharField(default='active', max_length=16)),
                ('appropriated', models.BigIntegerField(default=0)),
                ('met', models.SmallIntegerField(default=0)),
                ('decided_on', models.DateField(null=True)),
                ('judged_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.CharField(blank=True, default='', max_length=150)),
                ('end_reason', models.TextField(blank=True, default='')),
                ('watch_until', models.DateField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promises', to='casework.case')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='casework.promise')),
            ],
            options={
                'db_table': 'casework_promise',
            },
        ),
        migrations.CreateModel(
            name='Appropriation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.SmallIntegerField()),
                ('payment_id', models.BigIntegerField()),
                ('amount', models.BigIntegerField()),
                ('paid_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='took', to='casework.promise')),
            ],
            options={
                'db_table': 'casework_appropriation',
            },
        ),
        migrations.CreateModel(
            name='PromisePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.SmallIntegerField()),
                ('due_on', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='casework.promise')),
            ],
            options={
                'db_table': 'casework_promise_part',
            },
        ),
        migrations.CreateModel(
            name='Verdict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.CharField(max_length=16)),
                ('after', models.CharField(max_length=16)),
                ('appropriated', models.BigIntegerField()),
                ('ratio', models.SmallIntegerField()),
                ('as_of', models.DateField()),
                ('decided_on', models.DateField(null=True)),
                ('because', models.CharField(max_length=20)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('promise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='casework.promise')),
            ],
            options={
                'db_table': 'casework_verdict',
            },
        ),
        migrations.CreateModel(
            name='WorkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(default='open', max_length=10)),
                ('priority', models.SmallIntegerField(default=0)),
                ('reason', models.CharField(max_length=40)),
                ('outcome', models.CharField(blank=True, default='', max_length=40)),
                ('for_supervisor', models.BooleanField(default=False)),
                ('part', models.SmallIntegerField(null=True)),
                ('made_by', models.CharField(max_length=150)),
                ('made_at', models.DateTimeField()),
                ('done_by', models.CharField(blank=True, default='', max_length=150)),
                ('done_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='casework.case')),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='casework.promise')),
            ],
            options={
                'db_table': 'casework_item',
            },
        ),
        migrations.CreateModel(
            name='Result',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_id', models.BigIntegerField()),
                ('action', models.CharField(max_length=10)),
                ('code', models.CharField(max_length=20)),
                ('attempt_id', models.BigIntegerField(null=True)),
                ('decision_id', models.BigIntegerField(null=True)),
                ('hold_id', models.BigIntegerField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('follow_up_at', models.DateTimeField(null=True)),
                ('overdue_total', models.BigIntegerField(default=0)),
                ('dpd', models.IntegerField(default=0)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('business_date', models.DateField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='casework.case')),
                ('promise', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='results', to='casework.promise')),
                ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed', to='casework.workitem')),
                ('settled', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered', to='casework.workitem')),
            ],
            options={
                'db_table': 'casework_result',
            },
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['case', '-id'], name='promise_case'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(fields=['customer_id', '-id'], name='promise_customer'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['due_on', 'id'], name='promise_due'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['watch_until'], name='promise_watched'),
        ),
        migrations.AddIndex(
            model_name='promise',
            index=django.contrib.postgres.indexes.GinIndex(condition=models.Q(('ended_at', None)), fields=['loans'], name='promise_loans'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['active', 'kept', 'partially_kept', 'broken', 'invalidated', 'cancelled', 'superseded'])), name='promise_states'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('appropriated__gte', 0), ('appropriated__lte', models.F('amount')), ('due_on__gte', models.F('made_on')), ('watch_until__gte', models.F('due_on'))), name='promise_in_bounds'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['cancelled', 'invalidated', 'superseded']), ('ended_at__isnull', False), models.Q(('ended_by', ''), _negated=True)), models.Q(models.Q(('state__in', ['cancelled', 'invalidated', 'superseded']), _negated=True), ('ended_at', None), ('ended_by', '')), _connector='OR'), name='promise_ended_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='promise',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['kept', 'partially_kept', 'broken']), _negated=True), ('decided_on__isnull', False), _connector='OR'), name='promise_decided'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='promise_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='67c5e8ec4a7289dc671dfa68b1f5b21360e7cb46', operation='DELETE', pgid='pgtrigger_promise_kept_016b5', table='casework_promise', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promise',
            trigger=pgtrigger.compiler.Trigger(name='promise_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (to_jsonb(OLD) - 'state' - 'appropriated' - 'met' - 'decided_on' - 'judged_at'\n    - 'ended_at' - 'ended_by' - 'end_reason' - 'watch_until') IS DISTINCT FROM\n   (to_jsonb(NEW) - 'state' - 'appropriated' - 'met' - 'decided_on' - 'judged_at'\n    - 'ended_at' - 'ended_by' - 'end_reason' - 'watch_until')\n   OR (OLD.ended_at IS NOT NULL AND (OLD.state, OLD.ended_at, OLD.ended_by)\n       IS DISTINCT FROM (NEW.state, NEW.ended_at, NEW.ended_by)) THEN\n  RAISE EXCEPTION 'promise % stays as it was given', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='b4bfe38c961d0d9cb4f7cb88ae86a475d28573d2', operation='UPDATE', pgid='pgtrigger_promise_stays_355ef', table='casework_promise', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='appropriation',
            index=models.Index(condition=models.Q(('undone_at', None)), fields=['payment_id'], name='appropriation_payment'),
        ),
        migrations.AddConstraint(
            model_name='appropriation',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('promise', 'part', 'payment_id'), name='appropriation_once'),
        ),
        migrations.AddConstraint(
            model_name='appropriation',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='appropriation_is_money'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='appropriation',
            trigger=pgtrigger.compiler.Trigger(name='appropriation_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e9190b7ccfe4cd4fde92d32cb655c57b87bba1ce', operation='DELETE', pgid='pgtrigger_appropriation_kept_7a170', table='casework_appropriation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='promisepart',
            constraint=models.UniqueConstraint(fields=('promise', 'seq'), name='part_once'),
        ),
        migrations.AddConstraint(
            model_name='promisepart',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='part_is_money'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='promisepart',
            trigger=pgtrigger.compiler.Trigger(name='part_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5af0b2df992b46ad4709c28dabfa70dda59fb1f5', operation='UPDATE OR DELETE', pgid='pgtrigger_part_kept_e130b', table='casework_promise_part', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='verdict',
            index=models.Index(fields=['promise', 'id'], name='verdict_promise'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='verdict',
            trigger=pgtrigger.compiler.Trigger(name='verdict_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1e352400d2d2794e8de28d6e6ee96841f59f8855', operation='UPDATE OR DELETE', pgid='pgtrigger_verdict_kept_264fb', table='casework_verdict', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['case', 'due_at'], name='item_open'),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['kind', 'due_at'], name='item_due'),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(fields=['case', '-id'], name='item_case'),
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'promise_due')), fields=('promise', 'part'), name='item_one_reminder'),
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['call', 'callback', 'verify_payment', 'promise_due', 'approval', 'complaint', 'review', 'manual']), ('state__in', ['open', 'done', 'dismissed'])), name='item_words'),
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'promise_due'), _negated=True), models.Q(('part__isnull', False), ('promise__isnull', False)), _connector='OR'), name='item_reminds_of_a_promise'),
        ),
        migrations.AddConstraint(
            model_name='workitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at', None), ('done_by', ''), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('done_at__isnull', False), models.Q(('done_by', ''), _negated=True)), _connector='OR'), name='item_done_by_somebody'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workitem',
            trigger=pgtrigger.compiler.Trigger(name='item_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='51eea1b5d10583f450a38ef92daf69bd799876a4', operation='DELETE', pgid='pgtrigger_item_kept_1c61d', table='casework_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workitem',
            trigger=pgtrigger.compiler.Trigger(name='item_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF OLD.state <> 'open' OR\n   (to_jsonb(OLD) - 'state' - 'due_at' - 'priority' - 'outcome' - 'done_by' - 'done_at'\n    - 'for_supervisor') IS DISTINCT FROM\n   (to_jsonb(NEW) - 'state' - 'due_at' - 'priority' - 'outcome' - 'done_by' - 'done_at'\n    - 'for_supervisor') THEN\n  RAISE EXCEPTION 'item % stays as it was written', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='43f26a31c2a1114c9cb511cfaff8c4a550646f53', operation='UPDATE', pgid='pgtrigger_item_stays_b7003', table='casework_item', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['case', '-id'], name='result_case'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['customer_id', '-at'], name='result_customer'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['by', 'business_date'], name='result_day'),
        ),
        migrations.AddIndex(
            model_name='result',
            index=models.Index(fields=['business_date', 'code'], name='result_code_day'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.UniqueConstraint(fields=('attempt_id',), name='result_once'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['CALL', 'SMS', 'WECHAT', 'APP', 'EMAIL', 'LETTER', 'VISIT', 'BOT', 'PORTAL', 'INBOUND', 'LEGAL', 'REVIEW']), ('code__in', ['AGENCY_RET', 'BANKRUPT', 'BROKEN', 'BUSY', 'CALLBACK', 'CEASE', 'COMPLAINT', 'DECEASED', 'DISPUTE', 'HANGUP', 'HARDSHIP', 'ID_FRAUD', 'INVALID', 'JAILED', 'LAWYER', 'LEFT_MSG', 'LOST', 'NEGO', 'NO_ANSWER', 'OFF', 'PAID_CLAIM', 'PLAN_REQ', 'PTP', 'REFUSE', 'SENT', 'WRONG'])), name='result_words'),
        ),
        migrations.AddConstraint(
            model_name='result',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('attempt_id__isnull', False), ('decision_id__isnull', False)), models.Q(('action__in', ['INBOUND', 'PORTAL', 'REVIEW']), ('attempt_id', None), ('decision_id', None)), _connector='OR'), name='result_rests_on_a_contact'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='result_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4cb438a8e84d4a4b3f26bebf80711e1bcec45614', operation='DELETE', pgid='pgtrigger_result_kept_f2e20', table='casework_result', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='result',
            trigger=pgtrigger.compiler.Trigger(name='result_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF to_jsonb(OLD) - 'note' IS DISTINCT FROM to_jsonb(NEW) - 'note' THEN\n  RAISE EXCEPTION 'result % stays as it was written', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='f9712c1dd1800ede87473c3e0944472249ced11a', operation='UPDATE', pgid='pgtrigger_result_stays_2ae8f', table='casework_result', when='BEFORE')),
        ),
    ]
