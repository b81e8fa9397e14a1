"""How long each class of personal data is kept, and why: a schedule in YAML, checked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, ClassVar

import jsonschema

from daihou.engine.basics.dates import add_period
from daihou.engine.basics.errors import UserError
from daihou.packs.reading import read_yaml

DEFAULT = "cn"


class RetentionError(UserError):
    """A retention schedule that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unreadable": (
            "The retention schedule {file} cannot be read: {problem}.",
            "保存期限表 {file} 无法读取：{problem}。",
        ),
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/retention.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/retention.json。",
        ),
        "twice": (
            "{file}: the class {data_class} is there twice; keep one of them.",
            "{file}：类别 {data_class} 出现两次；请只保留一条。",
        ),
    }


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a term is as long as it is.

    `evidence` is P (read), S (secondary), M (from memory, unverified) or A (ours).
    """

    rule: str
    text: str
    evidence: str


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of data; `clock` is closure, record or file, `then` delete, empty, keep.

    Either `years` or `days` is set where something is to be done.
    """

    id: str
    names: Mapping[str, str]
    years: int | None
    days: int | None
    clock: str
    then: str
    grounds: tuple[Ground, ...]

    def name(self, language: str) -> str:
        """Its name in `language` (zh... is Chinese, else English)."""
        return self.names["zh-Hans" if language.startswith("zh") else "en"]

    @property
    def verified(self) -> bool:
        """Whether a text that was read fixes the term: the first ground does."""
        return self.grounds[0].evidence in {"P", "S"}

    def last_day(self, *, as_of: date) -> date:
        """The clock of what is due on `as_of` began on this day or before."""
        assert self.then != "keep", self.id
        if self.days is not None:
            return as_of - timedelta(days=self.days)
        assert self.years is not None, self.id
        return add_period(as_of, -12 * self.years, "months")


@dataclass(frozen=True, slots=True)
class Schedule:
    """All classes in the order of the file; `digest` (SHA-256, hex) is of the file."""

    id: str
    version: str
    names: Mapping[str, str]
    classes: tuple[DataClass, ...]
    digest: str

    @property
    def label(self) -> str:
        """What a run keeps of the schedule it went by."""
        return f"{self.id} {self.version} {self.digest[:12]}"

    def name(self, language: str) -> str:
        """Its name in `language` (zh... is Chinese, else English)."""
        return self.names["zh-Hans" if language.startswith("zh") else "en"]


def schedule(own: Path | None = None) -> Schedule:
    """The lender's own schedule if there is such a file, else the one shipped."""
    if own is not None and own.is_file():
        try:
            return read(own.read_text(encoding="utf-8"), name=str(own))
        except (OSError, UnicodeDecodeError) as error:
            raise RetentionError(
                "unreadable", file=str(own), problem=str(error)
            ) from None
    return _shipped()


@cache
def _shipped() -> Schedule:
    folder = resources.files("daihou") / "rulebooks" / "retention"
    file = folder / f"{DEFAULT}.yaml"
    return read(file.read_text(encoding="utf-8"), name=f"{DEFAULT}.yaml")


def read(text: str, *, name: str) -> Schedule:
    """Read a schedule; `name` is what an error calls it."""
    content = read_yaml(text, name=name)
    checker = jsonschema.Draft202012Validator(_schema())
    for problem in sorted(checker.iter_errors(content), key=lambda one: one.json_path):
        raise RetentionError(
            "schema", file=name, place=problem.json_path, problem=problem.message
        )
    ids = [row["id"] for row in content["classes"]]
    for each in ids:
        if ids.count(each) > 1:
            raise RetentionError("twice", file=name, data_class=each)
    return Schedule(
        id=content["id"],
        version=content["version"],
        names=dict(content["name"]),
        classes=tuple(_class(row) for row in content["classes"]),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


@cache
def _schema() -> Mapping[str, Any]:
    file = resources.files("daihou") / "rulebooks" / "schema" / "retention.json"
    schema: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def _class(row: Mapping[str, Any]) -> DataClass:
    return DataClass(
        id=row["id"],
        names=dict(row["name"]),
        years=row.get("years"),
        days=row.get("days"),
        clock=row["clock"],
        then=row["then"],
        grounds=tuple(Ground(**ground) for ground in row["sources"]),
    )
