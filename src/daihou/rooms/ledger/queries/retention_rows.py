"""Which rows of which table are of a class of personal data, as the schedule names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daihou.kit import secret

GONE: Final = "***"  # stands where a name or a text was that may not be empty

# A value is sealed, and so personal, when it reads like this (`secret.is_sealed`).
SEALED_FORM: Final = f"'^{secret.FORM}[.][^.]*[.][^.]*$'"


def _sealed(attributes: str) -> str:
    """A condition: something sealed stands in these; a quick look comes first."""
    return (
        f"({attributes}::text like '%%\"{secret.FORM}.%%' and exists (select from"
        f" jsonb_each_text({attributes}) a where a.value ~ {SEALED_FORM}))"
    )


_SEALED: Final = _sealed("h.attributes")
ATTRIBUTES_THEN: Final = (  # of a former row; there may be none
    "(case when jsonb_typeof(h.content->'attributes') = 'object'"
    " then h.content->'attributes' else '{}'::jsonb end)"
)
# Former content of what is kept for the books: the rows stay, without who it was.
_FORMER: Final = (
    "ledger_row_history h join ledger_loan l on l.id = case when h.\"table\" = 'loan'"
    " then h.row_id else (h.content->>'loan_id')::bigint end"
    " join ended e on e.customer_id = l.customer_id"
    " where h.\"table\" in ('loan', 'payment', 'party', 'collateral')"
    " and (coalesce(h.content->>'payer', '') <> ''"
    " or coalesce(h.content->>'owner', '') <> ''"
    f" or {_sealed(ATTRIBUTES_THEN)}) and e.closed_on <= %s"
)
# A receipt is over when all of it went somewhere, and everybody to whose loans it went
# is nobody's customer any more for as long.
_RECEIPT_OVER: Final = (
    " cross join (select %s::date as last, null::bigint as customer_id) e"
    " where r.state = 'settled' and r.received_on <= e.last and not exists ("
    " select from ledger_receipt_claim c join ledger_receipt_share s"
    " on s.claim_id = c.id join ledger_loan l on l.id = s.loan_id left join ended n"
    " on n.customer_id = l.customer_id and n.closed_on <= e.last"
    " where c.receipt_id = r.id and c.state in ('waiting', 'confirmed')"
    " and n.customer_id is null)"
)
_RECEIPTS: Final = (
    (
        "receipt",
        (
            "ledger_receipt h join ledger_receipt r on r.id = h.id"
            f"{_RECEIPT_OVER} and (h.payer <> '' or h.payer_account <> ''"
            f" or h.remark <> '' or {_SEALED})"
        ),
    ),
    (
        "receipt_claim",
        (
            "ledger_receipt_claim h join ledger_receipt r on r.id = h.receipt_id"
            f"{_RECEIPT_OVER} and (h.evidence <> '{GONE}' or h.note <> '')"
        ),
    ),
    (
        "row_history",
        (
            "ledger_row_history h join ledger_receipt r on r.id = h.row_id"
            f"{_RECEIPT_OVER} and h.\"table\" = 'receipt'"
        ),
    ),
)
# What was proposed for a customer or a loan, and for anything else by its own day.
_PROPOSALS: Final = (
    (
        "proposal",
        (
            "proposed h left join ledger_loan l on h.subject_type = 'loan'"
            " and l.id = h.subject_id::bigint join ended e on e.customer_id = case"
            " when h.subject_type = 'customer' then h.subject_id::bigint"
            " else l.customer_id end where h.subject_type in ('customer', 'loan')"
            " and greatest(e.closed_on, h.closed_on) <= %s"
        ),
    ),
    (
        "proposal",
        (
            "proposed h cross join (select null::bigint as customer_id) e"
            " where h.subject_type not in ('customer', 'loan') and h.closed_on <= %s"
        ),
    ),
)
# Which rows of which table are of a class: `h` the row, `e` the person it is of.
_ROWS: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "identity": (
        (
            "customer",
            (
                "ledger_customer h join ended e on e.customer_id = h.id"
                " where h.erased_on is null and e.closed_on <= %s"
            ),
        ),
        (
            "row_history",
            (
                "ledger_row_history h join ended e on h.row_id = e.customer_id"
                " where h.\"table\" = 'customer' and e.closed_on <= %s"
            ),
        ),
        (
            "payment",
            (
                "ledger_payment h join ledger_loan l on l.id = h.loan_id"
                " join ended e on e.customer_id = l.customer_id"
                f" where (h.payer <> '' or {_SEALED}) and e.closed_on <= %s"
            ),
        ),
        (
            "loan",
            (
                "ledger_loan h join ended e on e.customer_id = h.customer_id"
                f" where {_SEALED} and e.closed_on <= %s"
            ),
        ),
        (
            "party",
            (
                "ledger_party h join ended e on e.customer_id = h.customer_id"
                f" where {_SEALED} and e.closed_on <= %s"
            ),
        ),
        (
            "collateral",
            (
                "ledger_collateral h join ledger_loan l on l.id = h.loan_id"
                " join ended e on e.customer_id = l.customer_id"
                f" where (h.owner <> '' or {_SEALED}) and e.closed_on <= %s"
            ),
        ),
        ("former_row", _FORMER),
    ),
    "contact_points": (
        (
            "contact_point",
            (
                "ledger_contact_point h join ended e on e.customer_id = h.customer_id"
                " where e.closed_on <= %s"
            ),
        ),
        (
            "row_history",
            (
                "ledger_row_history h join ended e"
                " on (h.content->>'customer_id')::bigint = e.customer_id"
                " where h.\"table\" = 'contact_point' and e.closed_on <= %s"
            ),
        ),
    ),
}
_BY_RECORD: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "receipts": _RECEIPTS,
    "proposals": _PROPOSALS,
}
# What our own people wrote about a customer is of the same class as the contacts.
_NOTES: Final = (
    "customer_note",
    (
        "ledger_customer_note h join ended e on e.customer_id = h.customer_id"
        " where greatest(e.closed_on, (h.written_at at time zone 'UTC')::date) <= %s"
    ),
)
_OF_SIDE_FACTS: Final = (
    "contact_history",
    "consents",
    "person_flags",
    "transactions",
    "statements",
)
_SIDE_FACTS: Final = (
    (
        "side_fact",
        (
            "ledger_side_fact h join ended e on e.customer_id = h.customer_id"
            " where h.\"table\" = '{name}' and {clock} <= %s"
        ),
    ),
    (
        "row_history",
        (
            "ledger_row_history h join ended e"
            " on (h.content->>'customer_id')::bigint = e.customer_id"
            " where h.\"table\" = 'side_fact' and h.content->>'table' = '{name}'"
            " and {history} <= %s"
        ),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """Rows of a later room that are of a class; `h` in its SQL is the row.

    `table` has the column `id`; `whose` is the customer's number, `on` the day,
    `where` which rows there are besides. `empty` sets the columns that go; without it
    the row goes. `triggers` are set aside meanwhile (`label.Model:name`).
    """

    data_class: str
    table: str
    on: str
    where: str = "true"
    empty: str = ""
    triggers: tuple[str, ...] = ()
    whose: str = "h.customer_id"


_theirs: dict[str, Theirs] = {}


def register_rows(rows: Theirs) -> None:
    """Name the rows of a table that are kept by the schedule; again replaces it."""
    _theirs[rows.table] = rows


def theirs() -> Sequence[Theirs]:
    """Every table of a later room, in the order in which they were named."""
    return tuple(_theirs.values())


def rows_of(data_class: str, clock: str) -> Sequence[tuple[str, str]]:
    """Each table with the rows of it that are of a class; one `%s` is the last day."""
    return [*_own(data_class, clock), *_of_later_rooms(data_class, clock)]


def _of_later_rooms(data_class: str, clock: str) -> Sequence[tuple[str, str]]:
    return [
        (
            each.table,
            f"{each.table} h join ended e on e.customer_id = {each.whose}"
            f" where {each.where} and "
            + (
                f"greatest(e.closed_on, {each.on})"
                if clock == "record"
                else "e.closed_on"
            )
            + " <= %s",
        )
        for each in theirs()
        if each.data_class == data_class
    ]


def _own(data_class: str, clock: str) -> Sequence[tuple[str, str]]:
    if data_class in _OF_SIDE_FACTS:
        own = clock == "record"
        clocks = {
            "clock": "greatest(e.closed_on, h.on_date)" if own else "e.closed_on",
            "history": "greatest(e.closed_on, (h.content->>'on_date')::date)"
            if own
            else "e.closed_on",
        }
        listed = [
            (table, rows.format(name=data_class, **clocks))
            for table, rows in _SIDE_FACTS
        ]
        return [*listed, _NOTES] if data_class == "contact_history" else listed
    return _ROWS.get(data_class) or _BY_RECORD.get(data_class, ())
