"""Requests of every shape to every operation; what comes back must fit the document."""

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from daihou.config.wsgi import application

KEY = "Idempotency-Key"
PLAIN = 4  # requests before anything odd is said, so that some get past the door
ODD = (
    *("", "0", "-1", "1e9", "9" * 40, "0.000000001", "x" * 5000, "1900-01-01"),
    *("2199-12-31", "9999-12-31", "0001-01-01", "2026-02-29", "NaN", "Infinity"),
    *(None, True, -1, 0, 1, 2**31, 2**63, 10**40, 1.5, [], {}, [[]], "é"),
)
FITS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


def _site(environ: Any, start_response: Any) -> Any:
    """The site, which must not close the connection that the test lives on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return application(environ, start_response)


def document() -> Any:
    """The specification as the site itself gives it."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _site)
    return schema


def operations() -> Mapping[str, Any]:
    """Every operation by its id."""
    found = (each.ok() for each in document().get_all_operations())
    return {each.definition.raw["operationId"]: each for each in found}


def fuzz(
    operation: Any,
    *,
    secret: str,
    known: Mapping[str, Sequence[Any]],
    bodies: Mapping[str, Any],
    examples: int,
    number: int = 0,
    wrong: bool = True,
) -> Counter[int]:
    """Send `examples` requests that fit and as many `wrong` ones; answers by status.

    `known` are values by the name of a parameter or field: most of the requests that
    fit name things that are there, so that they get past the door. `bodies` are good
    contents by operation; some requests send them, often with one odd value in them.
    """
    good = bodies.get(operation.definition.raw["operationId"])
    answers: Counter[int] = Counter()

    def ask(case: Any, checks: list[Any]) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
        response = case.call()
        answers[response.status_code] += 1
        case.validate_response(response, checks=checks)

    usual = _usual(examples)

    @seed(number)
    @usual
    @given(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        st.randoms(use_true_random=True),
    )
    def fitting(case: Any, draw: Any) -> None:
        plain = answers.total() < PLAIN
        if good is not None and (plain or draw.random() < 0.4):
            case.body = deepcopy(good) if plain else _with_one_odd(good, draw)
        if good is None and draw.random() < 0.6:
            _name_what_is_there(case, known, draw, surely=False)
        elif plain:
            _name_what_is_there(case, known, draw, surely=True)
        if draw.random() < 0.9 and KEY in (case.headers or {}):
            case.headers[KEY] = f"{draw.getrandbits(64):x}"
        ask(case, FITS)

    fitting()

    @seed(number)
    @usual
    @given(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def unfit(case: Any) -> None:
        ask(case, [*FITS, negative_data_rejection])

    if wrong and (any(operation.iter_parameters()) or operation.body):
        unfit()
    return answers


def _usual(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def _with_one_odd(body: Any, draw: Any) -> Any:
    """The same content, mostly with one of its values something else."""
    body = deepcopy(body)
    if not body or draw.random() < 0.3:
        return body
    part = body
    while True:
        place = draw.choice([*part] if isinstance(part, dict) else range(len(part)))
        if not isinstance(part[place], dict | list) or not part[place]:
            part[place] = draw.choice(ODD)
            return body
        part = part[place]


def _name_what_is_there(
    case: Any, known: Mapping[str, Sequence[Any]], draw: Any, *, surely: bool
) -> None:
    where = [case.path_parameters, case.query, *([] if surely else [case.body])]
    for part in where:
        _fill(part, known, draw, share=1.0 if surely else 0.9)


def _fill(
    part: Any, known: Mapping[str, Sequence[Any]], draw: Any, *, share: float
) -> None:
    if isinstance(part, dict):
        for name in part:
            if name in known and draw.random() < share:
                part[name] = draw.choice(known[name])
            else:
                _fill(part[name], known, draw, share=share)
    elif isinstance(part, list):
        for each in part:
            _fill(each, known, draw, share=share)
