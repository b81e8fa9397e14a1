"""Mapping files: found by name, checked against the schema, known by digest."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from daihou.packs import refused
from daihou.rooms.intake.mapping.errors import MappingError
from daihou.tables.intake import TABLES


@dataclass(frozen=True)
class Rule:
    """How one contract table is made from one file or sheet."""

    table: str
    columns: Map[str, Map[str, Any]]
    file: str = "*"
    sheet: str = "*"
    where: str = ""
    distinct: bool = False
    attributes: str | tuple[str, ...] = "none"
    unpivot_name: str = ""
    unpivot_each: tuple[str, ...] = ()
    skip_when_empty: str = ""


@dataclass(frozen=True)
class Mapping:
    """One version of a mapping file."""

    name: str
    version: str
    digest: str
    rules: Sequence[Rule]
    source: str = ""
    refers_to: str = ""
    encoding: str | None = None


@cache
def _schema() -> Any:
    return json.loads((Path(__file__).parent / "schema.json").read_text("utf-8"))


def find(name: str, *, folders: Sequence[Path]) -> Path:
    """The file of a mapping given by path or by name."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return path
    for folder in folders:
        candidate = folder / f"{path.stem if path.suffix else name}.yaml"
        if candidate.is_file():
            return candidate
    known = sorted({file.stem for folder in folders for file in folder.glob("*.yaml")})
    raise MappingError(
        "unknown",
        name=name,
        known=", ".join(known) or "–",
        folder=folders[0] if folders else "mappings/",
    )


def load(path: Path) -> Mapping:
    """Read and check a mapping file; raises MappingError that names the place."""
    text = path.read_bytes()
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise MappingError("yaml", file=path.name, problem=error) from error
    checker = jsonschema.Draft202012Validator(_schema())
    for fault in sorted(checker.iter_errors(content), key=lambda e: list(e.path)):
        place = ".".join(map(str, fault.absolute_path)) or "/"
        raise MappingError("schema", file=path.name, place=place, problem=fault.message)
    _check_words(path.name, content)
    return Mapping(
        name=content["mapping"],
        version=str(content["version"]),
        digest=hashlib.sha256(text).hexdigest(),
        rules=tuple(_rule(path.name, each) for each in content["tables"]),
        source=content.get("source", ""),
        refers_to=content.get("refers_to", ""),
        encoding=content.get("encoding"),
    )


def _check_words(file: str, content: Any) -> None:
    """Refuse a mapping that names a refused act, also to call it something else."""
    for text in _texts(content):
        found = refused.find(text)
        if found:
            raise MappingError(
                "refused_act", file=file, act=found[0].code.value, findings=found
            )


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for key, value in content.items():
            yield str(key)
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)


def _rule(file: str, content: dict[str, Any]) -> Rule:
    table = content["table"]
    if table not in TABLES:
        raise MappingError("no_table", file=file, table=table, known=", ".join(TABLES))
    columns = {name: _column(spec) for name, spec in content["columns"].items()}
    kept = content.get("attributes", "none")
    unpivot = content.get("unpivot", {})
    return Rule(
        table=table,
        columns=columns,
        file=content.get("from", "*"),
        sheet=content.get("sheet", "*"),
        where=content.get("where", ""),
        distinct=content.get("distinct", False),
        attributes=kept if isinstance(kept, str) else tuple(kept),
        unpivot_name=unpivot.get("name", ""),
        unpivot_each=_each(unpivot.get("each", ())),
        skip_when_empty=unpivot.get("skip_when_empty", ""),
    )


def _column(spec: Any) -> Map[str, Any]:
    return {"from": spec} if isinstance(spec, str) else spec


def _each(spec: Any) -> tuple[str, ...]:
    if isinstance(spec, dict):
        return tuple(str(n) for n in range(spec["first"], spec["last"] + 1))
    return tuple(map(str, spec))
