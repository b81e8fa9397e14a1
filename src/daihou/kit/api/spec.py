"""The OpenAPI document completed: who may call, what may be refused, headers."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.operation import Operation

from daihou.kit.api import problems
from daihou.kit.api.guard import KEY_HEADER, REPLAYED, Rules

ABOUT: Final = gettext_noop(
    "Post-loan and delinquency management. Money is exact decimal text with its "
    "currency beside it; `business_date` is the day the book lives in and `at` an "
    "instant. Wherever a number of ours is asked for in an address, `ext:` and the "
    "number of the sender will do. Errors are RFC 9457 problems with a stable `code`, "
    "in Chinese or English by Accept-Language. What a token sees is what its person "
    "sees; personal data is masked."
)
_REFUSALS: Final = {
    "400": gettext_noop("The request cannot be read."),
    "401": gettext_noop("There is no valid token."),
    "403": gettext_noop("The token's scope or its person's role does not allow it."),
    "404": gettext_noop("There is no such thing, or not for this token."),
    "409": gettext_noop("It does not fit what was done before."),
    "413": gettext_noop("More at once than is taken."),
    "415": gettext_noop("Not a kind of content that is taken."),
    "422": gettext_noop("It cannot be done like this; see `code` and `errors`."),
    "429": gettext_noop("Too many requests; see Retry-After."),
}
_LIMITS: Final = {
    "RateLimit-Limit": "Requests a minute this token may send.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "Seconds until they are counted anew.",
}
_PROBLEM: Final = {
    "type": "object",
    "title": "Problem",
    "required": ["type", "title", "status", "detail", "code", "request_id", "errors"],
    "properties": {
        "type": {
            "type": "string",
            "description": gettext_noop("Where the reference tells of it."),
        },
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {
            "type": "string",
            "description": gettext_noop("What to do, for people."),
        },
        "code": {
            "type": "string",
            "description": gettext_noop("Stable, for programs."),
        },
        "request_id": {"type": "string", "description": gettext_noop("To be quoted.")},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "in", "code", "message"],
                "properties": {
                    "field": {"type": "string"},
                    "in": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_KEY: Final = {
    "name": KEY_HEADER,
    "in": "header",
    "required": True,
    "description": gettext_noop(
        "Names this deed; the same key again gives the same answer."
    ),
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": "^[!-~]{1,200}$",
    },
}
_DRY_RUN: Final = {
    "name": "dry_run",
    "in": "query",
    "required": False,
    "description": gettext_noop("true: do all of it, answer what it did, and undo it."),
    "schema": {"type": "boolean", "default": False},
}


def completed(api: NinjaAPI, *, prefix: str) -> dict[str, Any]:
    """The whole document; operations in the order of their addresses."""
    text = json.dumps(api.get_openapi_schema(path_prefix=prefix))
    # A page of loans is called LoanPage, not by how the framework writes it.
    document: dict[str, Any] = json.loads(re.sub(r"\bPage_(\w+?)_\b", r"\1Page", text))
    rules = {op.operation_id: op.view_func.rules for op in _operations(api)}
    for methods in document["paths"].values():
        for operation in methods.values():
            _complete(operation, rules[operation["operationId"]])
    document["info"]["description"] = ABOUT
    components = document["components"]
    components["schemas"]["Problem"] = _PROBLEM
    for shape in components["schemas"].values():
        for told in shape.get("properties", {}).values():
            told.pop("title", None)  # the name once more
    used = _used(document["paths"], components["schemas"]) | {"Problem"}
    components["schemas"] = {
        name: shape
        for name, shape in sorted(components["schemas"].items())
        if name in used
    }
    components["responses"] = _refusals()
    components["headers"] = {name: _header(words) for name, words in _LIMITS.items()}
    components["headers"][REPLAYED] = _header("true: the answer given before.")
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "bearerFormat": "dh_..."}
    }
    document["paths"] = dict(sorted(document["paths"].items()))
    document["servers"] = [{"url": "/"}]
    return document


def _used(part: Any, shapes: dict[str, Any]) -> set[str]:
    """The names of all shapes that a part of the document leads to."""
    found: set[str] = set()
    ahead = [part]
    while ahead:
        each = ahead.pop()
        if isinstance(each, list):
            ahead += each
        elif isinstance(each, dict):
            name = str(each.get("$ref", "")).rpartition("/")[2]
            if name in shapes and name not in found:
                found.add(name)
                ahead.append(shapes[name])
            ahead += each.values()
    return found


def _operations(api: NinjaAPI) -> Iterator[Operation]:
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            yield from view.operations


def _complete(operation: dict[str, Any], rules: Rules) -> None:
    operation["security"] = [{"token": []}]
    operation["x-scope"] = rules.scope
    operation["description"] = operation.get("description", "").strip()
    for parameter in operation["parameters"]:
        parameter["schema"] = _without_null(parameter["schema"])
    if rules.writes:
        operation["parameters"] += [_KEY, _DRY_RUN]
    answers: dict[str, Any] = {}
    for status, answer in operation["responses"].items():
        names = [*_LIMITS, REPLAYED] if rules.writes else [*_LIMITS]
        headers = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        answers[str(status)] = answer | {"description": "Done.", "headers": headers}
    for status in _REFUSALS:
        answers[status] = {"$ref": f"#/components/responses/Refused{status}"}
    operation["responses"] = answers


def _refusals() -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Problem"}
    content = {problems.MEDIA_TYPE: {"schema": shape}}
    found: dict[str, Any] = {
        f"Refused{status}": {"description": words, "content": content}
        for status, words in _REFUSALS.items()
    }
    found["Refused429"]["headers"] = {"Retry-After": _header("Seconds to wait.")}
    return found


def _header(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter of an address is there or not there; it is never null."""
    kinds = schema.get("anyOf", [])
    if {"type": "null"} not in kinds:
        return schema
    kept = [each for each in kinds if each != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "anyOf"}
    return rest | (kept[0] if len(kept) == 1 else {"anyOf": kept})
