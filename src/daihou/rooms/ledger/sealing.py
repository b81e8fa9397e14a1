"""Which values of the ledger are sealed, what finds them, and how they are shown.

Documents, addresses and ways to reach somebody are personal; names are not sealed,
because everything is found by them. Custom attributes that look personal are.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from daihou.kit import masking, secret
from daihou.kit.secret_places import Place

ID_NO: Final = "customer.id_no"
ADDRESS: Final = "customer.address"
CONTACT: Final = "contact"
NOTE: Final = "customer.note"
PAYER_ACCOUNT: Final = "receipt.payer_account"
ATTRIBUTE: Final = "attribute"
_log: Final = logging.getLogger("daihou.personal")


@dataclass(frozen=True)
class Field:
    """A personal column of the contract; `index` says as which kind it is found."""

    column: str
    about: str
    index: Callable[[str], str] | None = None


def contact_kind(text: str) -> str:
    """The kind of blind index of a contact point: a number, or anything else."""
    digits = text.isdigit() or secret.normal(text, "phone").isdigit()
    return "phone" if digits else "contact"


FIELDS: Final[Mapping[str, Sequence[Field]]] = {
    "customers": (
        Field("id_no", ID_NO, lambda _text: "id_no"),
        Field("address", ADDRESS),
    ),
    "contact_points": (Field("value", CONTACT, contact_kind),),
    "receipts": (Field("payer_account", PAYER_ACCOUNT, lambda _text: "account"),),
    "contact_history": (Field("contact_point", CONTACT, contact_kind),),
}
# Everything sealed that this room keeps, for whoever turns the keys.
_IN_JSON: Final = {
    "id_no": ID_NO,
    "address": ADDRESS,
    "value": CONTACT,
    "contact_point": CONTACT,
    "payer_account": PAYER_ACCOUNT,
    "*": ATTRIBUTE,
}
PLACES: Final = (
    Place(table="ledger_customer", column="id_no", about=ID_NO),
    Place(table="ledger_customer", column="address", about=ADDRESS),
    Place(table="ledger_contact_point", column="value", about=CONTACT),
    Place(table="ledger_customer_note", column="text", about=NOTE),
    Place(table="ledger_receipt", column="payer_account", about=PAYER_ACCOUNT),
    Place(table="ledger_side_fact", column="content", about=_IN_JSON, kind="json"),
    Place(table="ledger_row_history", column="content", about=_IN_JSON, kind="json"),
    *(
        Place(table=table, column="attributes", about=ATTRIBUTE, kind="json")
        for table in (
            "ledger_customer",
            "ledger_contact_point",
            "ledger_loan",
            "ledger_payment",
            "ledger_party",
            "ledger_collateral",
            "ledger_receipt",
            "ledger_side_fact",
        )
    ),
)


def digest(text: str, kind: str) -> str:
    """The blind index of a whole value (kind: id_no, phone, contact), as searched."""
    return secret.digest(secret.normal(text, kind), kind)


def exact(text: str, about: str) -> str:
    """The blind index of a value as it was sent, to the letter."""
    return secret.digest(text, f"{about}.exact")


def id_columns(number: str) -> dict[str, str]:
    """The columns of a customer that hold a document number."""
    return {
        "id_no": secret.seal(number, about=ID_NO),
        "id_no_digest": digest(number, "id_no"),
        "id_no_tail": secret.tail(number, "id_no"),
    }


def address_columns(text: str) -> dict[str, str]:
    """The column of a customer that holds an address."""
    return {"address": secret.seal(text, about=ADDRESS)}


def contact_columns(text: str) -> dict[str, str]:
    """The columns of a contact point that hold its value."""
    kind = contact_kind(text)
    return {
        "value": secret.seal(text, about=CONTACT),
        "value_digest": digest(text, kind),
        "value_tail": secret.tail(text, kind),
    }


def account_columns(number: str) -> dict[str, str]:
    """The columns of a receipt that hold the payer's account."""
    plain = secret.normal(number, "account")
    return {
        "payer_account": secret.seal(plain, about=PAYER_ACCOUNT),
        "payer_account_digest": digest(plain, "account"),
    }


def masked(sealed: str, *, about: str, kind: str = "") -> str:
    """A sealed value as it may be shown; `kind` is that of a contact point."""
    if not sealed:
        return ""
    try:
        text = secret.open(sealed, about=about)
    except secret.CannotOpen:
        _log.exception("a sealed value does not open")
        return str(gettext("cannot be read"))
    if about == ID_NO:
        return masking.id_no(text)
    if about == ADDRESS:
        return masking.address(text)
    if about == PAYER_ACCOUNT:
        return masking.account(text)
    return masking.contact(kind, text)


def masked_attributes(attributes: Mapping[str, object]) -> dict[str, object]:
    """Custom attributes as they may be shown: the sealed ones masked."""
    return {
        name: masked(value, about=ATTRIBUTE, kind="mobile")
        if isinstance(value, str) and secret.is_sealed(value)
        else value
        for name, value in attributes.items()
    }
