"""Mapping files of this lender: listed, read as plain content, written anew."""

import re
import threading
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from daihou.rooms.intake.mapping.errors import MappingError
from daihou.rooms.intake.mapping.load import Mapping, find, load

_NAME = re.compile(r"[a-z0-9_]{1,60}")


@dataclass(frozen=True)
class Listed:
    """One mapping there is; `own` when it is this lender's and not shipped.

    `problem` is why it cannot be read, in place of what it says.
    """

    name: str
    own: bool
    version: str = ""
    source: str = ""
    description: str = ""
    tables: Sequence[str] = ()
    problem: MappingError | None = None


def is_name(text: str) -> bool:
    """Whether a mapping may be called so: small letters, digits and `_`."""
    return bool(_NAME.fullmatch(text))


def listed(folders: Sequence[Path]) -> Sequence[Listed]:
    """Every mapping by name; of two with one name the lender's own stands."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(Path(folder).glob("*.yaml")):
            found.setdefault(path.stem, path)
    return [_line(found[name], own=folders[0]) for name in sorted(found)]


def _line(path: Path, *, own: Path) -> Listed:
    is_own = path.parent == Path(own)
    try:
        made = load(path)
    except MappingError as error:
        return Listed(path.stem, is_own, problem=error)
    content = yaml.safe_load(path.read_bytes())
    return Listed(
        name=path.stem,
        own=is_own,
        version=made.version,
        source=made.source,
        description=str(content.get("description", "")),
        tables=list(dict.fromkeys(rule.table for rule in made.rules)),
    )


def content_of(name: str, *, folders: Sequence[Path]) -> dict[str, Any] | None:
    """What a mapping says, as plain values; None when there is none of this name."""
    if not is_name(name):
        return None
    try:
        path = find(name, folders=folders)
    except MappingError:
        return None
    load(path)  # refuses one that does not follow the schema
    content: dict[str, Any] = yaml.safe_load(path.read_bytes())
    return content


def text_of(content: Map[str, Any]) -> str:
    """The text of a mapping file."""
    dumped: str = yaml.safe_dump(
        dict(content), allow_unicode=True, sort_keys=False, width=88
    )
    return dumped


def check(content: Map[str, Any], *, folder: Path) -> Mapping:
    """Read content as the file it would be; raises MappingError."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{content['mapping']}.{threading.get_ident()}.draft"
    draft.write_text(text_of(content), "utf-8")
    try:
        return load(draft)
    finally:
        draft.unlink()


def write(content: Map[str, Any], *, folder: Path) -> Path:
    """Put a mapping in its place; the version it replaces is kept under former/."""
    name = str(content["mapping"])
    check(content, folder=folder)
    path = folder / f"{name}.yaml"
    if path.exists():
        before = load(path)
        former = folder / "former"
        former.mkdir(exist_ok=True)
        (former / f"{name}-{before.version}.yaml").write_bytes(path.read_bytes())
    draft = folder / f".{name}.new"
    draft.write_text(text_of(content), "utf-8")
    draft.replace(path)
    return path


def next_version(version: str) -> str:
    """The number after this version; of a word that is none, the word with one more."""
    if version.isdigit():
        return str(int(version) + 1)
    head, _, last = version.rpartition("-")
    if head and last.isdigit():
        return f"{head}-{int(last) + 1}"
    return f"{version}-2" if version else "1"
