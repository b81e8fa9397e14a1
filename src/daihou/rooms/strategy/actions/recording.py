"""The events of strategies, each in the transaction of what it tells of."""

from collections.abc import Mapping
from datetime import datetime

from daihou.rooms.approvals.door import Deed
from daihou.rooms.audit import door as audit

SYSTEM = "strategy"  # what the worker does by itself


def record(
    happened: str,
    strategy_id: int,
    *,
    deed: Deed,
    payload: Mapping[str, object],
    reason: str = "",
) -> None:
    """Write `strategy.<happened>` about a strategy."""
    audit.record(
        type=f"strategy.{happened}",
        subject_type="strategy",
        subject_id=strategy_id,
        by=deed.by.username,
        at=deed.at,
        business_date=deed.business_date,
        reason=reason or deed.reason,
        request_id=deed.request_id,
        on_behalf_of=deed.on_behalf_of,
        payload=payload,
    )


def record_by_system(
    happened: str, strategy_id: int, *, at: datetime, payload: Mapping[str, object]
) -> None:
    """Write what the worker did."""
    audit.record(
        type=f"strategy.{happened}",
        subject_type="strategy",
        subject_id=strategy_id,
        by=SYSTEM,
        at=at,
        business_date=None,
        payload=payload,
    )
