"""Cases, holds, assignments, queues and what the night is told of them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='case number')),
                ('customer_id', models.BigIntegerField()),
                ('lifecycle', models.CharField(default='open', max_length=10)),
                ('delinquency', models.CharField(default='current', max_length=12)),
                ('treatment', models.CharField(default='unassigned', max_length=12)),
                ('held', models.BooleanField(default=False)),
                ('assignment', models.CharField(default='pool', max_length=10)),
                ('collector', models.CharField(blank=True, default='', max_length=150)),
                ('team', models.CharField(blank=True, default='', max_length=40)),
                ('cover', models.CharField(blank=True, default='', max_length=150)),
                ('placement', models.CharField(default='in_house', max_length=10)),
                ('legal', models.CharField(default='none', max_length=14)),
                ('resolution', models.CharField(default='none', max_length=14)),
                ('queue', models.CharField(default='early', max_length=40)),
                ('segment', models.CharField(blank=True, default='', max_length=60)),
                ('action', models.CharField(blank=True, default='', max_length=20)),
                ('journey', models.CharField(blank=True, default='', max_length=60)),
                ('because', models.JSONField(default=dict)),
                ('priority', models.IntegerField(default=0)),
                ('expected_value', models.BigIntegerField(default=0)),
                ('currency', models.CharField(default='CNY', max_length=3)),
                ('dpd', models.IntegerField(default=0)),
                ('loans', models.SmallIntegerField(default=0)),
                ('overdue_total', models.BigIntegerField(default=0)),
                ('outstanding_total', models.BigIntegerField(default=0)),
                ('disputed', models.BigIntegerField(default=0)),
                ('paid', models.BigIntegerField(default=0)),
                ('branch', models.CharField(blank=True, default='', max_length=40)),
                ('product', models.CharField(blank=True, default='', max_length=40)),
                ('officer', models.CharField(blank=True, default='', max_length=80)),
                ('opened_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('opened_because', models.CharField(max_length=20)),
                ('reopened', models.SmallIntegerField(default=0)),
                ('closed_on', models.DateField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.CharField(blank=True, default='', max_length=150)),
                ('close_code', models.CharField(blank=True, default='', max_length=30)),
                ('last_worked_at', models.DateTimeField(null=True)),
                ('last_worked_by', models.CharField(blank=True, default='', max_length=150)),
                ('next_at', models.DateTimeField(null=True)),
                ('lawful_from', models.DateTimeField(null=True)),
                ('taken_by', models.CharField(blank=True, default='', max_length=150)),
                ('taken_until', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
                ('refreshed_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'casework_case',
            },
        ),
        migrations.CreateModel(
            name='CaseFacts',
            fields=[
                ('customer_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('promise_state', models.CharField(db_default='none', default='none', max_length=10)),
                ('broken_promises', models.IntegerField(db_default=0, default=0)),
                ('last_contact_on', models.DateField(null=True)),
                ('held', models.BooleanField(db_default=False, default=False)),
                ('plan_state', models.CharField(db_default='none', default='none', max_length=10)),
            ],
            options={
                'db_table': 'casework_facts',
            },
        ),
        migrations.CreateModel(
            name='CaseLoan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('loan_id', models.BigIntegerField()),
                ('since', models.DateField()),
                ('joined_at', models.DateTimeField()),
                ('until', models.DateField(null=True)),
                ('outstanding', models.BigIntegerField()),
            ],
            options={
                'db_table': 'casework_loan',
            },
        ),
        migrations.CreateModel(
            name='CaseNumber',
            fields=[
                ('on', models.DateField(db_column='on_day', primary_key=True, serialize=False)),
                ('last', models.IntegerField(default=0)),
            ],
            options={
                'db_table': 'casework_number',
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resolution', models.CharField(max_length=14)),
                ('reference', models.CharField(max_length=60)),
                ('since_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'casework_commitment',
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=150)),
                ('content', models.TextField()),
                ('kept_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('problem', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'casework_draft',
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('amount', models.BigIntegerField(null=True)),
                ('loan_id', models.BigIntegerField(null=True)),
                ('reason', models.TextField()),
                ('evidence', models.TextField(blank=True, default='')),
                ('from_at', models.DateTimeField()),
                ('expires_on', models.DateField()),
                ('flag_id', models.BigIntegerField(null=True)),
                ('placed_by', models.CharField(max_length=150)),
                ('released_by', models.CharField(blank=True, default='', max_length=150)),
                ('released_at', models.DateTimeField(null=True)),
                ('release', models.CharField(blank=True, default='', max_length=10)),
                ('release_reason', models.TextField(blank=True, default='')),
            ],
            options={
                'db_table': 'casework_hold',
            },
        ),
        migrations.CreateModel(
            name='Morning',
            fields=[
                ('as_of', models.DateField(primary_key=True, serialize=False)),
                ('mark', models.CharField(max_length=160)),
                ('counts', models.JSONField(default=dict)),
                ('steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('at', models.DateTimeField()),
                ('seconds', models.FloatField(default=0)),
            ],
            options={
                'db_table': 'casework_morning',
            },
        ),
        migrations.CreateModel(
            name='Presence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=150)),
                ('since_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'casework_presence',
            },
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('code', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='code')),
                ('title', models.CharField(max_length=80, verbose_name='name')),
                ('title_en', models.CharField(blank=True, max_length=80, verbose_name='English name')),
                ('skill', models.CharField(blank=True, default='', max_length=40, verbose_name='skill')),
                ('teams', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('share', models.CharField(default='count', max_length=10)),
                ('order', models.CharField(default='value', max_length=10)),
                ('taking', models.CharField(default='both', max_length=10)),
                ('mode', models.CharField(default='soft', max_length=10)),
                ('most_cases', models.IntegerField(blank=True, null=True)),
                ('most_amount', models.BigIntegerField(blank=True, null=True)),
                ('redistribute_days', models.PositiveSmallIntegerField(default=0)),
                ('sticky_days', models.PositiveSmallIntegerField(default=30)),
                ('sticky_product', models.BooleanField(default=False)),
                ('auto', models.BooleanField(default=True)),
                ('position', models.PositiveSmallIntegerField(default=100)),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'casework_queue',
                'ordering': ('position', 'code'),
            },
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('username', models.CharField(max_length=150, primary_key=True, serialize=False)),
                ('skills', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('queues', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('most_cases', models.IntegerField(blank=True, null=True)),
                ('most_amount', models.BigIntegerField(blank=True, null=True)),
                ('most_a_day', models.IntegerField(blank=True, null=True)),
                ('away', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'casework_seat',
            },
        ),
        migrations.CreateModel(
            name='Skip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.CharField(max_length=150)),
                ('on', models.DateField(db_column='on_day')),
                ('at', models.DateTimeField()),
                ('reason', models.TextField()),
            ],
            options={
                'db_table': 'casework_skip',
            },
        ),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80, unique=True)),
                ('kind', models.CharField(max_length=14)),
                ('mode', models.CharField(blank=True, default='', max_length=12)),
                ('queue', models.CharField(blank=True, default='', max_length=40)),
                ('business_date', models.DateField()),
                ('seed', models.BigIntegerField(default=0)),
                ('moved', models.IntegerField(default=0)),
                ('report', models.JSONField(default=dict)),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
                ('state', models.CharField(default='done', max_length=10)),
                ('undone_by', models.CharField(blank=True, default='', max_length=150)),
                ('undone_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'casework_batch',
                'ordering': ('-id',),
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['distribute', 'manual', 'redistribute', 'leave', 'return']), ('state__in', ['done', 'undone'])), name='batch_words'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), ('undone_at', None), ('undone_by', '')), models.Q(('state', 'undone'), ('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='batch_undone_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assignment', models.CharField(max_length=10)),
                ('collector', models.CharField(blank=True, default='', max_length=150)),
                ('team', models.CharField(blank=True, default='', max_length=40)),
                ('cover', models.CharField(blank=True, default='', max_length=150)),
                ('method', models.CharField(max_length=10)),
                ('from_at', models.DateTimeField()),
                ('until_at', models.DateTimeField(null=True)),
                ('business_date', models.DateField()),
                ('amount', models.BigIntegerField(default=0)),
                ('by', models.CharField(max_length=150)),
                ('reason', models.CharField(blank=True, default='', max_length=200)),
                ('downgraded', models.CharField(blank=True, default='', max_length=20)),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gave', to='casework.batch')),
            ],
            options={
                'db_table': 'casework_assignment',
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='batch',
            trigger=pgtrigger.compiler.Trigger(name='batch_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF OLD.state = 'undone' OR\n   (to_jsonb(OLD) - 'state' - 'undone_by' - 'undone_at' - 'moved' - 'report')\n   IS DISTINCT FROM\n   (to_jsonb(NEW) - 'state' - 'undone_by' - 'undone_at' - 'moved' - 'report') THEN\n  RAISE EXCEPTION 'distribution % stays as it was written', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='0389dd437f403c62dcda7cfb4b4a2ae2b3209ff9', operation='UPDATE', pgid='pgtrigger_batch_stays_3d759', table='casework_batch', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open'), ('held', False), models.Q(('collector', ''), _negated=True)), fields=['collector', '-expected_value'], name='case_mine'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open'), ('held', False), models.Q(('cover', ''), _negated=True)), fields=['cover', '-expected_value'], name='case_covered'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open'), ('held', False)), fields=['queue', 'assignment', '-expected_value'], name='case_queue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open')), fields=['-overdue_total', '-id'], name='case_overdue'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open')), fields=['branch', '-overdue_total'], name='case_branch'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['customer_id', '-id'], name='case_customer'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'closed')), fields=['closed_on', 'id'], name='case_closed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('lifecycle', 'open'), ('held', False), ('next_at__isnull', False)), fields=['next_at'], name='case_next'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('lifecycle', 'closed'), _negated=True), fields=('customer_id',), name='case_one_a_person'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('lifecycle__in', ['pending', 'open', 'closed']), ('delinquency__in', ['current', 'pre', 'M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M7', 'charged_off']), ('treatment__in', ['unassigned', 'running', 'paused', 'finished', 'stopped']), ('assignment__in', ['pool', 'team', 'collector', 'cover']), ('placement__in', ['in_house', 'offered', 'placed', 'retained', 'returned', 'recalled']), ('legal__in', ['none', 'pre_legal', 'in_proceeding', 'enforcing', 'suspended', 'done']), ('resolution__in', ['none', 'promise', 'arrangement', 'settlement', 'restructured', 'written_off', 'sold', 'paid'])), name='case_axes'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifecycle', 'closed'), ('close_code__in', ['PAID_FULL', 'PAID_PARTIAL_SETTLED', 'CURED', 'ARRANGEMENT_COMPLETED', 'INVALID_DATA', 'DECEASED_NO_ESTATE', 'BANKRUPT', 'UNTRACEABLE', 'LIMITATION_EXPIRED', 'DISPUTE_UPHELD', 'ID_FRAUD', 'WITHDRAWN', 'WRITTEN_OFF_NO_CLAIM', 'SOLD', 'UNECONOMIC', 'MERGED', 'DUPLICATE']), ('closed_at__isnull', False), ('closed_on__isnull', False), ('collector', ''), ('cover', ''), ('held', False), ('taken_by', ''), ('team', '')), models.Q(models.Q(('lifecycle', 'closed'), _negated=True), ('close_code', ''), ('closed_at', None), ('closed_on', None)), _connector='OR'), name='case_closed_with_a_code'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assignment', 'pool'), ('collector', ''), ('cover', ''), ('team', '')), models.Q(('assignment', 'team'), ('collector', ''), ('cover', ''), models.Q(('team', ''), _negated=True)), models.Q(('assignment', 'collector'), models.Q(('collector', ''), _negated=True), ('cover', '')), models.Q(('assignment', 'cover'), models.Q(('collector', ''), _negated=True), models.Q(('cover', ''), _negated=True), models.Q(('cover', models.F('collector')), _negated=True)), _connector='OR'), name='case_in_one_hand'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_by', ''), ('taken_until', None)), models.Q(models.Q(('taken_by', ''), _negated=True), ('taken_until__isnull', False)), _connector='OR'), name='case_taken_until'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('disputed__gte', 0), ('overdue_total__gte', 0), ('version__gte', 1)), name='case_not_negative'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='case',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='given', to='casework.case'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='case_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0ac60b87de3f8e0a3e2cc7e99162948dddb2a699', operation='DELETE', pgid='pgtrigger_case_kept_fc71c', table='casework_case', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='case_held', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\nIF TG_OP = 'UPDATE' AND OLD.held = NEW.held THEN RETURN NULL; END IF;\n\nIF (SELECT c.held FROM casework_case c WHERE c.id = NEW.id) IS DISTINCT FROM EXISTS (\n     SELECT FROM casework_hold h WHERE h.case_id = NEW.id AND h.released_at IS NULL\n       AND h.amount IS NULL) THEN\n  RAISE EXCEPTION 'case % and its holds disagree', NEW.id;\nEND IF;\nRETURN NULL;\n", hash='f24c99d66b66308f7ab2130451c8b541771b479b', operation='INSERT OR UPDATE', pgid='pgtrigger_case_held_f34a9', table='casework_case', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddField(
            model_name='caseloan',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='in_it', to='casework.case'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreed', to='casework.case'),
        ),
        migrations.AddField(
            model_name='draft',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='casework.case'),
        ),
        migrations.AddField(
            model_name='hold',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='casework.case'),
        ),
        migrations.AddField(
            model_name='presence',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='present', to='casework.case'),
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.CheckConstraint(condition=models.Q(('mode__in', ['hard', 'soft', 'unlimited']), ('order__in', ['value', 'priority', 'dpd', 'amount', 'oldest']), ('share__in', ['count', 'amount']), ('taking__in', ['next', 'list', 'both'])), name='queue_words'),
        ),
        migrations.AddField(
            model_name='skip',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='skipped', to='casework.case'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['case', '-id'], name='assignment_case'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('collector', ''), _negated=True), fields=['collector', 'business_date'], name='assignment_day'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(condition=models.Q(('until_at', None)), fields=('case',), name='assignment_one'),
        ),
        migrations.AddIndex(
            model_name='caseloan',
            index=models.Index(fields=['loan_id', '-id'], name='case_loan_loan'),
        ),
        migrations.AddConstraint(
            model_name='caseloan',
            constraint=models.UniqueConstraint(condition=models.Q(('until', None)), fields=('loan_id',), name='case_loan_in_one'),
        ),
        migrations.AddConstraint(
            model_name='caseloan',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='case_loan_in_order'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('case', 'reference'), name='commitment_once'),
        ),
        migrations.AddConstraint(
            model_name='commitment',
            constraint=models.CheckConstraint(condition=models.Q(('resolution__in', ['none', 'promise', 'arrangement', 'settlement', 'restructured', 'written_off', 'sold', 'paid'])), name='commitment_kind'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='draft_due'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('case', 'by'), name='draft_once'),
        ),
        migrations.AddIndex(
            model_name='hold',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['expires_on'], name='hold_standing'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(condition=models.Q(('released_at', None)), fields=('case', 'kind'), name='hold_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['dispute', 'complaint', 'hardship', 'deceased', 'bankruptcy', 'legal', 'fraud', 'disaster', 'technical', 'manual'])), name='hold_kind'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('amount', None), models.Q(('amount__gt', 0), ('kind__in', ['dispute'])), _connector='OR'), name='hold_amount'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('release', ''), ('released_at', None), ('released_by', '')), models.Q(('released_at__isnull', False), models.Q(('released_by', ''), _negated=True), ('release__in', ('released', 'expired', 'closed'))), _connector='OR'), name='hold_released_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('release', 'released'), _negated=True), models.Q(('released_by', models.F('placed_by')), _negated=True), _connector='OR'), name='hold_released_by_another'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='42171a133b5698a66163b0ee57d6fd4f3e95865f', operation='DELETE', pgid='pgtrigger_hold_kept_46b14', table='casework_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (to_jsonb(OLD) - 'reason' - 'evidence' - 'release_reason' - 'released_by'\n    - 'released_at' - 'release' - 'flag_id') IS DISTINCT FROM\n   (to_jsonb(NEW) - 'reason' - 'evidence' - 'release_reason' - 'released_by'\n    - 'released_at' - 'release' - 'flag_id')\n   OR (OLD.released_at IS NOT NULL AND (OLD.released_at, OLD.released_by, OLD.release)\n       IS DISTINCT FROM (NEW.released_at, NEW.released_by, NEW.release))\n   OR (OLD.flag_id IS NOT NULL AND NEW.flag_id IS DISTINCT FROM OLD.flag_id) THEN\n  RAISE EXCEPTION 'hold % stays as it was written', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='a1b64b78b4c23bbb21a4a34a12cf760bca5759ce', operation='UPDATE', pgid='pgtrigger_hold_stays_af7dd', table='casework_hold', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='hold',
            trigger=pgtrigger.compiler.Trigger(name='hold_held', sql=pgtrigger.compiler.UpsertTriggerSql(constraint='CONSTRAINT', func="\nIF (SELECT c.held FROM casework_case c WHERE c.id = NEW.case_id) IS DISTINCT FROM EXISTS (\n     SELECT FROM casework_hold h WHERE h.case_id = NEW.case_id AND h.released_at IS NULL\n       AND h.amount IS NULL) THEN\n  RAISE EXCEPTION 'case % and its holds disagree', NEW.case_id;\nEND IF;\nRETURN NULL;\n", hash='ab2f20086a7a81ed4c67eb91c09691b8ca2b74a1', operation='INSERT OR UPDATE', pgid='pgtrigger_hold_held_c6442', table='casework_hold', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='presence',
            index=models.Index(fields=['by'], name='presence_who'),
        ),
        migrations.AddConstraint(
            model_name='presence',
            constraint=models.UniqueConstraint(fields=('case', 'by'), name='presence_once'),
        ),
        migrations.AddIndex(
            model_name='skip',
            index=models.Index(fields=['by', 'on'], name='skip_who'),
        ),
    ]
