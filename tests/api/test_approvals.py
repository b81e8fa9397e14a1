"""Proposals by program: the list, one with its difference, deciding, trying it out."""

from collections.abc import Iterator

import pytest

from daihou.config import clock
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from tests.api.calls import Api, api_of, refused
from tests.api.conftest import World
from tests.rooms.approving import KIND, Shelves, deed, login, propose, shelves


@pytest.fixture
def shelf(world: World) -> Iterator[Shelves]:
    """The shelves of a test; Nora leads the north and Sora the south."""
    login("nora", "branch_manager", "north")
    login("sora", "branch_manager", "south")
    with shelves() as kept:
        yield kept


def ask(world: World, subject: str = "north-1", **wish: object) -> int:
    by = people.person("nora" if subject.startswith("north") else "sora")
    given = {"deed": deed(by, at=clock.now())} | wish
    return propose(by, subject, **given).id


def test_what_waits_is_listed_newest_first_and_walked_by_cursor(
    world: World, arun: Api, shelf: Shelves
) -> None:
    numbers = [ask(world, each) for each in ("north-1", "north-2", "south-1")]
    told = arun.get("/approvals", limit=2).json()
    assert [each["id"] for each in told["items"]] == numbers[:0:-1]
    assert told["has_more"]
    rest = arun.get("/approvals", limit=2, cursor=told["next_cursor"]).json()
    assert [each["id"] for each in rest["items"]] == numbers[:1]
    assert not rest["has_more"]
    first = rest["items"][0]
    assert (first["kind"], first["state"], first["proposed_by"]) == (
        KIND,
        "open",
        "nora",
    )
    assert api_of("nora").get("/approvals").json()["items"] == []
    mine = api_of("nora").get("/approvals", tab="mine").json()["items"]
    assert [each["id"] for each in mine] == numbers[1::-1]
    refused(api_of("nora").get("/approvals", tab="all"), 403, "not_allowed")


def test_one_of_another_branch_is_not_there(
    world: World, arun: Api, shelf: Shelves
) -> None:
    number = ask(world)
    assert arun.get(f"/approvals/{number}").status_code == 200
    refused(api_of("sora").get(f"/approvals/{number}"), 404, "proposal_unknown")
    body = {"verdict": "approve"}
    answer = api_of("sora").post(f"/approvals/{number}:decide", body)
    refused(answer, 404, "proposal_unknown")


def test_the_difference_is_told_with_personal_values_masked(
    world: World, arun: Api, shelf: Shelves
) -> None:
    wish = {"limit": "15", "phone": "13900000001"}
    number = ask(world, after=wish, amount=1_234_500, currency="CNY")
    told = arun.get(f"/approvals/{number}").json()
    assert (told["amount"], told["currency"], told["count"]) == (
        "12345.00",
        "CNY",
        None,
    )
    assert told["may_decide"] and told["why_not"] == ""
    changes = {each["field"]: each for each in told["changes"]}
    assert changes["limit"] == {
        "field": "limit",
        "name": "Limit",
        "before": "10",
        "after": "15",
        "masked": False,
        "now": None,
    }
    assert (changes["phone"]["before"], changes["phone"]["after"]) == (
        "138****0007",
        "139****0001",
    )
    shelf.held["north-1"]["limit"] = "11"
    told = arun.get(f"/approvals/{number}").json()
    assert told["overtaken"]
    assert {each["field"]: each["now"] for each in told["changes"]} == {
        "limit": "11",
        "phone": None,
    }
    own = api_of("nora").get(f"/approvals/{number}").json()
    assert not own["may_decide"] and "own proposal" in own["why_not"]


def test_a_program_decides_once_and_a_dry_run_leaves_nothing(
    world: World, arun: Api, shelf: Shelves
) -> None:
    number = ask(world)
    body = {"verdict": "approve", "level": 1}
    address = f"/approvals/{number}:decide"
    tried = arun.post(address, body, dry_run="true").json()
    assert tried["dry_run"] and tried["proposal"]["state"] == "approved"
    assert arun.get(f"/approvals/{number}").json()["state"] == "open"
    assert not audit.latest(type="approval.approved")
    shelf.done.clear()  # the shelf is no table: what a dry run wrote there stays
    shelf.held["north-1"]["limit"] = "10"
    done = arun.post(address, body, key="k1").json()
    assert not done["dry_run"]
    assert (done["proposal"]["state"], done["proposal"]["decided_by"]) == (
        "approved",
        "arun",
    )
    again = arun.post(address, body, key="k1")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert shelf.done == [("north-1", "arun")]
    refused(arun.post(address, body), 409, "decided_meanwhile")
    told = arun.get(f"/approvals/{number}").json()
    (said,) = told["decisions"]
    assert (said["by"], said["verdict"], said["level"]) == ("arun", "approve", 1)


def test_nobody_decides_their_own_by_program_either(
    world: World, arun: Api, shelf: Shelves
) -> None:
    given = deed(world.cast.arun, at=clock.now())
    number = propose(world.cast.arun, "north-1", deed=given).id
    answer = arun.post(f"/approvals/{number}:decide", {"verdict": "approve"})
    refused(answer, 403, "own_proposal")
    login("fay", "finance")
    answer = api_of("fay").post(f"/approvals/{number}:decide", {"verdict": "approve"})
    refused(answer, 403, "not_the_decider")


def test_refusing_needs_a_note_and_the_level_that_was_looked_at_counts(
    world: World, arun: Api, shelf: Shelves
) -> None:
    number = ask(world)
    address = f"/approvals/{number}:decide"
    refused(arun.post(address, {"verdict": "refuse"}), 422, "reason_missing")
    answer = arun.post(address, {"verdict": "refuse", "note": "x", "level": 2})
    refused(answer, 409, "level_passed")
    answer = arun.post(address, {"verdict": "refuse", "note": "ask 13800000007"})
    assert answer.json()["proposal"]["state"] == "refused"
    (said,) = arun.get(f"/approvals/{number}").json()["decisions"]
    assert said["note"] == "ask 138****0007"


def test_what_changed_meanwhile_is_not_approved(
    world: World, arun: Api, shelf: Shelves
) -> None:
    number = ask(world)
    shelf.held["north-1"]["limit"] = "11"
    answer = arun.post(f"/approvals/{number}:decide", {"verdict": "approve"})
    refused(answer, 409, "proposal_overtaken")
    assert shelf.done == []


def test_a_scope_for_reading_decides_nothing(world: World, shelf: Shelves) -> None:
    number = ask(world)
    reads = api_of("arun", scopes=("approvals:read",))
    assert reads.get(f"/approvals/{number}").status_code == 200
    answer = reads.post(f"/approvals/{number}:decide", {"verdict": "approve"})
    refused(answer, 403, "scope_missing")
