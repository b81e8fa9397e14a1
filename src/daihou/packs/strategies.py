"""Strategies as YAML and JSON: read into the engine's values, written the one way."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, ClassVar, Final

import jsonschema

from daihou.engine.strategy import cells, figures
from daihou.engine.strategy.errors import StrategyError
from daihou.engine.strategy.inputs import INPUTS, OUTPUTS
from daihou.engine.strategy.interrupts import Interrupt, On, Then
from daihou.engine.strategy.journey import Do, Journey, Step
from daihou.engine.strategy.strategy import (
    WHOLE,
    Arm,
    CapacityMode,
    Experiment,
    Queue,
    Strategy,
)
from daihou.engine.strategy.table import (
    Hit,
    Input,
    Kind,
    Output,
    Row,
    Table,
    Value,
    check_once,
    check_shape,
)
from daihou.packs.errors import ProductError
from daihou.packs.reading import read_yaml
from daihou.packs.strategies_written import digest, to_json, write

__all__ = ["digest", "of_json", "read", "shipped", "shipped_text", "to_json", "write"]

_OUTPUTS: Final = {each.name: each for each in OUTPUTS}
LONGEST_TEXT: Final = 60  # of a segment or queue
HIGHEST_PRIORITY: Final = 1_000_000
_LONGEST: Final = 2_000_000  # characters of a file


class StrategyFileError(StrategyError):
    """A strategy file that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        **StrategyError.TEXTS,
        "yaml": (
            "{file} is not readable YAML: {problem}",
            "{file} 不是可读的 YAML：{problem}",
        ),
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/strategy.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/strategy.json。",
        ),
        "file_too_long": (
            "{file} has {given} characters; at most {most} are read.",
            "{file} 有 {given} 个字符；最多读取 {most} 个。",
        ),
    }


# -- reading ---------------------------------------------------------------------------


@cache
def shipped() -> Mapping[str, Strategy]:
    """The strategies that ship with the house, by id."""
    texts = _shipped_texts()
    found = [read(text, name=f"{id}.yaml") for id, text in texts.items()]
    return MappingProxyType({each.id: each for each in found})


def shipped_text(id: str) -> str:
    """The file of a strategy that ships with the house, with its remarks."""
    return _shipped_texts()[id]


@cache
def _shipped_texts() -> Mapping[str, str]:
    folder = resources.files("daihou") / "rulebooks" / "strategies"
    files = {
        each.name.removesuffix(".yaml"): each.read_text(encoding="utf-8")
        for each in folder.iterdir()
        if each.name.endswith(".yaml")
    }
    return MappingProxyType(dict(sorted(files.items())))


def read(text: str, *, name: str, strict: bool = True) -> Strategy:
    """Read a strategy from YAML; `name` is what an error calls it (StrategyError).

    Without `strict` a cell that cannot be read is kept as it was typed: a draft.
    """
    if len(text) > _LONGEST:
        raise StrategyFileError(
            "file_too_long", file=name, given=len(text), most=_LONGEST
        )
    try:
        content = read_yaml(text, name=name, as_text=True)
    except ProductError as error:
        problem = error.params["problem"]
        raise StrategyFileError("yaml", file=name, problem=problem) from None
    return of_json(content, name=name, strict=strict)


def of_json(content: Any, *, name: str, strict: bool = True) -> Strategy:
    """Read a strategy from JSON values, as `to_json` writes them (StrategyError)."""
    checker = jsonschema.Draft202012Validator(_schema())
    problems = sorted(checker.iter_errors(content), key=lambda each: each.json_path)
    for problem in problems:
        raise StrategyFileError(
            "schema", file=name, place=problem.json_path, problem=problem.message
        )
    reader = _Reader(name, strict)
    return Strategy(
        id=content["id"],
        title=dict(content["title"]),
        table=reader.table(content),
        journeys=reader.journeys(content.get("journeys", ())),
        queues=reader.queues(content.get("queues", ())),
        experiment=reader.experiment(content.get("experiment")),
    )


@cache
def _schema() -> Mapping[str, Any]:
    file = resources.files("daihou") / "rulebooks" / "schema" / "strategy.json"
    schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _text(value: Any) -> str:
    """A plain value as the text of a cell."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else repr(value)


class _Reader:
    """Reads the parts of one file; `strict` refuses what cannot be understood."""

    def __init__(self, name: str, strict: bool) -> None:  # noqa: FBT001 - its own caller
        self.name, self.strict = name, strict

    def table(self, content: Mapping[str, Any]) -> Table:
        given = content["table"]
        inputs = tuple(self._input(each) for each in given["inputs"])
        table = Table(
            id=content["id"],
            title=dict(content["title"]),
            hit=Hit(given["hit"]),
            inputs=inputs,
            outputs=OUTPUTS,
            rows=tuple(self._row(each, inputs) for each in given["rows"]),
        )
        check_shape(table)
        return table

    def _input(self, name: str) -> Input:
        if name not in INPUTS:
            raise _unknown(self.name, name, INPUTS)
        return INPUTS[name].input

    def _row(self, row: Mapping[str, Any], inputs: Sequence[Input]) -> Row:
        when, then = row.get("when", {}), row["then"]
        where = f"{self.name}, {row['id']}"
        _check_known(where, when, [each.name for each in inputs])
        _check_known(where, then, _OUTPUTS)
        return Row(
            id=row["id"],
            cells=tuple(
                self._cell(_text(when.get(each.name, "")), each, row["id"])
                for each in inputs
            ),
            values=tuple(
                self._value(_text(then.get(each.name, "")), each, row["id"])
                for each in OUTPUTS
            ),
            because=dict(row.get("because", {})),
            note=row.get("note", ""),
        )

    def _cell(self, text: str, column: Input, row: str) -> str:
        try:
            return cells.read(text, column, row=row).text
        except StrategyError:
            if self.strict:
                raise
            return text

    def _value(self, text: str, column: Output, row: str) -> Value:
        try:
            value = cells.read_value(text, column, row=row)
            _check_fits(value, column, row)
            return value
        except StrategyError:
            if self.strict:
                raise
            return text

    def _whole(self, value: Any, where: str, *, most: int = 100_000) -> int:
        found = figures.read_number(_text(value), Kind.INTEGER)
        if found is None or not 0 <= found <= most:
            raise StrategyError(
                "fact", name=where, allowed=f"0..{most}", given=_text(value)
            )
        return found

    def _flag(self, value: Any, where: str) -> bool:
        column = Output(where, Kind.FLAG)
        return cells.read_value(_text(value), column) is True

    def journeys(self, given: Sequence[Mapping[str, Any]]) -> tuple[Journey, ...]:
        check_once([each["id"] for each in given], "journey")
        return tuple(
            Journey(
                each["id"],
                dict(each["title"]),
                self._steps(each),
                self._interrupts(each),
            )
            for each in given
        )

    def _interrupts(self, journey: Mapping[str, Any]) -> tuple[Interrupt, ...]:
        given = journey.get("interrupts", ())
        check_once([each["event"] for each in given], "interrupt")
        where = f"{self.name}, {journey['id']}"
        return tuple(
            Interrupt(
                on=On(each["event"]),
                do=Then(each["do"]),
                days=self._whole(
                    each.get("days", 0), f"{where}.{each['event']}.days", most=3660
                ),
                aim=each.get("aim", ""),
            )
            for each in given
        )

    def _steps(self, journey: Mapping[str, Any]) -> tuple[Step, ...]:
        check_once([each["id"] for each in journey["steps"]], "step")
        return tuple(self._step(journey["id"], each) for each in journey["steps"])

    def _step(self, journey: str, step: Mapping[str, Any]) -> Step:
        where = f"{self.name}, {journey}.{step['id']}"
        when = step.get("when", {})
        _check_known(where, when, INPUTS)
        tests = tuple(
            (name, self._cell(_text(text), INPUTS[name].input, where))
            for name, text in when.items()
        )
        if step.get("name") == "priority":
            self._whole(step.get("value", ""), f"{where}.value")
        return Step(
            id=step["id"],
            do=Do(step["do"]),
            code=step.get("code", ""),
            days=self._whole(step.get("days", 0), f"{where}.days", most=3660),
            working=self._flag(step.get("working", "no"), f"{where}.working"),
            dpd=self._whole(step.get("dpd", 0), f"{where}.dpd"),
            when=tests,
            then=step.get("then", ""),
            otherwise=step.get("otherwise", ""),
            name=step.get("name", ""),
            value=_text(step.get("value", "")),
        )

    def queues(self, given: Sequence[Mapping[str, Any]]) -> tuple[Queue, ...]:
        check_once([each["code"] for each in given], "queue")
        return tuple(self._queue(each) for each in given)

    def _queue(self, given: Mapping[str, Any]) -> Queue:
        where = f"{self.name}, {given['code']}"
        return Queue(
            code=given["code"],
            title=dict(given["title"]),
            skill=given.get("skill", ""),
            capacity=self._whole(
                given.get("capacity", 0), f"{where}.capacity", most=10**8
            ),
            capacity_mode=CapacityMode(given.get("capacity_mode", "unlimited")),
            redistribute_days=self._whole(
                given.get("redistribute_days", 0), f"{where}.redistribute_days"
            ),
        )

    def experiment(self, given: Mapping[str, Any] | None) -> Experiment | None:
        if given is None:
            return None
        arms = tuple(self._arm(each) for each in given["arms"])
        check_once([each.code for each in arms], "arm")
        total = sum(each.share for each in arms)
        if total != WHOLE:
            raise StrategyError("shares", total=total)
        return Experiment(
            id=given["id"],
            title=dict(given["title"]),
            salt=given["salt"],
            arms=arms,
            rows=tuple(given.get("rows", ())),
        )

    def _arm(self, given: Mapping[str, Any]) -> Arm:
        where = f"{self.name}, {given['code']}"
        changes = {}
        for row, values in given.get("changes", {}).items():
            _check_known(f"{where}.{row}", values, _OUTPUTS)
            changes[row] = {
                name: self._value(_text(text), _OUTPUTS[name], row)
                for name, text in values.items()
            }
        return Arm(
            code=given["code"],
            title=dict(given["title"]),
            share=self._whole(given["share"], f"{where}.share", most=WHOLE),
            hold_out=self._flag(given.get("hold_out", "no"), f"{where}.hold_out"),
            changes=changes,
        )


def _check_fits(value: Value, column: Output, row: str) -> None:
    """Refuse what the table of steps has no room for; else a night would fail on it."""
    long = isinstance(value, str) and len(value) > LONGEST_TEXT
    high = isinstance(value, int) and abs(value) > HIGHEST_PRIORITY
    if long or high:
        said = {"row": row, "column": column.name, "text": str(value)[:80]}
        raise StrategyError("too_large", **said)


def _check_known(where: str, given: Mapping[str, Any], known: Any) -> None:
    for name in given:
        if name not in known:
            raise _unknown(where, name, known)


def _unknown(where: str, name: str, known: Any) -> StrategyError:
    return StrategyError(
        "unknown_name", where=where, name=name, known=", ".join(sorted(known))
    )
