"""YAML read strictly: no repeated keys, dates as text, nothing executed."""

from typing import Any

import yaml

from daihou.packs.errors import ProductError


class _Loader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice and leaves dates as text."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the library's own signature
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.MarkedYAMLError(
                problem=f"key {min(map(str, twice))!r} is given twice",
                problem_mark=node.start_mark,
            )
        return super().construct_mapping(node, deep=deep)


# Dates stay text, so that a schema can check them; they are read explicitly.
_Loader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(text: str, *, name: str) -> Any:
    """Return the content of a YAML text, or raise ProductError naming the file."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ProductError("yaml", file=name, problem=problem) from None
