"""Receipts by program: what is seen, masked, and walked."""

from tests.api.calls import Api, api_of, refused
from tests.api.conftest import World
from tests.rooms.approving import login
from tests.rooms.receipts import arrive, claim, make_finance


def test_receipts_are_listed_masked_and_walked(world: World) -> None:
    fang, _gao = make_finance()
    numbers = [
        arrive(f"R{place}", fang, remark="call 13800000007") for place in range(3)
    ]
    api = api_of("fang")
    first = api.get("/receipts", limit=2).json()
    assert [each["id"] for each in first["items"]] == numbers[:2]
    rest = api.get("/receipts", cursor=first["next_cursor"]).json()
    assert [each["id"] for each in rest["items"]] == numbers[2:]
    told = first["items"][0]
    assert (told["amount"], told["left"], told["currency"]) == (
        "1010.00",
        "1010.00",
        "CNY",
    )
    assert told["payer"] == "王*" and told["payer_account"].endswith("3445")
    assert "6222" not in told["payer_account"] and "13800000007" not in told["remark"]


def test_each_condition_narrows(world: World) -> None:
    fang, _gao = make_finance()
    number = arrive("R1", fang)
    claim(number, fang, (world.north.pk, 101_000))
    other = arrive("R2", fang, source="wechat")
    api = api_of("fang")

    def ids(**asked: str) -> list[int]:
        return [each["id"] for each in api.get("/receipts", **asked).json()["items"]]

    assert ids(state="claimed") == [number]
    assert ids(state="open") == [other] == ids(source="wechat")
    assert ids(since="2026-03-19") == [] == ids(until="2026-03-18")
    assert ids(since="2026-03-18", until="2026-03-19") == [number, other]


def test_one_claimed_for_another_branch_is_not_there(world: World) -> None:
    fang, _gao = make_finance()
    login("sora", "branch_manager", "south")
    number = arrive("R1", fang)
    south: Api = api_of("sora")
    assert south.get(f"/receipts/{number}").status_code == 200
    claim(number, fang, (world.north.pk, 101_000))
    refused(south.get(f"/receipts/{number}"), 404, "receipt_unknown")
    assert south.get("/receipts").json()["items"] == []
    assert api_of("fang").get(f"/receipts/{number}").json()["state"] == "claimed"


def test_who_may_not_see_receipts_gets_none(world: World) -> None:
    login("nora", "compliance")
    refused(api_of("nora").get("/receipts"), 403, "not_allowed")
