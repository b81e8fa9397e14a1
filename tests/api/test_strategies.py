"""Strategies by programs: drafted, kept, rehearsed, proposed; steps within the scope."""

from collections.abc import Iterator

import pytest

from daihou.kit import steps
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, queries
from tests.api.calls import AT, Api, api_of, refused
from tests.api.conftest import World
from tests.rooms import strategies as small
from tests.rooms.approving import login
from tests.rooms.strategies import Maker, row


@pytest.fixture
def maker() -> Iterator[Maker]:
    """A night that does what it is told."""
    made = Maker()
    steps.bind_step_maker(made)
    yield made
    steps.unbind_step_maker()


@pytest.fixture
def rita(world: World, maker: Maker) -> Api:
    """A program of a risk officer's."""
    login("rita", "risk")
    login("cora", "compliance")
    return api_of("rita")


def test_a_draft_goes_the_whole_way(rita: Api, maker: Maker) -> None:
    first = small.made(people.person("rita"))
    sent = {"content": small.content(row("early", "1..20"))}
    draft = rita.post(f"/strategies/{first.strategy_id}/drafts", sent).json()
    assert draft["state"] == "draft" and draft["origin"] == "api"
    assert "gap" in {each["kind"] for each in draft["findings"]}
    address = f"/strategy-versions/{draft['id']}"
    content = draft["content"] | {"title": {"zh": "新", "en": "New"}}
    kept = rita.post(f"{address}/content", {"rev": 1, "content": content}).json()
    assert kept["rev"] == 2 and kept["content"]["title"]["en"] == "New"
    late = rita.post(f"{address}/content", {"rev": 1, "content": draft["content"]})
    refused(late, 409, "draft_moved")
    small.a_run()
    early = rita.post(f"{address}/proposals", {"rev": 2, "reason": "x"})
    refused(early, 422, "not_rehearsed")
    asked = rita.post(f"{address}/rehearsals", {"rev": 2}).json()
    actions.rehearse_waiting(at=AT)
    done = rita.get(f"/strategy-rehearsals/{asked['id']}").json()
    assert done["state"] == "done" and done["summary"]["customers"] == 10
    made = rita.post(f"{address}/proposals", {"rev": 2, "reason": "fewer"}).json()
    waits = approvals.open_on(
        "strategy_version", draft["id"], person=people.person("cora"), at=AT
    )
    assert [each.id for each in waits] == [made["proposal"]]
    assert rita.get("/strategies").json()["items"][0]["code"] == "small"
    assert rita.get(address).json()["digest"] == kept["digest"]


def test_what_is_no_strategy_is_refused_with_its_place(rita: Api) -> None:
    first = small.made(people.person("rita"))
    before = queries.versions_of(first.strategy_id)
    odd: list[dict[str, object]] = [
        {"rows": []},
        small.content() | {"table": {"hit": "x"}},
    ]
    for content in odd:
        answer = rita.post(
            f"/strategies/{first.strategy_id}/drafts", {"content": content}
        )
        assert answer.status_code == 422, answer.content
    assert queries.versions_of(first.strategy_id) == before
