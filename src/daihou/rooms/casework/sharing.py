"""Sharing cases out: who gets which, evenly, within what each may hold; plain data.

The same cases, takers, rules and seed give the same result, whatever order they come
in. Ties fall by the seed alone, so that nobody is favoured by their name.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from daihou.rooms.casework.states import CapacityMode, Share

SOFT: Final = 10  # a soft limit bears one part in ten more
ALARMS: Final = (90, 100)  # per cent of a limit at which somebody is told
_SWAPS: Final = 2_000  # looks at a swap at most, of the refinement by amount


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case to be given out; amounts in minor units.

    `before` are the logins it had, the last first, with how many days ago it was
    theirs; it never goes back to `never`. `kind` names what decides who may take it:
    cases of one kind have the same takers.
    """

    id: int
    kind: str
    amount: int
    value: int
    before: tuple[tuple[str, int], ...] = ()
    never: frozenset[str] = frozenset()
    theirs: bool = False  # who had it last has it still


@dataclass(slots=True)
class Hands:
    """A taker with what they hold; `most_*` None: no limit."""

    login: str
    cases: int
    amount: int
    most_cases: int | None
    most_amount: int | None
    mode: CapacityMode
    left_today: int | None = None  # how many more anew today; None: no limit
    anew: int = 0  # of those given now, how many were not theirs before
    new: list[int] = field(default_factory=list)
    new_amount: int = 0
    new_value: int = 0

    def has_room(self, amount: int, *, kept: bool = False) -> bool:
        """Whether one more case of this amount fits; a day's number is firm.

        One that is `kept`, theirs as it was, is none of the day's.
        """
        if not kept and self.left_today is not None and self.anew >= self.left_today:
            return False
        if self.mode is CapacityMode.UNLIMITED:
            return True
        return _within(self.cases + 1, self.most_cases, self.mode) and _within(
            self.amount + amount, self.most_amount, self.mode
        )

    def take(self, case: Waiting, *, kept: bool = False) -> None:
        """Hold one more."""
        self.cases += 1
        self.anew += not kept
        self.amount += case.amount
        self.new.append(case.id)
        self.new_amount += case.amount
        self.new_value += case.value

    def leave(self, case: Waiting) -> None:
        """Hold one less of those that are new."""
        self.cases -= 1
        self.anew -= 1
        self.amount -= case.amount
        self.new.remove(case.id)
        self.new_amount -= case.amount
        self.new_value -= case.value

    @property
    def filled(self) -> int | None:
        """How full, in per cent of the limit that is nearer; None without one."""
        parts = [
            held * 100 // most
            for held, most in (
                (self.cases, self.most_cases),
                (self.amount, self.most_amount),
            )
            if most
        ]
        return max(parts, default=None)


def _within(held: int, most: int | None, mode: CapacityMode) -> bool:
    if most is None:
        return True
    return held <= (most + most // SOFT if mode is CapacityMode.SOFT else most)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a queue is shared out."""

    share: Share
    sticky_days: int
    seed: int


@dataclass(frozen=True, slots=True)
class Shared:
    """Who gets what: case -> login; why not to who had it; what nobody could take."""

    to: Mapping[int, str]
    downgraded: Mapping[int, str]
    left: Mapping[int, str]
    back: int


def shared(
    cases: Sequence[Waiting],
    hands: Mapping[str, Hands],
    may: Mapping[str, Sequence[str]],
    *,
    rules: Rules,
) -> Shared:
    """Share cases out among `hands` (changed on the way); `may[kind]` may take them.

    First back to who had them within `sticky_days`, then the largest first to whom
    holds the least, by number or by amount; by amount then swapped until it is even.
    """
    assert all(login in hands for logins in may.values() for login in logins)
    rng = Random(rules.seed)
    tie = {login: rng.random() for login in sorted(hands)}
    to: dict[int, str] = {}
    downgraded: dict[int, str] = {}
    left: dict[int, str] = {}
    rest = []
    for case in sorted(cases, key=lambda each: each.id):
        login, why = _sticky(case, hands, may[case.kind], rules)
        if login:
            hands[login].take(case, kept=_is_theirs(case))
            to[case.id] = login
        else:
            rest.append(case)
            if why:
                downgraded[case.id] = why
    back = len(to)
    lots = {case.id: rng.random() for case in rest}
    rest.sort(key=lambda each: (-each.amount, lots[each.id], each.id))
    greedy = _Greedy(hands, may, rules.share, tie)
    for case in rest:
        login = greedy.next(case)
        if login:
            to[case.id] = login
        else:
            left[case.id] = greedy.why(case)
    if rules.share is Share.AMOUNT:
        _refine([each for each in rest if each.id in to], hands, may, to)
    return Shared(to, downgraded, left, back)


def _sticky(
    case: Waiting, hands: Mapping[str, Hands], may: Sequence[str], rules: Rules
) -> tuple[str, str]:
    """Who had it last and may have it again, or why they may not."""
    for login, days in case.before[:1]:
        if days > rules.sticky_days:
            return "", "too_long_ago"
        if login in case.never:
            return "", "never_back"
        if login not in hands:
            return "", "away"
        if login not in may:
            return "", "does_not_fit"
        if not hands[login].has_room(case.amount, kept=_is_theirs(case)):
            return "", "full"
        return login, ""
    return "", ""


def _is_theirs(case: Waiting) -> bool:
    """Whether who had it last has it now."""
    return bool(case.before) and case.theirs


class _Greedy:
    """The one who holds the least and may take it; a heap for each kind of case."""

    def __init__(
        self,
        hands: Mapping[str, Hands],
        may: Mapping[str, Sequence[str]],
        share: Share,
        tie: Mapping[str, float],
    ) -> None:
        self.hands, self.may, self.share, self.tie = hands, may, share, tie
        self.heaps: dict[str, list[tuple[int, float, str]]] = {}

    def _load(self, login: str) -> int:
        held = self.hands[login]
        return held.cases if self.share is Share.COUNT else held.amount

    def next(self, case: Waiting) -> str:
        """Who takes it, having taken it; '' where nobody may."""
        heap = self.heaps.get(case.kind)
        if heap is None:
            heap = [
                (self._load(each), self.tie[each], each) for each in self.may[case.kind]
            ]
            heapq.heapify(heap)
            self.heaps[case.kind] = heap
        passed = []
        found = ""
        while heap:
            load, tie, login = heapq.heappop(heap)
            now = self._load(login)
            if load != now:  # took of another kind since
                heapq.heappush(heap, (now, tie, login))
                continue
            if login not in case.never and self.hands[login].has_room(case.amount):
                found = login
                self.hands[login].take(case)
                heapq.heappush(heap, (self._load(login), tie, login))
                break
            passed.append((load, tie, login))
        for each in passed:
            heapq.heappush(heap, each)
        return found

    def why(self, case: Waiting) -> str:
        """Why nobody takes a case."""
        return "full" if self.may[case.kind] else "nobody_fits"


def _refine(
    cases: Sequence[Waiting],
    hands: Mapping[str, Hands],
    may: Mapping[str, Sequence[str]],
    to: dict[int, str],
) -> None:
    """Move or swap cases between the fullest and the emptiest while it evens out."""
    by_id = {each.id: each for each in cases}
    free = frozenset(by_id)
    for _look in range(_SWAPS):
        used = [each for each in hands.values() if each.new or each.cases]
        if len(used) < 2:
            return
        high = max(used, key=lambda each: (each.amount, each.login))
        low = min(used, key=lambda each: (each.amount, each.login))
        gap = high.amount - low.amount
        mine = [by_id[each] for each in high.new if each in free]
        theirs = [by_id[each] for each in low.new if each in free]
        better = _better(mine, theirs, gap, high.login, low.login, may)
        if better is None:
            return
        given, taken = better
        _move(given, high, low, to)
        if taken is not None:
            _move(taken, low, high, to)


def _better(
    mine: Sequence[Waiting],
    theirs: Sequence[Waiting],
    gap: int,
    high: str,
    low: str,
    may: Mapping[str, Sequence[str]],
) -> tuple[Waiting, Waiting | None] | None:
    """The move or swap that brings the two nearest to each other, if any does."""
    best: tuple[int, int, Waiting, Waiting | None] | None = None
    fits = [each for each in mine if low in may[each.kind] and low not in each.never]
    back = [
        each for each in theirs if high in may[each.kind] and high not in each.never
    ]
    for given in fits[:60]:
        # A swap keeps how many each holds, so no limit by number can break.
        for taken in back[:60]:
            moved = given.amount - taken.amount
            if 0 < moved < gap:
                rest = abs(gap - 2 * moved)
                if best is None or (rest, given.id) < best[:2]:
                    best = (rest, given.id, given, taken)
    if best is None or best[0] >= gap:
        return None
    return best[2], best[3]


def _move(case: Waiting, giver: Hands, taker: Hands, to: dict[int, str]) -> None:
    giver.leave(case)
    taker.take(case)
    to[case.id] = taker.login


def gini(amounts: Sequence[int]) -> int:
    """How uneven, per mille: 0 all the same, towards 1000 one has everything.

    Of whole numbers, none below zero; 0 for nobody and for nothing at all.
    """
    total = sum(amounts)
    count = len(amounts)
    if not count or not total:
        return 0
    ordered = sorted(amounts)
    weighted = sum(place * each for place, each in enumerate(ordered, start=1))
    return (2 * weighted - (count + 1) * total) * 1000 // (count * total)
