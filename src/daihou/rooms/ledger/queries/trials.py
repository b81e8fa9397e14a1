"""What money would do, tried and forgotten: on one loan, or over several (民法典 560)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Sum

from daihou.engine.basics.errors import UserError
from daihou.engine.ledger.fixed import several
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import LoanState, Payment
from daihou.kit.scope import Scope
from daihou.rooms.ledger.models import Collateral
from daihou.rooms.ledger.queries.facts import LoanFacts, facts_of


@dataclass(frozen=True, slots=True)
class Trial:
    """One loan before and after money that came on `paid_on`, both as of one day.

    `shares` tells where it went, component -> minor units; `held` is left as credit.
    """

    loan_id: int
    number: str
    currency: str
    amount: int
    before: LoanState
    after: LoanState
    shares: Mapping[str, int]

    @property
    def held(self) -> int:
        """What found nothing due to pay."""
        return self.amount - sum(self.shares.values())

    @property
    def moves(self) -> bool:
        """Whether the loan is another afterwards (in mirror mode nothing moves)."""
        return self.before.overdue_total != self.after.overdue_total or bool(
            self.shares
        )


def trial(
    loan_id: int, *, amount: int, paid_on: date, as_of: date, scope: Scope
) -> Trial:
    """What `amount` minor units that came on `paid_on` would make of a loan.

    NotFound outside the scope; LoanError (engine) before the loan was paid out.
    """
    return trial_of(
        facts_of(loan_id, as_of=as_of, scope=scope),
        amount=amount,
        paid_on=paid_on,
        as_of=as_of,
    )


def trial_of(facts: LoanFacts, *, amount: int, paid_on: date, as_of: date) -> Trial:
    """The same for facts that were read before."""
    loan, policy = facts.loan, facts.policy
    before = settle(loan, policy, as_of=as_of)
    number = 1 + max((each.payment_id for each in loan.payments), default=0)
    wanted = Payment(payment_id=number, paid_on=paid_on, amount=amount)
    after = settle(
        replace(loan, payments=(*loan.payments, wanted)), policy, as_of=as_of
    )
    shares: Counter[str] = Counter()
    for each in after.allocations:
        if each.payment_id == number:
            shares[each.component] += each.amount
    return Trial(
        loan_id=loan.loan_id,
        number=facts.row.external_id,
        currency=loan.currency,
        amount=amount,
        before=before,
        after=after,
        shares=dict(shares),
    )


def spread(
    loan_ids: Sequence[int],
    *,
    amount: int,
    on: date,
    scope: Scope,
    designated: Sequence[str] = (),
) -> several.Spread | UserError:
    """How one sum pays several loans of one debtor in one currency on a day.

    What secures a loan is the value of its collateral. `designated` names loans in
    the order the debtor chose. A refusal of the engine (an amount of zero, a loan that
    a core system keeps) is the answer, not raised: the page says it.
    """
    secured = dict(
        Collateral.objects.filter(loan_id__in=list(loan_ids))
        .values_list("loan_id")
        .annotate(value=Sum("value"))
    )
    claims = []
    for loan_id in loan_ids:
        facts = facts_of(loan_id, as_of=on, scope=scope)
        claims.append(
            several.Claim(
                number=facts.row.external_id,
                loan=facts.loan,
                policy=facts.policy,
                security=secured.get(loan_id, 0),
            )
        )
    try:
        return several.spread(claims, amount, on=on, designated=designated)
    except UserError as error:
        return error
