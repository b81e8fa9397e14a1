"""One strategy, three texts: YAML, JSON and what the engine asks are the same object."""

import json
from importlib import resources
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.inputs import ACTIONS, INPUTS
from daihou.engine.strategy.strategy import CapacityMode
from daihou.packs import strategies

SMALL: dict[str, Any] = {
    "id": "x",
    "title": {"zh": "甲", "en": "X"},
    "table": {
        "hit": "first",
        "inputs": ["dpd", "held", "product"],
        "rows": [
            {
                "id": "A",
                "when": {"dpd": "1 .. 30", "held": False, "product": "in (a,b)"},
                "then": {"action": "call", "priority": 50, "open_case": True},
            }
        ],
    },
}


def test_what_ships_is_written_and_read_as_the_same_object() -> None:
    for id, one in strategies.shipped().items():
        text = strategies.write(one)
        assert strategies.read(text, name=id) == one
        assert strategies.write(strategies.read(text, name=id)) == text
        through = json.loads(json.dumps(strategies.to_json(one)))
        assert strategies.of_json(through, name=id) == one
        assert strategies.digest(one) == strategies.digest(
            strategies.of_json(through, name=id)
        )


def test_becauses_of_what_ships_are_in_both_languages() -> None:
    for one in strategies.shipped().values():
        for row in one.table.rows:
            assert row.because["zh"] and row.because["en"].isascii(), row.id


def test_cells_are_brought_into_the_one_form() -> None:
    one = strategies.of_json(SMALL, name="x")
    (row,) = one.table.rows
    assert row.cells == ("1..30", "no", "in (a, b)")
    assert one.table.answers(row) == {
        "segment": "",
        "queue": "",
        "action": "call",
        "priority": 50,
        "journey": "",
        "open_case": True,
    }
    assert strategies.to_json(one)["table"]["rows"][0]["when"] == {
        "dpd": "1..30",
        "held": "no",
        "product": "in (a, b)",
    }


def test_another_spelling_has_the_same_digest_and_another_answer_has_not() -> None:
    one = strategies.of_json(SMALL, name="x")
    text = strategies.write(one)
    assert strategies.digest(
        strategies.read(text.replace("1..30", "' 1 ..  30 '"), name="x")
    ) == strategies.digest(one)
    other = strategies.read(text.replace("priority: 50", "priority: 51"), name="x")
    assert strategies.digest(other) != strategies.digest(one)


def test_plain_values_of_yaml_keep_their_text() -> None:
    text = strategies.write(strategies.of_json(SMALL, name="x"))
    text = text.replace("product: in (a, b)", "product: 007")
    one = strategies.read(text, name="x")
    assert one.table.rows[0].cells[2] == "007"
    assert strategies.read(strategies.write(one), name="x") == one


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["table"]["inputs"].append("weather"), "weather"),
        (lambda c: c["table"]["rows"][0]["when"].update(dpd="soon"), "soon"),
        (lambda c: c["table"]["rows"][0]["then"].update(action="shout"), "shout"),
        (lambda c: c["table"]["rows"][0]["when"].update(loans="1"), "loans"),
        (lambda c: c["table"]["rows"][0]["then"].update(priority=10**7), "priority"),
        (lambda c: c["table"]["rows"][0]["then"].update(segment="s" * 61), "segment"),
        (lambda c: c["table"]["rows"].append(c["table"]["rows"][0]), "twice"),
        (lambda c: c.update(hit="last"), "hit"),
        (lambda c: c["table"].update(hit="last"), "last"),
        (
            lambda c: c.update(
                experiment={
                    "id": "e",
                    "title": c["title"],
                    "salt": "s",
                    "arms": [
                        {"code": "a", "title": c["title"], "share": 500},
                        {"code": "b", "title": c["title"], "share": 400},
                    ],
                }
            ),
            "900",
        ),
        (
            lambda c: c.update(
                queues=[{"code": "q", "title": c["title"], "capacity": -1}]
            ),
            "-1",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(change: Any, said: str) -> None:
    content = json.loads(json.dumps(SMALL))
    change(content)
    with pytest.raises(StrategyError) as caught:
        strategies.of_json(content, name="mine")
    assert said in caught.value.say("en")
    assert caught.value.say("zh") != caught.value.say("en")


def test_yaml_that_is_none_and_a_file_without_end_are_refused() -> None:
    for text in ("id: [", "id: a\nid: b", "- 1", "x" * 2_000_001):
        with pytest.raises(StrategyError):
            strategies.read(text, name="mine.yaml")


def test_a_draft_keeps_what_cannot_be_read_yet() -> None:
    content = json.loads(json.dumps(SMALL))
    content["table"]["rows"][0]["when"]["dpd"] = "soon"
    content["table"]["rows"][0]["then"]["priority"] = "high"
    draft = strategies.of_json(content, name="draft", strict=False)
    assert draft.table.rows[0].cells[0] == "soon"
    kept = strategies.to_json(draft)["table"]["rows"][0]
    assert (kept["when"]["dpd"], kept["then"]["priority"]) == ("soon", "high")
    assert (
        strategies.of_json(strategies.to_json(draft), name="d", strict=False) == draft
    )
    with pytest.raises(StrategyError):
        strategies.of_json(content, name="draft")


def test_the_schema_is_sound_and_knows_every_kind_of_step() -> None:
    folder = resources.files("daihou") / "rulebooks" / "schema"
    schema = json.loads((folder / "strategy.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    content = yaml.safe_load(strategies.shipped_text("consumer"))
    # Read by anybody's YAML it fits the schema too.
    jsonschema.validate(content, schema)


names = st.sampled_from(sorted(INPUTS))
codes = st.text("abc甲_1", min_size=1, max_size=5)
titles = st.fixed_dictionaries({"zh": codes, "en": codes})
cells = {
    "integer": st.sampled_from(["-", "3", ">= 4", "1..9", "[1..9)", "in (1, 2)"]),
    "money": st.sampled_from(["-", ">= 10.00", "1..2.5", "?", "< 3 or ?"]),
    "text": st.sampled_from(["-", "?", '"odd, word"', "not in (a, b)"]),
    "flag": st.sampled_from(["-", "yes", "no"]),
}


STEPS = [
    {"id": "a", "do": "wait", "days": 2, "working": True},
    {"id": "b", "do": "condition", "when": {"dpd": ">= 3"}, "then": "a"},
    {"id": "c", "do": "set", "name": "priority", "value": 9},
]


@st.composite
def rows(draw: st.DrawFn, inputs: list[str], at: int) -> dict[str, Any]:
    """A row of a table with these inputs."""
    when = {}
    for name in inputs:
        asked = INPUTS[name].input
        text = draw(cells[asked.kind.value])
        when[name] = draw(st.sampled_from(asked.choices)) if asked.choices else text
    then = {
        "action": draw(st.sampled_from(ACTIONS)),
        "segment": draw(codes),
        "priority": draw(st.integers(0, 99)),
        "open_case": draw(st.booleans()),
    }
    row = {"id": f"R{at}", "when": when, "then": then, "because": draw(titles)}
    return row | draw(st.sampled_from([{}, {"note": "see: '#1'"}]))


@st.composite
def experiments(draw: st.DrawFn) -> dict[str, Any]:
    """Two arms, the second of which changes a row."""
    share = draw(st.integers(0, 1000))
    other = {
        "code": "b",
        "title": draw(titles),
        "share": 1000 - share,
        "hold_out": draw(st.booleans()),
        "changes": {"R0": {"action": "call", "priority": 1}},
    }
    arms = [{"code": "a", "title": draw(titles), "share": share}, other]
    return {"id": "e", "title": draw(titles), "salt": draw(codes), "arms": arms}


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """A strategy as JSON, of every part there is."""
    inputs = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    made = [draw(rows(inputs, at)) for at in range(draw(st.integers(0, 4)))]
    hit = draw(st.sampled_from(["first", "unique", "priority"]))
    queue = {
        "code": "q",
        "title": draw(titles),
        "capacity": draw(st.integers(0, 9)),
        "capacity_mode": draw(st.sampled_from(list(CapacityMode))).value,
        "redistribute_days": draw(st.integers(0, 9)),
    }
    whole: dict[str, Any] = {
        "id": draw(codes),
        "title": draw(titles),
        "table": {"hit": hit, "inputs": inputs, "rows": made},
        "queues": [queue],
        "journeys": [{"id": "j", "title": draw(titles), "steps": STEPS}],
    }
    if draw(st.booleans()):
        part = {"rows": [row["id"] for row in made][:1]}
        whole["experiment"] = draw(experiments()) | part
    return whole


@given(contents())
def test_any_strategy_goes_round_through_yaml_and_json(content: dict[str, Any]) -> None:
    one = strategies.of_json(content, name="x")
    assert strategies.read(strategies.write(one), name="x") == one
    assert strategies.of_json(strategies.to_json(one), name="x") == one
    again = strategies.to_json(strategies.read(strategies.write(one), name="x"))
    assert again == strategies.to_json(one)
