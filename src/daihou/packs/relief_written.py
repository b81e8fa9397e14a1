"""Relief policies as people change them: written as YAML, and what two differ in."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import yaml

from daihou.packs.reading import read_yaml
from daihou.packs.relief import shipped_text

_NOTHING: Final = "–"


@cache
def shipped_content() -> Mapping[str, Any]:
    """The policy a lender starts with, as plain data."""
    content: Mapping[str, Any] = read_yaml(shipped_text(), name="policy.yaml")
    return content


def write(content: Mapping[str, Any]) -> str:
    """Return plain data of a policy as YAML, its keys in the order of the one shipped."""
    places: dict[str, int] = {}
    for key in _keys(shipped_content()):
        places.setdefault(key, len(places))
    text: str = yaml.safe_dump(
        _ordered(content, places), allow_unicode=True, sort_keys=False, width=88
    )
    return text


def _keys(content: Any) -> Iterator[str]:
    for key, each in _items(content):
        if isinstance(content, Mapping):
            yield key
        yield from _keys(each)


def _ordered(content: Any, places: Mapping[str, int]) -> Any:
    if isinstance(content, Mapping):
        keys = sorted(content, key=lambda key: (places.get(key, len(places)), key))
        return {key: _ordered(content[key], places) for key in keys}
    if isinstance(content, list):
        return [_ordered(each, places) for each in content]
    return content


def differences(was: Any, now: Any) -> tuple[str, ...]:
    """Every value in which two policies differ: `place: was → now`, in order.

    Rows are compared by their ids; one in another place of its list is told by it.
    """
    before, after = dict(_leaves(was, "")), dict(_leaves(now, ""))
    places = [*before, *(place for place in after if place not in before)]
    return tuple(
        f"{place}: {before.get(place, _NOTHING)} → {after.get(place, _NOTHING)}"
        for place in places
        if before.get(place) != after.get(place)
    )


def _leaves(content: Any, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(content, Mapping | list):
        yield place, str(content)
        return
    if isinstance(content, list):
        ids = [each["id"] for each in content if isinstance(each, Mapping)]
        if not ids:
            yield place, ", ".join(map(str, content))
            return
        yield f"{place} (order)", ", ".join(map(str, ids))
    for key, each in _items(content):
        yield from _leaves(each, f"{place} / {key}" if place else key)


def _items(content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, Mapping):
        yield from content.items()
    elif isinstance(content, list):
        for place, each in enumerate(content):
            named = isinstance(each, Mapping) and "id" in each
            yield (str(each["id"]) if named else str(place)), each
