"""Fields of a claim as JSON has them, read one by one; errors name the field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.engine.classification.codes import (
    BY_CODE,
    AssetClass,
    Cause,
    Event,
    Guarantee,
    Sign,
)
from daihou.engine.classification.errors import ClassError
from daihou.engine.classification.facts import Happened, Period

Read = Callable[[Any, str], Any]
_MOST_LETTERS = 60


def take(
    content: Any, place: str, readers: Mapping[str, Read], needed: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return the fields of an object as values; null and absent are left out."""
    if not isinstance(content, dict):
        raise wrong(place.removesuffix(".") or "line", content, "an object", "对象")
    for name in content:
        if name not in readers:
            field, known = place + short(str(name)), ", ".join(readers)
            raise ClassError("unknown_field", field=field, known=known)
    for name in needed:
        if content.get(name) is None:
            raise ClassError("missing", field=place + name)
    return {
        name: readers[name](value, place + name)
        for name, value in content.items()
        if value is not None
    }


def text(given: Any, field: str) -> str:
    """Read a text or whole number that names something."""
    plain = isinstance(given, str | int) and not isinstance(given, bool)
    if not plain or not str(given).strip():
        raise wrong(field, given, "a text or whole number", "文字或整数")
    return str(given)


def day(given: Any, field: str) -> date:
    """Read a day such as 2026-11-22."""
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise wrong(field, given, "a day such as 2026-11-22", "日期") from None


def count(given: Any, field: str) -> int:
    """Read a whole number that is not negative."""
    if not isinstance(given, int) or isinstance(given, bool) or given < 0:
        raise wrong(field, given, "a count", "非负整数")
    return given


def truth(given: Any, field: str) -> bool:
    """Read true or false."""
    if not isinstance(given, bool):
        raise wrong(field, given, "true or false", "true 或 false")
    return given


def amount(currency: str) -> Read:
    """Return a reader of amounts in major units, exactly, as minor units."""

    def read(given: Any, field: str) -> int:
        plain = isinstance(given, str | int) and not isinstance(given, bool)
        try:
            found = to_minor(given, currency) if plain else -1
        except MoneyError as error:
            problem, chinese = error.say("en"), error.say("zh")
            raise ClassError(
                "fact", field=field, problem=problem, problem_zh=chinese
            ) from None
        if found < 0 or found >= 2**62:
            raise wrong(field, given, "an amount such as 1234.50", "金额")
        return found

    return read


def word(known: Mapping[str, Any]) -> Read:
    """Return a reader of one of the words, as what it stands for."""

    def read(given: Any, field: str) -> Any:
        if not isinstance(given, str) or given not in known:
            words = ", ".join(known)
            raise ClassError("word", field=field, given=shown(given), known=words)
        return known[given]

    return read


def bits(kind: type[Sign] | type[Cause]) -> Read:
    """Return a reader of a list of names, as one value of bits."""
    one = word({each.code: each for each in kind})

    def read(given: Any, field: str) -> Sign | Cause:
        if not isinstance(given, list):
            raise wrong(field, given, "a list", "列表")
        found = kind(0)
        for place, each in enumerate(given):
            found |= one(each, f"{field}[{place}]")
        return found

    return read


CLASS: Read = word(BY_CODE)
GUARANTEE: Read = word({each.code: each for each in Guarantee})
_EVENT: Read = word({each.code: each for each in Event})


def period(given: Any, field: str) -> Period:
    """Read `{months: 1}`, `{days: 14}`, or `{}` for none."""
    found = take(given, f"{field}.", {"months": count, "days": count})
    if len([each for each in found.values() if each]) > 1:
        raise wrong(field, given, "months or days, not both", "月或日之一")
    return Period(**found)


_HAPPENED: Mapping[str, Read] = {
    "event": _EVENT,
    "happened_on": day,
    "first_due_on": day,
    "period": period,
}


def happened(given: Any, field: str) -> Happened:
    """Read an event of a restructured claim."""
    found = take(given, f"{field}.", _HAPPENED, ("event", "happened_on"))
    restructured = found["event"] is Event.RESTRUCTURED
    if restructured and "first_due_on" not in found:
        raise ClassError("missing", field=f"{field}.first_due_on")
    if not restructured and "first_due_on" in found:
        known = "event, happened_on"
        raise ClassError("unknown_field", field=f"{field}.first_due_on", known=known)
    return Happened(on=found.pop("happened_on"), **found)


def listed(one: Read) -> Read:
    """Return a reader of a list of things."""

    def read(given: Any, field: str) -> tuple[Any, ...]:
        if not isinstance(given, list):
            raise wrong(field, given, "a list", "列表")
        return tuple(one(each, f"{field}[{n}]") for n, each in enumerate(given))

    return read


def code_of(value: AssetClass | None) -> str | None:
    """Return the code of a class, None for none."""
    return None if value is None else value.code


def wrong(field: str, given: object, wanted: str, wanted_zh: str) -> ClassError:
    """Return the error of a value of the wrong kind."""
    given = shown(given)
    return ClassError(
        "type", field=field, given=given, wanted=wanted, wanted_zh=wanted_zh
    )


def shown(given: object) -> str:
    """Write what was given, not too long."""
    return short(repr(given))


def short(given: str) -> str:
    """Cut a text that is too long to repeat."""
    return given if len(given) <= _MOST_LETTERS else f"{given[:_MOST_LETTERS]}..."
