"""Cases over the API: read, taken, given out, held, closed; and only tried."""

import pytest

from daihou.rooms.casework.models import Case, Hold
from daihou.rooms.casework.queries.invariants import broken
from daihou.rooms.dayend import door as dayend
from daihou.rooms.gateway.door import subjects
from daihou.rooms.ledger.models import Loan
from tests.api.calls import Api, api_of, refused
from tests.rooms.caseworking import late_loan, make_login, queue
from tests.rooms.cast import AT, TODAY, Cast


@pytest.fixture
def loan(cast: Cast) -> Loan:
    """A late loan of the north on an open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    queue()
    return late_loan("L1")


@pytest.fixture
def boss(loan: Loan) -> Api:
    """A program of somebody who manages cases of the north."""
    make_login("su", "branch_manager")
    return api_of("su")


@pytest.fixture(autouse=True)
def sound(cast: Cast) -> object:
    """Nothing that must always hold is broken at the end of a test."""
    yield
    assert broken() == ()


def opened(boss: Api, loan: Loan) -> dict[str, object]:
    answer = boss.post("/cases", {"customer": str(loan.customer_id)})
    assert answer.status_code == 200, answer.json()
    case: dict[str, object] = answer.json()["case"]
    return case


def test_opened_read_and_listed(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    assert (case["overdue_total"], case["lifecycle"]) == ("1010.00", "open")
    again = boss.get(f"/cases/{case['id']}").json()
    assert again["in_it"] == [
        {"loan": loan.pk, "since": TODAY.isoformat(), "until": None}
    ]
    assert again["worth"]["value"] == "424.20"
    assert again["worth"]["chance_per_mille"] == 420
    (listed,) = boss.get("/cases").json()["items"]
    assert listed == case
    assert boss.get("/cases", lifecycle="closed").json()["items"] == []
    (event,) = boss.get(f"/cases/{case['id']}/events").json()["items"]
    assert event["type"] == "case.opened"
    refused(boss.post("/cases", {"customer": str(loan.customer_id)}), 409, "case_open")


def test_tried_only_nothing_happens(boss: Api, loan: Loan) -> None:
    said = boss.post(
        "/cases", {"customer": str(loan.customer_id)}, dry_run="true"
    ).json()
    assert (said["id"], said["dry_run"]) == (None, True)
    assert not Case.objects.exists()


def test_who_saw_an_older_version_is_told(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    held = boss.post(
        f"/cases/{case['id']}/holds",
        {"kind": "technical", "reason": "call centre down", "version": 1},
    )
    assert held.status_code == 200
    closed = boss.post(
        f"/cases/{case['id']}:close",
        {"code": "WITHDRAWN", "reason": "x", "version": 1},
    )
    refused(closed, 409, "case_has_moved")


def test_a_code_that_the_ledger_contradicts_is_refused(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    answer = boss.post(
        f"/cases/{case['id']}:close", {"code": "PAID_FULL", "reason": "x"}
    )
    refused(answer, 422, "close_code")
    answer = boss.post(f"/cases/{case['id']}:close", {"code": "GONE", "reason": "x"})
    assert answer.status_code == 422
    answer = boss.post(
        f"/cases/{case['id']}:close", {"code": "WITHDRAWN", "reason": "ours"}
    )
    assert answer.json()["case"]["close_code"] == "WITHDRAWN"
    answer = boss.post(f"/cases/{case['id']}:reopen", {"reason": "after all"})
    assert answer.json()["case"]["lifecycle"] == "open"


def test_held_and_released_by_another(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    hold = boss.post(
        f"/cases/{case['id']}/holds",
        {"kind": "dispute", "reason": "fee", "amount": "10.00", "loan": loan.pk},
    ).json()
    (listed,) = boss.get(f"/cases/{case['id']}/holds").json()["items"]
    assert (listed["amount"], listed["release"]) == ("10.00", "")
    assert "reason" not in listed
    mine = boss.post(f"/case-holds/{hold['id']}:release", {"reason": "x"})
    refused(mine, 409, "hold_own")
    make_login("so", "branch_manager")
    other = api_of("so").post(f"/case-holds/{hold['id']}:release", {"reason": "x"})
    assert other.status_code == 200
    assert Hold.objects.get().release == "released"


def test_the_next_case_and_passed_over(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    Case.objects.update(action="legal_review")  # done at any hour
    make_login("li", "branch_manager")
    li = api_of("li")
    tried = li.post("/cases:next", {}, dry_run="true").json()
    assert (tried["case"]["id"], tried["why"]) == (case["id"], "pool")
    assert Case.objects.get().taken_by == ""
    taken = li.post("/cases:next", {}).json()
    assert taken["case"]["taken_by"] == "li"
    refused(li.post(f"/cases/{case['id']}:let-go", {}), 422, "skip_reason")
    gone = li.post(f"/cases/{case['id']}:let-go", {"skip": "a relative"})
    assert gone.status_code == 200
    assert li.post("/cases:next", {}).json()["case"] is None


def test_given_out_undone_and_shared(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    given = boss.post("/cases:assign", {"cases": [case["id"]], "collector": "mei"})
    batch = given.json()["batch"]
    assert given.json()["moved"] == [case["id"]]
    undone = boss.post(f"/assignment-batches/{batch}:undo", {}).json()
    assert undone["back"] == [case["id"]]
    shared = boss.post("/queues/early:distribute", {}).json()
    assert shared["got"] == [
        {
            "collector": "mei",
            "new": 1,
            "new_amount": "1010.00",
            "cases": 1,
            "amount": "1010.00",
            "filled_per_cent": None,
        }
    ]
    (early,) = boss.get("/queues").json()["items"]
    assert (early["code"], early["cases"], early["unassigned"]) == ("early", 1, 0)
    kinds = [each["kind"] for each in boss.get("/assignment-batches").json()["items"]]
    assert kinds == ["manual", "distribute"]
    refused(boss.post("/queues/none:distribute", {}), 404, "queue_unknown")


def test_another_branch_finds_nothing(boss: Api, cast: Cast, loan: Loan) -> None:
    case = opened(boss, loan)
    make_login("far", "branch_manager", "south")
    far = api_of("far")
    refused(far.get(f"/cases/{case['id']}"), 404, "case_unknown")
    assert far.get("/cases").json()["items"] == []
    (left,) = far.post(
        "/cases:assign", {"cases": [case["id"]], "collector": "far"}
    ).json()["left"]
    assert left["code"] == "unknown"
    pair = ("case", str(case["id"]))
    assert subjects([pair], cast.mei.scope) == {pair}
    assert subjects([pair], cast.bola.scope) == set()


def test_refused_words_in_a_reason(boss: Api, loan: Loan) -> None:
    case = opened(boss, loan)
    answer = boss.post(
        f"/cases/{case['id']}/holds",
        {"kind": "manual", "reason": "在小区张贴欠款公告"},
    )
    refused(answer, 422, "refused_act")
