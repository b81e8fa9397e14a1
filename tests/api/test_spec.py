"""The specification: what every operation must say of itself, and how it is kept."""

import json
from typing import Any

import pytest

from daihou.config import api
from daihou.config.home import root
from daihou.rooms.gateway.permissions import ApiScope

DOCUMENT: dict[str, Any] = api.specification()
OPERATIONS = [
    pytest.param(method, path, told, id=told["operationId"])
    for path, methods in DOCUMENT["paths"].items()
    for method, told in methods.items()
]
REFUSALS = {"400", "401", "403", "404", "409", "413", "415", "422", "429"}


@pytest.mark.parametrize(("method", "path", "told"), OPERATIONS)
def test_every_operation_says_what_it_needs_and_refuses(
    method: str, path: str, told: dict[str, Any]
) -> None:
    assert method in {"get", "post"}
    assert told["summary"] and told["description"] and told["tags"]
    assert told["security"] == [{"token": []}]
    assert told["x-scope"] in {*ApiScope, ""}
    assert (told["x-scope"] == "") == (told["operationId"] == "get_me")
    assert set(told["responses"]) == REFUSALS | {"200"}
    for status in REFUSALS:
        name = told["responses"][status]["$ref"].rpartition("/")[2]
        kinds = DOCUMENT["components"]["responses"][name]["content"]
        assert set(kinds) == {"application/problem+json"}


@pytest.mark.parametrize(("method", "path", "told"), OPERATIONS)
def test_every_write_has_a_key_and_may_be_tried(
    method: str, path: str, told: dict[str, Any]
) -> None:
    names = {each["name"]: each for each in told["parameters"]}
    writes = method == "post" and "/calc/" not in path
    assert ("dry_run" in names) == ("Idempotency-Key" in names) == writes
    if writes:
        assert names["Idempotency-Key"]["required"] and not names["dry_run"]["required"]
        shape = told["responses"]["200"]["content"]["application/json"]["schema"]
        name = shape["$ref"].rpartition("/")[2]
        assert "dry_run" in DOCUMENT["components"]["schemas"][name]["required"]


def test_lists_are_cut_by_cursor() -> None:
    for methods in DOCUMENT["paths"].values():
        told = methods.get("get")
        if told and told["operationId"].startswith("list_"):
            names = {each["name"]: each["schema"] for each in told["parameters"]}
            assert names["limit"]["default"] == 50 and names["limit"]["maximum"] == 500
            assert "cursor" in names


def test_money_is_text_and_never_a_number() -> None:
    """No field of an amount is a number of JSON, which not every reader keeps exact."""
    words = ("amount", "principal", "interest", "total", "fee", "overdue", "payoff")
    for name, shape in DOCUMENT["components"]["schemas"].items():
        for field, told in shape.get("properties", {}).items():
            if any(word in field for word in words):
                assert told.get("type") not in ("number", "integer"), f"{name}.{field}"


def test_it_is_openapi_3_1_and_every_reference_is_there() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    text = json.dumps(DOCUMENT)
    for name in DOCUMENT["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
    found = set()
    ahead: list[Any] = [DOCUMENT]
    while ahead:
        each = ahead.pop()
        ahead += (
            each.values()
            if isinstance(each, dict)
            else each
            if isinstance(each, list)
            else []
        )
        if isinstance(each, dict) and "/schemas/" in str(each.get("$ref")):
            found.add(each["$ref"].removeprefix("#/components/schemas/"))
    assert found == set(DOCUMENT["components"]["schemas"])


def test_the_kept_specification_is_the_one_of_the_site() -> None:
    kept = json.loads((root() / "docs/reference/openapi.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(DOCUMENT))
