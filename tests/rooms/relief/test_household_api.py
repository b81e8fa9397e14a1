"""Plans for households over the API: begun, read, worked through, only tried."""

from typing import Any

import pytest

from daihou.rooms.dayend import door as dayend
from daihou.rooms.ledger.actions import standing
from daihou.rooms.relief.models import HouseholdPlan
from tests.api.calls import Api, api_of, refused
from tests.rooms.caseworking import make_login
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.relieving import a_begun, late_loan


@pytest.fixture
def mei(cast: Cast) -> Api:
    """A program of a branch manager of the north, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    make_login("su", "branch_manager")
    return api_of("su")


def _begun(mei: Api, **more: Any) -> dict[str, Any]:
    loan = late_loan()
    standing.settle_at_once(loan, business_date=TODAY)
    wish = {**a_begun(), **more}
    answer = mei.post(f"/customers/{loan.customer_id}/household", wish)
    assert answer.status_code == 200, answer.json()
    made: dict[str, Any] = answer.json()
    return made


def test_begun_read_and_listed(mei: Api) -> None:
    made = _begun(mei, targets=[{"on": "2026-04-20", "amount": "5.00"}])
    assert (made["goal"], made["got"], made["state"]) == ("10.00", "0.00", "running")
    assert made["targets"] == [{"on": "2026-04-20", "amount": "5.00", "reached": False}]
    assert made["sources"][0]["amount"] == "1.00"
    whole = mei.get(f"/households/{made['id']}").json()
    assert whole == {name: each for name, each in made.items() if name != "dry_run"}
    (listed,) = mei.get("/households").json()["items"]
    assert listed["id"] == made["id"]
    assert mei.get("/households", stuck="true").json()["items"] == []
    assert "sources" not in listed
    again = mei.post(
        f"/customers/{made['customer_id']}/household",
        a_begun(),
    )
    refused(again, 409, "household_runs")


def test_worked_through_and_ended(mei: Api) -> None:
    made = _begun(mei)
    path = f"/households/{made['id']}/deeds"
    sent = {"deed": "done", "place": 1, "outcome": "was there", "next_on": "2026-03-30"}
    done = mei.post(path, sent).json()
    assert done["means"][0]["outcome"] == "was there"
    assert done["next_on"] == "2026-03-30"
    refused(mei.post(path, sent), 409, "means_done")
    sent = {"deed": "confirm", "recoverable": "likely", "reason": "x"}
    refused(mei.post(path, sent), 422, "confirm")
    confirmed = mei.post(path, sent | {"review_on": "2026-05-01"}).json()
    assert confirmed["confirmed"] == "likely"
    stale = {"deed": "end", "reason": "x", "version": made["version"]}
    refused(mei.post(path, stale), 409, "household_has_moved")
    assert mei.post(path, {"deed": "end", "reason": "x"}).json()["state"] == "ended"
    assert mei.get("/households").json()["items"] == []


def test_only_tried_nothing_is_written(mei: Api) -> None:
    made = _begun(mei)
    path = f"/households/{made['id']}/deeds"
    sent = {"deed": "end", "reason": "x"}
    tried = mei.post(path, sent, dry_run="true").json()
    assert tried["dry_run"] and tried["state"] == "ended"
    assert HouseholdPlan.objects.get().state == "running"


def test_another_branch_sees_nothing_of_it(mei: Api) -> None:
    made = _begun(mei)
    make_login("bo", "branch_manager", "south")
    bola = api_of("bo")
    assert bola.get("/households").json()["items"] == []
    refused(bola.get(f"/households/{made['id']}"), 404, "household_unknown")
    sent = {"deed": "end", "reason": "x"}
    path = f"/households/{made['id']}/deeds"
    refused(bola.post(path, sent), 404, "household_unknown")
