"""The repayment plan of one loan as rows: what is due, paid, left, and how late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, gettext, ngettext

from daihou.engine.ledger.values import DemandState, LoanState
from daihou.engine.rulebook.policy import Component, Policy
from daihou.kit import numbers

ROWS_SHOWN = 9
ROWS_BEFORE = 3  # paid rows kept in sight above the first one that is not


@dataclass(frozen=True)
class PlanRow:
    """One demand of the plan; amounts in fen, `unpaid` only of what is due."""

    seq: str
    due_on: date
    principal: int
    interest: int
    fee: int
    penalty: int
    compound: int
    paid: int
    unpaid: int
    late: bool
    kind: str
    shape: str
    word: str
    note: str


def _near(day: date, year: int) -> str:
    language = get_language() or "zh-hans"
    return numbers.day_short(day, language=language, year=year)


def _state(each: DemandState, as_of: date, policy: Policy) -> tuple[str, str, str, str]:
    """Colour, shape, word and note of one demand."""
    left = sum(each.unpaid.values())
    if each.late:
        days = (as_of - each.due_on).days + policy.dpd.due_date_counts
        word = ngettext("%(days)s day late", "%(days)s days late", days)
        return "bad", "tri", word % {"days": days}, ""
    if each.settled_on is not None and not left:
        day = _near(each.settled_on, as_of.year)
        if not sum(each.paid.values()) and sum(each.waived.values()):
            return "mute", "tick", gettext("Waived %(day)s") % {"day": day}, ""
        word = gettext("Paid %(day)s") % {"day": day}
        return "good", "tick", word, _punctual((each.settled_on - each.due_on).days)
    if each.due_on > as_of:
        paid = gettext("partly paid") if sum(each.paid.values()) else ""
        return "mute", "ring", gettext("Not due"), paid
    if each.due_on == as_of:
        return "info", "flag", gettext("Due today"), ""
    unpaid = sum(
        each.unpaid[part]
        for part in (Component.PRINCIPAL, Component.INTEREST, Component.FEE)
    )
    if unpaid <= policy.dpd.tolerance_minor:
        return "warn", "half", gettext("Within tolerance"), ""
    return "warn", "half", gettext("Due, not late"), gettext("in grace")


def _punctual(days: int) -> str:
    if days == 0:
        return gettext("on time")
    if days < 0:
        words = ngettext("%(days)s day early", "%(days)s days early", -days)
        return words % {"days": -days}
    return ngettext("late by %(days)s day", "late by %(days)s days", days) % {
        "days": days
    }


def _row(each: DemandState, as_of: date, policy: Policy, charge: str) -> PlanRow:
    kind, shape, word, note = _state(each, as_of, policy)
    demand = each.demand

    def accrued(part: Component) -> int:
        return each.paid.get(part, 0) + each.unpaid.get(part, 0)

    return PlanRow(
        seq=charge or str(demand.seq),
        due_on=each.due_on,
        principal=demand.principal,
        interest=demand.interest,
        fee=demand.fee,
        penalty=accrued(Component.PENALTY),
        compound=accrued(Component.COMPOUND),
        paid=sum(each.paid.values()),
        unpaid=sum(each.unpaid.values()) if each.due_on <= as_of else 0,
        late=each.late,
        kind=kind,
        shape=shape,
        word=word,
        note=note,
    )


def plan_rows(
    state: LoanState, policy: Policy, kinds: dict[int, str]
) -> Sequence[PlanRow]:
    """Every demand in force, in order of its due date."""
    ordered = sorted(state.demands, key=lambda each: (each.due_on, each.demand.seq))
    return [_row(each, state.as_of, policy, _charge(kinds, each)) for each in ordered]


def _charge(kinds: dict[int, str], each: DemandState) -> str:
    """The word for a single charge; nothing for an instalment."""
    kind = kinds.get(each.demand.demand_id, "")
    if not kind:
        return "" if each.demand.seq else gettext("Charge")
    words = {"late_fee": gettext("Late fee"), "legal": gettext("Legal cost")}
    return words.get(kind, kind)


def around_today(rows: Sequence[PlanRow]) -> Sequence[PlanRow]:
    """The rows around the first that is not settled, a screen's worth of them."""
    opens = [place for place, row in enumerate(rows) if row.shape != "tick"]
    first = max(0, (opens[0] if opens else len(rows)) - ROWS_BEFORE)
    first = max(0, min(first, len(rows) - ROWS_SHOWN))
    return rows[first : first + ROWS_SHOWN]
