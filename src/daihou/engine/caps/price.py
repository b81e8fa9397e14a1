"""Whether the rates of a loan keep the caps that held when it was lent."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.values import Price, PriceAnswer, Standing
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Decision, Flip, Said, Step

QUESTION = "price_cap"
_ZERO = Decimal(0)


def check_price(
    price: Price, rules: CapRules, *, subject: str, as_of: date
) -> PriceAnswer:
    """Compare the agreed rates with the multiples for lateness and the all-in cap.

    The cost is looked at on time, late and after misuse: the rate of that state and
    all fees together. Above 24 % (or four times LPR) it is not supported as far as
    it is above: 18 % and half of it more is 27 %, three points too many.
    """
    costs = dict(_costs(price))
    worst = max(costs, key=lambda each: costs[each])
    all_in, cap = costs[worst], rules.cap
    excess = max(_ZERO, all_in - cap) if cap is not None else _ZERO
    multiples = list(_multiples(price, rules.penalty))
    too_much = bool(excess) or any(above for above, _ in multiples)
    path = [*rules.steps(), *(step for _, step in multiples)]
    path.append(_compared(worst, all_in, cap, excess))
    warned = [each for each in rules.warnings if _is_above(price.rate, each.rate)]
    path += [
        each.article.step("guidance", "rate_most", rate=price.rate) for each in warned
    ]
    standing = Standing.OVER if too_much else Standing.WITHIN
    if not too_much and not rules.is_complete:
        standing = Standing.NOT_ASSERTED
    decision = Decision(
        question=QUESTION,
        subject=subject,
        as_of=as_of,
        answer=standing.value,
        inputs=_inputs(price, rules),
        path=tuple(path),
        flips=tuple(_flips(price, cap, worst, standing)),
    )
    overdue_most = None
    if rules.penalty is not None:
        overdue_most = price.rate * rules.penalty.share("overdue_most")
    return PriceAnswer(
        decision=decision,
        standing=standing,
        cap=cap,
        all_in=all_in,
        excess=excess,
        overdue_most=overdue_most,
        warnings=tuple(each.article.rule for each in warned),
    )


def _costs(price: Price) -> Iterator[tuple[str, Decimal]]:
    yield "rate", price.rate + price.fee_rate
    if price.overdue_rate is not None:
        yield "overdue_rate", price.overdue_rate + price.fee_rate
    if price.misuse_rate is not None:
        yield "misuse_rate", price.misuse_rate + price.fee_rate


def _multiples(price: Price, penalty: Article | None) -> Iterator[tuple[bool, Step]]:
    """Yield whether a rate for lateness or misuse is above its multiple, and why."""
    if penalty is None:
        return
    for kind, rate in (("overdue", price.overdue_rate), ("misuse", price.misuse_rate)):
        if rate is None:
            continue
        least, most = f"{kind}_least", f"{kind}_most"
        lowest = price.rate * penalty.share(least)
        highest = price.rate * penalty.share(most)
        code = "above" if rate > highest else "below" if rate < lowest else "between"
        step = penalty.step(
            f"{kind}_{code}", least, most, rate=rate, lowest=lowest, highest=highest
        )
        yield rate > highest, step
    if price.overdue_rate is not None and price.misuse_rate is not None:
        yield False, penalty.step("not_added", "not_added")


def _compared(
    worst: str, all_in: Decimal, cap: Decimal | None, excess: Decimal
) -> Step:
    if cap is None:
        return Step("", None, "nothing_to_compare", {"all_in": all_in})
    code = "over_cap" if excess else "within_cap"
    said: dict[str, Said] = {"state": worst, "all_in": all_in, "cap": cap}
    return Step("", None, code, {**said, "excess": excess})


def _is_above(rate: Decimal, limit: Decimal | None) -> bool:
    return limit is not None and rate > limit


def _inputs(price: Price, rules: CapRules) -> tuple[tuple[str, Said], ...]:
    lending = rules.lending
    return (
        ("licence", lending.licence),
        ("originator", lending.originator),
        ("originated_on", lending.originated_on),
        ("facilitated", lending.facilitated),
        ("rate", price.rate),
        ("fee_rate", price.fee_rate),
        ("overdue_rate", price.overdue_rate),
        ("misuse_rate", price.misuse_rate),
    )


def _flips(
    price: Price, cap: Decimal | None, worst: str, standing: Standing
) -> Iterator[Flip]:
    """Yield the rate at which the all-in cap turns the answer."""
    if cap is None or cap < price.fee_rate:
        return
    now = {"rate": price.rate, "overdue_rate": price.overdue_rate}
    now["misuse_rate"] = price.misuse_rate
    limit = cap - price.fee_rate
    if standing is Standing.OVER and (now[worst] or _ZERO) > limit:
        yield Flip(worst, now[worst], limit, Standing.WITHIN.value)
    elif standing is Standing.WITHIN:
        yield Flip(f"{worst}_above", now[worst], limit, Standing.OVER.value)
