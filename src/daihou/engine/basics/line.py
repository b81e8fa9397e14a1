"""One step of an explanation, kept as data so that every edge says the same words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a derivation: a phrase id, its values, and where it comes from."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    value: object = None
    source: str = ""
