import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("ledger", "0007_loan_officer"),
    ]

    operations = [
        migrations.CreateModel(
            name="CapRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateField(verbose_name="date")),
                ("positions", models.CharField(max_length=64)),
                ("rules", models.CharField(max_length=64)),
                ("law", models.CharField(max_length=64)),
                ("over", models.IntegerField()),
                ("not_asserted", models.IntegerField()),
                ("changed", models.IntegerField()),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={"db_table": "caps_run", "ordering": ("-id",)},
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                ("loan", models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="+", serialize=False, to="ledger.loan")),
                ("standing", models.CharField(max_length=12, verbose_name="standing")),
                ("licence", models.CharField(max_length=40, verbose_name="licence")),
                ("cap", models.DecimalField(decimal_places=9, max_digits=12, null=True)),
                ("all_in", models.DecimalField(decimal_places=9, max_digits=12)),
                ("excess", models.DecimalField(decimal_places=9, max_digits=12)),
                ("multiple_above", models.BooleanField(default=False)),
                ("doubted", models.BooleanField(default=False)),
                ("above", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "db_table": "caps_finding",
                "indexes": [models.Index(fields=["standing", "-above", "-excess", "loan"], name="caps_worst")],
                "constraints": [models.CheckConstraint(condition=models.Q(("standing__in", ("over", "not_asserted"))), name="caps_standing")],
            },
        ),
    ]
