"""The one place where a data scope meets the ledger: every query starts here."""

from collections.abc import Iterable

from django.db.models import OrderBy, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Customer, Loan, Party


class Bytewise(OrderBy):
    """The order of the indexes that find beginnings: the first rows cost as many."""

    # Django looks for the word of the direction; PostgreSQL takes the operator alone.
    template = "%(expression)s USING ~<~ /* %(ordering)s */"


def loans(scope: Scope, *, ids: Iterable[int] | None = None) -> "QuerySet[Loan]":
    """The loans of the scope; of those, only the ones named by `ids` if given.

    `ids` go to the database as one array, so a hundred thousand are no trouble.
    """
    rows = scope.limit(Loan.objects.all(), by="branch")
    if ids is None:
        return rows
    # A number too large for the database names no loan.
    wanted = [loan_id for loan_id in map(int, ids) if 0 < loan_id < 2**63]
    return rows.filter(pk__in=RawSQL("select unnest(%s::bigint[])", [wanted]))


def customers(scope: Scope) -> "QuerySet[Customer]":
    """The customers with a loan, or a part in a loan, of the scope."""
    if scope.everything:
        return Customer.objects.all()
    ours = scope.limit(Loan.objects.filter(customer=OuterRef("pk")), by="branch")
    parts = Party.objects.filter(customer=OuterRef("pk"))
    theirs = scope.limit(parts, by="loan__branch")
    # As values, not as EXISTS: that is looked up one by one, where PostgreSQL would
    # else gather half the book before it shows six customers.
    return Customer.objects.alias(
        by_own=Subquery(ours.values(yes=Value(True))[:1]),  # noqa: FBT003
        by_part=Subquery(theirs.values(yes=Value(True))[:1]),  # noqa: FBT003
    ).filter(Q(by_own=True) | Q(by_part=True))


def no_such_loan(loan: int | str) -> NotFound:
    """The refusal for a loan that is not there, or not for these eyes."""
    return NotFound(
        "loan_unknown",
        _(
            "There is no loan %(loan)s among those you may see. Check the number, or "
            "ask the branch that keeps it."
        )
        % {"loan": loan},
        loan=loan,
    )
