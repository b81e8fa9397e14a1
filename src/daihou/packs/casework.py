"""The casework policy: when cases open and close, how they are held, ordered, shared.

One YAML shape for the policy that is shipped and for the lender's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, Final

import jsonschema

from daihou.engine.basics.errors import UserError
from daihou.packs.reading import read_yaml

# How late the latest loan of a case is, the least first.
STAGES: Final = (
    *("current", "pre", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "charged_off"),
)
MILLE: Final = 1000
_LEGAL_DAYS: Final = 30  # of a policy written before it could say so


class CaseworkPolicyError(UserError):
    """A casework policy that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unreadable": (
            "The casework policy {file} cannot be read: {problem}.",
            "案件管理规则 {file} 无法读取：{problem}。",
        ),
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/casework.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/casework.json。",
        ),
        "queues": (
            "{file}: queues begin with the stage current and go up; {queue} does not.",
            "{file}：队列必须从 current 开始并逐级升高；{queue} 不符合。",
        ),
    }


@dataclass(frozen=True, slots=True)
class Line:
    """A queue where no strategy says one: from which stage on."""

    code: str
    begins: str
    titles: Mapping[str, str]
    sticky_days: int
    redistribute_days: int


@dataclass(frozen=True, slots=True)
class Value:
    """What one contact is worth on average, per mille of what is asked for.

    `chance` by stage; times `after_broken` for each broken promise up to
    `most_broken`; times `just_worked` within `just_worked_days` of the last contact.
    """

    chance: Mapping[str, int]
    after_broken: int
    most_broken: int
    just_worked_days: int
    just_worked: int

    def of(
        self, asked: int, *, stage: str, broken: int = 0, worked_days: int | None = None
    ) -> int:
        """The expected value in minor units; each step is cut to whole units."""
        found = asked * self.chance[stage] // MILLE
        for _each in range(min(broken, self.most_broken)):
            found = found * self.after_broken // MILLE
        if worked_days is not None and worked_days < self.just_worked_days:
            found = found * self.just_worked // MILLE
        return found


@dataclass(frozen=True, slots=True)
class CaseworkPolicy:
    """The policy; days are calendar days.

    `legal_days`: a case looked at by the legal officer rests so long, unless its
    strategy says something else of it.
    """

    id: str
    version: str
    open_from_dpd: int
    reopen_days: int
    hold_days: Mapping[str, int]
    queues: tuple[Line, ...]
    value: Value
    asks_at_once: int
    legal_days: int

    def queue_of(self, stage: str) -> Line:
        """The queue of a stage."""
        rank = STAGES.index(stage)
        fits = [each for each in self.queues if STAGES.index(each.begins) <= rank]
        return fits[-1]


def policy(own: Path | None = None) -> CaseworkPolicy:
    """The lender's own policy if there is such a file, else the one shipped."""
    if own is not None and own.is_file():
        try:
            return read(own.read_text(encoding="utf-8"), name=str(own))
        except (OSError, UnicodeDecodeError) as error:
            raise CaseworkPolicyError(
                "unreadable", file=str(own), problem=str(error)
            ) from None
    return _shipped()


@cache
def _shipped() -> CaseworkPolicy:
    file = resources.files("daihou") / "rulebooks" / "casework" / "house.yaml"
    return read(file.read_text(encoding="utf-8"), name="house.yaml")


def read(text: str, *, name: str) -> CaseworkPolicy:
    """Read a policy; `name` is what an error calls it."""
    content = read_yaml(text, name=name)
    checker = jsonschema.Draft202012Validator(_schema())
    for problem in sorted(checker.iter_errors(content), key=lambda one: one.json_path):
        raise CaseworkPolicyError(
            "schema", file=name, place=problem.json_path, problem=problem.message
        )
    queues = tuple(_line(row) for row in content["queues"])
    ranks = [STAGES.index(each.begins) for each in queues]
    for place, each in enumerate(queues):
        low = -1 if place == 0 else ranks[place - 1]
        if ranks[place] <= low or (place == 0 and ranks[0] != 0):
            raise CaseworkPolicyError("queues", file=name, queue=each.code)
    value = content["value"]
    return CaseworkPolicy(
        id=content["id"],
        version=content["version"],
        open_from_dpd=content["open_from_dpd"],
        reopen_days=content["reopen_days"],
        hold_days=MappingProxyType(dict(content["hold_days"])),
        queues=queues,
        value=Value(**(value | {"chance": MappingProxyType(dict(value["chance"]))})),
        asks_at_once=content["asks_at_once"],
        legal_days=content.get("legal_days", _LEGAL_DAYS),
    )


@cache
def _schema() -> Mapping[str, Any]:
    file = resources.files("daihou") / "rulebooks" / "schema" / "casework.json"
    schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        code=row["code"],
        begins=row["from"],
        titles=MappingProxyType(dict(row["title"])),
        sticky_days=row["sticky_days"],
        redistribute_days=row["redistribute_days"],
    )
