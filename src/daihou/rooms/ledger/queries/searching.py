"""What the search of the top bar finds while somebody types, in groups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from daihou.kit import masking
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Customer, Loan
from daihou.rooms.ledger.queries import personal, seen

TAIL: Final = 4  # digits of a telephone or document number that are looked up
_SHORTEST_WHOLE: Final = 7  # from here on the digits can be a whole number


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: a loan, or a customer (then `loan_id` is None); the name masked."""

    customer_id: int
    loan_id: int | None
    number: str
    name: str
    branch: str
    status: str
    dpd: int


@dataclass(frozen=True, slots=True)
class Group:
    """What was found one way: `loan` `customer` `phone` or `id_no`; `more` is left."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool


_LOAN = (
    "customer_id",
    "pk",
    "external_id",
    "customer__name",
    "branch",
    "status",
    "position__dpd",
)


def find(text: str, *, scope: Scope, limit: int = 5) -> tuple[Group, ...]:
    """Loans by the beginning of their number, customers by that of their name or
    number, and loans of customers by the tail (or the whole) of a telephone or
    document number; at most `limit` of each, four queries at most, no value opened.
    """
    text = text.replace("\x00", "").strip()
    if not text:
        return ()
    ways: list[tuple[str, Callable[[], list[Hit]]]] = [
        ("loan", lambda: _loans(_by_number(text, scope), limit)),
        ("customer", lambda: _customers(text, scope, limit)),
    ]
    ways += [
        (kind, lambda rows=rows: _loans(rows, limit))
        for kind, rows in by_digits(text, scope=scope).items()
    ]
    found = []
    for kind, look in ways:
        hits = look()
        if hits:
            found.append(Group(kind, tuple(hits[:limit]), len(hits) > limit))
    return tuple(found)


def _looks_like_tail(digits: str) -> bool:
    body = digits[:-1] if digits[-1:] in "xX" else digits
    return len(digits) == TAIL and body.isascii() and body.isdigit()


def _looks_whole(digits: str) -> bool:
    body = digits.removeprefix("+")
    body = body[:-1] if body[-1:] in "xX" else body
    return len(digits) >= _SHORTEST_WHOLE and body.isascii() and body.isdigit()


def _by_number(text: str, scope: Scope) -> "QuerySet[Loan]":
    return seen.loans(scope).filter(external_id__startswith=text)


def by_digits(text: str, *, scope: Scope) -> Mapping[str, "QuerySet[Loan]"]:
    """Loans whose customer has a telephone (`phone`) or document number (`id_no`) that
    ends in these four digits or is these; empty when the text is neither."""
    digits = text.replace(" ", "").replace("-", "")
    if _looks_like_tail(digits):
        look = personal.customers_by_tail
    elif _looks_whole(digits):
        look = personal.customers_by_value
    else:
        return {}
    ours = seen.loans(scope)
    return {
        kind: ours.filter(customer_id__in=look(digits, kind=kind))
        for kind in ("phone", "id_no")
    }


def _loans(rows: "QuerySet[Loan]", limit: int) -> list[Hit]:
    found = rows.order_by("external_id").values_list(*_LOAN)[: limit + 1]
    return [
        Hit(customer, loan, number, masking.name(name), branch, status, dpd or 0)
        for customer, loan, number, name, branch, status, dpd in found
    ]


def _customers(text: str, scope: Scope, limit: int) -> list[Hit]:
    """Customers with a loan or a part in one, of the scope, by name or number."""
    named = Customer.objects.filter(name__startswith=text).values("pk")
    numbered = Customer.objects.filter(external_id__startswith=text).values("pk")
    rows = seen.customers(scope).filter(pk__in=named.union(numbered, all=True))
    found = rows.order_by("name", "pk").values_list("pk", "external_id", "name", "kind")
    return [
        Hit(pk, None, number, masking.name(name, kind=kind), "", "", 0)
        for pk, number, name, kind in found[: limit + 1]
    ]
