"""Flags and consents that another person confirms; leave that is taken back."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

_NEVER_AGAIN = "update contact_flag set until_at = null where kind = 'refused'"
# A flag at a number of the customer's own is about the customer.
_OWN_NUMBER = """
update contact_flag g set point_id = 0 from ledger_contact_point k
where k.id = g.point_id and k.owner_role in ('', 'self') and g.kind <> 'refused'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0003_stays'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='consent',
            name='consent_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='decision',
            name='decision_stays',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='personflag',
            name='flag_stays',
        ),
        migrations.RemoveConstraint(
            model_name='personflag',
            name='flag_for_good',
        ),
        migrations.AddField(
            model_name='consent',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='consent',
            name='confirmed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=150),
        ),
        migrations.AddField(
            model_name='decision',
            name='debtor_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='held_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='personflag',
            name='confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='personflag',
            name='confirmed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=150),
        ),
        migrations.RunSQL(_NEVER_AGAIN, migrations.RunSQL.noop, elidable=True),
        migrations.RunSQL(_OWN_NUMBER, migrations.RunSQL.noop, elidable=True),
        migrations.AddIndex(
            model_name='decision',
            index=models.Index(condition=models.Q(('state', 'open'), ('verdict', 'allow')), fields=['debtor_id'], name='decision_pending_debtor'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='consent_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.fact_id IS NULL AND to_jsonb(OLD) - 'evidence' - 'withdrawn_at' - 'confirmed_by' - 'confirmed_at' IS DISTINCT FROM to_jsonb(NEW) - 'evidence' - 'withdrawn_at' - 'confirmed_by' - 'confirmed_at' THEN\n      RAISE EXCEPTION 'a consent stays as it was written';\n    END IF;\n    RETURN NEW;\n    ", hash='b1fc597379672045b850ba94d8fa625323ce81e3', operation='UPDATE', pgid='pgtrigger_consent_stays_39d96', table='contact_consent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consent',
            trigger=pgtrigger.compiler.Trigger(name='consent_confirmed_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.confirmed_by)\n           IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by) THEN\n          RAISE EXCEPTION 'a consent is confirmed once';\n        END IF;\n        RETURN NEW;\n        ", hash='e947e09b03d501f09653423327b4dd223fd066a5', operation='UPDATE', pgid='pgtrigger_consent_confirmed_once_92e4f', table='contact_consent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF to_jsonb(OLD) - 'state' - 'held_at'\n                     IS DISTINCT FROM to_jsonb(NEW) - 'state' - 'held_at'\n                   OR (OLD.state <> 'open' AND NEW.state <> OLD.state)\n                   OR (OLD.held_at IS NOT NULL\n                       AND NEW.held_at IS DISTINCT FROM OLD.held_at) THEN\n                  RAISE EXCEPTION 'an answer of the gate stays as it was given';\n                END IF;\n                RETURN NEW;\n                ", hash='2b0f3c9ef08f6934add7690e2bc1e63cb16d186a', operation='UPDATE', pgid='pgtrigger_decision_stays_9ccf9', table='contact_decision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personflag',
            trigger=pgtrigger.compiler.Trigger(name='flag_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF (OLD.fact_id IS NULL OR OLD.lifted_at IS NOT NULL) AND to_jsonb(OLD) - 'evidence' - 'lift_evidence' - 'lifted_by' - 'lifted_at' - 'until_at' - 'confirmed_by' - 'confirmed_at' IS DISTINCT FROM to_jsonb(NEW) - 'evidence' - 'lift_evidence' - 'lifted_by' - 'lifted_at' - 'until_at' - 'confirmed_by' - 'confirmed_at' THEN\n      RAISE EXCEPTION 'a flag stays as it was written';\n    END IF;\n    RETURN NEW;\n    ", hash='4538f51961a9c5b614f7dfbc56ba61af63c8b42d', operation='UPDATE', pgid='pgtrigger_flag_stays_1b13e', table='contact_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personflag',
            trigger=pgtrigger.compiler.Trigger(name='flag_ends', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                IF (OLD.fact_id IS NULL OR OLD.lifted_at IS NOT NULL)\n                   AND NEW.until_at IS DISTINCT FROM OLD.until_at\n                   AND (OLD.kind <> 'unreachable' OR NEW.until_at IS NULL\n                        OR NEW.until_at > OLD.until_at) THEN\n                  RAISE EXCEPTION 'a flag ends as it was written';\n                END IF;\n                RETURN NEW;\n                ", hash='e334904fde0609b2b8ebfc0379c8e410a29dd767', operation='UPDATE', pgid='pgtrigger_flag_ends_44c5a', table='contact_flag', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='personflag',
            trigger=pgtrigger.compiler.Trigger(name='flag_confirmed_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        IF OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.confirmed_by)\n           IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_by) THEN\n          RAISE EXCEPTION 'a flag is confirmed once';\n        END IF;\n        RETURN NEW;\n        ", hash='80ad54c5819b9d14a096723f64f225c031691b04', operation='UPDATE', pgid='pgtrigger_flag_confirmed_once_ff170', table='contact_flag', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), models.Q(models.Q(('confirmed_by', models.F('recorded_by')), _negated=True), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='consent_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['refused']), _negated=True), models.Q(('lifted_at', None), ('until_at', None)), _connector='OR'), name='flag_for_good'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), models.Q(models.Q(('confirmed_by', models.F('raised_by')), _negated=True), models.Q(('confirmed_by', ''), _negated=True)), _connector='OR'), name='flag_confirmed_by_another'),
        ),
    ]
