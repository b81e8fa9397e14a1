"""Fields of a question to the gate, read one by one; errors name the field."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from daihou.engine.gate.deciding import FIRST, LAST
from daihou.packs.law_errors import AskError

# Names of the tz database that are whatever a machine makes of them.
_NO_ZONE = frozenset({"localtime", "posixrules", "Factory"})
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+\-]*(/[A-Za-z0-9_+\-]+)*")
_MOST_LETTERS = 60


class Reader:
    """One JSON object whose fields are known by name; errors say where."""

    def __init__(self, content: Any, place: str, known: frozenset[str]) -> None:
        if not isinstance(content, dict):
            raise wrong(place.removesuffix("."), content, "an object", "对象")
        self.content = content
        self.place = place
        for name in content:
            if name not in known:
                raise AskError("unknown_field", field=place + short(name))

    def _given(self, name: str) -> Any:
        if self.content.get(name) is None:
            raise AskError("missing", field=self.place + name)
        return self.content[name]

    def name(self, name: str) -> str:
        """A text or whole number that names something; 7 and "7" are the same."""
        given = self._given(name)
        is_plain = isinstance(given, str | int) and not isinstance(given, bool)
        if not is_plain or not str(given).strip():
            raise wrong(
                self.place + name, given, "a text or whole number", "文字或整数"
            )
        return str(given)

    def word(self, name: str, known: Mapping[str, object]) -> str:
        given = self._given(name)
        if not isinstance(given, str) or given not in known:
            words = ", ".join(known)
            field = self.place + name
            raise AskError("word", field=field, given=shown(given), known=words)
        return given

    def words(self, name: str, known: Mapping[str, object]) -> frozenset[str]:
        given = self._list(name)
        for place, each in enumerate(given):
            if not isinstance(each, str) or each not in known:
                words = ", ".join(known)
                field = f"{self.place}{name}[{place}]"
                raise AskError("word", field=field, given=shown(each), known=words)
        return frozenset(given)

    def _list(self, name: str) -> list[Any]:
        given = self._given(name)
        if not isinstance(given, list):
            raise wrong(self.place + name, given, "a list", "列表")
        return given

    def object(self, name: str) -> Any:
        given = self._given(name)
        if not isinstance(given, dict):
            raise wrong(self.place + name, given, "an object", "对象")
        return given

    def objects(self, name: str) -> list[Any]:
        given = self._list(name)
        for place, each in enumerate(given):
            if not isinstance(each, dict):
                field = f"{self.place}{name}[{place}]"
                raise wrong(field, each, "an object", "对象")
        return given

    def truth(self, name: str, *, needed: bool) -> bool | None:
        if self.content.get(name) is None and not needed:
            return None
        given = self._given(name)
        if not isinstance(given, bool):
            raise wrong(self.place + name, given, "true or false", "true 或 false")
        return given

    def count(self, name: str, *, needed: bool) -> int | None:
        if self.content.get(name) is None and not needed:
            return None
        given = self._given(name)
        is_whole = isinstance(given, int) and not isinstance(given, bool)
        if not is_whole or given < 0:
            raise wrong(self.place + name, given, "a count", "非负整数")
        return int(given)

    def instant(self, name: str) -> datetime:
        given = self._given(name)
        found = _instant(given) if isinstance(given, str) else None
        if found is None:
            field = self.place + name
            raise AskError("instant", field=field, given=shown(given))
        return found

    def zone(self, name: str) -> tzinfo:
        given = self._given(name)
        found = zone_named(given) if isinstance(given, str) else None
        if found is None:
            raise AskError("zone", field=self.place + name, given=shown(given))
        return found


def _instant(given: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(given)
    except ValueError:
        return None
    if found.tzinfo is None:
        return None
    try:
        found = found.astimezone(UTC)
    except OverflowError:
        return None
    return found if FIRST <= found < LAST else None


@lru_cache(maxsize=1024)
def zone_named(name: str) -> tzinfo | None:
    """Return a time zone of the tz database by its name; None if there is none."""
    if name in _NO_ZONE or not _ZONE.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def wrong(field: str, given: object, wanted: str, wanted_zh: str) -> AskError:
    return AskError(
        "type", field=field, given=shown(given), wanted=wanted, wanted_zh=wanted_zh
    )


def shown(given: object) -> str:
    return short(repr(given))


def short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."
