"""What an asker is shown before sending: figures, authority, class, worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.commitments.authority import (
    Ask,
    Authority,
    authorise,
    passing_over,
    ranked,
)
from daihou.engine.commitments.settlement import Worth
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.fixed.whatif import payoff
from daihou.engine.ledger.values import Demand, Loan, LoanState, Policy
from daihou.kit.refusal import Refused
from daihou.kit.scope import Scope
from daihou.packs.relief import ReliefPolicy
from daihou.rooms.grading import door as grading
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people
from daihou.rooms.relief import queries

# 办法 art. 18, a closed list; "none": the customer is not in difficulty.
DIFFICULTIES = (
    "none",
    "overdue",
    "cash_flow",
    "already_bad",
    "no_refinancing",
    "delisting",
    "other",
)
DIFFICULTY_RULE = "CN-CLS-13"


@dataclass(frozen=True, slots=True)
class Standing:
    """A loan as it stands on a day: who, how late, what of each component."""

    line: ledger.reading.LoanLine
    customer_id: int
    loan: Loan
    policy: Policy
    state: LoanState
    payoff: int
    owed: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The whole answer of the calculator for one request; minor units.

    `effect` is what is kept with the request. `rows` are new instalments of the loan,
    if it is changed; `parts` what is given up by component.
    """

    standing: Standing
    parts: Mapping[str, int]
    authority: Authority
    effect: Mapping[str, Any]
    rows: tuple[Demand, ...] = ()
    tried: ledger.relieving.Tried | None = None
    worth: Worth | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def given_up(self) -> int:
        """All that is given up."""
        return sum(self.parts.values())


def standing(loan_id: int, *, on: date, scope: Scope) -> Standing:
    """How a loan stands on a day; NotFound outside the scope."""
    lines = ledger.reading.lines_of([loan_id], scope=scope)
    loan, policy = ledger.reading.load_loan(loan_id, as_of=on, scope=scope)
    try:
        state = settle(loan, policy, as_of=on)
    except UserError as error:
        raise of_engine(error) from None
    return Standing(
        line=lines[loan_id],
        customer_id=ledger.relieving.debtor_of(loan_id),
        loan=loan,
        policy=policy,
        state=state,
        payoff=payoff(loan, policy, on=on, state=state).total,
        owed=ledger.relieving.owed_by_component(state),
    )


def owed_on(at: Standing, day: date) -> Mapping[str, int]:
    """What will be owed of each component on a later day if nothing is paid."""
    state = settle(at.loan, at.policy, as_of=day)
    found: Mapping[str, int] = ledger.relieving.owed_by_component(state)
    return found


def of_engine(error: UserError) -> Refused:
    """What the engine does not allow, in the reader's words."""
    words = error.say(get_language() or "zh-hans")
    return Refused(f"relief_{error.code}", words)


def authority(
    kind: str,
    parts: Mapping[str, int],
    at: Standing,
    *,
    by: people.Person,
    on: date,
    policy: ReliefPolicy,
    restructured: bool = False,
) -> Authority:
    """Who may decide a request; the asker's role and pool of the day count.

    What marks the loan as `restructured` is never decided by the asker alone.
    """
    currency = at.line.currency
    before, gone = queries.given_before(at.line.loan_id, on=on, days=policy.window_days)
    ask = Ask(
        kind=kind,
        currency=currency,
        parts=dict(parts),
        owed={part: amount + gone.get(part, 0) for part, amount in at.owed.items()},
        dpd=at.state.dpd,
        product=at.line.product,
        role=by.role,
        before=before,
        pool_used=queries.used_today(by.username, day=on, currency=currency),
        subject=at.line.number,
        attended=restructured,
    )
    found = authorise(policy.matrix, ask, as_of=on)
    return _not_alone(found, at, by=by, policy=policy)


def _not_alone(
    found: Authority, at: Standing, *, by: people.Person, policy: ReliefPolicy
) -> Authority:
    """Nobody decides their own request: a role only they hold gives way to a higher."""
    if by.role not in found.levels:
        return found
    line = at.line
    holders = {
        each.role
        for each in people.people()
        if each.username != by.username
        and each.active
        and not each.reads_only
        and each.scope.allows(line.branch, product=line.product, officer=line.officer)
    }
    if by.role in holders:
        return found
    order = ranked(policy.matrix)
    above = order[order.index(by.role) + 1 :]
    return passing_over(
        found, by.role, tuple(each for each in above if each in holders)
    )


def class_effect(
    at: Standing, *, restructured: bool, first_due_on: date | None, scope: Scope
) -> dict[str, Any]:
    """What a restructuring does to the class, and what it is now.

    `again`: within an observation period, which may not end better than substandard.
    """
    found = grading.class_of(at.line.loan_id, scope=scope)
    return {
        "class": found.asset_class.code if found else None,
        "restructured": restructured,
        "again": bool(restructured and found and found.observed_until),
        "observed_from": first_due_on.isoformat() if first_due_on else None,
    }


def check_difficulty(difficulty: str, at: Standing, *, eases: bool) -> None:
    """Refuse a request that leaves out what the law asks of every easing of terms."""
    if difficulty not in DIFFICULTIES:
        raise Refused(
            "difficulty",
            _(
                "Say whether the customer is in financial difficulty, and of which kind."
            ),
            field="difficulty",
        )
    if difficulty == "none" and eases and at.state.dpd > 0:
        raise Refused(
            "difficulty_overdue",
            _(
                "Who is overdue is in financial difficulty by rule %(rule)s; choose what"
                " kind. The loan is then marked as restructured."
            )
            % {"rule": DIFFICULTY_RULE},
            field="difficulty",
        )


def around(
    at: Standing,
    *,
    after: LoanState | None,
    still_owed: int | None,
    by_class: Mapping[str, Any],
) -> dict[str, Any]:
    """The figures before and after, as they are kept with a request."""
    before = {
        "dpd": at.state.dpd,
        "overdue": at.state.overdue_total,
        "outstanding": at.state.outstanding_total,
        "payoff": at.payoff,
        "still_owed": sum(sum(each.unpaid.values()) for each in at.state.demands),
    }
    found: dict[str, Any] = {"before": before, "class": dict(by_class)}
    if after is not None:
        found["after"] = {
            "dpd": after.dpd,
            "overdue": after.overdue_total,
            "outstanding": after.outstanding_total,
            "still_owed": still_owed,
        }
    return found


def kept_rows(rows: Sequence[Demand]) -> list[dict[str, Any]]:
    """New instalments as plain data, for the page of the request."""
    return [
        {
            "seq": row.seq,
            "due_on": row.due_on.isoformat(),
            "principal": row.principal,
            "interest": row.interest,
            "fee": row.fee,
        }
        for row in rows
    ]
