"""What comes back of what was overdue: placements, losses, the movement of NPL.

Money is whole minor units of one currency; shares are exact fractions. Formulas and
their conventions are those of the metric dictionary (`dictionary_recovery`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import accumulate, pairwise

from daihou.engine.metrics.errors import PanelError


@dataclass(frozen=True, slots=True)
class Placement:
    """An account given to somebody to collect, from one period on.

    `balance` is what was placed. `until`: the first period in which it was no longer
    theirs; None: it still is. `who` names the line it counts into (an agency, a team).
    """

    account: str
    placed: int
    balance: int
    until: int | None = None
    who: str = ""

    def __post_init__(self) -> None:
        """A placement lasts, and is of something."""
        assert self.until is None or self.until > self.placed, self
        assert self.balance > 0, self


@dataclass(frozen=True, slots=True)
class Cash:
    """Money that came for an account in a period; negative where it was taken back."""

    account: str
    period: int
    amount: int


@dataclass(frozen=True, slots=True)
class Liquidation:
    """Cash of placements by age, cumulative, a line for each who and placement period.

    `cash[i][age]` came up to so many periods after the placement (0: in its own
    period); None: the age lies behind the last period seen.
    """

    who: tuple[str, ...]
    placed: tuple[int, ...]
    accounts: tuple[int, ...]
    balance: tuple[int, ...]
    cash: tuple[tuple[int | None, ...], ...]

    @property
    def rate(self) -> tuple[tuple[Fraction | None, ...], ...]:
        """Cash over what was placed, exact."""
        return tuple(
            tuple(None if n is None else Fraction(n, balance) for n in row)
            for row, balance in zip(self.cash, self.balance, strict=True)
        )


def liquidation(
    placements: Iterable[Placement], cash: Iterable[Cash], *, last: int
) -> Liquidation:
    """Liquidation curves 清收曲线 up to the period `last`.

    Money counts for the placement in which it came, so that of two agencies in turn
    only one has it, and what came before or between placements counts for none.
    PanelError: an account was placed with two at a time.
    """
    held = _held(placements)
    lines: dict[tuple[str, int], list[Placement]] = defaultdict(list)
    for several in held.values():
        for each in several:
            lines[each.who, each.placed].append(each)
    came: dict[tuple[str, int], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for money in cash:
        theirs = _theirs(held.get(money.account, ()), money.period)
        if theirs is not None and money.period <= last:
            age = money.period - theirs.placed
            came[theirs.who, theirs.placed][age] += money.amount
    order = sorted(lines)
    first = min((placed for _, placed in order), default=last)
    ages = range(last - first + 1)
    return Liquidation(
        who=tuple(who for who, _ in order),
        placed=tuple(placed for _, placed in order),
        accounts=tuple(len(lines[line]) for line in order),
        balance=tuple(sum(each.balance for each in lines[line]) for line in order),
        cash=tuple(
            tuple(
                total if line[1] + age <= last else None
                for age, total in enumerate(accumulate(came[line][n] for n in ages))
            )
            for line in order
        ),
    )


def _held(placements: Iterable[Placement]) -> Mapping[str, list[Placement]]:
    """The placements of each account, one after the other."""
    held: dict[str, list[Placement]] = defaultdict(list)
    for each in placements:
        held[each.account].append(each)
    for several in held.values():
        several.sort(key=lambda each: each.placed)
        for one, other in pairwise(several):
            if one.until is None or one.until > other.placed:
                raise PanelError(
                    "placed_twice", account=one.account, period=other.placed
                )
    return held


def _theirs(several: Iterable[Placement], period: int) -> Placement | None:
    """The placement an account was in at a period."""
    for each in several:
        if each.placed <= period and (each.until is None or period < each.until):
            return each
    return None


@dataclass(frozen=True, slots=True)
class Movement:
    """How a stock of NPL moved in a period; amounts of 0 or more.

    `formed`: into NPL. Out of it: `collected` in cash, `upgraded` to a better class,
    `written_off`, `transferred` (sold), `missing` (no longer reported).
    """

    opening: int
    formed: int
    collected: int
    upgraded: int
    written_off: int
    transferred: int
    missing: int = 0

    @property
    def closing(self) -> int:
        """What is left: METRICS identity 3."""
        out = self.collected + self.upgraded + self.written_off + self.transferred
        return self.opening + self.formed - out - self.missing


def formed(
    *,
    opening: int,
    closing: int,
    collected: int,
    upgraded: int,
    written_off: int,
    transferred: int,
    missing: int = 0,
) -> int:
    """NPL formed in a period, from both ends of it: what left is added back.

    "True" formation 不良生成: disposal does not hide it.
    """
    gone = collected + upgraded + written_off + transferred + missing
    return closing - opening + gone


def formation_rate(formed_: int, *, opening_loans: int) -> Fraction | None:
    """Formed NPL over opening loans; None where there were none."""
    return Fraction(formed_, opening_loans) if opening_loans else None


def write_off_rate(written_off: int, *, opening_loans: int) -> Fraction | None:
    """Principal written off in a period over opening loans, not made yearly."""
    return Fraction(written_off, opening_loans) if opening_loans else None


@dataclass(frozen=True, slots=True)
class Flow:
    """Money after a default, so many whole days later; negative: a cost."""

    days: int
    amount: int


def days_to_recover(flows: Iterable[Flow]) -> Fraction | None:
    """The mean wait for a unit of money, in days: sum of cash x days / sum of cash."""
    came = [flow for flow in flows if flow.amount > 0]
    total = sum(flow.amount for flow in came)
    return Fraction(sum(f.amount * f.days for f in came), total) if total else None


def loss_given_default(
    flows: Iterable[Flow], *, exposure: int, annual_rate: Decimal
) -> Decimal:
    """1 - present value of all flows at default / exposure at default.

    A flow t days later is worth 1 / (1 + rate) ** (t / 365) of itself; costs are flows
    below 0. The rate is the effective one of the loan (IFRS 9 measures a loss by it).
    To 12 decimals, half to even.
    """
    assert exposure > 0, exposure
    assert annual_rate >= 0, annual_rate
    with localcontext(prec=40):
        worth = Decimal(0)
        for flow in flows:
            worth += flow.amount / (1 + annual_rate) ** (Decimal(flow.days) / 365)
        return (1 - worth / exposure).quantize(Decimal("1e-12"))


def net_recovery(
    *, cash: int, commission: int, legal_cost: int, placed: int
) -> Fraction | None:
    """(Cash - commission - legal cost) / placed; may fall below 0."""
    return Fraction(cash - commission - legal_cost, placed) if placed else None


def cost_to_collect(costs: Mapping[str, int], *, cash: int) -> Fraction | None:
    """Everything spent (staff, telecom, agency, legal, system) over cash collected."""
    return Fraction(sum(costs.values()), cash) if cash else None


def after_write_off(
    balance: int, cash: Sequence[Cash], *, written_off: int, last: int
) -> tuple[Fraction | None, ...]:
    """Cash on what was written off in a period, cumulative by periods since, of it.

    账销案存: the debt goes on being collected. Cash before the write-off does not count.
    """
    assert balance > 0, balance
    came: dict[int, int] = defaultdict(int)
    for money in cash:
        if written_off <= money.period <= last:
            came[money.period - written_off] += money.amount
    ages = range(last - written_off + 1)
    return tuple(Fraction(n, balance) for n in accumulate(came[age] for age in ages))
