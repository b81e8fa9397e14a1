"""Everything about one customer that stands on their page, beside loans and contacts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daihou.kit import secret
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import (
    Customer,
    CustomerNote,
    Party,
    Payment,
    SideFact,
)
from daihou.rooms.ledger.queries import personal
from daihou.rooms.ledger.queries.customer import CustomerPage, customer_page

PAYMENTS = 10
NOTES = 20


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of the person; `annual_income` in minor units."""

    id_type: str
    birth_on: date | None
    gender: str
    language: str
    annual_income: int | None
    attributes: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Part:
    """A part this customer has in the loan of another."""

    loan_id: int
    number: str
    name: str
    role: str
    liability: str
    until: date | None
    currency: str
    dpd: int | None
    overdue_total: int | None


@dataclass(frozen=True, slots=True)
class Beside:
    """Somebody else who has a part in a loan of this customer."""

    number: str
    customer_id: int
    name: str
    role: str
    liability: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Paid:
    """One payment to a loan of this customer."""

    loan_id: int
    number: str
    paid_on: date
    amount: int
    currency: str
    kind: str
    channel: str
    payer: str
    reversed_on: date | None


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Touch:
    """How one reached them lately: attempts, how many were answered, the last one."""

    attempts: int
    connected: int
    last_on: date | None


@dataclass(frozen=True, slots=True)
class CustomerWhole:
    """A customer with all that the reader may see; minor units."""

    page: CustomerPage
    traits: Traits
    parts: Sequence[Part]
    beside: Sequence[Beside]
    payments: Sequence[Paid]
    payment_count: int
    notes: Sequence[Note]
    flags: Sequence[str]
    touch: Touch
    kept: personal.PersonalNotes


def customer_whole(customer_id: int, *, scope: Scope, on: date) -> CustomerWhole:
    """The whole of a customer on the open day `on`; a dozen queries, or NotFound."""
    page = customer_page(customer_id, scope=scope)
    payments = _payments(page)
    facts = _facts(customer_id)
    return CustomerWhole(
        page=page,
        traits=_traits(customer_id),
        parts=_parts(customer_id, scope),
        beside=_beside(page),
        payments=payments[0],
        payment_count=payments[1],
        notes=_notes(customer_id),
        flags=_flags(facts, on),
        touch=_touch(facts),
        kept=personal.notes_of(customer_id),
    )


def _traits(customer_id: int) -> Traits:
    row = Customer.objects.get(pk=customer_id)
    return Traits(
        id_type=row.id_type,
        birth_on=row.birth_on,
        gender=row.gender,
        language=row.language,
        annual_income=row.annual_income,
        attributes=sealing.masked_attributes(row.attributes),
    )


def _parts(customer_id: int, scope: Scope) -> Sequence[Part]:
    rows = (
        scope.limit(Party.objects.filter(customer_id=customer_id), by="loan__branch")
        .exclude(loan__customer_id=customer_id, role="borrower")
        .order_by("loan__external_id", "pk")
    )
    return [
        Part(*row)
        for row in rows.values_list(
            "loan_id",
            "loan__external_id",
            "loan__customer__name",
            "role",
            "liability",
            "guarantee_until",
            "loan__currency",
            "loan__position__dpd",
            "loan__position__overdue_total",
        )
    ]


def _beside(page: CustomerPage) -> Sequence[Beside]:
    rows = (
        Party.objects.filter(loan_id__in=[loan.loan_id for loan in page.loans])
        .exclude(customer_id=page.customer_id)
        .order_by("loan__external_id", "pk")
    )
    return [
        Beside(*row)
        for row in rows.values_list(
            "loan__external_id",
            "customer_id",
            "customer__name",
            "role",
            "liability",
            "guarantee_until",
        )
    ]


def _payments(page: CustomerPage) -> tuple[Sequence[Paid], int]:
    """The newest payments, and how many there are."""
    loans = {loan.loan_id: loan for loan in page.loans}
    rows = Payment.objects.filter(loan_id__in=list(loans), reversal_of=None)
    newest = rows.order_by("-paid_on", "-pk").values_list(
        "loan_id",
        "paid_on",
        "amount",
        "kind",
        "channel",
        "payer",
        "reversed_by__paid_on",
    )[:PAYMENTS]
    shown = [
        Paid(
            loan_id=row[0],
            number=loans[row[0]].number,
            paid_on=row[1],
            amount=row[2],
            currency=loans[row[0]].currency,
            kind=row[3],
            channel=row[4],
            payer=row[5],
            reversed_on=row[6],
        )
        for row in newest
    ]
    return shown, rows.count() if len(shown) == PAYMENTS else len(shown)


def _notes(customer_id: int) -> Sequence[Note]:
    rows = CustomerNote.objects.filter(customer_id=customer_id).order_by("-pk")
    return [
        Note(secret.open(row.text, about=sealing.NOTE), row.written_by, row.written_at)
        for row in rows[:NOTES]
    ]


def _facts(customer_id: int) -> Sequence[SideFact]:
    """Flags and contacts of the customer, newest first."""
    rows = SideFact.objects.filter(
        customer_id=customer_id, table__in=("person_flags", "contact_history")
    )
    return list(rows.order_by("-on_date", "-pk")[:200])


def _flags(facts: Sequence[SideFact], on: date) -> Sequence[str]:
    """The flags in force on a day."""
    found = []
    for fact in facts:
        if fact.table != "person_flags" or fact.on_date > on:
            continue
        until = fact.content.get("until_on")
        if until is None or date.fromisoformat(str(until)) >= on:
            found.append(str(fact.content.get("flag", "")))
    return list(dict.fromkeys(found))


def _touch(facts: Sequence[SideFact]) -> Touch:
    made = [fact for fact in facts if fact.table == "contact_history"]
    answered = [fact for fact in made if fact.content.get("connected") is True]
    return Touch(
        attempts=len(made),
        connected=len(answered),
        last_on=made[0].on_date if made else None,
    )
