"""What was lent to whom, what is owed when, and what came in; minor units."""

import pgtrigger
from django.contrib.postgres.indexes import BrinIndex, GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Sourced(models.Model):
    """A row some system sent us: its own id there, and which version this is.

    `digest` is of the sender's row; the same row again changes nothing, another
    one becomes `version` + 1 and the former content goes to `RowHistory`.
    """

    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("id at the source"), max_length=200)
    digest = models.BinaryField(max_length=16)
    version = models.IntegerField(default=1)
    batch_id = models.BigIntegerField(null=True)
    attributes = models.JSONField(_("attributes"), default=dict)

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(
                fields=("source", "external_id"), name="%(class)s_source_id"
            ),
        )


class RowHistory(models.Model):
    """The former content of a row that its sender changed."""

    table = models.CharField(max_length=40)
    row_id = models.BigIntegerField()
    version = models.IntegerField()
    content = models.JSONField()
    replaced_at = models.DateTimeField()
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_row_history"
        indexes = (models.Index(fields=("table", "row_id")),)


class RegisterChange(models.Model):
    """A note that loans or customers changed, one a statement, made by triggers.

    How many notes there are says whether the register in memory still holds.
    """

    class Meta:
        db_table = "ledger_register_change"


def _noted(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert
        | pgtrigger.Update
        | pgtrigger.Delete
        | pgtrigger.Truncate,
        func="insert into ledger_register_change default values; return null;",
    )


class Customer(Sourced):
    """A borrower, guarantor or other party.

    `id_no` and `address` are sealed (`kit.secret`); the columns beside the number are
    the blind indexes it is found by, whole and by its last four characters. Who was
    removed under the retention schedule keeps the row, emptied, with `erased_on`.
    """

    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    id_type = models.CharField(_("document type"), max_length=40, blank=True)
    id_no = models.TextField(_("document number"), blank=True)
    id_no_digest = models.CharField(
        max_length=32, blank=True, default="", db_default="", db_collation="C"
    )
    id_no_tail = models.CharField(
        max_length=32, blank=True, default="", db_default="", db_collation="C"
    )
    birth_on = models.DateField(_("date of birth"), null=True)
    gender = models.CharField(_("gender"), max_length=10, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    address = models.TextField(_("address"), blank=True)
    employer = models.CharField(_("employer"), max_length=200, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    annual_income = models.BigIntegerField(_("annual income"), null=True)
    language = models.CharField(_("language"), max_length=20, blank=True)
    erased_on = models.DateField(_("removed on"), null=True)

    class Meta(Sourced.Meta):
        db_table = "ledger_customer"
        triggers = (_noted("customer_register"),)
        indexes = (
            models.Index(
                fields=("name",),
                opclasses=("varchar_pattern_ops",),
                name="customer_name_start",
            ),
            models.Index(
                fields=("external_id",),
                opclasses=("varchar_pattern_ops",),
                name="customer_number_start",
            ),
            GinIndex(fields=("attributes",), name="customer_attributes"),
            models.Index(fields=("id_no_digest",), name="customer_id_no"),
            models.Index(fields=("id_no_tail",), name="customer_id_no_tail"),
        )


class ContactPoint(Sourced):
    """A number or address at which somebody may be reached; `value` is sealed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    value = models.TextField()
    value_digest = models.CharField(
        max_length=32, default="", db_default="", db_collation="C"
    )
    value_tail = models.CharField(
        max_length=32, default="", db_default="", db_collation="C"
    )
    owner_role = models.CharField(max_length=40, blank=True)
    verified_on = models.DateField(null=True)

    class Meta(Sourced.Meta):
        db_table = "ledger_contact_point"
        indexes = (
            models.Index(fields=("value_digest",), name="contact_point_value"),
            models.Index(fields=("value_tail",), name="contact_point_tail"),
        )


class Loan(Sourced):
    """One drawdown: the unit that has days past due."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    product = models.CharField(_("product"), max_length=40)
    currency = models.CharField(_("currency"), max_length=3)
    principal = models.BigIntegerField(_("principal"))
    annual_rate = models.DecimalField(_("annual rate"), max_digits=12, decimal_places=8)
    method = models.CharField(_("repayment method"), max_length=20)
    periods = models.IntegerField(_("periods"))
    period_unit = models.CharField(_("period unit"), max_length=10)
    disbursed_on = models.DateField(_("paid out on"))
    first_due_on = models.DateField(_("first due date"))
    maturity_on = models.DateField(_("maturity"), null=True)
    branch = models.CharField(_("branch"), max_length=40, blank=True)
    officer = models.CharField(_("officer"), max_length=80, blank=True)
    channel = models.CharField(_("channel"), max_length=40, blank=True)
    funder = models.CharField(_("funder"), max_length=80, blank=True)
    purpose = models.CharField(_("purpose"), max_length=80, blank=True)
    guarantee_kind = models.CharField(_("guarantee"), max_length=40, blank=True)
    licence = models.CharField(_("licence"), max_length=40, blank=True)
    penalty_multiplier = models.DecimalField(max_digits=6, decimal_places=4, null=True)
    instalment_amount = models.BigIntegerField(null=True)
    status = models.CharField(_("status"), max_length=20)
    closed_on = models.DateField(_("closed on"), null=True)
    # Something was given up or its plan made anew: see models.relief.
    relieved = models.BooleanField(default=False, db_default=False)

    class Meta(Sourced.Meta):
        db_table = "ledger_loan"
        triggers = (_noted("loan_register"),)
        indexes = (
            models.Index(fields=("branch", "product")),
            models.Index(fields=("officer",), name="loan_officer"),
            models.Index(
                fields=("external_id",),
                opclasses=("varchar_pattern_ops",),
                name="loan_number_start",
            ),
            GinIndex(fields=("attributes",), name="loan_attributes"),
        )
        constraints = (
            *Sourced.Meta.constraints,
            models.CheckConstraint(
                condition=Q(principal__gt=0), name="loan_principal_positive"
            ),
            models.CheckConstraint(
                condition=Q(first_due_on__gte=F("disbursed_on")), name="loan_dates"
            ),
        )


class Demand(models.Model):
    """What is owed on a day: an instalment, or a single charge (seq 0, fee only).

    In force on D when begins_on <= D < ends_on; `schedule` counts the schedule
    versions of the loan. Paid columns hold what a core system reports (mirror).
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT)
    kind = models.CharField(max_length=12, default="instalment")
    charge_kind = models.CharField(max_length=40, blank=True)
    # A charge: `source/charge_id`; a schedule made from the terms: `generated`.
    source_ref = models.CharField(max_length=241, blank=True)
    seq = models.IntegerField()
    schedule = models.IntegerField(default=1)
    due_on = models.DateField()
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)
    opens_on = models.DateField(null=True)  # made of what was left of other rows
    principal = models.BigIntegerField(default=0)
    interest = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    paid_principal = models.BigIntegerField(default=0)
    paid_interest = models.BigIntegerField(default=0)
    paid_fee = models.BigIntegerField(default=0)
    paid_penalty = models.BigIntegerField(default=0)
    settled_on = models.DateField(null=True)
    batch_id = models.BigIntegerField(null=True)
    attributes = models.JSONField(null=True)  # what a source sent beyond the contract

    class Meta:
        db_table = "ledger_demand"
        constraints = (
            models.UniqueConstraint(
                fields=("loan", "schedule", "seq", "begins_on"),
                condition=Q(kind="instalment"),
                name="demand_instalment_once",
            ),
            models.UniqueConstraint(
                fields=("source_ref",),
                condition=Q(kind="charge"),
                name="demand_charge_once",
            ),
            models.CheckConstraint(
                condition=Q(principal__gte=0, interest__gte=0, fee__gte=0),
                name="demand_not_negative",
            ),
        )


class Payment(Sourced):
    """Money that came (positive) or went back (negative)."""

    # The index below begins with the loan; a second one would only cost.
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, db_index=False)
    paid_on = models.DateField()
    recorded_at = models.DateTimeField()
    amount = models.BigIntegerField()
    channel = models.CharField(max_length=40, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=20, default="payment")
    reversal_of = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    # As the sender allocated it, minor units: part of the data contract, kept to be
    # compared with our own allocation and never the ground of one.
    split = models.JSONField(null=True)

    class Meta(Sourced.Meta):
        db_table = "ledger_payment"
        indexes = (
            models.Index(fields=("loan", "paid_on", "id")),
            # Payments lie in the order in which they came, so days lie together.
            BrinIndex(
                fields=("paid_on",),
                pages_per_range=32,
                autosummarize=True,
                name="payment_paid",
            ),
        )
        constraints = (
            *Sourced.Meta.constraints,
            models.CheckConstraint(condition=~Q(amount=0), name="payment_not_zero"),
        )


class Party(Sourced):
    """Somebody's role on a loan."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT)
    role = models.CharField(max_length=40)
    liability = models.CharField(max_length=80, blank=True)
    guarantee_kind = models.CharField(max_length=40, blank=True)
    guarantee_until = models.DateField(null=True)

    class Meta(Sourced.Meta):
        db_table = "ledger_party"


class Collateral(Sourced):
    """Something that secures a loan."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT)
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=200, blank=True)
    value = models.BigIntegerField()
    valued_on = models.DateField(null=True)
    registration_no = models.CharField(max_length=80, blank=True)
    registration_until = models.DateField(null=True)
    insurance_until = models.DateField(null=True)
    rank = models.IntegerField(null=True)

    class Meta(Sourced.Meta):
        db_table = "ledger_collateral"


class SideFact(Sourced):
    """A fact kept for the rooms that use it: transactions, contact history,
    consents, person flags, costs, statements. `content` holds the typed row."""

    table = models.CharField(max_length=40)
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT)
    loan = models.ForeignKey(Loan, null=True, on_delete=models.PROTECT)
    on_date = models.DateField()
    content = models.JSONField()

    class Meta:
        db_table = "ledger_side_fact"
        indexes = (models.Index(fields=("table", "customer", "on_date")),)
        constraints = (
            models.UniqueConstraint(
                fields=("table", "source", "external_id"), name="sidefact_source_id"
            ),
        )


class Change(models.Model):
    """A note to the night: facts changed that were true from `happened_on` on.

    The day-end that took it in sets `consumed_by`; one reported after its date
    was closed makes the night run again from that date. `settled_to`: see `settling`.
    """

    happened_on = models.DateField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    loan_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    consumed_by = models.BigIntegerField(null=True)
    settled_to = models.BigIntegerField(null=True)

    class Meta:
        db_table = "ledger_change"
        indexes = (
            models.Index(
                fields=("happened_on",),
                condition=Q(consumed_by=None),
                name="change_waiting",
            ),
        )


class Position(models.Model):
    """The current position of a loan (columns: daihou.tables.positions).

    Written by the day-end for the whole book and by a posted payment for one
    loan; `changed_on` is the business date since which the row reads like this.
    """

    # Derived for the whole book at once: checking a million keys one by one would
    # cost the night more than the mathematics.
    loan = models.OneToOneField(
        Loan, primary_key=True, on_delete=models.PROTECT, db_constraint=False
    )
    changed_on = models.DateField()
    dpd = models.IntegerField()
    bucket = models.CharField(max_length=12)
    asset_class = models.CharField(max_length=20, null=True)
    class_rule = models.CharField(max_length=40, null=True)
    overdue_principal = models.BigIntegerField()
    overdue_interest = models.BigIntegerField()
    overdue_fee = models.BigIntegerField()
    overdue_penalty = models.BigIntegerField()
    overdue_compound = models.BigIntegerField()
    overdue_total = models.BigIntegerField()
    overdue_loan_balance = models.BigIntegerField()
    oldest_unpaid_due_on = models.DateField(null=True)
    next_due_on = models.DateField(null=True)
    next_due_amount = models.BigIntegerField()
    outstanding_principal = models.BigIntegerField()
    outstanding_total = models.BigIntegerField()
    unapplied_credit = models.BigIntegerField()
    times_late = models.IntegerField()
    worst_dpd = models.IntegerField()
    late_instalments = models.IntegerField()
    status = models.CharField(max_length=20)
    dpd_method = models.CharField(max_length=40)
    over_cap = models.BigIntegerField()
    non_accrual_since = models.DateField(null=True)

    class Meta:
        db_table = "ledger_position"
        indexes = (
            models.Index(
                fields=("-overdue_total",), condition=Q(dpd__gt=0), name="position_late"
            ),
        )
