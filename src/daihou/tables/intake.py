"""The data contract of intake: every table's columns, their kinds and choices."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Column:
    """One column of an intake table.

    `kind` is one of id, text, enum, date, instant, money (decimal major units),
    rate (decimal share, 0.144 = 14.4 %), decimal, integer, flag, json.
    `refers_to` names the table whose id it must find.
    """

    name: str
    kind: str
    required: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""
    personal: bool = False


def _columns(text: str) -> tuple[Column, ...]:
    return tuple(_column(word) for line in text.split("\n") for word in line.split())


def _column(word: str) -> Column:
    """Read `name*:kind(a|b)->table!`; * required, ! personal data."""
    head, _, refers_to = word.partition("->")
    personal = refers_to.endswith("!") or head.endswith("!")
    head, refers_to = head.rstrip("!"), refers_to.rstrip("!")
    name, _, kind = head.partition(":")
    kind, _, choices = kind.rstrip(")").partition("(")
    return Column(
        name=name.rstrip("*"),
        kind=kind or "text",
        required=name.endswith("*"),
        choices=tuple(choices.split("|")) if choices else (),
        refers_to=refers_to,
        personal=personal,
    )


METHODS = "equal_instalment|equal_principal|interest_only|bullet|flat|custom|statement"
ROLES = (
    "borrower|co_borrower|guarantor|spouse|contact_person|legal_representative|"
    "actual_controller|authorised_representative"
)

# table -> columns, in the order in which tables are taken in
TABLES: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "customers": _columns(
            "customer_id*:id kind*:enum(person|organisation) name*:text! id_type:text "
            "id_no:text! birth_on:date! gender:enum(male|female|unknown) region:text "
            "address:text! employer:text! industry:text annual_income:money "
            "language:text"
        ),
        "contact_points": _columns(
            "customer_id*:id->customers "
            "kind*:enum(mobile|phone|email|address|wechat) value*:text! "
            "owner_role:enum(self|" + ROLES + ") verified_on:date"
        ),
        "loans": _columns(
            "loan_id*:id customer_id*:id->customers product*:text currency*:text "
            "principal*:money annual_rate*:rate method*:enum(" + METHODS + ") "
            "periods*:integer period_unit*:enum(days|weeks|months) disbursed_on*:date "
            "first_due_on*:date maturity_on:date branch:text officer:text channel:text "
            "funder:text purpose:text guarantee_kind:text licence:text "
            "penalty_multiplier:decimal instalment_amount:money "
            "status*:enum(active|settled|written_off|transferred) closed_on:date"
        ),
        "instalments": _columns(
            "loan_id*:id->loans seq*:integer version:integer effective_on:date "
            "due_on*:date principal*:money interest*:money fee:money "
            "paid_principal:money paid_interest:money paid_fee:money "
            "paid_penalty:money settled_on:date"
        ),
        "payments": _columns(
            "payment_id*:id loan_id*:id->loans paid_on*:date amount*:money "
            "recorded_at:instant channel:text payer:text! "
            "kind:enum(payment|chargeback|refund|recovery|reversal) reversal_of:id "
            "principal:money interest:money fee:money penalty:money"
        ),
        "charges": _columns(
            "charge_id*:id loan_id*:id->loans kind*:text due_on*:date amount*:money"
        ),
        "parties": _columns(
            "loan_id*:id->loans customer_id*:id->customers role*:enum(" + ROLES + ") "
            "liability:text guarantee_kind:text guarantee_until:date"
        ),
        "collateral": _columns(
            "collateral_id*:id loan_id*:id->loans kind*:text owner:text! value*:money "
            "valued_on:date registration_no:text registration_until:date "
            "insurance_until:date rank:integer"
        ),
        "transactions": _columns(
            "customer_id*:id->customers at*:instant amount*:money "
            "direction:enum(in|out) counterparty:text! kind:text balance:money"
        ),
        "contact_history": _columns(
            "customer_id*:id->customers contact_point:text! at*:instant channel*:text "
            "actor:text connected:flag result:text loan_id:id->loans"
        ),
        "consents": _columns(
            "customer_id*:id->customers kind*:text channel:text given_at*:instant "
            "withdrawn_at:instant evidence:text"
        ),
        "person_flags": _columns(
            "customer_id*:id->customers flag*:text from_on*:date until_on:date "
            "evidence:text"
        ),
        "costs": _columns(
            "kind*:text amount*:money period_start*:date period_end*:date branch:text "
            "team:text loan_id:id->loans"
        ),
        "statements": _columns(
            "customer_id*:id->customers period_end*:date assets:money "
            "liabilities:money revenue:money profit:money operating_cash_flow:money"
        ),
        "receipts": _columns(
            "receipt_id*:id received_on*:date amount*:money currency*:text payer:text! "
            "payer_account:text! channel:text remark:text! branch:text"
        ),
    }
)

# The columns by which a row is known again; sending the same key changed is a
# new version of that row.
KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "customers": ("customer_id",),
        "contact_points": ("customer_id", "kind", "value"),
        "loans": ("loan_id",),
        "instalments": ("loan_id", "version", "seq"),
        "payments": ("payment_id",),
        "charges": ("charge_id",),
        "parties": ("loan_id", "customer_id", "role"),
        "collateral": ("collateral_id",),
        "transactions": ("customer_id", "at", "amount", "direction", "kind"),
        "contact_history": ("customer_id", "contact_point", "at", "channel"),
        "consents": ("customer_id", "kind", "channel", "given_at"),
        "person_flags": ("customer_id", "flag", "from_on"),
        "costs": ("kind", "period_start", "period_end", "branch", "team", "loan_id"),
        "statements": ("customer_id", "period_end"),
        "receipts": ("receipt_id",),
    }
)
