"""What interrupts a journey: typed, drawn in a workbook, compared, shown in words."""

from typing import Any

import pytest
from django.utils import translation

from daihou.kit.watermark import Mark
from daihou.rooms.dayend import door as dayend
from daihou.rooms.people import door as people
from daihou.rooms.strategy import differences, document, queries, workbook
from tests.rooms import strategies as small
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.test_pages import signed_in, text_of

EVENTS = [
    {"event": "payment", "do": "pause", "days": "2"},
    {"event": "promise_broken", "do": "jump", "aim": "a"},
]
JOURNEY = {
    "id": "soft",
    "title": {"zh": "温和", "en": "Soft"},
    "steps": [{"id": "a", "do": "call"}, {"id": "b", "do": "wait", "days": "3"}],
    "interrupts": EVENTS,
}
FORM = {
    "act": "keep",
    "j0-id": "soft",
    "j0-zh": "温和",
    "j0-en": "Soft",
    "j0s0-id": "a",
    "j0s0-do": "call",
    "j0s1-id": "b",
    "j0s1-do": "wait",
    "j0s1-days": "3",
    "j0e0-event": "payment",
    "j0e0-do": "pause",
    "j0e0-days": "2",
    "j0e1-event": "promise_broken",
    "j0e1-do": "jump",
    "j0e1-aim": "a",
}


@pytest.fixture
def rita(cast: Cast) -> Any:
    """Who draws strategies, on the open day."""
    dayend.set_business_date(on=TODAY, by="test", at=AT)
    return small.three()[0]


def drawn(by: Any) -> Any:
    return small.made(by, journeys=[JOURNEY])


def test_events_are_typed_and_kept(rita: Any) -> None:
    line = small.made(rita)
    client, at = signed_in("rita"), f"/strategy/drafts/{line.id}/parts/"
    answer = client.post(at, FORM | {"rev": line.rev})
    assert answer.status_code == 302, text_of(answer)
    assert queries.content_of(line.id)["journeys"] == [JOURNEY]
    rev = queries.version(line.id).rev
    more = client.post(at, FORM | {"rev": rev, "act": "add-e0"})
    # The first event that has no word yet.
    assert 'name="j0e2-event"' in text_of(more)
    wrong = client.post(at, FORM | {"rev": rev, "j0e1-event": "payment"})
    assert wrong.status_code == 422
    gone = client.post(at, FORM | {"rev": rev, "j0e0-event": "", "j0e1-event": ""})
    assert gone.status_code == 302
    assert "interrupts" not in queries.content_of(line.id)["journeys"][0]


def test_the_workbook_is_the_same_object(rita: Any) -> None:
    content = queries.content_of(drawn(rita).id)
    data = workbook.write(content, mark=Mark("rita", AT))
    assert workbook.read(data, code="small") == content
    text = document.yaml_of(content)
    assert document.of_yaml(text, name="x") == content


def test_a_difference_is_told_in_words(rita: Any) -> None:
    before = queries.content_of(drawn(rita).id)
    other = [EVENTS[0] | {"days": "5"}, EVENTS[1]]
    after = {**before, "journeys": [JOURNEY | {"interrupts": other}]}
    with translation.override("en"):
        (told,) = [
            differences.told(each) for each in differences.between(before, after)
        ]
    assert told == "Journey soft, event 1, days: 2 becomes 5"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "when a payment comes in: pause for 2 days"), ("zh-hans", "收到还款")],
)
def test_the_version_says_it(rita: Any, language: str, words: str) -> None:
    line = drawn(rita)
    client = signed_in("rita", language=language)
    parts = client.get(f"/strategy/drafts/{line.id}/parts/")
    assert 'name="j0e1-aim"' in text_of(parts)
    proposal = small.proposed(rita, line)
    small.decided(people.person("cora", at=AT), proposal, "approve")
    assert words in text_of(client.get(f"/strategy/versions/{line.id}/"))
