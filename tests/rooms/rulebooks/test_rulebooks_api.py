"""The rules for programs: read page by page, and a change proposed."""

import json

import pytest
from django.test import Client

from daihou.config import clock
from daihou.rooms.approvals import door as approvals
from daihou.rooms.gateway import door as gateway
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks.models import PolicyChange
from tests.rooms import ruling
from tests.rooms.approving import deed, login
from tests.rooms.ruling import CALLS, MOST, agreed

Two = tuple[people.Person, people.Person]
two = ruling.two
FAR = "2099-01-01"  # after any day on which these tests run


def token(who: str) -> dict[str, str]:
    """A token of this person for everything."""
    _line, secret = gateway.make_token(
        username=who,
        name="rules",
        scopes=tuple(gateway.ApiScope),
        days=366,
        by=people.process("test"),
        at=clock.now(),
    )
    return {"authorization": f"Bearer {secret}", "accept-language": "en"}


def test_a_program_reads_the_rules_page_by_page(two: Two) -> None:
    headers, seen, cursor = token("cora"), [], ""
    while True:
        address = f"/api/v1/rules?on=2026-11-22&limit=40&cursor={cursor}"
        page = Client().get(address, headers=headers).json()
        seen += [each["id"] for each in page["items"]]
        if not page["has_more"]:
            break
        cursor = page["next_cursor"]
    assert len(seen) == len(set(seen)) > 130 and seen == sorted(seen)
    one = Client().get("/api/v1/rules?jurisdiction=us&q=seven", headers=headers).json()
    assert all(each["jurisdiction"] == "us" for each in one["items"])


def test_a_program_reads_one_rule_with_what_holds_for_the_lender(two: Two) -> None:
    agreed(*two)
    headers = token("cora")
    address = f"/api/v1/rules/{CALLS}"
    whole = Client().get(f"{address}?on=2026-11-22", headers=headers).json()
    assert whole["in_force"] == "2025-02-28" and whole["switched_on"]
    assert [(v["name"], v["law"], v["ours"]) for v in whole["values"]] == [(MOST, 3, 2)]
    assert [(c["step"], c["values"]) for c in whole["changes"]] == [
        ("values", {MOST: 2})
    ]
    assert Client().get("/api/v1/rules/CN-NO-99", headers=headers).status_code == 404
    login("fina", "finance")
    refused = Client().get(address, headers=token("fina"))
    assert refused.status_code == 403


def ask(headers: dict[str, str], key: str, **other: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    """Propose over the API: two calls a day from far on, but for `other`."""
    dry = "?dry_run=true" if other.pop("dry", False) else ""
    body = {
        "begins_on": FAR,
        "values": {MOST: 2},
        "source": "minutes",
        "reason": "fewer complaints",
    }
    response = Client().post(
        f"/api/v1/rules/{CALLS}/changes{dry}",
        json.dumps(body | other),
        content_type="application/json",
        headers=headers | {"idempotency-key": key},
    )
    return response.status_code, response.json()


def test_a_program_proposes_a_change_and_a_dry_run_leaves_nothing(two: Two) -> None:
    headers = token("cora")
    status, said = ask(headers, "one", dry=True)
    assert status in (200, 201) and said["dry_run"]
    assert said["before"] == {MOST: 3} and said["after"] == {MOST: 2}
    assert approvals.open_on("rule", CALLS, person=two[0], at=clock.now()) == ()
    status, said = ask(headers, "two")
    assert status in (200, 201) and not said["dry_run"]
    waits = approvals.open_on("rule", CALLS, person=two[0], at=clock.now())
    assert [each.id for each in waits] == [said["proposal"]]
    approvals.decide(
        proposal_id=waits[0].id, verdict="approve", deed=deed(two[0], reason="")
    )
    assert PolicyChange.objects.get().decided_by == "lena"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"values": {MOST: 4}}, "loosened"),
        ({"values": {MOST: [1]}}, "value_unreadable"),
        ({"values": {"x" * 300: 1}}, "value_unknown"),
        ({"begins_on": "2020-01-01"}, "begins_past"),
        ({"step": "off"}, "switched_off"),
    ],
)
def test_what_a_program_may_not_ask_has_a_code(
    two: Two, other: dict[str, object], code: str
) -> None:
    status, said = ask(token("cora"), "x", **other)
    assert status == 422 and said["code"] == code
