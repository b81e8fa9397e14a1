"""A counter of months for tests of rooms: a few loans whose sums one can do in the head."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.matrix import RollMatrix, from_cells
from daihou.kit.portfolio import Asked, Axis, Cut, Month, Point, Series, Sight

NAMES = ("2026-01", "2026-02", "2026-03")
ENDS = (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 19))
STATES = ("M0", "M1", "M4", "paid", "new")


@dataclass(frozen=True)
class Row:
    """One loan in every month: what is owed on it, and how late it is in each."""

    loan_id: int
    branch: str
    product: str = "A"
    balance: int = 100_00
    dpd: tuple[int, int, int] = (0, 0, 0)


class Nothing:
    """No month has been counted."""

    def due(self) -> Sequence[str]:
        """Nothing to count."""
        return ()

    def count(self, month: str) -> Month:
        """There is no such month."""
        raise LookupError(month)

    def fill(self) -> str:
        """Nothing lacks."""
        return ""

    def months(self) -> Sequence[Month]:
        """None."""
        return ()

    def values(self, cut: Cut, *, sight: Sequence[Sight]) -> Sequence[str]:
        """Not known, as of the true one."""
        raise LookupError(cut)

    def series(self, asked: Asked) -> Series:
        """Not known."""
        raise LookupError(asked.metric)

    def matrix(self, asked: Asked, *, of: Cut, month: str, amount: bool) -> RollMatrix:
        """Not known."""
        raise LookupError(month)

    def loans(
        self, asked: Asked, *, at: str, key: str = "", most: int = 200
    ) -> Sequence[int]:
        """None."""
        return ()


@dataclass
class Small(Nothing):
    """Three months of a few loans; the last still runs.

    Ratios count loans at least as late as the metric says; of the work, coverage and
    promises kept are three of four in each month; vintages have one point a
    month on book, the last not known; everything else is not known. Matrices hold who
    moved between the second and the last month.
    """

    rows: Sequence[Row]
    asked: list[Asked] = field(default_factory=list)

    def months(self) -> Sequence[Month]:
        """January to March of 2026."""
        return [
            Month(name, on, len(self.rows), f"{name}-digest", name != NAMES[-1])
            for name, on in zip(NAMES, ENDS, strict=True)
        ]

    def values(self, cut: Cut, *, sight: Sequence[Sight]) -> Sequence[str]:
        """Branches and products of the loans in sight."""
        name = {Cut.BRANCH: "branch", Cut.PRODUCT: "product"}.get(cut)
        seen = self._seen(sight)
        return sorted({getattr(row, name) for row in seen}) if name else ()

    def series(self, asked: Asked) -> Series:
        """See the class."""
        self.asked.append(asked)
        metric = METRICS[asked.metric]
        if metric.mob_base is not None:
            points = [
                Point("2026-01", "0", 0, 300),
                Point("2026-01", "1", 30, 300),
                Point("2026-01", "2", 60, 300),
                Point("2026-02", "0", 3, 300),
                Point("2026-02", "1", 45, 300),
                Point("2026-02", "2", 0, 300, known=False),
            ]
            return Series(metric.id, Axis.AGE, points, ENDS[-1], "vintage-digest")
        if asked.metric in ("contact_coverage", "promise_kept"):
            points = [Point("", name, 3, 4) for name in NAMES]
            return Series(metric.id, Axis.MONTH, points, ENDS[-1], "work-digest")
        if not asked.metric.startswith("overdue_") or metric.threshold is None:
            raise LookupError("nobody counted it")
        rows = self._rows(asked)
        keys = {self._key(row, asked.by) for row in rows}
        points = [
            self._point(rows, key, n, asked) for key in sorted(keys) for n in range(3)
        ]
        kept = [
            p for p in points if (asked.since or p.at) <= p.at <= (asked.until or p.at)
        ]
        return Series(metric.id, Axis.MONTH, kept, ENDS[-1], f"{metric.id}-digest")

    def matrix(self, asked: Asked, *, of: Cut, month: str, amount: bool) -> RollMatrix:
        """Every loan from its state a month before to its state in `month`."""
        self.asked.append(asked)
        n = NAMES.index(month)
        if not n:
            raise LookupError("there is no month before")
        count: dict[tuple[str, str], int] = {}
        sums: dict[tuple[str, str], int] = {}
        for row in self._rows(asked):
            move = _state(row.dpd[n - 1]), _state(row.dpd[n])
            count[move] = count.get(move, 0) + 1
            sums[move] = sums.get(move, 0) + row.balance
        return from_cells(STATES, count, sums if amount else None)

    def loans(
        self, asked: Asked, *, at: str, key: str = "", most: int = 200
    ) -> Sequence[int]:
        """The late ones of the month, the largest first."""
        self.asked.append(asked)
        n = NAMES.index(at)
        least = METRICS[asked.metric].threshold or 1
        late = [row for row in self._rows(asked) if row.dpd[n] >= least]
        late = [row for row in late if not key or self._key(row, asked.by) == key]
        late.sort(key=lambda row: -row.balance)
        return [row.loan_id for row in late[:most]]

    def _seen(self, sight: Sequence[Sight]) -> list[Row]:
        def fits(row: Row) -> bool:
            return any(
                (way.branches is None or row.branch in way.branches)
                and (way.products is None or row.product in way.products)
                and way.officers is None
                for way in sight
            )

        return [row for row in self.rows if fits(row)]

    def _rows(self, asked: Asked) -> list[Row]:
        found = self._seen(asked.sight)
        for cut, kept in asked.only.items():
            found = [row for row in found if self._key(row, cut) in kept]
        return found

    @staticmethod
    def _key(row: Row, cut: Cut | None) -> str:
        return {Cut.BRANCH: row.branch, Cut.PRODUCT: row.product}.get(cut, "")

    def _point(self, rows: list[Row], key: str, n: int, asked: Asked) -> Point:
        metric = METRICS[asked.metric]
        ours = [row for row in rows if self._key(row, asked.by) == key]
        late = [row for row in ours if row.dpd[n] >= (metric.threshold or 0)]
        if metric.basis == "count":
            return Point(key, NAMES[n], len(late), len(ours))
        part = sum(row.balance for row in late)
        return Point(key, NAMES[n], part, sum(row.balance for row in ours))


def _state(dpd: int) -> str:
    return "M0" if dpd == 0 else "M1" if dpd <= 30 else "M4"
