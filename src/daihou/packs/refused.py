"""The registry of refused acts, read from the rule book: words, articles, look-alikes."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from daihou.engine.gate.lookalikes import LookAlike
from daihou.engine.gate.refused import (
    Act,
    Basis,
    Finding,
    Refusal,
    RefusedActs,
    Vocabulary,
)
from daihou.packs import law_files

FOLDER = "refused"
LEGACY = "REFUSED_LEGACY"  # what an outcome of former times becomes that names one


@cache
def known() -> RefusedActs:
    """Return the registry that ships with the house; there is no other."""
    return load(by_schema=False)


def load(*, by_schema: bool = True) -> RefusedActs:
    """Read the registry, or raise LawError where a file is not as it must be."""
    words = _content("words.yaml")
    acts = []
    for code in Refusal:
        name = f"{code.value}.yaml"
        content = _content(name)
        if by_schema:
            law_files.check(content, schema="refused.json", name=f"{FOLDER}/{name}")
        acts.append(_act(content))
    vocabulary = Vocabulary(
        denials=tuple(words["denials"]),
        connectors=tuple(words["connectors"]),
        double_denials=tuple(words["double_denials"]),
        reports=tuple(words["reports"]),
        characters=MappingProxyType(dict(words["characters"])),
    )
    return RefusedActs(acts, vocabulary)


def find(text: str) -> tuple[Finding, ...]:
    """Return every refused act in a text."""
    return known().find(text)


@cache
def lookalikes() -> Mapping[str, LookAlike]:
    """Return the lawful acts that look like a refused one, by id."""
    rows = _content("lookalikes.yaml")["lookalikes"]
    made = {
        row["id"]: LookAlike(
            id=row["id"],
            looks_like=Refusal(row["looks_like"]),
            title=MappingProxyType(dict(row["title"])),
            needs=tuple(row["needs"]),
            basis=_basis(row["basis"]),
        )
        for row in rows
    }
    return MappingProxyType(made)


def _content(name: str) -> Any:
    file = law_files.packaged() / FOLDER / name
    return law_files.read_file(file, name=f"{FOLDER}/{name}")


def _act(content: Mapping[str, Any]) -> Act:
    return Act(
        code=Refusal(content["code"]),
        title=MappingProxyType(dict(content["title"])),
        instead=MappingProxyType(dict(content["instead"])),
        basis=_basis(content["basis"]),
        phrases=tuple(tuple(each) for each in content["phrases"]),
        whole=frozenset(content["whole"]),
        unless=tuple(tuple(each) for each in content["unless"]),
    )


def _basis(rows: Any) -> tuple[Basis, ...]:
    return tuple(
        Basis(each["text"], each.get("place", ""), each["evidence"]) for each in rows
    )
