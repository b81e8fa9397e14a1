"""What is said in a call, read from the package data: stages and their lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One thing to say, in both languages; a `must` line cannot be left out."""

    id: str
    must: bool
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of a call."""

    id: str
    zh: str
    en: str
    lines: tuple[ScriptLine, ...]


@cache
def script(name: str = "desk") -> tuple[Stage, ...]:
    """The stages of a shipped script, in order."""
    file = resources.files("daihou") / "rulebooks" / "scripts" / f"{name}.yaml"
    content = yaml.safe_load(file.read_text("utf-8"))
    stages = tuple(_stage(each) for each in content["stages"])
    ids = [line.id for stage in stages for line in stage.lines]
    assert len(ids) == len(set(ids)), "a line of a script is named once"
    return stages


def _stage(told: Mapping[str, Any]) -> Stage:
    return Stage(
        id=told["id"],
        zh=told["title"]["zh"],
        en=told["title"]["en"],
        lines=tuple(
            ScriptLine(
                line["id"], bool(line.get("must", False)), line["zh"], line["en"]
            )
            for line in told["lines"]
        ),
    )
