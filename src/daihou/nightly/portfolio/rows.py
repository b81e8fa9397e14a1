"""Rows of counted months as a question sees them: whose, which cut, which currency."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from daihou.columnar.portfolio.cube import Flags, Rows
from daihou.columnar.portfolio.flows import FLOW_COLUMNS
from daihou.engine.metrics.definition import Where
from daihou.kit.portfolio import Asked, Cut, Sight
from daihou.nightly.errors import NotCounted
from daihou.nightly.stores.months import MonthFiles, Row, with_sums
from daihou.tables import months as shape
from daihou.tables.months import NO_CLASS, STATES

# Where a cut stands in the rows: now, and at the end of the month before.
_NOW: Final[Mapping[Cut, str]] = {
    Cut.BUCKET: "state",
    Cut.CLASS: "asset_class",
    **{cut: cut.value for cut in Cut if cut.value in shape.CUTS or cut is Cut.COHORT},
}
_BEFORE: Final[Mapping[Cut, str]] = {
    **_NOW,
    Cut.BUCKET: "state_before",
    Cut.CLASS: "class_before",
}
# Where it stood when a loan was first seen.
_LENT: Final[Mapping[Cut, str]] = {
    **_NOW,
    **{cut: shape.LENT[cut.value] for cut in Cut if cut.value in shape.LENT},
}
_LONGEST_AGE: Final = 4  # digits
_UNCLASSED: Final = len(shape.CLASSES)


@dataclass(frozen=True, slots=True)
class Book:
    """The counted months as they stand at the time of asking, the earliest first."""

    files: MonthFiles
    months: tuple[Row, ...]

    def __post_init__(self) -> None:
        """Without a month there is nothing to ask."""
        if not self.months:
            raise NotCounted("no_months")

    @property
    def last(self) -> Row:
        """The last month, whether it still runs or not."""
        return self.months[-1]

    def known_at(self, name: str) -> "Book":
        """The book as it was known at the end of a month; "": as it is now."""
        if not name:
            return self
        return Book(self.files, self.within("", name))

    def within(self, since: str, until: str) -> tuple[Row, ...]:
        """The months from `since` to `until`, both included; "": no limit."""
        for name in (since, until):
            if name:
                self._must_be_month(name)
        return tuple(
            each
            for each in self.months
            if (not since or each.name >= since) and (not until or each.name <= until)
        )

    def at(self, name: str) -> Row:
        """One month; NotCounted names those there are."""
        for each in self.months:
            if each.name == name:
                return each
        raise self._unknown(name)

    def before(self, row: Row) -> Row | None:
        """The month before one, if it is counted."""
        number = shape.month_number(row.name) - 1
        name = shape.month_name(number)
        return next((each for each in self.months if each.name == name), None)

    def rows(
        self,
        row: Row,
        asked: Asked,
        columns: Iterable[str],
        *,
        whole: bool = False,
        lent: bool = False,
        where: Where | None = None,
    ) -> Rows:
        """The rows of a month that a question is about; `whole`: one row a loan.

        `lent`: cuts are those of the month in which a loan was first seen. `where`:
        only the loans that meet it, one row each.
        """
        wanted = _wanted(asked, columns, lent=lent)
        level = shape.LOANS if whole else self.files.level_for(wanted)
        if where is not None:
            table = self.files.rows_where(row, sorted(wanted | {where.column}), where)
        elif level == shape.LOANS:
            table = self.files.read(
                row.name, row.fingerprint, columns=sorted(wanted | {"loan_id"})
            )
        else:
            wanted = with_sums(wanted)
            table = self.files.read(
                row.name, row.fingerprint, level=level, columns=sorted(wanted)
            )
        return _asked_for(Rows(table), asked, lent=lent)

    def rows_since(self, last: Row, row: Row, asked: Asked) -> Rows:
        """The rows of a month, opening where they stood in a month further back."""
        wanted = _wanted(asked, FLOW_COLUMNS)
        return _asked_for(Rows(self.files.since(last, row, sorted(wanted))), asked)

    def _must_be_month(self, name: str) -> None:
        try:
            shape.month_number(name)
        except ValueError:
            raise self._unknown(name) from None

    def _unknown(self, name: str) -> NotCounted:
        return NotCounted("month", month=name, known=self.known())

    def known(self) -> str:
        """From which month to which there is any."""
        return f"{self.months[0].name} – {self.last.name}"

    def currencies(self) -> Sequence[str]:
        """The currencies of the last month."""
        last = self.last
        table = self.files.read(
            last.name, last.fingerprint, level="stock", columns=["currency"]
        )
        return Rows(table).words("currency")


def _wanted(asked: Asked, columns: Iterable[str], *, lent: bool = False) -> set[str]:
    """The columns to read: those named, and those that say whose rows they are."""
    wanted = {*columns, "currency", "balance"}
    wanted |= {column_of(cut, lent=lent) for cut in asked.only}
    wanted |= {column_of(asked.by, lent=lent)} if asked.by else set()
    return wanted | _sighted(asked.sight)


def _asked_for(found: Rows, asked: Asked, *, lent: bool = False) -> Rows:
    """Those that the asker may see, and asked about."""
    mask = _seen(found, asked.sight)
    mask &= _among(found, "currency", {asked.currency})
    for cut, words in asked.only.items():
        mask &= only(found, cut, words, lent=lent)
    return found if bool(mask.all()) else found.only(mask)


def _sighted(sight: Sequence[Sight]) -> set[str]:
    found = set()
    for each in sight:
        found |= {"branch"} if each.branches is not None else set()
        found |= {"product"} if each.products is not None else set()
        found |= {"officer"} if each.officers is not None else set()
    return found


def _seen(rows: Rows, sight: Sequence[Sight]) -> Flags:
    """Rows that any of the sights sees, each once."""
    seen = np.zeros(len(rows), np.bool_)
    for each in sight:
        mask = np.ones(len(rows), np.bool_)
        named = (
            ("branch", each.branches),
            ("product", each.products),
            ("officer", each.officers),
        )
        for name, words in named:
            if words is not None:
                mask &= _among(rows, name, words)
        seen |= mask
    return seen


def _among(rows: Rows, name: str, words: Iterable[str]) -> Flags:
    wanted = set(words)
    known = [word in wanted for word in rows.words(name)]
    flags: Flags = np.array([*known, False], np.bool_)[rows.of(name)]
    return flags


def only(rows: Rows, cut: Cut, words: Iterable[str], *, lent: bool = False) -> Flags:
    """Rows whose cut has one of these values; `lent` as in `Book.rows`."""
    if cut.value in shape.CUTS:
        return _among(rows, column_of(cut, lent=lent), words)
    codes, keys = grouped(rows, cut)
    wanted = set(words)
    flags: Flags = np.array([*(key in wanted for key in keys), False])[codes]
    return flags


def column_of(cut: Cut, *, opening: bool = False, lent: bool = False) -> str:
    """Where a cut stands in a month; NotCounted for one of the work alone."""
    found = (_BEFORE if opening else _LENT if lent else _NOW).get(cut)
    if found is None:
        raise NotCounted("not_of_book", cut=cut.value)
    return found


def grouped(
    rows: Rows, cut: Cut | None, *, opening: bool = False, lent: bool = False
) -> tuple[npt.NDArray[np.int64], list[str]]:
    """The group of each row, and the values of the groups; `opening`: as before.

    `lent` as in `Book.rows`. Cohorts are those there are, in order.
    """
    if cut is None:
        return np.zeros(len(rows), np.int64), [""]
    name = column_of(cut, opening=opening, lent=lent)
    codes = rows.of(name).astype(np.int64)
    if cut is Cut.BUCKET:
        return codes, list(STATES)
    if cut is Cut.CLASS:
        codes = np.where(codes == NO_CLASS, _UNCLASSED, codes)
        return codes, [*shape.CLASSES, ""]
    if cut is Cut.COHORT:
        there, place = np.unique(codes, return_inverse=True)
        names = [shape.month_name(n) for n in there.tolist()]
        return place.astype(np.int64), names or [shape.month_name(0)]
    return codes, rows.words(name)


def age_of(text: str) -> int:
    """An age in months as an address gives it; NotCounted for anything else."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _LONGEST_AGE):
        raise NotCounted("point", at=text)
    return int(text)


def number_of(month: str) -> int:
    """A month as an address gives it, as a number; NotCounted for anything else."""
    try:
        return shape.month_number(month)
    except ValueError:
        raise NotCounted("point", at=month) from None


def in_order(keys: Iterable[str], cut: Cut | None) -> list[str]:
    """The values of a cut as people list them."""
    if cut is Cut.BUCKET:
        return sorted(keys, key=STATES.index)
    if cut is Cut.CLASS:
        return sorted(keys, key=[*shape.CLASSES, ""].index)
    return sorted(keys)
