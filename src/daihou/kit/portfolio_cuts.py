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
WORK_ONLY: Final = frozenset({Cut.COLLECTOR, Cut.MEANS, Cut.SIZE, Cut.REASON})
_CASE: Final = (Cut.PRODUCT, Cut.BRANCH, Cut.OFFICER, Cut.STRATEGY)
_PROMISE: Final = (
    *_CASE,
    *(Cut.COLLECTOR, Cut.MEANS, Cut.SIZE, Cut.REASON, Cut.BUCKET),
)
_ATTEMPT: Final = (*_CASE, Cut.COLLECTOR, Cut.MEANS)
# A loan in a case; its cohort is the month in which it joined.
_PLACED: Final = (
    *(Cut.PRODUCT, Cut.BRANCH, Cut.OFFICER, Cut.CHANNEL, Cut.REGION),
    *(Cut.STRATEGY, Cut.COHORT),
)
_WAITING: Final = (*_CASE, Cut.COHORT)
_PROMISES: Final = (
    *("promise_kept", "promise_amount_kept", "promise_partly", "promise_broken"),
    *("promise_open", "promise_ended", "promise_due"),
)
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
    **dict.fromkeys(_ATTEMPTS, _ATTEMPT),
    "contact_coverage": _CASE,
    "liquidation_amount": _PLACED,
    "collected_in_cases": _PLACED,
    **dict.fromkeys(_ENDS, _WAITING),
    # What collecting costs is known of the whole house alone.
    "cost_to_collect": (),
    "net_recovery": (),
}


def cuts_of(metric: str) -> tuple[Cut, ...]:
    """The cuts a metric knows; asked for by another one it raises LookupError."""
    return WORK.get(metric, BOOK)
