"""A case at the desk: whose it is, what the panel sends, and the clock at noon."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from daihou.config import clock
from daihou.rooms.casework import door
from daihou.rooms.dayend import door as dayend
from tests.rooms.cast import AT, TODAY
from tests.rooms.promising import NOON, Worked, deed, late_case

SECOND = timedelta(seconds=1)


def clock_at_noon(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Stop the clock at noon of the open day; what is returned sets it anew."""

    def set_to(at: datetime) -> None:
        monkeypatch.setattr(clock, "_frozen_at", at)

    set_to(NOON)
    return set_to


def a_case() -> Worked:
    """One late case that is Mei's, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    made = late_case()
    give(made, "mei")
    return made


def give(worked: Worked, login: str) -> None:
    """Put the case into somebody's hands."""
    key = f"give:{worked.case.pk}:{worked.case.version}"
    by = deed(worked.boss)
    done = door.assign([worked.case.pk], collector=login, key=key, deed=by)
    assert done.moved, done.left


def desk_of(client: Client, query: str = "", **more: Any) -> Any:
    answer = client.get(f"/desk/{query}", **more)
    assert answer.status_code == 200
    return answer.context["page"]


def called(client: Client, worked: Worked) -> int:
    """Ask the gate from the desk; the number of its answer."""
    number = worked.case.number
    answer = client.post(f"/desk/{number}/ask/", {"channel": "call"})
    assert answer.status_code == 200
    found: int = answer.context["page"].case.gate.decision_id
    return found


def outcome(worked: Worked, decision: int, code: str, **more: Any) -> dict[str, Any]:
    """What the panel sends."""
    return {
        "code": code,
        "decision": decision or "",
        "version": worked.case.version,
        "note": "x",
        **more,
    }
