"""Personal data of customers: found without being opened, and opened one at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from daihou.kit import secret
from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import Canary, ContactPoint, Customer, RetentionHold
from daihou.rooms.ledger.queries import seen

_POINT: Final = "contact-"
_ATTRIBUTE: Final = "attribute-"


def customers_by_tail(tail: str, *, kind: str) -> "QuerySet[Customer]":
    """Keys of the customers with a document (`id_no`) or telephone (`phone`) number
    that ends in these four; through an index, whatever the scope."""
    found = secret.tail(tail, kind)
    if not found:
        return Customer.objects.none().values("pk")
    if kind == "id_no":
        return Customer.objects.filter(id_no_tail=found).values("pk")
    points = ContactPoint.objects.filter(value_tail=found).values("customer_id")
    return Customer.objects.filter(pk__in=points).values("pk")


def customers_by_value(text: str, *, kind: str) -> "QuerySet[Customer]":
    """Keys of the customers with this very document or telephone number, however it
    is written; through an index, whatever the scope."""
    found = sealing.digest(text, kind)
    if not found:
        return Customer.objects.none().values("pk")
    if kind == "id_no":
        return Customer.objects.filter(id_no_digest=found).values("pk")
    points = ContactPoint.objects.filter(value_digest=found).values("customer_id")
    return Customer.objects.filter(pk__in=points).values("pk")


@dataclass(frozen=True, slots=True)
class Value:
    """One personal value, still sealed; `kind` is that of a contact point."""

    customer_id: int
    field: str
    kind: str
    about: str
    sealed: str

    @property
    def masked(self) -> str:
        """As it may be shown."""
        return sealing.masked(self.sealed, about=self.about, kind=self.kind)

    def open(self) -> str:
        """The whole of it: for a reveal, and nothing else."""
        return secret.open(self.sealed, about=self.about)


def value_of(customer_id: int, field: str, *, scope: Scope) -> Value:
    """A value by its name: id_no, address, contact-<number>, attribute-<name>.

    NotFound outside the scope, and where there is no such value.
    """
    row = seen.customers(scope).filter(pk=customer_id).first()
    if row is not None:
        found = _value(row, field)
        if found is not None and found.sealed:
            return found
    raise NotFound(
        "personal_unknown",
        _("There is no such value of a customer among those you may see."),
        customer=customer_id,
    )


def _value(row: Customer, field: str) -> Value | None:
    if field == "id_no":
        return Value(row.pk, field, "", sealing.ID_NO, row.id_no)
    if field == "address":
        return Value(row.pk, field, "", sealing.ADDRESS, row.address)
    if field.startswith(_ATTRIBUTE):
        held = row.attributes.get(field.removeprefix(_ATTRIBUTE))
        if isinstance(held, str) and secret.is_sealed(held):
            return Value(row.pk, field, "mobile", sealing.ATTRIBUTE, held)
        return None
    number = field.removeprefix(_POINT)
    if not field.startswith(_POINT) or not number.isdecimal() or len(number) > 18:
        return None
    point = ContactPoint.objects.filter(customer_id=row.pk, pk=int(number)).first()
    if point is None:
        return None
    return Value(row.pk, field, point.kind, sealing.CONTACT, point.value)


def field_of_point(point_id: int) -> str:
    """The name under which `value_of` finds a contact point."""
    return f"{_POINT}{point_id}"


def canaries_among(
    *, customers: "QuerySet[Customer] | None" = None, loans: object = None
) -> dict[int, str]:
    """The canaries among these customers, or the borrowers of these loans: id, name."""
    live = Canary.objects.filter(ended_at=None)
    if customers is not None:
        live = live.filter(customer__in=customers)
    if loans is not None:
        live = live.filter(customer__loan__in=loans)
    rows = live.values_list("customer_id", "customer__external_id").distinct()
    return dict(rows)


def standing_holds(customer_id: int) -> tuple[str, ...]:
    """Why nothing of this customer may be removed: the reasons of holds that stand."""
    theirs = Q(customer_id=customer_id) | Q(loan__customer_id=customer_id)
    theirs |= Q(loan__party__customer_id=customer_id)
    rows = RetentionHold.objects.filter(theirs, lifted_at=None).order_by("pk")
    return tuple(dict.fromkeys(rows.values_list("reason", flat=True)))


@dataclass(frozen=True, slots=True)
class PersonalNotes:
    """What the page of a customer says beside the data: holds, and when it went."""

    holds: tuple[str, ...]
    erased_on: date | None


def notes_of(customer_id: int) -> PersonalNotes:
    """Two queries."""
    erased = Customer.objects.filter(pk=customer_id).values_list("erased_on", flat=True)
    return PersonalNotes(standing_holds(customer_id), erased.first())
