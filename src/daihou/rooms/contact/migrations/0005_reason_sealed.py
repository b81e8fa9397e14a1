"""Why an item was closed is sealed: it may be sealed under a new key later."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('contact', '0004_second_eyes'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='complianceitem',
            name='item_final',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='complianceitem',
            trigger=pgtrigger.compiler.Trigger(name='item_final', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.state = 'closed' AND to_jsonb(OLD) - 'words' - 'reason' IS DISTINCT FROM to_jsonb(NEW) - 'words' - 'reason' THEN\n      RAISE EXCEPTION 'a closed item stays as it was written';\n    END IF;\n    RETURN NEW;\n    ", hash='261b6073f0050903a7a767bd00d1386c67715927', operation='UPDATE', pgid='pgtrigger_item_final_824ce', table='contact_compliance_item', when='BEFORE')),
        ),
    ]
