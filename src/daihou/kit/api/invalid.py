"""What pydantic finds wrong with a field, in words for the caller."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext

from daihou.kit.api.problems import Fault

_WRAPPED: Final = {"body", "query", "path", "header", "form", "file", "cookie"}


def faults_of(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """The faults in a list of pydantic errors; `loc` becomes `place` and `field`."""
    return [_fault(error) for error in errors]


def _fault(error: Mapping[str, Any]) -> Fault:
    place, *way = [str(part) for part in error["loc"]]
    # The first step inside is our own name for the body or the group of parameters.
    if len(way) > 1 and place in _WRAPPED:
        way = way[1:]
    kind = str(error["type"])
    return Fault(".".join(way), kind, _words(kind, error.get("ctx") or {}), place)


def _words(kind: str, told: Mapping[str, Any]) -> str:
    simple = {
        "missing": gettext("This is needed."),
        "extra_forbidden": gettext("There is no such field."),
        "string_type": gettext("This must be text."),
        "string_unicode": gettext("This text is not valid Unicode."),
        "bool_type": gettext("This must be true or false."),
        "bool_parsing": gettext("This must be true or false."),
        "int_type": gettext("This must be a whole number."),
        "int_parsing": gettext("This must be a whole number."),
        "int_parsing_size": gettext("This number is too large."),
        "int_from_float": gettext("This must be a whole number."),
        "list_type": gettext("This must be a list."),
        "dict_type": gettext("This must be an object."),
        "model_type": gettext("This must be an object."),
        "model_attributes_type": gettext("This must be an object."),
        "day": gettext("This must be a date such as 2026-11-20, from 1900 to 2199."),
        "instant": gettext(
            "This must be a time with its offset, such as 2026-11-20T09:30:00+08:00."
        ),
        "string_pattern_mismatch": gettext("This is not written as it must be."),
        "string_too_short": gettext("At least %(least)s characters."),
        "string_too_long": gettext("At most %(most)s characters."),
        "too_short": gettext("At least %(least)s entries."),
        "too_long": gettext("At most %(most)s entries."),
        "greater_than": gettext("This must be more than %(least)s."),
        "greater_than_equal": gettext("This must be at least %(least)s."),
        "less_than": gettext("This must be less than %(most)s."),
        "less_than_equal": gettext("This must be at most %(most)s."),
        "enum": gettext("Choose one of: %(known)s."),
        "literal_error": gettext("Choose one of: %(known)s."),
    }
    words = simple.get(kind) or gettext("This cannot be taken (%(kind)s).")
    least = told.get("min_length", told.get("ge", told.get("gt", "")))
    most = told.get("max_length", told.get("le", told.get("lt", "")))
    known = told.get("expected", "")
    return words % {"kind": kind, "least": least, "most": most, "known": known}
