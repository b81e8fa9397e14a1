"""What a loan owes, as JSON: the state, its rows, and why, said in a language."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from daihou.engine.basics.line import Line
from daihou.engine.basics.money import to_major
from daihou.engine.delinquency.phrases import Said, say
from daihou.engine.ledger.fixed.whatif import Payoff, what_would_change
from daihou.engine.ledger.life.difference import Difference, rows_owed
from daihou.engine.ledger.life.front import Interest, LifeState
from daihou.engine.ledger.life.words import say_life
from daihou.engine.ledger.values import DemandState
from daihou.packs.loan_json import LoanFile


def state(
    file: LoanFile,
    life: LifeState,
    payoff: Payoff,
    *,
    language: str,
    difference: Difference | None = None,
) -> dict[str, Any]:
    """Return the state of a loan as JSON values; amounts in major units, as text."""
    money = Writer(file.contract.terms.currency)
    found = life.state
    content: dict[str, Any] = {
        **_head(file, life),
        **_sums(life, money),
        "payoff": money(payoff.total),
        "instalments": list(_rows(life, money)),
        "allocations": [
            {
                "event": each.payment_id,
                "on": each.on.isoformat(),
                "demand": each.demand_id,
                "component": each.component,
                "amount": money(each.amount),
            }
            for each in found.allocations
        ],
        "derivation": lines(found.derivation, language),
        "what_would_change": lines(changes(file, life), language),
        "story": life_lines(life.story, language),
    }
    if difference is not None:
        content["difference"] = life_lines(difference.lines, language)
    return content


def _head(file: LoanFile, life: LifeState) -> dict[str, Any]:
    found, policy = life.state, file.contract.policy
    return {
        "loan": file.name,
        "currency": file.contract.terms.currency,
        "as_of": found.as_of.isoformat(),
        "known_at": file.known_at.isoformat() if file.known_at else None,
        "product": policy.product,
        "interest": file.contract.interest.value,
        "status": found.status,
        "dpd": found.dpd,
        "dpd_original": life.dpd_original,
        "dpd_method": found.dpd_method,
        "bucket": found.bucket,
        "worst_dpd": found.worst_dpd,
        "times_late": found.times_late,
        "late_instalments": found.late_instalments,
        "oldest_unpaid_due_on": _day(found.oldest_unpaid_due_on),
        "next_due_on": _day(found.next_due_on),
    }


def _sums(life: LifeState, money: "Writer") -> dict[str, Any]:
    found = life.state
    return {
        "next_due_amount": money(found.next_due_amount),
        "overdue": money.each(found.overdue),
        "overdue_total": money(found.overdue_total),
        "outstanding_principal": money(found.outstanding_principal),
        "outstanding_total": money(found.outstanding_total),
        "claimable": money(found.claimable),
        "unapplied_credit": money(found.unapplied_credit),
        "accrued_interest": money(life.accrued),
        "over_cap": money.each(found.over_cap),
        "non_accrual_since": _day(found.non_accrual_since),
        "memo": money.each(found.memo),
    }


def changes(file: LoanFile, life: LifeState) -> tuple[Line, ...]:
    """Return what would change a loan with rows of its own (a running one has none)."""
    if file.contract.interest is Interest.RUNNING:
        return ()
    return what_would_change(
        *(life.loan, file.contract.policy),
        as_of=life.state.as_of,
        calendar=file.closed_days or None,
    )


class Writer:
    """Writes minor units of one currency as text in major units."""

    def __init__(self, currency: str) -> None:
        """Keep the currency, so that it is said once."""
        self.currency = currency

    def __call__(self, minor: int) -> str:
        """Write one amount."""
        return f"{to_major(minor, self.currency):f}"

    def each(self, amounts: Mapping[str, int]) -> dict[str, str]:
        """Write amounts by component."""
        return {str(name): self(minor) for name, minor in amounts.items()}


def lines(steps: Iterable[Line], language: str) -> list[dict[str, Any]]:
    """Return the steps of a derivation as data and in words."""
    return [_line(each, say(each, language)) for each in steps]


def life_lines(steps: Iterable[Line], language: str) -> list[dict[str, Any]]:
    """Return lines of a life as data and in words."""
    return [_line(each, say_life(each, language)) for each in steps]


def _line(line: Line, said: Said) -> dict[str, Any]:
    return {
        "code": line.code,
        "title": said.title,
        "value": said.value,
        "note": said.note,
        "source": line.source,
    }


def _rows(life: LifeState, money: Writer) -> Iterator[dict[str, Any]]:
    own = rows_owed(life)
    for each in life.state.demands:
        if each.demand.demand_id in own:
            moved: Counter[str] = Counter()
            for waiver in life.loan.waivers:
                if waiver.moved and waiver.demand_id == each.demand.demand_id:
                    moved[waiver.component] += waiver.amount
            yield _row(each, moved, money)


def _row(each: DemandState, moved: Mapping[str, int], money: Writer) -> dict[str, Any]:
    """Write one row; what other rows owe on is `moved`, not waived."""
    demand = each.demand
    waived = {name: amount - moved.get(name, 0) for name, amount in each.waived.items()}
    return {
        "demand": demand.demand_id,
        "seq": demand.seq,
        "due_on": each.due_on.isoformat(),
        "principal": money(demand.principal),
        "interest": money(demand.interest),
        "fee": money(demand.fee),
        "paid": money.each(each.paid),
        "waived": money.each(waived),
        "moved": money.each({name: moved.get(name, 0) for name in each.waived}),
        "unpaid": money.each(each.unpaid),
        "late": each.late,
        "settled_on": _day(each.settled_on),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
