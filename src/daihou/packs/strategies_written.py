"""Strategies written the one way: JSON of texts, YAML, and the fingerprint of both."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

import yaml

from daihou.engine.strategy import cells
from daihou.engine.strategy.inputs import OUTPUTS
from daihou.engine.strategy.interrupts import Interrupt
from daihou.engine.strategy.journey import Journey, Step
from daihou.engine.strategy.strategy import (
    Arm,
    CapacityMode,
    Experiment,
    Queue,
    Strategy,
)
from daihou.engine.strategy.table import Output, Row, Table, Value

_OUTPUTS: Final = {each.name: each for each in OUTPUTS}


def to_json(strategy: Strategy) -> dict[str, Any]:
    """Return a strategy as plain JSON, every value a text; what is empty is left out."""
    table = strategy.table
    made: dict[str, Any] = {
        "id": strategy.id,
        "title": dict(strategy.title),
        "table": {
            "hit": table.hit.value,
            "inputs": [each.name for each in table.inputs],
            "rows": [_row_json(table, each) for each in table.rows],
        },
    }
    if strategy.journeys:
        made["journeys"] = [_journey_json(each) for each in strategy.journeys]
    if strategy.queues:
        made["queues"] = [_queue_json(each) for each in strategy.queues]
    if strategy.experiment is not None:
        made["experiment"] = _experiment_json(strategy.experiment)
    return made


def write(strategy: Strategy) -> str:
    """Return a strategy as YAML, a line a cell, for people and for Git."""
    return yaml.dump(
        to_json(strategy),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
    )


def digest(strategy: Strategy) -> str:
    """Return the fingerprint of what a strategy says (SHA-256, hex)."""
    text = json.dumps(
        to_json(strategy), sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()


class _Dumper(yaml.SafeDumper):
    """Writes every text plainly where it can; `read` reads all of them as text."""


_Dumper.yaml_implicit_resolvers = {}


def _filled(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ("", {}, [])}


def _row_json(table: Table, row: Row) -> dict[str, Any]:
    tests = {
        each.name: text
        for each, text in zip(table.inputs, row.cells, strict=True)
        if text not in ("", cells.ANY_TEXT)
    }
    answers = {
        each.name: _value_text(value, each)
        for each, value in zip(table.outputs, row.values, strict=True)
        if value not in (None, "")
    }
    plain = {"id": row.id, "when": tests, "then": answers}
    plain |= {"because": dict(row.because), "note": row.note}
    made = _filled(plain)
    made.setdefault("then", {})
    return made


def _value_text(value: Value, column: Output) -> str:
    if isinstance(value, str):
        return value  # a text, or what a draft has and cannot be read
    return cells.write_value(value, column.kind)


def _journey_json(journey: Journey) -> dict[str, Any]:
    steps = [_step_json(each) for each in journey.steps]
    made = {"id": journey.id, "title": dict(journey.title), "steps": steps}
    if journey.interrupts:
        made["interrupts"] = [_interrupt_json(each) for each in journey.interrupts]
    return made


def _interrupt_json(each: Interrupt) -> dict[str, Any]:
    plain = {
        "event": each.on.value,
        "do": each.do.value,
        "days": str(each.days) if each.days else "",
        "aim": each.aim,
    }
    return _filled(plain)


def _step_json(step: Step) -> dict[str, Any]:
    plain = {
        "id": step.id,
        "do": step.do.value,
        "code": step.code,
        "days": str(step.days) if step.days else "",
        "working": "yes" if step.working else "",
        "dpd": str(step.dpd) if step.dpd else "",
        "when": dict(step.when),
        "then": step.then,
        "otherwise": step.otherwise,
        "name": step.name,
        "value": step.value,
    }
    return _filled(plain)


def _queue_json(queue: Queue) -> dict[str, Any]:
    unlimited = queue.capacity_mode is CapacityMode.UNLIMITED
    days = queue.redistribute_days
    plain = {
        "code": queue.code,
        "title": dict(queue.title),
        "skill": queue.skill,
        "capacity": str(queue.capacity) if queue.capacity else "",
        "capacity_mode": "" if unlimited else queue.capacity_mode.value,
        "redistribute_days": str(days) if days else "",
    }
    return _filled(plain)


def _experiment_json(experiment: Experiment) -> dict[str, Any]:
    plain = {
        "id": experiment.id,
        "title": dict(experiment.title),
        "salt": experiment.salt,
        "rows": list(experiment.rows),
        "arms": [_arm_json(each) for each in experiment.arms],
    }
    return _filled(plain)


def _arm_json(arm: Arm) -> dict[str, Any]:
    changes = {
        row: {name: _value_text(value, _OUTPUTS[name]) for name, value in given.items()}
        for row, given in arm.changes.items()
    }
    plain = {
        "code": arm.code,
        "title": dict(arm.title),
        "share": str(arm.share),
        "hold_out": "yes" if arm.hold_out else "",
        "changes": changes,
    }
    return _filled(plain)
