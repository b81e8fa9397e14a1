"""Migration of accounts between states, one period to the next, counted by hand."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from daihou.engine.metrics.errors import PanelError
from daihou.engine.metrics.matrix import MISSING, RollMatrix, from_cells, in_order


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an account stood at the end of a period.

    `state` None: there is a row that does not say; it counts as no row. `amount` is
    in whole units of the caller's choice.
    """

    account: str
    period: int
    state: str | None
    amount: int = 0


def roll_matrix(rows: Iterable[Standing], *, missing: bool = False) -> RollMatrix:
    """Count the moves between consecutive periods, account by account.

    A pair counts only where the same account has rows in a period and in the very
    next one. With `missing`, an account once seen stands in the state `missing`
    (with amount 0) in every later period of the panel in which it has no row, so
    that every account known at the start of a pair of periods is counted in it.
    PanelError: two rows for one account and period.
    """
    told = list(rows)
    lives = by_account(told)
    last = max((row.period for row in told), default=0)
    count: Counter[tuple[str, str]] = Counter()
    amount: Counter[tuple[str, str]] = Counter()
    for life in lives.values():
        if not life:
            continue
        for period in range(min(life), last if missing else max(life)):
            absent = Standing("", period, MISSING)
            here, there = life.get(period, absent), life.get(period + 1, absent)
            if not missing and MISSING in (here.state, there.state):
                continue
            assert here.state is not None
            assert there.state is not None
            count[here.state, there.state] += 1
            amount[here.state, there.state] += here.amount
    states = {row.state for row in told if row.state is not None}
    if missing:
        if MISSING in states:
            raise PanelError("reserved", status=MISSING)
        states.add(MISSING)
    return from_cells(in_order(states), count, amount)


def by_account(rows: Iterable[Standing]) -> Mapping[str, Mapping[int, Standing]]:
    """The rows of each account by period, without those that name no state."""
    lives: dict[str, dict[int, Standing]] = defaultdict(dict)
    seen: Counter[tuple[str, int]] = Counter()
    for row in rows:
        seen[row.account, row.period] += 1
        if row.state is not None:
            lives[row.account][row.period] = row
    for (account, period), count in seen.items():
        if count > 1:
            raise PanelError(
                "twice", id_column="id", account=account, period=period, count=count
            )
    return lives


def net_flows(
    opening: Mapping[str, int], closing: Mapping[str, int], ladder: Sequence[str]
) -> Mapping[tuple[str, str], Fraction | None]:
    """Flow rates by balance: what stands a step lower over what stood above it.

    flow(Mk -> Mk+1, t) = balance in Mk+1 at t / balance in Mk at t-1 for every two
    neighbours of `ladder`. New loans and payments distort it and it may exceed 1;
    the account-tracked rate of `roll_matrix` is to be preferred. None: nothing stood
    there.
    """
    found = {}
    for upper, lower in pairwise(ladder):
        stood = opening.get(upper, 0)
        moved = closing.get(lower, 0)
        found[upper, lower] = Fraction(moved, stood) if stood else None
    return found


def loss_rate(
    flows: Sequence[Fraction], *, recovered: Fraction | None = None
) -> Fraction:
    """The product of a chain of flow rates: gross loss, or net of what comes back.

    `recovered` is the share of written-off amounts that is collected later.
    """
    product = Fraction(1)
    for flow in flows:
        product *= flow
    return product if recovered is None else product * (1 - recovered)
