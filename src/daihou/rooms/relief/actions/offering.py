"""The calculator: what a waiver, a plan, a settlement, a change of terms would be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.commitments import arrangement, settlement
from daihou.engine.rulebook.policy import Component
from daihou.kit.refusal import Refused
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief.actions import freezing, weighing
from daihou.rooms.relief.actions.weighing import Standing, Weighed
from daihou.rooms.relief.queries import replans

Change = ledger.relieving.Change


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWish:
    """An arrangement as it is asked for; amounts in minor units.

    `total` None: all that is overdue. `re_age` puts all that is owed into new rows of
    the contract and lets lateness begin anew; without it the contract stays as it is.
    `parts` are given up when it is completed; so are, with `interest_freeze`, penalty
    and compound, up to what `freezing.frozen` says. `weights` make the rows uneven (a
    season's income).
    """

    count: int
    first_due_on: date
    difficulty: str
    total: int | None = None
    every: int = 1
    unit: str = "months"
    first_payment: int = 0
    first_by: date | None = None
    weights: tuple[int, ...] = ()
    re_age: bool = False
    interest_freeze: bool = False
    parts: Mapping[str, int] = field(default_factory=dict)
    loan_ids: tuple[int, ...] = ()
    replaces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementWish:
    """A settlement as it is asked for: the days and amounts that are to come in."""

    parts: tuple[tuple[date, int], ...]
    difficulty: str

    @property
    def amount(self) -> int:
        """All that is to come in."""
        return sum(amount for _on, amount in self.parts)


def weigh_waiver(
    loan_id: int,
    parts: Mapping[str, int],
    *,
    receive: int,
    until: date | None,
    difficulty: str,
    by: people.Person,
    on: date,
    policy: ReliefPolicy,
) -> Weighed:
    """What giving up these amounts would do, and who decides."""
    at = weighing.standing(loan_id, on=on, scope=by.scope)
    wanted = {part: amount for part, amount in parts.items() if amount}
    _check_parts(wanted, at)
    if receive < 0 or (receive and (until is None or until < on)):
        raise Refused(
            "waiver_until",
            _("Say by which day, today or later, how much is to come in."),
            field="until",
        )
    eases = any(part in wanted for part in ("principal", "interest", "fee"))
    weighing.check_difficulty(difficulty, at, eases=eases)
    changes = [
        Change("waiver", {"component": part, "amount": amount})
        for part, amount in sorted(wanted.items())
    ]
    tried = ledger.relieving.try_changes(loan_id, changes, on=on, scope=by.scope)
    if dict(tried.given_up) != wanted:
        less = (part for part, minor in wanted.items() if tried.given_up[part] != minor)
        raise _too_much(next(less, "penalty"))
    return weighed("waiver", wanted, at, tried, difficulty, by, on, policy)


def _check_parts(parts: Mapping[str, int], at: Standing) -> None:
    if not parts:
        raise Refused("parts_missing", _("Say how much of what is to be given up."))
    for part, amount in parts.items():
        if part not in set(Component) or amount < 0:
            raise Refused("part_unknown", _("Choose a component and an amount."))
        if amount > at.owed[part]:
            raise _too_much(part)


def _too_much(part: str) -> Refused:
    return Refused(
        "part_too_large",
        _("More is to be given up than is owed of it. Enter at most what is owed."),
        field=f"part_{part}",
    )


def weighed(
    kind: str,
    parts: Mapping[str, int],
    at: Standing,
    tried: ledger.relieving.Tried | None,
    difficulty: str,
    by: people.Person,
    on: date,
    policy: ReliefPolicy,
    **more: Any,
) -> Weighed:
    restructured = difficulty != "none"
    found = weighing.authority(
        *(kind, parts, at), by=by, on=on, policy=policy, restructured=restructured
    )
    rows = tried.rows if tried else ()
    first = min((row.due_on for row in rows), default=at.state.next_due_on)
    effect = weighing.around(
        at,
        after=tried.after if tried else None,
        still_owed=tried.still_owed if tried else None,
        by_class=weighing.class_effect(
            at,
            restructured=restructured,
            first_due_on=first,
            scope=by.scope,
        ),
    )
    effect |= {"rows": weighing.kept_rows(rows)} | more.pop("effect", {})
    return Weighed(
        standing=at,
        parts=parts,
        authority=found,
        effect=effect,
        rows=rows,
        tried=tried,
        worth=more.pop("worth", None),
        more=more,
    )


def weigh_plan(
    loan_id: int, wish: PlanWish, *, by: people.Person, on: date, policy: ReliefPolicy
) -> Weighed:
    """What an arrangement would be: its rows, what it gives up, who decides."""
    at = weighing.standing(loan_id, on=on, scope=by.scope)
    weighing.check_difficulty(wish.difficulty, at, eases=True)
    loan_ids = _loans_of(at, wish, by)
    count = replans.checked(wish.replaces, at.line.loan_id, most=policy.plan.replans)
    tried = None
    if wish.re_age:
        tried, rows = _re_aged(loan_id, wish, by=by, on=on)
    else:
        rows = _spread(at, wish, on=on, most=policy.plan.most_instalments, by=by)
    total = wish.first_payment + sum(row.amount for row in rows)
    parts = {part: amount for part, amount in wish.parts.items() if amount}
    if parts:
        _check_parts(parts, at)
    if wish.interest_freeze:
        stops = freezing.frozen(
            at,
            tried.loan if tried else at.loan,
            rows,
            grace_days=policy.plan.grace_days,
            all_here=len(loan_ids) == 1,
        )
        parts |= {part: amount for part, amount in stops.items() if amount}
    terms = {
        "count": len(rows),
        "every": wish.every,
        "unit": wish.unit,
        "first_payment": wish.first_payment,
        "first_by": wish.first_by.isoformat() if wish.first_by else None,
        "allowance": policy.plan.allowance,
        "grace_days": policy.plan.grace_days,
        "tolerance": policy.plan.tolerance,
        "skips": policy.plan.skips,
        "skipped": 0,
        "missed": policy.plan.missed.value,
        "first_due_on": wish.first_due_on.isoformat(),
    }
    return weighed(
        *("plan", parts, at, tried, wish.difficulty, by, on, policy),
        total=total,
        terms=terms,
        loan_ids=loan_ids,
        replans=count,
        rows=rows,
    )


def _re_aged(
    loan_id: int, wish: PlanWish, *, by: people.Person, on: date
) -> tuple[ledger.relieving.Tried, tuple[arrangement.Instalment, ...]]:
    """The rows of the contract that a re-aged plan would have today."""
    if wish.first_payment:
        raise Refused(
            "plan_re_age_first",
            _(
                "A plan that re-ages puts all that is owed into its rows. Leave the first"
                " payment out, or make the plan without re-ageing."
            ),
            field="first_payment",
        )
    fields = {"periods": wish.count, "first_due_on": wish.first_due_on}
    tried = ledger.relieving.try_changes(
        loan_id, [Change("re_age", fields)], on=on, scope=by.scope
    )
    rows = tuple(
        arrangement.Instalment(n, row.due_on, row.principal + row.interest + row.fee)
        for n, row in enumerate(sorted(tried.rows, key=_due), 1)
    )
    return tried, rows


def _due(row: Any) -> tuple[date, int]:
    return row.due_on, row.seq


def _loans_of(at: Standing, wish: PlanWish, by: people.Person) -> tuple[int, ...]:
    """The loans whose money counts: of one customer, all of them to be seen."""
    wanted = wish.loan_ids or (at.line.loan_id,)
    if at.line.loan_id not in wanted:
        wanted = (at.line.loan_id, *wanted)
    seen = ledger.reading.lines_of(wanted, scope=by.scope)
    others = {ledger.relieving.debtor_of(each) for each in wanted}
    same = all(seen[each].currency == at.line.currency for each in seen)
    if len(seen) < len(set(wanted)) or others != {at.customer_id} or not same:
        raise Refused(
            "plan_loans",
            _("Choose loans of the same customer and currency that you may see."),
            field="loans",
        )
    if wish.re_age and len(wanted) > 1:
        raise Refused(
            "plan_re_age_one",
            _("A plan that re-ages is made for one loan. Ask for each by itself."),
            field="re_age",
        )
    return tuple(dict.fromkeys(wanted))


def _spread(
    at: Standing, wish: PlanWish, *, on: date, most: int, by: people.Person
) -> tuple[arrangement.Instalment, ...]:
    loans = [each for each in wish.loan_ids if each != at.line.loan_id]
    overdue = at.state.overdue_total + sum(
        weighing.standing(each, on=on, scope=by.scope).state.overdue_total
        for each in loans
    )
    total = overdue - sum(wish.parts.values()) if wish.total is None else wish.total
    if wish.first_due_on < on or (wish.first_by is not None and wish.first_by < on):
        raise Refused(
            "plan_day", _("A plan begins today or later."), field="first_due_on"
        )
    rest = total - wish.first_payment
    if rest <= 0 or wish.first_payment < 0:
        raise Refused(
            "plan_nothing",
            _(
                "Nothing is left to spread. Enter an amount, or a smaller first payment."
            ),
            field="total",
        )
    try:
        rows = arrangement.spread(
            rest,
            count=wish.count,
            first_due_on=wish.first_due_on,
            every=wish.every,
            unit=wish.unit,
            most=most,
        )
    except UserError as error:
        raise weighing.of_engine(error) from None
    if not wish.weights:
        return rows
    if len(wish.weights) != len(rows) or min(wish.weights) < 1:
        raise Refused(
            "plan_weights",
            _("Give one weight of at least 1 for each instalment."),
            field="weights",
        )
    rows = arrangement.spread_by(rest, wish.weights, [row.due_on for row in rows])
    if any(row.amount < 1 for row in rows):
        raise Refused(
            "plan_weights_uneven",
            _("Nothing would be due on some days. Make the weights less uneven."),
            field="weights",
        )
    return rows


def weigh_settlement(
    loan_id: int,
    wish: SettlementWish,
    *,
    by: people.Person,
    on: date,
    policy: ReliefPolicy,
) -> Weighed:
    """What closing the loan for less would give up, its worth today, who decides."""
    at = weighing.standing(loan_id, on=on, scope=by.scope)
    _check_days(wish, on)
    weighing.check_difficulty(wish.difficulty, at, eases=True)
    try:
        band = settlement.band_for(policy.bands, dpd=at.state.dpd)
        settlement.check_offer(
            band, wish.amount, owed=at.payoff, currency=at.line.currency
        )
    except UserError as error:
        raise weighing.of_engine(error) from None
    tried = _closed(at, wish, by=by)
    worth = settlement.worth(
        band, owed=at.payoff, parts=wish.parts, as_of=on, rate=policy.yearly_rate
    )
    shown = {
        "band": band.id,
        "least": settlement.least_of(band, owed=at.payoff),
        "worth": worth.settlement,
        "going_on": worth.going_on,
        "break_even": worth.break_even,
        "rate": str(policy.yearly_rate),
    }
    offer_until = on + timedelta(days=band.days)
    terms = {
        "band": band.id,
        "offer_days": band.days,
        "counters": 0,
        "least": shown["least"],
        "offer_until": offer_until.isoformat(),
    }
    return weighed(
        *("settlement", dict(tried.given_up), at, tried, wish.difficulty),
        *(by, on, policy),
        worth=worth,
        terms=terms,
        effect={"settlement": shown},
    )


def _closed(
    at: Standing, wish: SettlementWish, *, by: people.Person
) -> ledger.relieving.Tried:
    """The loan closed on the last day of a settlement, on which most is given up.

    What was paid that day before counts with what is to come.
    """
    last = wish.parts[-1][0]
    known = sum(
        each.amount
        for each in at.loan.payments
        if each.paid_on == last and each.ends_on is None
    )
    changes = [Change(ledger.relieving.SETTLE, {"amount": wish.amount + known})]
    return ledger.relieving.try_changes(
        at.line.loan_id, changes, on=last, scope=by.scope
    )


def _check_days(wish: SettlementWish, on: date) -> None:
    days = [each for each, _amount in wish.parts]
    amounts = [amount for _on, amount in wish.parts]
    orderly = days == sorted(set(days)) and min(amounts, default=0) > 0
    if not orderly or days[0] < on:
        raise Refused(
            "settlement_days",
            _("Give the days, today or later and one after the other, with amounts."),
            field="parts",
        )
