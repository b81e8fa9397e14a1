"""What a metric is: its convention in words and its expression as data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from daihou.engine.metrics.errors import NotComparable


class Basis(StrEnum):
    """What is added up."""

    AMOUNT = "amount"
    COUNT = "count"


class Numerator(StrEnum):
    """When the numerator is looked at."""

    CURRENT = "current"  # as it stands at the time of observation
    EVER = "ever"  # at any time until then
    FLOW = "flow"  # what moved inside the period


class Denominator(StrEnum):
    """When the denominator is looked at."""

    OBSERVATION = "at observation"
    ORIGINATION = "at origination"
    START = "start of period"
    MATURED = "due in the window"


class Treatment(StrEnum):
    """Whether loans written off or transferred stay in numerator and denominator."""

    IN = "in"
    OUT = "out"


Operator = Literal["==", ">=", ">", "<", "in"]


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on one column of a row; a row without a value never meets it."""

    column: str
    is_: Operator
    value: int | str | tuple[str, ...]

    def holds(self, row: Mapping[str, Any]) -> bool:
        """Whether a row meets it."""
        found = row[self.column]
        if found is None:
            return False
        if self.is_ == "in":
            assert isinstance(self.value, tuple), self
            return found in self.value
        compared = {
            "==": found == self.value,
            ">=": found >= self.value,
            ">": found > self.value,
            "<": found < self.value,
        }
        return bool(compared[self.is_])


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column over the rows that meet every condition; None: their count."""

    column: str | None
    where: tuple[Where, ...] = ()

    def of(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """The sum over rows, one at a time."""
        chosen = [row for row in rows if all(each.holds(row) for each in self.where)]
        if self.column is None:
            return len(chosen)
        return sum(row[self.column] or 0 for row in chosen)


@dataclass(frozen=True, slots=True)
class Ratio:
    """One sum over another, of the rows of one table."""

    part: Sum
    whole: Sum

    def of(self, rows: Iterable[Mapping[str, Any]]) -> Fraction | None:
        """The exact share; None where there is nothing to divide by."""
        told = list(rows)
        whole = self.whole.of(told)
        return Fraction(self.part.of(told), whole) if whole else None


@dataclass(frozen=True, slots=True)
class Curve:
    """A figure that is no ratio of two sums: where in daihou the function for it is."""

    function: str


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition: every figure that bears its id was made exactly so.

    `mob_base` is the month on book of the month of disbursement (None: the metric
    has no age). `threshold` is the days past due it begins with (None: none).
    """

    id: str
    en: str
    zh: str
    formula: str
    formula_zh: str
    basis: Basis
    numerator: Numerator
    denominator: Denominator
    written_off: Treatment
    expression: Ratio | Curve
    source: str
    threshold: int | None = None
    mob_base: int | None = None
    owner: str = "risk"
    version: int = 1

    @property
    def convention(self) -> Mapping[str, str]:
        """What must be equal for two figures to be compared."""
        return {
            "basis": self.basis,
            "numerator timing": self.numerator,
            "denominator timing": self.denominator,
            "write-off treatment": self.written_off,
            "month-on-book base": "none"
            if self.mob_base is None
            else str(self.mob_base),
        }


def must_compare(metrics: Iterable[Metric]) -> None:
    """NotComparable unless all share one convention and may share an axis."""
    several = list(metrics)
    for other in several[1:]:
        one = several[0]
        for what, ours in one.convention.items():
            theirs = other.convention[what]
            if ours != theirs:
                raise NotComparable(
                    "differ",
                    one=one.id,
                    other=other.id,
                    what=what,
                    ours=ours,
                    theirs=theirs,
                )
        if one.id == other.id and one.version != other.version:
            raise NotComparable(
                "differ",
                one=one.id,
                other=other.id,
                what="version",
                ours=one.version,
                theirs=other.version,
            )
