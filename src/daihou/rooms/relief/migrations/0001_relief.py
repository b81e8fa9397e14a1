"""Waivers, plans, settlements, changes of terms, plans for households."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name='Followed',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('change_id', models.BigIntegerField(default=0)),
                ('judged_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'relief_followed',
            },
        ),
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.SmallIntegerField()),
                ('due_on', models.DateField()),
                ('amount', models.BigIntegerField()),
                ('paid', models.BigIntegerField(default=0)),
                ('missed', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'relief_instalment',
            },
        ),
        migrations.CreateModel(
            name='PoolUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('username', models.CharField(max_length=150)),
                ('currency', models.CharField(max_length=3)),
                ('used', models.BigIntegerField(default=0)),
                ('most', models.BigIntegerField()),
            ],
            options={
                'db_table': 'relief_pool_use',
            },
        ),
        migrations.CreateModel(
            name='Relief',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(max_length=12)),
                ('state', models.CharField(max_length=12)),
                ('customer_id', models.BigIntegerField()),
                ('loan_id', models.BigIntegerField()),
                ('loan_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('currency', models.CharField(max_length=3)),
                ('branch', models.CharField(blank=True, max_length=40)),
                ('product', models.CharField(blank=True, max_length=40)),
                ('officer', models.CharField(blank=True, max_length=80)),
                ('parts', models.JSONField(default=dict)),
                ('given_up', models.BigIntegerField(default=0)),
                ('receive', models.BigIntegerField(default=0)),
                ('received', models.BigIntegerField(default=0)),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('offer_until', models.DateField(null=True)),
                ('terms', models.JSONField(default=dict)),
                ('difficulty', models.CharField(blank=True, max_length=20)),
                ('re_age', models.BooleanField(default=False)),
                ('interest_freeze', models.BooleanField(default=False)),
                ('policy', models.CharField(max_length=120)),
                ('verdict', models.CharField(max_length=12)),
                ('levels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('rules', models.JSONField(default=dict)),
                ('because', models.JSONField(default=dict)),
                ('effect', models.JSONField(default=dict)),
                ('pool', models.BigIntegerField(default=0)),
                ('reason', models.TextField(blank=True)),
                ('evidence', models.TextField(blank=True)),
                ('proposal_id', models.BigIntegerField(null=True)),
                ('asked_by', models.CharField(max_length=150)),
                ('asked_at', models.DateTimeField()),
                ('asked_on', models.DateField()),
                ('decided_by', models.CharField(blank=True, default='', max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('accepted_on', models.DateField(null=True)),
                ('met_on', models.DateField(null=True)),
                ('posted', models.BooleanField(default=False)),
                ('class_told', models.BooleanField(default=False)),
                ('ended_on', models.DateField(null=True)),
                ('ended_because', models.CharField(blank=True, max_length=40)),
                ('replans', models.SmallIntegerField(default=0)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'db_table': 'relief_relief',
            },
        ),
        migrations.CreateModel(
            name='Source',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('amount', models.BigIntegerField()),
                ('every', models.CharField(max_length=10)),
                ('from_on', models.DateField()),
                ('note', models.TextField(blank=True)),
            ],
            options={
                'db_table': 'relief_source',
            },
        ),
        migrations.CreateModel(
            name='Target',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('amount', models.BigIntegerField()),
            ],
            options={
                'db_table': 'relief_target',
            },
        ),
        migrations.CreateModel(
            name='HouseholdPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_id', models.BigIntegerField()),
                ('loan_id', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('branch', models.CharField(blank=True, max_length=40)),
                ('product', models.CharField(blank=True, max_length=40)),
                ('officer', models.CharField(blank=True, max_length=80)),
                ('state', models.CharField(default='running', max_length=10)),
                ('proposed', models.CharField(max_length=12)),
                ('because', models.JSONField(default=dict)),
                ('confirmed', models.CharField(blank=True, max_length=12)),
                ('confirmed_by', models.CharField(blank=True, max_length=150)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('confirmed_why', models.TextField(blank=True)),
                ('review_on', models.DateField()),
                ('willingness', models.CharField(blank=True, max_length=20)),
                ('story', models.TextField(blank=True)),
                ('owner', models.CharField(max_length=150)),
                ('owed_then', models.BigIntegerField()),
                ('goal', models.BigIntegerField()),
                ('goal_on', models.DateField()),
                ('got', models.BigIntegerField(default=0)),
                ('began_on', models.DateField()),
                ('next_on', models.DateField()),
                ('stuck_because', models.CharField(blank=True, max_length=20)),
                ('ended_on', models.DateField(null=True)),
                ('at', models.DateTimeField()),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'db_table': 'relief_household',
                'indexes': [models.Index(fields=['customer_id', '-id'], name='household_customer'), models.Index(condition=models.Q(('state__in', ['running', 'stuck'])), fields=['next_on', 'id'], name='household_next')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['running', 'stuck'])), fields=('customer_id',), name='household_one_runs'), models.CheckConstraint(condition=models.Q(('proposed__in', ['likely', 'difficult', 'unlikely']), models.Q(('confirmed', ''), ('confirmed__in', ['likely', 'difficult', 'unlikely']), _connector='OR')), name='household_class'), models.CheckConstraint(condition=models.Q(('confirmed', ''), models.Q(('confirmed_by', ''), _negated=True), _connector='OR'), name='household_confirmed_by_somebody'), models.CheckConstraint(condition=models.Q(('goal__gt', 0), ('goal__gte', 0), ('goal_on__gte', models.F('began_on')), ('got__gte', 0)), name='household_goal')],
            },
        ),
        migrations.CreateModel(
            name='Means',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.SmallIntegerField()),
                ('code', models.CharField(max_length=20)),
                ('planned_on', models.DateField()),
                ('done_on', models.DateField(null=True)),
                ('outcome', models.TextField(blank=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='means', to='relief.householdplan')),
            ],
            options={
                'db_table': 'relief_means',
            },
        ),
        migrations.CreateModel(
            name='Policy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('proposal_id', models.BigIntegerField()),
                ('by', models.CharField(max_length=150)),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'relief_policy',
                'indexes': [models.Index(fields=['-from_on', '-id'], name='relief_policy_on')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policy',
            trigger=pgtrigger.compiler.Trigger(name='policy_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f3106591d855e529377990e0eb01f7e1b2b02e66', operation='UPDATE OR DELETE', pgid='pgtrigger_policy_kept_a6f70', table='relief_policy', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='pooluse',
            constraint=models.UniqueConstraint(fields=('day', 'username', 'currency'), name='relief_pool_once'),
        ),
        migrations.AddConstraint(
            model_name='pooluse',
            constraint=models.CheckConstraint(condition=models.Q(('used__gte', 0), ('used__lte', models.F('most'))), name='relief_pool_most'),
        ),
        migrations.AddField(
            model_name='relief',
            name='replaces',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='relief.relief'),
        ),
        migrations.AddField(
            model_name='instalment',
            name='relief',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='relief.relief'),
        ),
        migrations.AddField(
            model_name='source',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='relief.householdplan'),
        ),
        migrations.AddField(
            model_name='target',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='targets', to='relief.householdplan'),
        ),
        migrations.AddConstraint(
            model_name='means',
            constraint=models.UniqueConstraint(fields=('plan', 'place'), name='means_place'),
        ),
        migrations.AddIndex(
            model_name='relief',
            index=models.Index(fields=['customer_id', '-id'], name='relief_customer'),
        ),
        migrations.AddIndex(
            model_name='relief',
            index=models.Index(fields=['loan_id', '-id'], name='relief_loan'),
        ),
        migrations.AddIndex(
            model_name='relief',
            index=models.Index(fields=['state', '-id'], name='relief_state'),
        ),
        migrations.AddIndex(
            model_name='relief',
            index=models.Index(fields=['branch', '-id'], name='relief_branch'),
        ),
        migrations.AddIndex(
            model_name='relief',
            index=models.Index(condition=models.Q(('state__in', ['accepted', 'active', 'applied', 'approved', 'at_risk', 'completed', 'conditional', 'reversed'])), fields=['id'], name='relief_judged'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['waiver', 'plan', 'settlement', 'terms'])), name='relief_kind'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.CheckConstraint(condition=models.Q(('given_up__gte', 0), ('pool__gte', 0), ('receive__gte', 0)), name='relief_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', models.F('asked_by')), _negated=True), name='relief_by_another'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.CheckConstraint(condition=models.Q(('verdict', 'auto'), models.Q(('decided_by', ''), _negated=True), ('state__in', ['cancelled', 'countered', 'defaulted', 'lapsed', 'pending', 'proposed', 'rejected', 'requested', 'superseded', 'withdrawn']), _connector='OR'), name='relief_decided_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'plan'), ('state__in', ['accepted', 'active', 'at_risk', 'suspended'])), fields=('loan_id',), name='relief_one_plan'),
        ),
        migrations.AddConstraint(
            model_name='relief',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'settlement'), ('state__in', ['approved', 'accepted'])), fields=('loan_id',), name='relief_one_settlement'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relief',
            trigger=pgtrigger.compiler.Trigger(name='relief_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d1f050f878041be9098c907890fdc8c7b74f0171', operation='DELETE', pgid='pgtrigger_relief_kept_1090a', table='relief_relief', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relief',
            trigger=pgtrigger.compiler.Trigger(name='relief_asked_once', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."loan_id" IS DISTINCT FROM (NEW."loan_id") OR OLD."loan_ids" IS DISTINCT FROM (NEW."loan_ids") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."asked_by" IS DISTINCT FROM (NEW."asked_by") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_on" IS DISTINCT FROM (NEW."asked_on") OR OLD."difficulty" IS DISTINCT FROM (NEW."difficulty") OR OLD."re_age" IS DISTINCT FROM (NEW."re_age"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='56ac5c35e5eaceacaedbc8984b0b61ab6f9a9fe1', operation='UPDATE', pgid='pgtrigger_relief_asked_once_a1aa0', table='relief_relief', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relief',
            trigger=pgtrigger.compiler.Trigger(name='relief_moves', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF NEW.state <> OLD.state\n   AND (NEW.kind || ':' || OLD.state || ':' || NEW.state) NOT IN ('waiver:requested:approved', 'waiver:requested:pending', 'waiver:pending:approved', 'waiver:pending:rejected', 'waiver:pending:withdrawn', 'waiver:approved:conditional', 'waiver:approved:applied', 'waiver:conditional:applied', 'waiver:conditional:lapsed', 'waiver:conditional:withdrawn', 'waiver:applied:reversed', 'waiver:reversed:applied', 'waiver:reversed:lapsed', 'plan:proposed:approved', 'plan:proposed:pending', 'plan:pending:approved', 'plan:pending:rejected', 'plan:pending:withdrawn', 'plan:approved:accepted', 'plan:approved:lapsed', 'plan:approved:withdrawn', 'plan:accepted:active', 'plan:accepted:lapsed', 'plan:active:at_risk', 'plan:at_risk:active', 'plan:active:defaulted', 'plan:at_risk:defaulted', 'plan:active:completed', 'plan:at_risk:completed', 'plan:completed:active', 'plan:completed:at_risk', 'plan:completed:defaulted', 'plan:active:accepted', 'plan:at_risk:accepted', 'plan:completed:accepted', 'plan:active:superseded', 'plan:at_risk:superseded', 'plan:accepted:suspended', 'plan:active:suspended', 'plan:at_risk:suspended', 'plan:suspended:accepted', 'plan:suspended:active', 'plan:suspended:at_risk', 'plan:suspended:defaulted', 'plan:suspended:completed', 'plan:accepted:cancelled', 'plan:active:cancelled', 'plan:at_risk:cancelled', 'plan:suspended:cancelled', 'settlement:requested:approved', 'settlement:requested:pending', 'settlement:pending:approved', 'settlement:pending:rejected', 'settlement:pending:withdrawn', 'settlement:approved:countered', 'settlement:countered:pending', 'settlement:countered:approved', 'settlement:approved:accepted', 'settlement:approved:lapsed', 'settlement:approved:withdrawn', 'settlement:accepted:applied', 'settlement:accepted:lapsed', 'settlement:applied:reversed', 'settlement:reversed:applied', 'settlement:reversed:lapsed', 'terms:requested:approved', 'terms:requested:pending', 'terms:pending:approved', 'terms:pending:rejected', 'terms:pending:withdrawn', 'terms:approved:applied') THEN\n  RAISE EXCEPTION 'relief % does not move from % to %', NEW.number, OLD.state, NEW.state;\nEND IF;\nIF NEW.state <> OLD.state AND NEW.version <= OLD.version THEN\n  RAISE EXCEPTION 'relief % was changed without a new version', NEW.number;\nEND IF;\nRETURN NEW;\n", hash='54a6b5fc7d445e66027ef0abe7d83305537975d2', operation='UPDATE', pgid='pgtrigger_relief_moves_0a98f', table='relief_relief', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='relief',
            trigger=pgtrigger.compiler.Trigger(name='relief_begins', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF NEW.state NOT IN ('requested', 'proposed') THEN\n                  RAISE EXCEPTION 'relief % begins in %', NEW.number, NEW.state;\n                END IF;\n                RETURN NEW;\n                ", hash='51946278752ad69e1820553be5fd3018d8d88f9c', operation='INSERT', pgid='pgtrigger_relief_begins_094ae', table='relief_relief', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='instalment',
            index=models.Index(fields=['due_on', 'id'], name='relief_due'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.UniqueConstraint(fields=('relief', 'seq'), name='relief_instalment_once'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('paid__gte', 0), ('paid__lte', models.F('amount'))), name='relief_instalment_amounts'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='source_amount'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.UniqueConstraint(fields=('plan', 'on'), name='target_once'),
        ),
        migrations.AddConstraint(
            model_name='target',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='target_amount'),
        ),
    ]
