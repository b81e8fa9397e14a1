"""From JSON to dataclasses and back; what a newer server says more is left aside."""

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from daihou_client.transport import plain

T = TypeVar("T")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def decode(kind: type[T], content: Any) -> T:
    """JSON as a value of `kind`: a dataclass, list, dict, date, Decimal, or itself."""
    found: T = _decode(kind, content)
    return found


def _decode(kind: Any, content: Any) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        if content is None:
            return None
        return _decode(next(each for each in inner if each is not type(None)), content)
    if origin is list:
        return [_decode(inner[0], each) for each in content]
    if origin is dict:
        return {name: _decode(inner[1], each) for name, each in content.items()}
    if origin is Literal or kind is Any:
        return content
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        given = {
            each.name: _decode(hints[each.name], content[each.name])
            for each in fields(kind)
            if each.name in content
        }
        return kind(**given)  # type: ignore[operator]
    if kind is Decimal:
        return Decimal(content)
    if kind is datetime:
        return datetime.fromisoformat(content)
    if kind is date:
        return date.fromisoformat(content)
    return content


def encode(value: Any) -> Any:
    """A value as JSON; a field that has its default value is left out."""
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: encode(getattr(value, each.name))
            for each in fields(value)
            if each.default is MISSING or getattr(value, each.name) != each.default
        }
    if isinstance(value, list | tuple):
        return [encode(each) for each in value]
    if isinstance(value, dict):
        return {name: encode(each) for name, each in value.items()}
    return value if isinstance(value, bool) else plain(value)
