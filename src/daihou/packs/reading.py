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


class _TextLoader(_Loader):
    """The same, and every plain value stays the text it was written as."""


_TextLoader.yaml_implicit_resolvers = {}


def read_yaml(text: str, *, name: str, as_text: bool = False) -> Any:
    """Return the content of a YAML text, or raise ProductError naming the file.

    With `as_text` no value is a number, a truth or nothing: `no` stays `no`, `007`
    keeps its zeros and what is left empty is an empty text.
    """
    loader = _TextLoader if as_text else _Loader
    try:
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        problem = " ".join(str(error).split())
        raise ProductError("yaml", file=name, problem=problem) from None
