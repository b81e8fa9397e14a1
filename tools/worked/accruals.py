"""Penalty worked by hand: spans of days, what was owed in each, and the sum.

This is arithmetic of its own: it takes from the engine what was unpaid at the end of
a day and nothing else, and refuses to print when its sum is not the engine's figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from daihou.engine.basics.money import NANO
from daihou.engine.ledger.values import DemandState
from daihou.engine.rulebook.policy import Component
from tools.worked import words
from tools.worked.cases import Worked, find
from tools.worked.tables import money, state_on, table

BASES = (
    (Component.PENALTY, Component.PRINCIPAL),
    (Component.COMPOUND, Component.INTEREST),
)


@dataclass(frozen=True)
class Span:
    """Days after `begin` up to `end` in which `base` was owed at one rate."""

    begin: date
    end: date
    base: int
    rate: Fraction

    @property
    def days(self) -> int:
        return (self.end - self.begin).days


def penalty_lines(name: str, day: str) -> list[str]:
    """How penalty and compound of each late instalment came about by `day`."""
    found, on = find(name), date.fromisoformat(day)
    year = found.case.policy.penalty.days_in_year
    rows: list[list[str]] = []
    for each in state_on(found, on).demands:
        for part, base in BASES:
            spans = [s for s in _spans(found, each, base, on) if s.base]
            wanted = each.paid[part] + each.waived.get(part, 0) + each.unpaid[part]
            if spans and _asked(found, part):
                rows += _rows(found, each, part, spans, wanted)
    head = ["for", "after 起", "to 止", "days 天数", "owed 基数", "rate 年利率"]
    return table([*head, f"owed × days × rate ÷ {year}"], rows)


def _asked(found: Worked, part: Component) -> bool:
    terms = found.case.policy.penalty
    return terms.on_principal if part is Component.PENALTY else terms.on_interest


def _rows(
    found: Worked, each: DemandState, part: Component, spans: list[Span], wanted: int
) -> Iterator[list[str]]:
    year = found.case.policy.penalty.days_in_year
    exact = sum((s.base * s.days * s.rate / year for s in spans), Fraction(0))
    assert round(exact) == wanted, (found.case.name, part, float(exact), wanted)
    name = f"no. {each.demand.seq}, {words.PARTS[part]}"
    for span in spans:
        amount = span.base * span.days * span.rate / year
        yield [
            name,
            span.begin.isoformat(),
            span.end.isoformat(),
            str(span.days),
            money(found, span.base),
            words.percent(Decimal(span.rate.numerator) / span.rate.denominator),
            f"{float(amount) / 100:,.4f}",
        ]
    yield [f"**{name}**", "", "", "", "", "", f"**{money(found, wanted)}**"]


def _spans(
    found: Worked, each: DemandState, base: Component, on: date
) -> Iterator[Span]:
    """The spans between two days on which anything about the debt changed."""
    loan, due = found.case.loan, each.due_on
    changes = {payment.paid_on for payment in loan.payments}
    changes |= {waiver.on for waiver in loan.waivers}
    changes |= {step.begins_on for step in loan.rate_steps}
    days = [due, *sorted(day for day in changes if due < day < on), on]
    if due >= on:
        return
    for begin, end in pairwise(days):
        owed = next(
            state.unpaid[base]
            for state in state_on(found, begin).demands
            if state.demand.demand_id == each.demand.demand_id
        )
        yield Span(begin, end, owed, _rate(found, begin))


def _rate(found: Worked, after: date) -> Fraction:
    """The yearly rate of the days after `after`: the contract's, under the cap."""
    loan, policy = found.case.loan, found.case.policy
    nano = loan.penalty_rate_nano
    for step in loan.rate_steps:
        if step.begins_on <= after:
            nano = step.penalty_rate_nano
    rate = Fraction(nano, NANO)
    caps = [c for c in policy.cost_caps if c.begins_on <= loan.disbursed_on]
    if caps:
        cap = max(caps, key=lambda each: each.begins_on)
        most = Fraction(cap.annual_rate) * policy.penalty.days_in_year
        rate = min(rate, Fraction(int(most / cap.days_in_year * NANO), NANO))
    return rate
