"""Where each contract table goes in the ledger, column by column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_SIDE_DATES = {
    "transactions": "(s.at AT TIME ZONE {zone})::date",
    "contact_history": "(s.at AT TIME ZONE {zone})::date",
    "consents": "(s.given_at AT TIME ZONE {zone})::date",
    "person_flags": "s.from_on",
    "costs": "s.period_end",
    "statements": "s.period_end",
}


@dataclass(frozen=True)
class Target:
    """Where a contract table goes: text columns are '' when empty, others null."""

    db_table: str
    text: str = ""
    plain: str = ""
    refs: str = ""
    computed: Mapping[str, str] = field(default_factory=dict)
    happened: str = ""

    @property
    def columns(self) -> list[str]:
        """The columns of the ledger's table that a row fills."""
        refs = [f"{name.rstrip('?')}_id" for name in self.refs.split()]
        return refs + self.text.split() + self.plain.split() + list(self.computed)


_NO_SPLIT = "num_nonnulls(s.principal, s.interest, s.fee, s.penalty) = 0"
_SPLIT = (
    "jsonb_strip_nulls(jsonb_build_object('principal', s.principal, 'interest',"
    " s.interest, 'fee', s.fee, 'penalty', s.penalty))"
)
TARGETS: Mapping[str, Target] = {
    "customers": Target(
        "ledger_customer",
        text="kind name id_type id_no id_no_digest id_no_tail gender region address"
        " employer industry language",
        plain="birth_on annual_income",
        computed={"erased_on": "NULL::date"},  # who is sent again is here again
    ),
    "contact_points": Target(
        "ledger_contact_point",
        refs="customer",
        text="kind value value_digest value_tail owner_role",
        plain="verified_on",
    ),
    "loans": Target(
        "ledger_loan",
        refs="customer",
        text="product currency method period_unit branch officer channel funder purpose"
        " guarantee_kind licence status",
        plain="principal annual_rate periods disbursed_on first_due_on maturity_on"
        " penalty_multiplier instalment_amount closed_on",
        happened="disbursed_on",
    ),
    "payments": Target(
        "ledger_payment",
        refs="loan",
        text="channel payer",
        plain="paid_on",
        computed={
            "recorded_at": "coalesce(s.recorded_at, {at})",
            "kind": "coalesce(s.kind, CASE WHEN s.reversal_of IS NULL THEN 'payment'"
            " ELSE 'reversal' END)",
            "amount": "CASE WHEN s.reversal_of IS NOT NULL OR s.kind IN"
            " ('chargeback', 'refund', 'reversal') THEN -s.amount ELSE s.amount END",
            "split": f"CASE WHEN {_NO_SPLIT} THEN NULL ELSE {_SPLIT} END",
        },
        happened="paid_on",
    ),
    "receipts": Target(
        "ledger_receipt",
        text="payer payer_account payer_account_digest channel remark branch currency",
        plain="received_on amount",
        computed={"recorded_at": "{at}::timestamptz", "recorded_by": "'intake'"},
    ),
    "parties": Target(
        "ledger_party",
        refs="loan customer",
        text="role liability guarantee_kind",
        plain="guarantee_until",
    ),
    "collateral": Target(
        "ledger_collateral",
        refs="loan",
        text="kind owner registration_no",
        plain="value valued_on registration_until insurance_until rank",
    ),
    **{
        name: Target(
            "ledger_side_fact",
            refs="customer? loan?",
            computed={
                '"table"': f"'{name}'",
                "on_date": on,
                "content": "jsonb_strip_nulls(to_jsonb(s)) - 'sent_file'"
                " - 'contact_point_exact' - 'contact_point_tail'",
            },
        )
        for name, on in _SIDE_DATES.items()
    },
}
ID_COLUMNS = {
    "customers": "customer_id",
    "loans": "loan_id",
    "payments": "payment_id",
    "collateral": "collateral_id",
    "receipts": "receipt_id",
}
