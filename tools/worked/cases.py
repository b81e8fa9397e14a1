"""The golden cases by name: as the file gives them, and as the engine reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from daihou.packs.reading import read_yaml
from tests.golden.cases import FOLDER, Case, cases


@dataclass(frozen=True)
class Worked:
    """A case with the words of its file beside it."""

    file: str
    given: Mapping[str, Any]
    case: Case


@cache
def all_cases() -> Mapping[str, Worked]:
    """Every case of a loan's life, by its name; the files in order."""
    given = {
        content["name"]: (file.name, content)
        for file in sorted(FOLDER.glob("*.yaml"))
        for content in read_yaml(file.read_text("utf-8"), name=file.name)
    }
    read = {case.name: case for case in cases()}
    return {name: Worked(*given[name], case) for name, case in read.items()}


def find(name: str) -> Worked:
    """The case of that name; a page that names another is wrong."""
    if name not in all_cases():
        known = "\n  ".join(all_cases())
        raise LookupError(f"No golden case is named {name!r}. There are:\n  {known}")
    return all_cases()[name]
