"""What relief would make of a loan: its rows and figures before and after, not kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils.translation import get_language, gettext

from daihou.engine.basics.errors import UserError
from daihou.engine.ledger import values as engine
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import payoff
from daihou.engine.ledger.life import events as ev
from daihou.engine.ledger.life import reshaping
from daihou.engine.ledger.life.placing import GIVEN_UP_FIRST, place
from daihou.engine.ledger.life.unfolding import Period, Unfolding
from daihou.engine.rulebook.policy import Component, Mode, Policy
from daihou.kit.refusal import Refused
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Demand, Loan, Waiver
from daihou.rooms.ledger.queries.facts import LoanFacts, facts_of

FIRST_ID = 10**12  # of events that are only tried: above every number of a row
SETTLE = "settle"


@dataclass(frozen=True, slots=True)
class Change:
    """One act on a loan: the kind of a life's event (`life.events.KINDS`) and its fields.

    `settle` closes the loan with the money that comes in on the day: everything falls
    due, and what that day's money (`amount` minor units) does not cover is given up.
    """

    kind: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """What changes make of the facts: rows to add, and the loan with them."""

    loan: engine.Loan
    demands: tuple[tuple[engine.Demand, Period], ...]
    waivers: tuple[engine.Waiver, ...]
    steps: tuple[engine.RateStep, ...]
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class Tried:
    """A loan on a day before and after some changes; amounts in minor units.

    `given_up` is by component, without what is only moved to new rows. `rows` are the
    new instalments, `dpd_before` lateness by the rows before. `payoff` closes the loan
    as it was, `still_owed` all the new rows ask for in the end, with what was due.
    `loan` is the loan with the changes.
    """

    before: engine.LoanState
    after: engine.LoanState
    given_up: Mapping[str, int]
    rows: tuple[engine.Demand, ...]
    payoff: int
    still_owed: int
    loan: engine.Loan

    @property
    def dpd_before(self) -> int:
        """Days past due by the rows before."""
        return self.before.dpd

    @property
    def total_given_up(self) -> int:
        """All that is given up."""
        return sum(self.given_up.values())


def try_changes(
    loan_id: int, changes: Sequence[Change], *, on: date, scope: Scope
) -> Tried:
    """What changes on `on` would make of a loan; NotFound outside the scope.

    Refused where the loan cannot be changed so, in words for whoever asked.
    """
    facts = facts_of(loan_id, as_of=on, scope=scope)
    at = datetime.combine(on, time(0), tzinfo=UTC)
    return tried(facts, worked_out(facts, changes, on=on, at=at), on=on)


def tried(facts: LoanFacts, made: Made, *, on: date) -> Tried:
    """The figures around changes that were worked out."""
    before = settle(facts.loan, facts.policy, as_of=on)
    after = settle(made.loan, facts.policy, as_of=on)
    given: dict[str, int] = {}
    for waiver in made.waivers:
        if not waiver.moved:
            given[waiver.component] = given.get(waiver.component, 0) + waiver.amount
    return Tried(
        before=before,
        after=after,
        given_up=given,
        rows=tuple(demand for demand, _period in made.demands if demand.seq),
        payoff=payoff(facts.loan, facts.policy, on=on, state=before).total,
        still_owed=sum(sum(each.unpaid.values()) for each in after.demands),
        loan=made.loan,
    )


def worked_out(
    facts: LoanFacts, changes: Sequence[Change], *, on: date, at: datetime
) -> Made:
    """The facts after changes on a day, before that day's money; nothing is kept."""
    loan = facts.loan
    if facts.policy.mode is Mode.MIRROR:
        raise Refused("mirror_relief", _mirror())
    early = tuple(each for each in loan.payments if each.paid_on < on)
    life = Unfolding(
        replace(loan, payments=early),
        _terms(facts.row, facts.policy),
        facts.policy,
        calendar=None,
        running=False,
        periods=_periods(facts.row),
    )
    life.rate = _rate_now(facts.row)
    try:
        for number, change in enumerate(changes, FIRST_ID):
            _place(life, change, number=number, on=on, at=at)
    except UserError as error:
        raise Refused(
            "relief_not_possible", error.say(get_language() or "zh-hans")
        ) from None
    demands = life.loan.demands[len(loan.demands) :]
    return Made(
        loan=replace(life.loan, payments=loan.payments),
        demands=tuple((each, life.period_of(each.demand_id)) for each in demands),
        waivers=life.loan.waivers[len(loan.waivers) :],
        steps=tuple(e for e in life.loan.rate_steps if e not in loan.rate_steps),
        rate=life.rate,
    )


def _mirror() -> str:
    words: str = gettext(
        "A core system keeps this loan, so what is given up is posted there. Ask for a"
        " plan, or post it in the core system."
    )
    return words


def _place(
    life: Unfolding, change: Change, *, number: int, on: date, at: datetime
) -> None:
    known: dict[str, Any] = {"event_id": number, "happened_on": on, "recorded_at": at}
    if change.kind == SETTLE:
        _settle(life, ev.ContractTermination(**known), change.fields["amount"])
        return
    place(life, ev.KINDS[change.kind](**known, **change.fields))


def _settle(life: Unfolding, event: ev.Event, amount: int) -> None:
    """Let all fall due that day, and give up what the day's money leaves."""
    reshaping.accelerate(life, event)
    book = life.book(event.happened_on)
    rest = sum(sum(each.left.values()) for each in book.accounts)
    rest -= amount + max(0, book.credit)
    for component in GIVEN_UP_FIRST:
        if rest > 0:
            rest -= life.give_up(event, list(book.accounts), component, rest)


def _terms(row: Loan, policy: Policy) -> engine.LoanTerms:
    return engine.LoanTerms(
        currency=row.currency,
        principal_minor=row.principal,
        annual_rate=row.annual_rate,
        method=row.method,
        periods=row.periods,
        period_unit=row.period_unit,
        disbursed_on=row.disbursed_on,
        first_due_on=row.first_due_on,
        day_count=policy.day_count,
        rounding=policy.rounding,
        instalment_minor=row.instalment_amount,
    )


def _remade(row: Loan) -> list[dict[str, Any]]:
    """What is kept beside rows a restructuring made, in the order they were made."""
    if not row.relieved:
        return []
    rows = Demand.objects.filter(loan=row, opens_on__isnull=False).order_by("pk")
    kept = rows.values_list("pk", "attributes")
    return [{"pk": pk} | attributes for pk, attributes in kept if attributes]


def _periods(row: Loan) -> dict[int, Period]:
    return {
        each["pk"]: Period(date.fromisoformat(each["begins"]), each["carried"])
        for each in _remade(row)
    }


def _rate_now(row: Loan) -> Decimal | None:
    """The yearly rate a restructuring agreed last; None: the contract's."""
    rates = [each["rate"] for each in _remade(row) if each.get("rate")]
    return Decimal(rates[-1]) if rates else None


def ended_on(loan_id: int, ref: str) -> date | None:
    """The day from which an act was taken back last; None where it never was."""
    waivers = Waiver.objects.filter(loan_id=loan_id, ref=ref)
    last: date | None = waivers.aggregate(last=Max("ends_on"))["last"]
    return last


def owed_by_component(state: engine.LoanState) -> dict[str, int]:
    """What may be given up of each component (minor units).

    All principal; of the others what is due by the day of the state, since interest to
    come is not earned yet.
    """
    return {
        part.value: sum(
            each.unpaid.get(part.value, 0)
            for each in state.demands
            if part is Component.PRINCIPAL or each.due_on <= state.as_of
        )
        for part in Component
    }
