"""The one place where a data scope meets the ledger: every query starts here."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Customer, Loan


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
    ours = scope.limit(Loan.objects.all(), by="branch")
    return Customer.objects.filter(
        pk__in=ours.values("customer_id").union(
            ours.exclude(party=None).values("party__customer_id")
        )
    )


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
