"""What of a claim is above the cap on cost: counted in minor units, and what is cut."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.basics.money import Money
from daihou.engine.caps.rules import PRIVATE, CapRules
from daihou.engine.caps.values import Charge, Claim, ClaimAnswer, Standing
from daihou.engine.rulebook.decision import Decision, Flip, Said, Step

QUESTION = "claim_cap"


def check_claim(
    claim: Claim, rules: CapRules, *, subject: str, as_of: date
) -> ClaimAnswer:
    """Count what all charges may be, and cut what is above it.

    The allowance is the cap times the principal outstanding, day by day, rounded
    down to the minor unit once. What is above it is cut from compound interest,
    then penalty, damages, fees and last from interest: so 16 % with half of it more
    keeps within 24 %, until compound interest pushes it over.
    """
    cap, claimed = rules.cap, sum(claim.charges.values())
    allowance = None if cap is None else _allowance(claim, cap, rules)
    excess = 0 if allowance is None else max(0, claimed - allowance)
    cut = dict(_cut(claim.charges, excess))
    standing = Standing.OVER if excess else Standing.WITHIN
    if not excess and not rules.is_complete:
        standing = Standing.NOT_ASSERTED
    path = [*rules.steps(), *_about_principal(claim, rules)]
    path += _counted(claim, allowance, claimed, cut)
    decision = Decision(
        question=QUESTION,
        subject=subject,
        as_of=as_of,
        answer=standing.value,
        inputs=_inputs(claim, rules),
        path=tuple(path),
        flips=tuple(_flips(claim, allowance, claimed, standing)),
    )
    return ClaimAnswer(
        decision=decision,
        standing=standing,
        cap=cap,
        allowance=allowance,
        claimed=claimed,
        excess=excess,
        cut=MappingProxyType(cut),
        claimable=MappingProxyType(
            {each: due - cut.get(each, 0) for each, due in claim.charges.items()}
        ),
    )


def _allowance(claim: Claim, cap: Decimal, rules: CapRules) -> int:
    share, whole = cap.as_integer_ratio()
    days = sum(
        _counting(each.principal, claim, rules) * (each.ends_on - each.begins_on).days
        for each in claim.stretches
    )
    return share * days // (whole * claim.days_in_year)


def _counting(principal: int, claim: Claim, rules: CapRules) -> int:
    """Return the principal that the cap is counted on: what was really lent."""
    if claim.first_principal is not None and rules.lending.lender == PRIVATE:
        principal = min(principal, claim.first_principal)
    if rules.in_advance is not None:
        principal -= claim.kept_back
    return max(0, principal)


def _cut(charges: Mapping[Charge, int], excess: int) -> Iterator[tuple[Charge, int]]:
    for charge in Charge:
        part = min(excess, charges.get(charge, 0))
        if part:
            yield charge, part
            excess -= part


def _about_principal(claim: Claim, rules: CapRules) -> Iterator[Step]:
    if claim.kept_back and rules.in_advance is not None:
        kept = Money(claim.currency, claim.kept_back)
        yield rules.in_advance.step("kept_back", amount=kept)
    if claim.first_principal is not None and rules.lending.lender == PRIVATE:
        first = Money(claim.currency, claim.first_principal)
        private = [each for each in rules.ceilings if each.article.rule == "CN-INT-03"]
        yield from (each.article.step("compounding", first=first) for each in private)


def _counted(
    claim: Claim, allowance: int | None, claimed: int, cut: Mapping[Charge, int]
) -> Iterator[Step]:
    asked = Money(claim.currency, claimed)
    if allowance is None:
        yield Step("", None, "no_allowance", {"claimed": asked})
        return
    most = Money(claim.currency, allowance)
    params: dict[str, Said] = {"claimed": asked, "allowance": most}
    params |= {"days_in_year": claim.days_in_year}
    yield Step("", None, "claim_over" if cut else "claim_within", params)
    for charge, part in cut.items():
        off: dict[str, Said] = {"amount": Money(claim.currency, part)}
        yield Step("", None, "cut", {"charge": charge.value, **off})


def _inputs(claim: Claim, rules: CapRules) -> tuple[tuple[str, Said], ...]:
    lending = rules.lending
    days = sum((each.ends_on - each.begins_on).days for each in claim.stretches)
    return (
        ("licence", lending.licence),
        ("originator", lending.originator),
        ("originated_on", lending.originated_on),
        ("facilitated", lending.facilitated),
        ("days", days),
        ("days_in_year", claim.days_in_year),
        ("kept_back", Money(claim.currency, claim.kept_back)),
        *(
            (each.value, Money(claim.currency, claim.charges[each]))
            for each in Charge
            if each in claim.charges
        ),
    )


def _flips(
    claim: Claim, allowance: int | None, claimed: int, standing: Standing
) -> Iterator[Flip]:
    if allowance is None:
        return
    now, most = Money(claim.currency, claimed), Money(claim.currency, allowance)
    if standing is Standing.OVER:
        yield Flip("claimed", now, most, Standing.WITHIN.value)
    else:
        above = Money(claim.currency, allowance + 1)
        yield Flip("claimed_above", now, above, Standing.OVER.value)
