"""Which branches' loans a person may see: one value, applied in one place."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Scope:
    """All branches (`branches` is None) or only those named; an empty set is none."""

    branches: frozenset[str] | None

    @property
    def everything(self) -> bool:
        """Whether nothing is hidden."""
        return self.branches is None

    def allows(self, branch: str) -> bool:
        """Whether rows of this branch may be seen."""
        return self.branches is None or branch in self.branches

    def limit(self, rows: "QuerySet[M]", *, by: str = "branch") -> "QuerySet[M]":
        """Keep of `rows` those whose branch code, at the field path `by`, is ours."""
        if self.branches is None:
            return rows
        if not self.branches:
            return rows.none()
        return rows.filter(Q(**{f"{by}__in": sorted(self.branches)}))


EVERYTHING = Scope(branches=None)
NOTHING = Scope(branches=frozenset())


def branches(*codes: str) -> Scope:
    """The scope of these branches alone."""
    return Scope(branches=frozenset(codes))
