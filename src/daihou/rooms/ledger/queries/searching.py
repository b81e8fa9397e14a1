"""What the search of the top bar finds while somebody types, in groups."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet

from daihou.kit import masking
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Loan
from daihou.rooms.ledger.queries import personal, seen
from daihou.rooms.ledger.queries.seen import Bytewise

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
    document number; at most `limit` of each, five queries at most, no value opened.
    """
    text = text.replace("\x00", "").strip()
    if not text:
        return ()
    ways: list[tuple[str, Callable[[], list[Hit]]]] = [
        ("loan", lambda: _loans(by_number(text, scope=scope), limit)),
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


def by_number(text: str, *, scope: Scope) -> "QuerySet[Loan]":
    """Loans whose number begins so, in the order of the numbers."""
    rows = seen.loans(scope).filter(external_id__startswith=text)
    return rows.order_by(Bytewise(F("external_id")))


def by_owner(text: str, *, scope: Scope) -> tuple["QuerySet[Loan]", ...]:
    """Loans whose borrower's name begins so, then those whose borrower's number does;
    in that order, so that the first few of a hundred thousand are read alone."""
    return tuple(
        seen.loans(scope)
        .filter(**{f"customer__{name}__startswith": text})
        .order_by(Bytewise(F(f"customer__{name}")), "customer_id", "external_id")
        for name in ("name", "external_id")
    )


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
    ours = seen.loans(scope).order_by("external_id")
    return {
        kind: ours.filter(customer_id__in=look(digits, kind=kind))
        for kind in ("phone", "id_no")
    }


def _loans(rows: "QuerySet[Loan]", limit: int) -> list[Hit]:
    found = rows.values_list(*_LOAN)[: limit + 1]
    return [
        Hit(customer, loan, number, masking.name(name), branch, status, dpd or 0)
        for customer, loan, number, name, branch, status, dpd in found
    ]


def _customers(text: str, scope: Scope, limit: int) -> list[Hit]:
    """Customers with a loan or a part in one, of the scope: by name, then by number."""
    found: dict[int, Hit] = {}
    for by in ("name", "external_id"):
        rows = seen.customers(scope).filter(**{f"{by}__startswith": text})
        rows = rows.order_by(Bytewise(F(by)), "pk")
        for pk, number, name, kind in rows.values_list(
            "pk", "external_id", "name", "kind"
        )[: limit + 1]:
            hidden = masking.name(name, kind=kind)
            found.setdefault(pk, Hit(pk, None, number, hidden, "", "", 0))
    return [*found.values()][: limit + 1]
