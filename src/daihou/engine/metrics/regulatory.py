"""Migration rates 迁徙率 of the five classes as the regulator defines them."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

# 正常 关注 次级 可疑 损失, best first.
CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
BAD = frozenset(CLASSES[2:])


@dataclass(frozen=True, slots=True)
class ClassMoves:
    """Opening balances of the loans, by their class then and at the end.

    `moved[(start, end)]` is the opening balance, in minor units, of loans that were
    in class `start` when the period began and in `end` when it closed, as far as it is
    still owed then. `decreased` is what left a class inside the period by ordinary
    collection, disposal or write-off (期间减少); it is no part of `moved`.
    """

    moved: Mapping[tuple[str, str], int]
    decreased: Mapping[str, int]

    def opening(self, start: str) -> int:
        """All that stood in a class when the period began."""
        kept = sum(n for (begun, _), n in self.moved.items() if begun == start)
        return kept + self.decreased.get(start, 0)


Pair = tuple[str, str]


def moves_of(opening: Mapping[Pair, int], kept: Mapping[Pair, int]) -> ClassMoves:
    """Moves from sums by class before and after; a class of "" or another word: gone.

    `opening` sums what each loan owed when the period began, `kept` the smaller of
    that and what it owes at the end. The difference was collected 正常收回, so it is a
    decrease of the class the loan began in, whether the loan fell or stayed.
    """
    moved = {
        (start, end): n
        for (start, end), n in kept.items()
        if start in CLASSES and end in CLASSES
    }
    decreased = dict.fromkeys(CLASSES, 0)
    for (start, end), n in opening.items():
        if start in CLASSES:
            decreased[start] += n - moved.get((start, end), 0)
    return ClassMoves(moved=moved, decreased=decreased)


@dataclass(frozen=True, slots=True)
class MigrationRates:
    """The five published rates, as exact shares; None where nothing was left.

    Source: 商业银行风险监管核心指标(试行), 2005.
    """

    normal_to_bad: Fraction | None  # 正常贷款迁徙率: pass and special mention
    normal: Fraction | None  # 正常类贷款迁徙率
    special_mention: Fraction | None  # 关注类贷款迁徙率
    substandard: Fraction | None  # 次级类贷款迁徙率
    doubtful: Fraction | None  # 可疑类贷款迁徙率


def migration_rates(moves: ClassMoves) -> MigrationRates:
    """The five rates of one period.

    Each is the opening balance that fell and is still owed over the opening balance
    less what left the class in the period; an instalment paid is such a decrease.
    """
    for start, end in moves.moved:
        assert start in CLASSES, start
        assert end in CLASSES, end

    def fell(start: str, ends: frozenset[str]) -> int:
        return sum(moves.moved.get((start, end), 0) for end in ends)

    def left(start: str) -> int:
        return moves.opening(start) - moves.decreased.get(start, 0)

    def rate(start: str) -> Fraction | None:
        below = frozenset(CLASSES[CLASSES.index(start) + 1 :])
        return share(fell(start, below), left(start))

    good = CLASSES[:2]
    return MigrationRates(
        normal_to_bad=share(
            sum(fell(start, BAD) for start in good), sum(left(start) for start in good)
        ),
        normal=rate("normal"),
        special_mention=rate("special_mention"),
        substandard=rate("substandard"),
        doubtful=rate("doubtful"),
    )


def share(part: int, whole: int) -> Fraction | None:
    """An exact share; None of nothing."""
    return Fraction(part, whole) if whole else None


def migration_rate(*, opening: int, fell: int, decreased: int) -> Fraction | None:
    """One rate from three published totals: fell / (opening - decreased)."""
    return share(fell, opening - decreased)
