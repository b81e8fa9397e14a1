"""Questions of law as JSON lines, read strictly; every error names the field."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from daihou.engine.basics.errors import MoneyError, UserError
from daihou.engine.basics.money import to_minor
from daihou.engine.rulebook.decision import Decision, Phrases, words
from daihou.packs import decision_json

_FIRST, _LAST = date(1949, 10, 1), date(2200, 1, 1)
_MOST_LETTERS = 60
_MOST_FIGURES = 18


class QuestionError(UserError):
    """A question that cannot be read; `field` names the place in it."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "line": (
            "line: not one JSON object in UTF-8 ({problem}); send one a line.",
            "line：不是一个 UTF-8 的 JSON 对象（{problem}）；请每行一个。",
        ),
        "missing": ("{field}: is missing; give it.", "{field}：缺失；请给出。"),
        "unknown_field": (
            "{field}: is no field of this question; known: {known}.",
            "{field}：不是该问题的字段；可用：{known}。",
        ),
        "type": (
            "{field}: {given} is not {wanted}.",
            "{field}：{given} 不是{wanted_zh}。",
        ),
        "word": (
            "{field}: {given} is not known; known: {known}.",
            "{field}：{given} 无法识别；可用：{known}。",
        ),
        "order": (
            "{field}: {given} is before {other}; correct one of them.",
            "{field}：{given} 早于 {other}；请更正其一。",
        ),
        "both": (
            "{field}: give this or {other}, not both.",
            "{field}：与 {other} 只能给出其一。",
        ),
        "twice": (
            "{field}: {given} is there twice; give it once.",
            "{field}：{given} 出现两次；请只给一次。",
        ),
    }

    @property
    def field(self) -> str:
        """The place in the question, such as events[0].on; `line` for the whole."""
        return str(self.params.get("field", "line"))


class Fields:
    """One JSON object of a question; unknown fields are refused, errors say where."""

    def __init__(self, content: Any, place: str, known: Sequence[str]) -> None:
        """Refuse what is no object or has a field that is not known."""
        if not isinstance(content, dict):
            raise _wrong(place.removesuffix("."), content, "an object", "对象")
        self.content, self.place = content, place
        for name in content:
            if name not in known:
                said = ", ".join(known)
                field = place + _short(str(name))
                raise QuestionError("unknown_field", field=field, known=said)

    def has(self, name: str) -> bool:
        """Tell whether a field is given and not null."""
        return self.content.get(name) is not None

    def _given(self, name: str) -> Any:
        if not self.has(name):
            raise QuestionError("missing", field=self.place + name)
        return self.content[name]

    def name(self, name: str, *, usual: str | None = None) -> str:
        """A text or whole number that names something."""
        if usual is not None and not self.has(name):
            return usual
        given = self._given(name)
        plain = isinstance(given, str | int) and not isinstance(given, bool)
        if not plain or not str(given).strip():
            words = ("a text or whole number", "文字或整数")
            raise _wrong(self.place + name, given, *words)
        return str(given)

    def word(self, name: str, known: Sequence[str], *, usual: str | None = None) -> str:
        """One of the known words."""
        if usual is not None and not self.has(name):
            return usual
        given = self._given(name)
        if not isinstance(given, str) or given not in known:
            said = {"given": _shown(given), "known": ", ".join(known)}
            raise QuestionError("word", field=self.place + name, **said)
        return given

    def truth(self, name: str) -> bool:
        """True or false; false where it is not given."""
        if not self.has(name):
            return False
        given = self.content[name]
        if not isinstance(given, bool):
            words = ("true or false", "true 或 false")
            raise _wrong(self.place + name, given, *words)
        return given

    def day(self, name: str) -> date:
        """A day such as 2026-11-22."""
        given = self._given(name)
        try:
            found = date.fromisoformat(given) if isinstance(given, str) else None
        except ValueError:
            found = None
        if found is None or not _FIRST <= found < _LAST:
            words = ("a day such as 2026-11-22", "日期，例如 2026-11-22")
            raise _wrong(self.place + name, given, *words)
        return found

    def day_or_none(self, name: str) -> date | None:
        """A day; None where it is not given."""
        return self.day(name) if self.has(name) else None

    def count(self, name: str, *, least: int = 0, usual: int | None = None) -> int:
        """A whole number of at least `least`."""
        if usual is not None and not self.has(name):
            return usual
        given = self._given(name)
        whole = isinstance(given, int) and not isinstance(given, bool)
        if not whole or not least <= given < 10**_MOST_FIGURES:
            words = (f"a whole number from {least} on", f"不小于 {least} 的整数")
            raise _wrong(self.place + name, given, *words)
        return int(given)

    def share(self, name: str) -> Decimal:
        """An exact share, as text: "0.24" is 24 %."""
        given = self._given(name)
        try:
            found = Decimal(given) if isinstance(given, str) else None
        except ArithmeticError:
            found = None
        exact = found is not None and found.is_finite() and 0 <= found < 100
        if found is None or not exact or len(given) > _MOST_FIGURES:
            words = ('a share as text, "0.24" for 24 %', '文字小数，"0.24" 即 24 %')
            raise _wrong(self.place + name, given, *words)
        return found

    def share_or_none(self, name: str) -> Decimal | None:
        """A share; None where it is not given."""
        return self.share(name) if self.has(name) else None

    def amount(self, name: str, currency: str, *, usual: int | None = None) -> int:
        """An amount in major units as text ("1234.50"), in minor units; not below 0."""
        if usual is not None and not self.has(name):
            return usual
        given = self._given(name)
        try:
            minor = to_minor(given, currency) if isinstance(given, str) else -1
        except MoneyError:
            minor = -1
        if not 0 <= minor < 10**_MOST_FIGURES:
            words = ('an amount as text, such as "1234.50"', '金额文字，例如 "1234.50"')
            raise _wrong(self.place + name, given, *words)
        return minor

    def inside(self, name: str, known: Sequence[str]) -> "Fields":
        """An object inside; empty where it is not given."""
        return Fields(self.content.get(name) or {}, f"{self.place}{name}.", known)

    def rows(self, name: str, known: Sequence[str]) -> list["Fields"]:
        """A list of objects; empty where it is not given."""
        given = self.content.get(name)
        if given is None:
            return []
        if not isinstance(given, list):
            raise _wrong(self.place + name, given, "a list", "列表")
        return [
            Fields(each, f"{self.place}{name}[{place}].", known)
            for place, each in enumerate(given)
        ]


def _wrong(field: str, given: object, wanted: str, wanted_zh: str) -> QuestionError:
    said = {"given": _shown(given), "wanted": wanted, "wanted_zh": wanted_zh}
    return QuestionError("type", field=field, **said)


def _shown(given: object) -> str:
    return _short(repr(given))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}..."


def parse(line: bytes) -> dict[str, Any]:
    """Return the JSON object of a line, or raise QuestionError."""
    try:
        text = line.decode("utf-8-sig")
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_none)
    except UnicodeDecodeError:
        raise QuestionError("line", problem="UTF-8") from None
    except RecursionError:
        raise QuestionError("line", problem="too deep") from None
    except ValueError as error:
        raise QuestionError("line", problem=_short(str(error))) from None
    if not isinstance(content, dict):
        raise QuestionError("line", problem=type(content).__name__)
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{_short(twice)} given twice")
    return found


def _none(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


Answer = Callable[[dict[str, Any]], dict[str, Any]]


def answer_line(line: bytes, answer: Answer, *, language: str) -> str:
    """Answer one line of JSON by one line of JSON; never raises for what it holds.

    What cannot be answered has an `error` that names the field or the rule.
    """
    asked: object = None
    try:
        content = parse(line)
        given = content.get("id")
        if isinstance(given, str | int) and not isinstance(given, bool):
            asked = given
        said = {"id": asked, **answer(content)}
    except UserError as error:
        said = {"id": asked, "error": error.say(language)}
    text = json.dumps(said, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(said)
    return text


def explained(decision: Decision, phrases: Phrases, *, language: str) -> dict[str, Any]:
    """Return a decision for JSON: as data, and in words.

    `unverified` are the rules asked of which something used is no law.
    """
    return {
        "rules": list(decision.rules),
        "unverified": sorted(
            {each.rule for each in decision.path if each.unverified and each.rule}
        ),
        "decision": decision_json.to_json(decision),
        "words": words(decision, language, phrases),
    }
