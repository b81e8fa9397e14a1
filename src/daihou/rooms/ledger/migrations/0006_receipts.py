"""Receipts without an owner, the claims on them; notes on customers."""

import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_seal_personal'),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceiptClaim',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=10, verbose_name='kind')),
                ('state', models.CharField(default='waiting', max_length=12, verbose_name='state')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('relation', models.CharField(blank=True, max_length=20, verbose_name='relation')),
                ('evidence', models.CharField(max_length=500, verbose_name='evidence')),
                ('keep_credit', models.BooleanField(default=False)),
                ('claimed_by', models.CharField(max_length=150, verbose_name='claimed by')),
                ('claimed_at', models.DateTimeField(verbose_name='claimed at')),
                ('decided_by', models.CharField(blank=True, max_length=150, verbose_name='decided by')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided at')),
                ('decided_on', models.DateField(null=True, verbose_name='business date')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='note')),
            ],
            options={
                'db_table': 'ledger_receipt_claim',
                'ordering': ('-id',),
            },
        ),
        migrations.CreateModel(
            name='ReceiptShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
            ],
            options={
                'db_table': 'ledger_receipt_share',
                'ordering': ('id',),
            },
        ),
        migrations.CreateModel(
            name='CustomerNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='note')),
                ('written_by', models.CharField(max_length=150, verbose_name='written by')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.customer')),
            ],
            options={
                'db_table': 'ledger_customer_note',
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=40, verbose_name='source')),
                ('external_id', models.CharField(max_length=200, verbose_name='id at the source')),
                ('digest', models.BinaryField(max_length=16)),
                ('version', models.IntegerField(default=1)),
                ('batch_id', models.BigIntegerField(null=True)),
                ('attributes', models.JSONField(default=dict, verbose_name='attributes')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('recorded_by', models.CharField(max_length=150, verbose_name='recorded by')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('payer', models.CharField(blank=True, max_length=200, verbose_name='payer')),
                ('payer_account', models.TextField(blank=True, verbose_name='account of the payer')),
                ('payer_account_digest', models.CharField(blank=True, max_length=40)),
                ('channel', models.CharField(blank=True, max_length=40, verbose_name='channel')),
                ('remark', models.CharField(blank=True, max_length=300, verbose_name='remark')),
                ('branch', models.CharField(blank=True, max_length=40, verbose_name='branch')),
                ('posted', models.BigIntegerField(db_default=0, default=0, verbose_name='posted')),
                ('returned', models.BigIntegerField(db_default=0, default=0, verbose_name='returned')),
                ('state', models.CharField(db_default='open', default='open', max_length=12, verbose_name='state')),
            ],
            options={
                'db_table': 'ledger_receipt',
                'ordering': ('-received_on', '-id'),
                'indexes': [models.Index(fields=['state', 'received_on', 'id'], name='receipt_state'), models.Index(condition=models.Q(('payer_account_digest', ''), _negated=True), fields=['payer_account_digest'], name='receipt_account'), models.Index(fields=['received_on', 'id'], name='receipt_day')],
                'constraints': [models.UniqueConstraint(fields=('source', 'external_id'), name='receipt_source_id'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('posted__gte', 0), ('returned__gte', 0)), name='receipt_amounts'), models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('posted'), '+', models.F('returned')))), name='receipt_not_spent_twice'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'open'), ('amount__gt', django.db.models.expressions.CombinedExpression(models.F('posted'), '+', models.F('returned')))), ('state', 'claimed'), models.Q(('state', 'settled'), ('amount', django.db.models.expressions.CombinedExpression(models.F('posted'), '+', models.F('returned')))), _connector='OR'), name='receipt_state_of_amounts')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='receipt_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='59fd90640e0f329efa671331e40255019580c6f4', operation='DELETE', pgid='pgtrigger_receipt_kept_7a8ec', table='ledger_receipt', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receipt',
            trigger=pgtrigger.compiler.Trigger(name='receipt_as_it_came', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF ROW(OLD.source, OLD.external_id, OLD.amount, OLD.currency, OLD.received_on)\n   IS DISTINCT FROM\n   ROW(NEW.source, NEW.external_id, NEW.amount, NEW.currency, NEW.received_on)\n   AND EXISTS (SELECT 1 FROM ledger_receipt_claim WHERE receipt_id = OLD.id) THEN\n  RAISE EXCEPTION 'a receipt that was claimed once stays as it came';\nEND IF;\nRETURN NEW;\n", hash='240e39e0f4c3b58cf4a28d916ab36db37e2d282a', operation='UPDATE', pgid='pgtrigger_receipt_as_it_came_a2f8b', table='ledger_receipt', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='receiptclaim',
            name='receipt',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.receipt'),
        ),
        migrations.AddField(
            model_name='receiptclaim',
            name='reverses',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.receiptclaim'),
        ),
        migrations.AddField(
            model_name='receiptshare',
            name='claim',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='ledger.receiptclaim'),
        ),
        migrations.AddField(
            model_name='receiptshare',
            name='loan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='ledger.loan'),
        ),
        migrations.AddField(
            model_name='receiptshare',
            name='payment',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, to='ledger.payment'),
        ),
        migrations.AddIndex(
            model_name='customernote',
            index=models.Index(fields=['customer', '-id'], name='note_of_customer'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customernote',
            trigger=pgtrigger.compiler.Trigger(name='note_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='399960beaac70ec71a752be47633b647717891b9', operation='DELETE', pgid='pgtrigger_note_kept_15f37', table='ledger_customer_note', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='customernote',
            trigger=pgtrigger.compiler.Trigger(name='note_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF ROW(OLD.customer_id, OLD.written_by, OLD.written_at)\n   IS DISTINCT FROM ROW(NEW.customer_id, NEW.written_by, NEW.written_at) THEN\n  RAISE EXCEPTION 'a note stays with who wrote it';\nEND IF;\nRETURN NEW;\n", hash='5ca5eb1556cbe8f391b4b9a10dadeb97d4d144ed', operation='UPDATE', pgid='pgtrigger_note_stays_3d9a4', table='ledger_customer_note', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='receiptclaim',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('receipt',), name='claim_one_waiting'),
        ),
        migrations.AddConstraint(
            model_name='receiptclaim',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('waiting', 'withdrawn')), models.Q(('decided_by', models.F('claimed_by')), _negated=True), _connector='OR'), name='claim_two_people'),
        ),
        migrations.AddConstraint(
            model_name='receiptclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', ''), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), models.Q(('decided_by', ''), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='claim_decided_by'),
        ),
        migrations.AddConstraint(
            model_name='receiptclaim',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), models.Q(('evidence', ''), _negated=True)), name='claim_has_evidence'),
        ),
        migrations.AddConstraint(
            model_name='receiptclaim',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'reverse'), ('reverses__isnull', False)), models.Q(('kind__in', ('post', 'return')), ('reverses', None)), _connector='OR'), name='claim_kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receiptclaim',
            trigger=pgtrigger.compiler.Trigger(name='claim_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='17f310e918ea6ab7473b5e410c04e557ceb0b3a9', operation='DELETE', pgid='pgtrigger_claim_kept_91f3c', table='ledger_receipt_claim', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receiptclaim',
            trigger=pgtrigger.compiler.Trigger(name='claim_decided_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF OLD.state <> 'waiting' AND (\n   NOT (OLD.state = 'confirmed' AND NEW.state = 'reversed')\n   OR ROW(OLD.decided_by, OLD.decided_at, OLD.note)\n      IS DISTINCT FROM ROW(NEW.decided_by, NEW.decided_at, NEW.note)) THEN\n  RAISE EXCEPTION 'a claim is decided once';\nEND IF;\nIF ROW(OLD.receipt_id, OLD.kind, OLD.amount, OLD.claimed_by, OLD.claimed_at,\n       OLD.relation, OLD.evidence, OLD.reverses_id)\n   IS DISTINCT FROM\n   ROW(NEW.receipt_id, NEW.kind, NEW.amount, NEW.claimed_by, NEW.claimed_at,\n       NEW.relation, NEW.evidence, NEW.reverses_id) THEN\n  RAISE EXCEPTION 'what was claimed stays as it was claimed';\nEND IF;\nIF NEW.state = 'confirmed' AND NEW.kind = 'post' AND NEW.amount <> (\n   SELECT coalesce(sum(amount), 0) FROM ledger_receipt_share\n   WHERE claim_id = NEW.id) THEN\n  RAISE EXCEPTION 'the shares of a claim add up to its amount';\nEND IF;\nRETURN NEW;\n", hash='eaec01a809053bf7c2567c26331acc4b74eadf3c', operation='UPDATE', pgid='pgtrigger_claim_decided_once_9dc03', table='ledger_receipt_claim', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='receiptshare',
            constraint=models.UniqueConstraint(fields=('claim', 'loan'), name='share_loan_once'),
        ),
        migrations.AddConstraint(
            model_name='receiptshare',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='share_positive'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receiptshare',
            trigger=pgtrigger.compiler.Trigger(name='share_kept', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='2c74723f3879f994e86df5571ab25e71af92befb', operation='DELETE', pgid='pgtrigger_share_kept_b3370', table='ledger_receipt_share', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='receiptshare',
            trigger=pgtrigger.compiler.Trigger(name='share_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="\nIF ROW(OLD.claim_id, OLD.loan_id, OLD.amount)\n   IS DISTINCT FROM ROW(NEW.claim_id, NEW.loan_id, NEW.amount)\n   OR (OLD.payment_id IS NOT NULL\n       AND OLD.payment_id IS DISTINCT FROM NEW.payment_id) THEN\n  RAISE EXCEPTION 'a share of a receipt stays as it was claimed';\nEND IF;\nRETURN NEW;\n", hash='127d4808fac538d18f68ebfe220417b94b6cc24b', operation='UPDATE', pgid='pgtrigger_share_stays_eee06', table='ledger_receipt_share', when='BEFORE')),
        ),
    ]
