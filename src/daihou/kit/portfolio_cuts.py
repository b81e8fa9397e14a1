"""Which cuts each metric can be broken down by."""

from collections.abc import Mapping
from typing import Final

from daihou.kit.portfolio import Cut

BOOK: Final = (
    Cut.PRODUCT,
    Cut.BRANCH,
    Cut.OFFICER,
    Cut.CHANNEL,
    Cut.REGION,
    Cut.STRATEGY,
    Cut.COHORT,
    Cut.BUCKET,
    Cut.CLASS,
)
# Columns of the work; no loan has them.
WORK_ONLY: Final = frozenset(
    {Cut.COLLECTOR, Cut.MEANS, Cut.SIZE, Cut.REASON}
    | {Cut.AGE, Cut.HOUR, Cut.RE_AGED, Cut.TEAM, Cut.HALF}
)
_CASE: Final = (Cut.PRODUCT, Cut.BRANCH, Cut.OFFICER, Cut.STRATEGY)
_PROMISE: Final = (
    *_CASE,
    *(Cut.COLLECTOR, Cut.MEANS, Cut.SIZE, Cut.REASON, Cut.BUCKET, Cut.AGE),
)
# A plan is seen by its loan, as relief does it.
_PLAN: Final = (
    *(Cut.PRODUCT, Cut.BRANCH, Cut.OFFICER),
    *(Cut.COLLECTOR, Cut.SIZE, Cut.REASON, Cut.AGE, Cut.RE_AGED),
)
_ATTEMPT: Final = (*_CASE, Cut.COLLECTOR, Cut.MEANS, Cut.HOUR)
# A loan in a case; its cohort is the month in which it joined.
_PLACED: Final = (
    *(Cut.PRODUCT, Cut.BRANCH, Cut.OFFICER, Cut.CHANNEL, Cut.REGION),
    *(Cut.STRATEGY, Cut.COHORT, Cut.TEAM, Cut.COLLECTOR),
)
_WAITING: Final = (*_CASE, Cut.COHORT)
_PROMISES: Final = (
    *("promise_kept", "promise_amount_kept", "promise_partly", "promise_broken"),
    *("promise_open", "promise_ended", "promise_due"),
)
_PLANS: Final = ("plan_kept", "plan_amount_kept", "plan_missed")
_ENDED_PLANS: Final = ("plan_completed", "plan_defaulted")
_ATTEMPTS: Final = (
    *("contact_penetration", "rpc_per_attempt", "rpc_per_account"),
    *("rpc_share_of_connects", "promise_rate"),
)
_ENDS: Final = (
    *("incidence_cured", "incidence_paid", "incidence_written_off"),
    *("incidence_sold", "incidence_other", "still_waiting"),
)
WORK: Final[Mapping[str, tuple[Cut, ...]]] = {
    **dict.fromkeys(_PROMISES, _PROMISE),
    **dict.fromkeys(_PLANS, _PLAN),
    # A whole plan has no instalment of its own.
    **dict.fromkeys(_ENDED_PLANS, tuple(c for c in _PLAN if c is not Cut.AGE)),
    **dict.fromkeys(_ATTEMPTS, _ATTEMPT),
    "contact_coverage": _CASE,
    "liquidation_amount": (*_PLACED, Cut.HALF),
    "collected_in_cases": _PLACED,
    **dict.fromkeys(_ENDS, _WAITING),
    # What collecting costs is known of the whole house alone.
    "cost_to_collect": (),
    "net_recovery": (),
}
# Provisions are kept by branch and class, whatever a loan is otherwise.
PROVIDED: Final[Mapping[str, tuple[Cut, ...]]] = dict.fromkeys(
    ("provision_coverage", "provision_share"), (Cut.BRANCH,)
)


def cuts_of(metric: str) -> tuple[Cut, ...]:
    """The cuts a metric knows; asked for by another one it raises LookupError."""
    return PROVIDED.get(metric) or WORK.get(metric, BOOK)
