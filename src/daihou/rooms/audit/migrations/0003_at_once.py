"""Very many events are chained into the log by one statement."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='Incoming',
            fields=[
                ('type', models.CharField(max_length=64, verbose_name='type')),
                ('subject_type', models.CharField(db_collation='C', max_length=32, verbose_name='subject type')),
                ('subject_id', models.CharField(db_collation='C', max_length=80, verbose_name='subject')),
                ('actor', models.CharField(max_length=80, verbose_name='actor')),
                ('on_behalf_of', models.CharField(blank=True, db_default='', default='', max_length=80, verbose_name='on behalf of')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('business_date', models.DateField(null=True, verbose_name='business date')),
                ('happened_on', models.DateField(null=True, verbose_name='happened on')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('request_id', models.CharField(blank=True, max_length=36, verbose_name='request')),
                ('payload', models.JSONField(default=dict, verbose_name='details')),
                ('before', models.JSONField(null=True, verbose_name='before')),
                ('after', models.JSONField(null=True, verbose_name='after')),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('audit_event_id_seq'), function='nextval'), primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'audit_incoming',
            },
        ),
        # Nothing stays in it: no crash can lose what is not in the log.
        migrations.RunSQL(
            "ALTER TABLE audit_incoming SET UNLOGGED", migrations.RunSQL.noop
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='event',
            name='chain',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='chain', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (pg_trigger_depth() = 0)', declare='DECLARE head audit_head%ROWTYPE; known boolean;', func="\nLOOP\n  SELECT * INTO head FROM audit_head WHERE subject_type = NEW.subject_type\n    AND subject_id = NEW.subject_id FOR UPDATE;\n  known := FOUND;\n  NEW.position := coalesce(head.count, 0) + 1;\n  NEW.previous_hash := coalesce(head.hash, '');\n  NEW.hash := sha256(convert_to(jsonb_build_object(\n 'v', 1, 'id', NEW.id, 'type', NEW.type,\n 'subject_type', NEW.subject_type, 'subject_id', NEW.subject_id,\n 'position', NEW.position, 'previous', encode(NEW.previous_hash, 'hex'),\n 'actor', NEW.actor, 'on_behalf_of', NEW.on_behalf_of,\n 'recorded_at', NEW.recorded_at at time zone 'UTC',\n 'business_date', NEW.business_date, 'happened_on', NEW.happened_on,\n 'reason', NEW.reason, 'request_id', NEW.request_id,\n 'payload', NEW.payload, 'before', NEW.before, 'after', NEW.after)::text, 'UTF8'));\n  IF known THEN\n    UPDATE audit_head SET count = NEW.position, hash = NEW.hash WHERE id = head.id;\n    RETURN NEW;\n  END IF;\n  INSERT INTO audit_head (subject_type, subject_id, count, hash)\n    VALUES (NEW.subject_type, NEW.subject_id, 1, NEW.hash) ON CONFLICT DO NOTHING;\n  IF FOUND THEN RETURN NEW; END IF;\nEND LOOP;\n", hash='a6a17a4e2ead00efe0e661395a40e7780cf374d1', operation='INSERT', pgid='pgtrigger_chain_19689', table='audit_event', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='incoming',
            trigger=pgtrigger.compiler.Trigger(name='chain_many', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE turns integer; place integer;', func="\nINSERT INTO audit_head (subject_type, subject_id, count, hash)\n  SELECT DISTINCT subject_type, subject_id, 0, ''::bytea FROM fresh ORDER BY 1, 2\n  ON CONFLICT (subject_type, subject_id) DO UPDATE SET count = 0 WHERE false;\nSELECT max(n) INTO turns FROM (\n  SELECT count(*) AS n FROM fresh GROUP BY subject_type, subject_id) each_subject;\nFOR place IN 1..turns LOOP\n  WITH numbered AS (\n    SELECT f.*, row_number() OVER (\n      PARTITION BY f.subject_type, f.subject_id ORDER BY f.id) AS turn\n    FROM fresh f\n  ), placed AS (\n    SELECT n.*, h.count + 1 AS position, h.hash AS previous_hash\n    FROM numbered n JOIN audit_head h\n      ON h.subject_type = n.subject_type AND h.subject_id = n.subject_id\n    WHERE n.turn = place\n  ), written AS (\n    INSERT INTO audit_event (id, type, subject_type, subject_id, actor, on_behalf_of, recorded_at, business_date, happened_on, reason, request_id, payload, before, after, position, previous_hash, hash)\n    SELECT id, type, subject_type, subject_id, actor, on_behalf_of, recorded_at, business_date, happened_on, reason, request_id, payload, before, after, position, previous_hash,\n      sha256(convert_to(jsonb_build_object(\n 'v', 1, 'id', p.id, 'type', p.type,\n 'subject_type', p.subject_type, 'subject_id', p.subject_id,\n 'position', p.position, 'previous', encode(p.previous_hash, 'hex'),\n 'actor', p.actor, 'on_behalf_of', p.on_behalf_of,\n 'recorded_at', p.recorded_at at time zone 'UTC',\n 'business_date', p.business_date, 'happened_on', p.happened_on,\n 'reason', p.reason, 'request_id', p.request_id,\n 'payload', p.payload, 'before', p.before, 'after', p.after)::text, 'UTF8'))\n    FROM placed p ORDER BY id\n    RETURNING subject_type, subject_id, position, hash\n  )\n  UPDATE audit_head h SET count = w.position, hash = w.hash FROM written w\n  WHERE h.subject_type = w.subject_type AND h.subject_id = w.subject_id;\nEND LOOP;\nDELETE FROM audit_incoming;\nRETURN NULL;\n", hash='f6d3c2b4d59f7d9f389322bac23e60ca6b4ed643', level='STATEMENT', operation='INSERT', pgid='pgtrigger_chain_many_5d07c', referencing='REFERENCING NEW TABLE AS fresh ', table='audit_incoming', when='AFTER')),
        ),
    ]
