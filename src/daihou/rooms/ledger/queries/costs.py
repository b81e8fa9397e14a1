"""What collecting cost, as the sender reported it (table `costs`)."""

from datetime import date, timedelta

from django.db.models import BigIntegerField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import SideFact

_YEAR = timedelta(days=365)


def cost_of_year(*, until: date, scope: Scope) -> int | None:
    """Costs, in minor units, of the periods that ended in the 365 days to `until`.

    Of the branches of the scope only, and of its products and officers where it names
    some: a cost that does not say its own is not shown then. None where nothing was
    reported: that is not zero. One query.
    """
    rows = SideFact.objects.filter(
        table="costs", on_date__gt=until - _YEAR, on_date__lte=until
    )
    rows = scope.limit(rows, by="content__branch")
    amount = Cast(KeyTextTransform("amount", "content"), BigIntegerField())
    total: int | None = rows.aggregate(total=Sum(amount))["total"]
    return total
