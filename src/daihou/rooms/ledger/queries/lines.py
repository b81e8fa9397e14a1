"""Loans as lists name them: words in bulk, search, and what filters can choose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound, Refused
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Loan, Payment
from daihou.rooms.ledger.queries import searching, seen
from daihou.rooms.ledger.queries.attributes import loans_with


def payment_id_of(external_id: str, *, source: str) -> int:
    """Our number of the payment with this id at its source, or NotFound."""
    found = Payment.objects.filter(source=source, external_id=external_id)
    number: int | None = found.values_list("pk", flat=True).first()
    if number is None:
        raise NotFound(
            "payment_unknown",
            _("%(source)s has sent no payment %(id)s. Check the id and the source.")
            % {"source": source, "id": external_id},
        )
    return number


@dataclass(frozen=True, slots=True)
class LoanLine:
    """One loan as lists name it; `number` is the sender's own id."""

    loan_id: int
    number: str
    name: str
    product: str
    branch: str
    officer: str
    first_due_on: date
    currency: str


_LINE = [
    "pk",
    "external_id",
    "customer__name",
    "product",
    "branch",
    "officer",
    "first_due_on",
    "currency",
]


def lines_of(loan_ids: Iterable[int], *, scope: Scope) -> Mapping[int, LoanLine]:
    """The lines of these loans by id, one query; those outside `scope` are left out."""
    wanted = list(loan_ids)
    if not wanted:
        return {}
    rows = seen.loans(scope, ids=wanted).values_list(*_LINE)
    return {row[0]: LoanLine(*row) for row in rows}


def loan_id_of(number: str, *, source: str = "", scope: Scope) -> int:
    """The loan with this number at its sender, or NotFound.

    `source` is needed only where two senders use the same number; without it such
    a number is refused as `loan_number_shared`.
    """
    rows = seen.loans(scope).filter(external_id=number)
    if source:
        rows = rows.filter(source=source)
    found = list(rows.order_by("source").values_list("pk", "source"))
    if not found:
        raise seen.no_such_loan(number)
    if len(found) > 1:
        sources = ", ".join(sender for _pk, sender in found)
        raise Refused(
            "loan_number_shared",
            _("More than one source has a loan %(loan)s: %(sources)s. Say which.")
            % {"loan": number, "sources": sources},
        )
    return int(found[0][0])


@dataclass(frozen=True, slots=True)
class Found:
    """One loan a search found, with how it stands; no document numbers."""

    loan_id: int
    number: str
    name: str
    product: str
    branch: str
    status: str
    currency: str
    bucket: str | None
    dpd: int | None
    overdue_total: int | None


_FOUND = [
    "pk",
    "external_id",
    "customer__name",
    "product",
    "branch",
    "status",
    "currency",
    "position__bucket",
    "position__dpd",
    "position__overdue_total",
]


def search(text: str, *, scope: Scope, limit: int = 20) -> tuple[Found, ...]:
    """Loans whose number, or whose customer's name or number, begins with `text`.

    Three queries, each through an index; numbers before names. Four digits, or enough
    for a whole number, are looked for in telephone and document numbers as well.
    `name=value` finds loans by a custom attribute instead, their own or their
    customer's.
    """
    text = text.replace("\x00", "").strip()  # no text in PostgreSQL holds it
    if not text:
        return ()
    name, is_attribute, value = text.partition("=")
    if is_attribute:
        carrying = loans_with(name, value, scope=scope).order_by("external_id")
        return tuple(Found(*row) for row in carrying.values_list(*_FOUND)[:limit])
    found: dict[Found, None] = {}
    for rows in (
        searching.by_number(text, scope=scope),
        *searching.by_owner(text, scope=scope),
        *searching.by_digits(text, scope=scope).values(),
    ):
        if len(found) < limit:
            lines = rows.values_list(*_FOUND)[:limit]
            found |= dict.fromkeys(Found(*row) for row in lines)
    return tuple(found)[:limit]


def choices(scope: Scope) -> Mapping[str, Sequence[str]]:
    """The products, branches and officers that loans of the scope carry."""
    ours = seen.loans(scope)
    return {
        name: list(
            ours.exclude(**{name: ""})
            .order_by(name)
            .values_list(name, flat=True)
            .distinct()
        )
        for name in ("product", "branch", "officer")
    }


def is_empty() -> bool:
    """Whether no loan was ever taken in."""
    return not Loan.objects.exists()
