"""What collecting cost, as the sender reported it (table `costs`)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import BigIntegerField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import SideFact

_YEAR = timedelta(days=365)


def costs_of_years(*, until: Sequence[date], scope: Scope) -> Mapping[date, int]:
    """Costs, in minor units, of the periods that ended in the 365 days to each day.

    Of the branches of the scope only, and of its products and officers where it names
    some: a cost that does not say its own is not shown then. A day for whose year
    nothing was reported is left out: that is not zero. One query.
    """
    if not until:
        return {}
    rows = SideFact.objects.filter(
        table="costs", on_date__gt=min(until) - _YEAR, on_date__lte=max(until)
    )
    rows = scope.limit(rows, by="content__branch")
    amount = Cast(KeyTextTransform("amount", "content"), BigIntegerField())
    told = dict(rows.order_by().values_list("on_date").annotate(total=Sum(amount)))
    return {
        day: sum(ours)
        for day in until
        if (ours := [n for on, n in told.items() if day - _YEAR < on <= day])
    }
