"""A promise to pay: its states, its parts, the limits within which one is taken."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeVar

from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.law import Lawbook

T = TypeVar("T")
ANY: Final = "any"  # the row of a table that holds for every other product
_WHOLE: Final = 1000  # per mille


class State(StrEnum):
    """Where a promise stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    KEPT = "kept"
    PARTIALLY_KEPT = "partially_kept"
    BROKEN = "broken"
    INVALIDATED = "invalidated"  # no longer needed; never counted as broken
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"


_JUDGED: Final = (State.KEPT, State.PARTIALLY_KEPT, State.BROKEN)
# A verdict moves when money that made it goes back, or money of its days comes late.
MOVES: Final = (
    (State.DRAFT, State.ACTIVE),
    *((State.ACTIVE, each) for each in _JUDGED),
    (State.ACTIVE, State.INVALIDATED),
    (State.ACTIVE, State.CANCELLED),
    (State.ACTIVE, State.SUPERSEDED),
    *((each, State.ACTIVE) for each in _JUDGED),
    *((each, State.INVALIDATED) for each in _JUDGED),  # owed no more by then
    *((one, other) for one in _JUDGED for other in _JUDGED if one is not other),
)
ENDED: Final = frozenset({State.INVALIDATED, State.CANCELLED, State.SUPERSEDED})
FAILED: Final = frozenset({State.PARTIALLY_KEPT, State.BROKEN})


def may_move(before: State, after: State) -> bool:
    """Tell whether a promise goes from one state to another."""
    return (before, after) in MOVES


@dataclass(frozen=True, slots=True)
class Part:
    """An amount in minor units and the day by which it is to be paid."""

    due_on: date
    amount: int

    def __post_init__(self) -> None:
        """A part is money."""
        assert self.amount > 0, self


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise of a customer as it is judged.

    `parts` in order of their days; each may be paid `grace_days` later, and is met
    with `tolerance` per mille missing. Money counts on these `loans` from `made_at`
    on. One that ended keeps what it had at `ended_at`. Money that goes back within
    `window_days` after the last day is judged again.
    """

    id: int
    made_on: date
    made_at: datetime
    parts: tuple[Part, ...]
    grace_days: int
    tolerance: int
    loans: frozenset[int]
    window_days: int
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        """In order, and a tolerance that leaves something to pay."""
        days = [each.due_on for each in self.parts]
        assert days and days == sorted(days), self
        assert 0 <= self.tolerance < _WHOLE and self.grace_days >= 0, self
        assert self.window_days >= 0, self

    @property
    def amount(self) -> int:
        """Everything promised, minor units."""
        return sum(each.amount for each in self.parts)

    @property
    def due_on(self) -> date:
        """The day of the last part."""
        return self.parts[-1].due_on

    def deadline(self, part: int) -> date:
        """The last day on which money still counts for a part."""
        return self.parts[part].due_on + timedelta(days=self.grace_days)

    def needed(self, part: int) -> int:
        """With how much a part is met: the amount less the tolerance, rounded up."""
        least = self.parts[part].amount * (_WHOLE - self.tolerance)
        return -(-least // _WHOLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRules:
    """What a lender asks of promises for one product on a day.

    `remind_days` before a part is due it is reminded of, once. After `most_broken`
    broken promises only who manages cases takes another; `broken_days` is how far
    back they count. One of less than `least_share` per mille of what is overdue is
    taken, and pauses nothing. `rule` names where it comes from.
    """

    rule: str
    horizon_days: int
    most_open: int
    most_parts: int
    most_broken: int
    broken_days: int
    grace_days: int
    tolerance: int
    window_days: int
    remind_days: int
    least_share: int = 0

    def least(self, late: int) -> int:
        """The least promise that pauses collection, of `late` overdue minor units."""
        return -(-late * self.least_share // _WHOLE)

    @classmethod
    def of(
        cls,
        law: Lawbook,
        *,
        jurisdiction: str,
        licence: str,
        product: str,
        on: date,
    ) -> "PromiseRules | None":
        """Return the lender's policy in force; None where there is none."""
        rule = f"{jurisdiction.upper()}-POL-30"
        article = Article.of(law, rule, on, licence=licence)
        if article is None:
            return None
        share = _row(article.table("tolerance"), product)
        days = _row(_counts(article, "grace_days"), product)
        return cls(
            rule=rule,
            horizon_days=article.whole("horizon_days"),
            most_open=article.whole("most_open"),
            most_parts=article.whole("most_parts"),
            most_broken=article.whole("most_broken"),
            broken_days=article.whole("broken_days"),
            grace_days=days,
            tolerance=int(share * _WHOLE),
            window_days=article.whole("window_days"),
            remind_days=article.whole("remind_days"),
            least_share=_least(article),
        )


def _least(article: Article) -> int:
    """Per mille; none in a policy that a lender wrote before there was one."""
    if "least_share" not in article.values:
        return 0
    return int(article.share("least_share") * _WHOLE)


def _counts(article: Article, name: str) -> Mapping[str, int]:
    value = article.values[name]
    assert isinstance(value, Mapping), (article.rule, name)
    return {row: int(str(each)) for row, each in value.items()}


def _row(table: Mapping[str, T], product: str) -> T:
    return table[product] if product in table else table[ANY]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a promise is not taken: a code of the words, and their places."""

    code: str
    params: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody promises, and how they stand.

    `standing` promises are open now, `broken` ones failed in the days that count;
    `owed` is all that is outstanding, minor units. `held`: the case is. `lenient`:
    taken by somebody who may take one more after too many were broken.
    """

    parts: Sequence[Part]
    on: date
    standing: int
    broken: int
    owed: int
    held: bool = False
    lenient: bool = False


def problems(asked: Asked, rules: PromiseRules) -> tuple[Problem, ...]:
    """Every reason why this promise is not taken; none where it is."""
    found: list[Problem] = []
    days = [each.due_on for each in asked.parts]
    if asked.held:
        found.append(Problem("held"))
    if not days:
        return (*found, Problem("nothing"))
    if min(days) < asked.on:
        found.append(Problem("past", {"on": min(days), "today": asked.on}))
    ahead = (max(days) - asked.on).days
    if ahead > rules.horizon_days:
        params = {"on": max(days), "days": ahead, "most": rules.horizon_days}
        found.append(Problem("far", params))
    if days != sorted(set(days)):
        found.append(Problem("order"))
    if len(days) > rules.most_parts:
        found.append(Problem("parts", {"most": rules.most_parts}))
    if asked.standing >= rules.most_open:
        found.append(Problem("open", {"most": rules.most_open}))
    if asked.broken >= rules.most_broken and not asked.lenient:
        found.append(Problem("broken", {"broken": asked.broken}))
    amount = sum(each.amount for each in asked.parts)
    if amount > asked.owed:
        found.append(Problem("beyond", {"amount": amount, "owed": asked.owed}))
    return tuple(found)
