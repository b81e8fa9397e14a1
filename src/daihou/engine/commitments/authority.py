"""Who may give up how much: one answer from a matrix of authority (减免权限表).

A matrix is a list of rows in order of authority. Each component that is to be given up
is looked up by itself, together with what was given up of it before, so that slicing a
request never makes it smaller; the component that needs most decides for the whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from daihou.engine.basics.money import Money
from daihou.engine.rulebook.decision import Decision, Flip, Phrases, Step

QUESTION = "relief_authority"


class Verdict(StrEnum):
    """What the matrix says of a request."""

    AUTO = "auto"
    NEEDS_LEVEL = "needs_level"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: up to these bounds these levels decide, one after the other.

    Empty tuples mean all. `dpd_to` is not included; None: no end. `share` is of what is
    owed of the component, `amount` of one component and `total` of all, in minor units;
    None: no bound. No `levels`: nobody has to decide, as long as the day's pool of who
    asks (`pool`, minor units) lasts.
    """

    id: str
    kinds: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    askers: tuple[str, ...] = ()
    dpd_from: int = 0
    dpd_to: int | None = None
    share: Decimal | None = None
    amount: int | None = None
    total: int | None = None
    levels: tuple[str, ...] = ()
    pool: int | None = None
    because: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def automatic(self) -> bool:
        """Whether nobody has to decide."""
        return not self.levels


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows in order of authority: the first that fits decides.

    Their amounts are of `currency`: nothing is given up in another. None: any.
    """

    id: str
    version: date
    rows: tuple[Row, ...]
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked for: amounts by component, and what is owed of each that day.

    `attended`: somebody else has to look at it whatever the amount, so that rows without
    levels do not count. `before` is what was given up of each component of this loan within the window of
    the policy, or is about to be; `owed` counts what of it is gone already as if it
    were not. `pool_used` what of the asker's pool of the day is used. Minor units.
    """

    kind: str
    currency: str
    parts: Mapping[str, int]
    owed: Mapping[str, int]
    dpd: int
    product: str
    role: str
    before: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    pool_used: int = 0
    subject: str = ""
    attended: bool = False

    @property
    def total(self) -> int:
        """All that is to be given up."""
        return sum(self.parts.values())

    def weighed(self, component: str) -> int:
        """What of a component counts: this request and those before it."""
        return self.parts.get(component, 0) + self.before.get(component, 0)

    @property
    def weighed_total(self) -> int:
        """All that counts."""
        return self.total + sum(self.before.values())


@dataclass(frozen=True, slots=True)
class Authority:
    """The answer: who decides, by which row each component, and why.

    `draws` is what the request takes from the asker's pool of the day (minor units).
    `passed_over` is a role that nobody but the asker holds, so that it is decided above
    it; with `alone` there is nobody above it either.
    """

    verdict: Verdict
    levels: tuple[str, ...]
    rows: Mapping[str, str]
    draws: int
    decision: Decision
    passed_over: str = ""
    alone: bool = False


def ranked(matrix: Matrix) -> tuple[str, ...]:
    """All levels of a matrix, the lowest first."""
    return tuple(dict.fromkeys(each for row in matrix.rows for each in row.levels))


def passing_over(found: Authority, role: str, above: tuple[str, ...]) -> Authority:
    """The same answer where nobody but the asker holds `role`, one of its levels.

    The levels that stay decide if one of them is higher, else the first of those
    `above` it that somebody holds; with none the answer is as it was, `alone`.
    """
    place = found.levels.index(role)
    rest = tuple(level for level in found.levels if level != role)
    if place == len(found.levels) - 1:
        if not above:
            return replace(found, passed_over=role, alone=True)
        rest = (*rest, above[0])
    return replace(found, levels=rest, passed_over=role)


def authorise(matrix: Matrix, ask: Ask, *, as_of: date) -> Authority:
    """Return who may decide what is asked for.

    Nothing given up at all is for the rows without components to decide: a plan that
    costs nothing still needs somebody. More money never needs less authority.
    """
    assert all(amount >= 0 for amount in ask.parts.values()), ask.parts
    wanted = sorted(part for part, amount in ask.parts.items() if amount) or [""]
    path: list[Step] = []
    found: dict[str, Row] = {}
    refused = _foreign(matrix, ask, path)
    for component in wanted:
        row = _row_for(matrix, ask, component, path)
        if row is None:
            refused = True
        else:
            found[component] = row
    levels = () if refused else _levels(matrix, found.values())
    verdict = Verdict.NEEDS_LEVEL if levels else Verdict.AUTO
    if refused:
        verdict = Verdict.REFUSED
    pooled = verdict is Verdict.AUTO and any(
        row.pool is not None for row in found.values()
    )
    decision = Decision(
        question=QUESTION,
        subject=ask.subject,
        as_of=as_of,
        answer=verdict.value,
        inputs=_inputs(ask, levels),
        path=tuple(path),
        flips=_flips(matrix, ask, wanted, verdict),
    )
    rows = MappingProxyType({part: row.id for part, row in found.items()})
    return Authority(verdict, levels, rows, ask.total if pooled else 0, decision)


def _foreign(matrix: Matrix, ask: Ask, path: list[Step]) -> bool:
    """Whether amounts are given up that the matrix has no bounds for."""
    if matrix.currency in (None, ask.currency) or not ask.weighed_total:
        return False
    params: dict[str, None | str | Money] = {"currency": matrix.currency}
    params["total"] = Money(ask.currency, ask.total)
    path.append(Step("", None, "other_currency", MappingProxyType(params)))
    return True


def _inputs(
    ask: Ask, levels: tuple[str, ...]
) -> tuple[tuple[str, int | str | Money | tuple[str, ...]], ...]:
    return (
        ("kind", ask.kind),
        ("total", Money(ask.currency, ask.total)),
        ("dpd", ask.dpd),
        ("product", ask.product),
        ("levels", levels),
    )


def _row_for(matrix: Matrix, ask: Ask, component: str, path: list[Step]) -> Row | None:
    """The first row under which a component fits; each that was asked says why not."""
    spoke = False
    for row in matrix.rows:
        if not _concerns(row, ask, component):
            continue
        spoke = True
        outcome, params = _against(row, ask, component)
        params |= {"component": component or "nothing"}
        path.append(Step(row.id, matrix.version, outcome, MappingProxyType(params)))
        if outcome in ("fits", "fits_auto"):
            return row
    if not spoke:
        params = {"component": component or "nothing"}
        path.append(Step("", None, "no_row", MappingProxyType(params)))
    return None


def _concerns(row: Row, ask: Ask, component: str) -> bool:
    return (
        (not row.kinds or ask.kind in row.kinds)
        and (not row.components or component in row.components)
        and (not row.products or ask.product in row.products)
        and (not row.askers or ask.role in row.askers)
        and row.dpd_from <= ask.dpd
        and (row.dpd_to is None or ask.dpd < row.dpd_to)
    )


def _against(
    row: Row, ask: Ask, component: str
) -> tuple[str, dict[str, None | bool | int | Decimal | str | date | Money]]:
    """Whether a request stays within a row: the outcome and its figures."""
    amount = ask.weighed(component)
    money = Money(ask.currency, amount)
    if row.amount is not None and amount > row.amount:
        return "above_amount", {"amount": money, "most": _m(ask, row.amount)}
    owed = ask.owed.get(component, 0)
    if row.share is not None and Decimal(amount) > row.share * owed:
        return "above_share", {"amount": money, "most": row.share}
    if row.total is not None and ask.weighed_total > row.total:
        total = Money(ask.currency, ask.weighed_total)
        return "above_total", {"amount": total, "most": _m(ask, row.total)}
    if row.automatic and ask.attended:
        return "attended", {"amount": money}
    if row.automatic and row.pool is not None:
        left = max(0, row.pool - ask.pool_used)
        if ask.total > left:
            return "above_pool", {"amount": _m(ask, ask.total), "most": _m(ask, left)}
    if row.automatic:
        return "fits_auto", {"amount": money}
    return "fits", {"amount": money, "level": row.levels[-1]}


def _m(ask: Ask, minor: int) -> Money:
    return Money(ask.currency, minor)


def _levels(matrix: Matrix, rows: Iterable[Row]) -> tuple[str, ...]:
    """All levels that any component needs, in the order of the matrix."""
    wanted = {level for row in rows for level in row.levels}
    return tuple(level for level in ranked(matrix) if level in wanted)


def _flips(
    matrix: Matrix, ask: Ask, wanted: list[str], verdict: Verdict
) -> tuple[Flip, ...]:
    """The most of a single component that nobody would have to decide."""
    if verdict is Verdict.AUTO or len(wanted) != 1 or not wanted[0]:
        return ()
    (component,) = wanted
    most = automatic_most(matrix, ask, component)
    if most <= 0:
        return ()
    now, becomes = _m(ask, ask.parts[component]), _m(ask, most)
    return (Flip("amount", now, becomes, Verdict.AUTO.value),)


def automatic_most(matrix: Matrix, ask: Ask, component: str) -> int:
    """Return the most of a component (minor units) that nobody has to decide."""
    best = 0
    for row in matrix.rows:
        if not row.automatic or ask.attended or not _concerns(row, ask, component):
            continue
        before = ask.before.get(component, 0)
        owed = ask.owed.get(component, 0)
        most = owed - before
        if row.amount is not None:
            most = min(most, row.amount - before)
        if row.share is not None:
            numerator, denominator = row.share.as_integer_ratio()
            most = min(most, owed * numerator // denominator - before)
        if row.total is not None:
            most = min(most, row.total - sum(ask.before.values()))
        if row.pool is not None:
            most = min(most, row.pool - ask.pool_used)
        best = max(best, most)
    return best


PHRASES = Phrases(
    chinese={
        "answer": "{kind}，共减免 {total}，逾期 {dpd} 天：{answer}。",
        "fits": "{component} {amount}：在 {level} 权限之内",
        "fits_auto": "{component} {amount}：在自动审批范围之内",
        "above_amount": "{component} {amount}：超过单项上限 {most}",
        "above_share": "{component} {amount}：超过应还该项的 {most}",
        "above_total": "{component}：合计 {amount}，超过合计上限 {most}",
        "above_pool": "{component}：需要 {amount}，当日额度仅余 {most}",
        "attended": "{component} {amount}：贷款将标记为重组，须有他人审批",
        "no_row": "{component}：权限表没有任何一行允许",
        "other_currency": "{total}：权限表的金额为 {currency}，不适用于其他币种",
        "flip_amount": "若减至 {becomes}（现为 {now}），无需他人审批。",
        "=auto": "自动通过",
        "=needs_level": "须经审批",
        "=refused": "无人有权批准",
        "=nothing": "不减免任何款项",
        "=waiver": "减免",
        "=plan": "分期协议",
        "=settlement": "减免结清",
        "=terms": "贷后要素变更",
        "=principal": "本金",
        "=interest": "利息",
        "=penalty": "罚息",
        "=compound": "复利",
        "=fee": "费用",
        "=supervisor": "主管",
        "=branch_manager": "网点负责人",
        "=risk": "风控",
        "=compliance": "合规",
    },
    english={
        "answer": "{kind}, {total} given up, {dpd} days past due: {answer}.",
        "fits": "{component} {amount}: within what {level} decides",
        "fits_auto": "{component} {amount}: within what needs nobody",
        "above_amount": "{component} {amount}: above the limit of {most} for it",
        "above_share": "{component} {amount}: above {most} of what is owed of it",
        "above_total": "{component}: {amount} in all, above the limit of {most}",
        "above_pool": "{component}: {amount} needed, {most} left of today's pool",
        "attended": "{component} {amount}: the loan is marked as restructured, so another"
        " person decides",
        "no_row": "{component}: no row of the matrix allows it",
        "other_currency": "{total}: the bounds of the matrix are in {currency}",
        "flip_amount": "At {becomes} (now {now}) nobody would have to decide.",
        "=auto": "approved at once",
        "=needs_level": "needs a decision",
        "=refused": "nobody may approve it",
        "=nothing": "nothing given up",
        "=waiver": "waiver",
        "=plan": "plan",
        "=settlement": "settlement",
        "=terms": "change of terms",
        "=principal": "principal",
        "=interest": "interest",
        "=penalty": "penalty interest",
        "=compound": "compound interest",
        "=fee": "fees",
        "=supervisor": "a supervisor",
        "=branch_manager": "a branch manager",
        "=risk": "a risk officer",
        "=compliance": "a compliance officer",
    },
)
