"""Which loans a person may see: one value, applied in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class Scope:
    """Loans whose branch, product and officer are among those named.

    None names all of its kind, an empty set none. A loan is seen when all three fit,
    or when one of `also` sees it: a cover sees what the absent one sees besides their
    own. Loans carry the code of a branch, of a product and the login of an officer.
    """

    branches: Words | None
    products: Words | None = None
    officers: Words | None = None
    also: tuple["Scope", ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is hidden."""
        return self._open or any(each.everything for each in self.also)

    @property
    def nothing(self) -> bool:
        """Whether nothing can be seen, whatever the loans are."""
        return self._shut and all(each.nothing for each in self.also)

    @property
    def _open(self) -> bool:
        return self.branches is None and self.products is None and self.officers is None

    @property
    def _shut(self) -> bool:
        return any(
            words is not None and not words
            for words in (self.branches, self.products, self.officers)
        )

    @property
    def ways(self) -> tuple["Scope", ...]:
        """The single ways to be seen, each without `also`; none where all are shut."""
        inner = [way for each in self.also for way in each.ways]
        return tuple(
            dict.fromkeys(
                ([] if self._shut else [replace(self, also=())]) + inner,
            )
        )

    def with_also(self, *others: "Scope") -> "Scope":
        """This scope and those of others: seen by any is seen."""
        return replace(self, also=(*self.also, *others)) if others else self

    def allows(
        self, branch: str, *, product: str | None = None, officer: str | None = None
    ) -> bool:
        """Whether a row of this branch, product and officer may be seen.

        What is not told (None) is not among those named, so a scope by product hides
        a row whose product nobody told.
        """
        return any(
            _fits(way.branches, branch)
            and _fits(way.products, product)
            and _fits(way.officers, officer)
            for way in self.ways
        )

    def limit(self, rows: "QuerySet[M]", *, by: str = "branch") -> "QuerySet[M]":
        """Keep of `rows` what may be seen.

        `by` is the field path of the branch code (`loan__branch`); the product and the
        officer stand beside it (`loan__product`, `loan__officer`).
        """
        if self.everything:
            return rows
        if self.nothing:
            return rows.none()
        beside = by.removesuffix("branch")
        assert by.endswith("branch"), by
        seen = Q()
        for way in self.ways:
            fits = Q()
            for name, words in way.named():
                fits &= Q(**{f"{beside}{name}__in": sorted(words)})
            seen |= fits
        return rows.filter(seen)

    def sql(self, *, branch: str, product: str, officer: str) -> tuple[str, list[Any]]:
        """A condition for a statement of one's own, and its parameters.

        The arguments are the columns (`l.branch`), never anything a person typed.
        """
        columns = {"branch": branch, "product": product, "officer": officer}
        if self.everything:
            return "true", []
        ways, values = [], []
        for way in self.ways:
            fits = []
            for name, words in way.named():
                fits.append(f"{columns[name]} = any(%s)")
                values.append(sorted(words))
            ways.append(f"({' and '.join(fits)})")
        return (f"({' or '.join(ways)})" if ways else "false"), values

    def sql_named(
        self, *, branch: str, product: str, officer: str
    ) -> tuple[str, dict[str, Any]]:
        """The same condition for a statement whose parameters have names (scope0 ...)."""
        text, values = self.sql(branch=branch, product=product, officer=officer)
        named = {f"scope{place}": value for place, value in enumerate(values)}
        for name in named:
            text = text.replace("%s", f"%({name})s", 1)
        return text, named

    def named(self) -> Iterable[tuple[str, Words]]:
        """What this one way names: (branch | product | officer, the words)."""
        kinds = (
            ("branch", self.branches),
            ("product", self.products),
            ("officer", self.officers),
        )
        return [(name, words) for name, words in kinds if words is not None]


def _fits(words: Words | None, word: str | None) -> bool:
    return words is None or word in words


EVERYTHING = Scope(branches=None)
NOTHING = Scope(branches=frozenset())


def branches(*codes: str) -> Scope:
    """The scope of these branches alone."""
    return Scope(branches=frozenset(codes))
