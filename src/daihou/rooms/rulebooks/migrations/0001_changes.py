"""The lender's approved changes of rules."""

import daihou.rooms.rulebooks.states
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('approvals', '0001_proposals'),  # a trigger reads its table
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=20, verbose_name='rule')),
                ('begins_on', models.DateField(verbose_name='begins on')),
                ('ends_on', models.DateField(null=True, verbose_name='ends on')),
                ('step', models.CharField(max_length=10, verbose_name='what it does')),
                ('values', models.JSONField(default=dict, verbose_name='values')),
                ('reason', models.TextField(verbose_name='reason')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('proposal_id', models.BigIntegerField(unique=True)),
                ('proposed_by', models.CharField(max_length=150, verbose_name='proposed by')),
                ('decided_by', models.CharField(max_length=150, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(verbose_name='decided at')),
                ('decided_on', models.DateField(verbose_name='business date')),
                ('law', models.CharField(max_length=64)),
            ],
            options={
                'db_table': 'rulebooks_change',
                'ordering': ('rule', 'begins_on', 'id'),
                'indexes': [models.Index(fields=['rule', 'begins_on', 'id'], name='rulebooks_c_rule_8a7553_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_by', models.F('proposed_by')), _negated=True), models.Q(('decided_by', ''), _negated=True)), name='rulebooks_decided_by_another'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gt', models.F('begins_on')), _connector='OR'), name='rulebooks_days_in_order'), models.CheckConstraint(condition=models.Q(('begins_on__gt', models.F('decided_on'))), name='rulebooks_begins_later'), models.CheckConstraint(condition=models.Q(models.Q(('step', daihou.rooms.rulebooks.states.Step['VALUES']), models.Q(('values', {}), _negated=True)), models.Q(('step__in', (daihou.rooms.rulebooks.states.Step['OFF'], daihou.rooms.rulebooks.states.Step['LAW'])), ('values', {})), _connector='OR'), name='rulebooks_step_and_values')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policychange',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='0d5288b5921cdfa934aad9ae45022b63515d84dc', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_449c3', table='rulebooks_change', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policychange',
            trigger=pgtrigger.compiler.Trigger(name='approved', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE asked approvals_proposal%ROWTYPE;', func="\nSELECT * INTO asked FROM approvals_proposal WHERE id = NEW.proposal_id FOR SHARE;\nIF asked.id IS NULL OR asked.kind <> 'rulebook.change' OR asked.state <> 'approved'\n   OR asked.subject_id <> NEW.rule OR asked.proposed_by <> NEW.proposed_by\n   OR asked.decided_by <> NEW.decided_by THEN\n  RAISE EXCEPTION 'a change of rule % without an approved proposal', NEW.rule;\nEND IF;\nRETURN NEW;\n", hash='576b0950f0f10a05e6919e3ad95d05b8271824fd', operation='INSERT', pgid='pgtrigger_approved_0c62b', table='rulebooks_change', when='BEFORE')),
        ),
    ]
