"""The matrix of who may give up how much, row by row in the reader's words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from daihou.engine.commitments.authority import Matrix
from daihou.kit import numbers
from daihou.rooms.people import door as people
from daihou.rooms.relief import words


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the matrix; amounts in minor units, None where nothing limits."""

    id: str
    kinds: str
    components: str
    days: str
    share: str
    amount: int | None
    total: int | None
    pool: int | None
    levels: Sequence[str]


def rows_of(matrix: Matrix) -> Sequence[Row]:
    """Every row in order; the first that fits decides."""
    roles = people.role_names()
    join = "、" if words.language().startswith("zh") else ", "
    return [
        Row(
            id=each.id,
            kinds=join.join(words.kind_word(one) for one in each.kinds),
            components=join.join(words.component_word(one) for one in each.components),
            days=_days(each.dpd_from, each.dpd_to),
            share=_share(each.share),
            amount=each.amount,
            total=each.total,
            pool=each.pool,
            levels=[_role(one, roles) for one in each.levels],
        )
        for each in matrix.rows
    ]


def _role(code: str, roles: Mapping[str, str]) -> str:
    return roles.get(code, code)


def _days(first: int, before: int | None) -> str:
    """Days past due of a row; `before` is the first day that it does not hold for."""
    if before is None:
        return gettext("any") if first == 0 else f"≥ {first}"
    return f"{first}–{before - 1}"


def _share(share: Decimal | None) -> str:
    return "" if share is None else f"{numbers.percent(share, places=0)}%"
