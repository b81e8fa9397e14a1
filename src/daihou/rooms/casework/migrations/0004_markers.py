"""What was heard of a person and is to be confirmed in time."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0003_of_whom'),
    ]

    operations = [
        migrations.CreateModel(
            name='Marker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('customer_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('evidence', models.TextField()),
                ('raised_by', models.CharField(max_length=150)),
                ('raised_at', models.DateTimeField()),
                ('raised_on', models.DateField()),
                ('confirm_by', models.DateField()),
                ('escalated_days', models.SmallIntegerField()),
                ('escalated_on', models.DateField(null=True)),
                ('state', models.CharField(default='raised', max_length=12)),
                ('decided_by', models.CharField(blank=True, default='', max_length=150)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decision', models.TextField(blank=True, default='')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markers', to='casework.case')),
                ('hold', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='markers', to='casework.hold')),
            ],
            options={
                'db_table': 'casework_marker',
                'indexes': [models.Index(condition=models.Q(('state__in', ['escalated', 'raised'])), fields=['confirm_by', 'id'], name='marker_open'), models.Index(fields=['customer_id', '-id'], name='marker_customer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['escalated', 'raised'])), fields=('case', 'kind'), name='marker_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['deceased', 'jailed', 'identity_theft', 'bankruptcy']), ('state__in', ['raised', 'escalated', 'confirmed', 'refuted', 'returned'])), name='marker_words'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('confirmed', 'refuted')), ('decided_at__isnull', False), models.Q(('decided_by', ''), _negated=True), models.Q(('decision', ''), _negated=True)), models.Q(('state', 'returned'), ('decided_at__isnull', False)), models.Q(('state__in', ['escalated', 'raised']), ('decided_at', None), ('decided_by', ''), ('decision', '')), _connector='OR'), name='marker_decided_by_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('confirmed', 'refuted')), _negated=True), models.Q(('decided_by', models.F('raised_by')), _negated=True), _connector='OR'), name='marker_decided_by_another')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='marker_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='29608f732be3ce2cc5e3245551d4af3b0dc3ae77', operation='DELETE', pgid='pgtrigger_marker_kept_8cf05', table='casework_marker', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='marker',
            trigger=pgtrigger.compiler.Trigger(name='marker_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF (to_jsonb(OLD) - 'state' - 'evidence' - 'decided_by' - 'decided_at' - 'decision'\n    - 'escalated_on') IS DISTINCT FROM\n   (to_jsonb(NEW) - 'state' - 'evidence' - 'decided_by' - 'decided_at' - 'decision'\n    - 'escalated_on')\n   OR (OLD.decided_at IS NOT NULL AND (OLD.state, OLD.decided_by, OLD.decided_at)\n       IS DISTINCT FROM (NEW.state, NEW.decided_by, NEW.decided_at)) THEN\n  RAISE EXCEPTION 'marker % stays as it was raised', OLD.id;\nEND IF;\nRETURN NEW;\n", hash='4ddcf52437c25ed5ba8ab4c13baf26e2787158c4', operation='UPDATE', pgid='pgtrigger_marker_stays_dab57', table='casework_marker', when='BEFORE')),
        ),
    ]
