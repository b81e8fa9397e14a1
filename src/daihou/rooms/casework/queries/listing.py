"""The list of cases: narrowed, in order, a page at a time; never counted whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import F, OrderBy, Q

from daihou.kit.scope import Scope
from daihou.rooms.casework.models import Case, CaseLoan
from daihou.rooms.casework.queries.cases import CaseLine, line
from daihou.rooms.casework.states import Lifecycle

SIZE: Final = 50
SORTS: Final[Mapping[str, tuple[OrderBy, ...]]] = {
    "overdue": (F("overdue_total").desc(), F("pk").desc()),
    "dpd": (F("dpd").desc(), F("overdue_total").desc(), F("pk").desc()),
    "value": (F("expected_value").desc(), F("pk").desc()),
    "worked": (F("last_worked_at").asc(nulls_first=True), F("pk").asc()),
    "opened": (F("opened_on").desc(), F("pk").desc()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What of the cases is asked for; empty narrows nothing."""

    state: str = "open"
    queue: str = ""
    collector: str = ""
    delinquency: str = ""
    resolution: str = ""
    number: str = ""
    loans: Sequence[int] | None = None
    sort: str = "overdue"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, and whether there are more behind them."""

    lines: Sequence[CaseLine]
    more: bool


def page(wish: Wish, *, scope: Scope) -> Page:
    """One page of the cases a reader may see."""
    rows = scope.limit(Case.objects.filter(_state(wish.state)))
    same = {
        "queue": wish.queue,
        "delinquency": wish.delinquency,
        "resolution": wish.resolution,
    }
    rows = rows.filter(**{name: value for name, value in same.items() if value})
    if wish.collector == "-":
        rows = rows.filter(collector="")
    elif wish.collector:
        who = wish.collector
        rows = rows.filter(Q(cover=who) | Q(collector=who, cover=""))
    if wish.number:
        rows = rows.filter(number__startswith=wish.number)
    if wish.loans is not None:
        mine = CaseLoan.objects.filter(loan_id__in=list(wish.loans))
        rows = rows.filter(pk__in=mine.values("case_id"))
    start = (wish.page - 1) * SIZE
    ordered = rows.order_by(*SORTS.get(wish.sort, SORTS["overdue"]))
    found = list(ordered[start : start + SIZE + 1])
    return Page([line(row) for row in found[:SIZE]], len(found) > SIZE)


def _state(state: str) -> Q:
    if state == "held":
        return Q(lifecycle=Lifecycle.OPEN.value, held=True)
    if state in set(Lifecycle):
        return Q(lifecycle=state)
    return Q()


def some(ids: Iterable[int], *, scope: Scope) -> Sequence[CaseLine]:
    """These cases, those of the scope alone, by number."""
    rows = scope.limit(Case.objects.filter(pk__in=list(ids)[:2_000]))
    return [line(row) for row in rows.order_by("pk")]
