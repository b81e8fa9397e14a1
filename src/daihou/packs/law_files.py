"""The files of a rule book: strict YAML, looked at by JSON Schema."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

import yaml

from daihou.packs.law_errors import LawError

if TYPE_CHECKING:
    import jsonschema

# The C reader is several times as fast, and there are many rules.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):
    """A safe loader that refuses a key given twice and leaves dates as text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's own signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.MarkedYAMLError(
                problem=f"key {min(map(str, twice))!r} is given twice",
                problem_mark=node.start_mark,
            )
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


# Dates and times of day stay text (08:00 would be a number in YAML 1.1).
_KEPT_AS_TEXT = {"tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int"}
_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] not in _KEPT_AS_TEXT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^(0|[1-9][0-9]*)$"), list("0123456789")
)


_RULE = re.compile(r"^[A-Z]{2}-.*\.yaml$")


def packaged() -> Traversable:
    """Return the folder of the rule book that ships with the house."""
    return resources.files("daihou") / "rulebooks"


def read_file(file: Traversable, *, name: str) -> Any:
    """Return the content of a YAML file, or raise LawError naming it."""
    try:
        return yaml.load(file.read_bytes(), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        problem = " ".join(str(error).split())
        raise LawError("yaml", file=name, problem=problem) from None


def check(content: Any, *, schema: str, name: str) -> None:
    """Look at a content by a schema of the house, or raise LawError at the place."""
    problems = _checker(schema).iter_errors(content)
    for problem in sorted(problems, key=lambda each: (each.json_path, each.message)):
        raise LawError(
            "schema",
            file=name,
            place=problem.json_path,
            problem=problem.message,
            schema=schema,
        )


@cache
def _checker(schema: str) -> "jsonschema.Draft202012Validator":
    import jsonschema  # half a second, which the gate need not wait

    file = packaged() / "schema" / schema
    content: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(content)


def jurisdictions(folder: Traversable) -> Iterator[Traversable]:
    """Yield the folders of a rule book that hold rules, in order of name."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if not each.is_dir():
            continue
        if (each / "pack.yaml").is_file():
            yield each
        elif any(_RULE.match(file.name) for file in each.iterdir()):
            raise LawError("no_pack", file=f"{each.name}/pack.yaml")


def rule_files(folder: Traversable) -> Iterator[Traversable]:
    """Yield the rule files of a jurisdiction, in order of name."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.name.endswith(".yaml") and each.name != "pack.yaml":
            yield each
