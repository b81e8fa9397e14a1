"""The values the API takes and gives: money as text, dates, numbers of things."""

from datetime import date, datetime
from typing import Annotated, Any, Final

from ninja import Schema as NinjaSchema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
)
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_major, to_minor
from daihou.kit.api.problems import BadFields, Fault

__all__ = [
    "MAX_ID",
    "Amount",
    "Currency",
    "Day",
    "Given",
    "Id",
    "Instant",
    "Money",
    "Rate",
    "Ref",
    "Schema",
    "StrictBool",
    "StrictInt",
    "Word",
    "minor",
    "money",
    "ref",
]

MAX_ID: Final = 2**53 - 1  # what every JSON reader holds exactly
_YEARS: Final = range(1900, 2200)  # days around it can always be reckoned


class Schema(NinjaSchema):
    """What is answered."""


class Given(NinjaSchema):
    """What is sent: a field we do not know is refused, not dropped."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and len(value) == 10:
            found = date.fromisoformat(value)
            if found.year in _YEARS:
                return found
    except ValueError:
        pass
    raise PydanticCustomError("day", "a date such as 2026-11-20")


Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-20"]}),
]


def _instant(value: datetime) -> datetime:
    if value.year not in _YEARS:
        raise PydanticCustomError("instant", "a time of the years 1900 to 2199")
    return value


# An instant without its offset could be any of two dozen: it is refused.
Instant = Annotated[AwareDatetime, AfterValidator(_instant)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["CNY"])]
# Decimal text in major units: exact in every language that reads JSON.
_DECIMAL: Final = {"format": "decimal"}
Money = Annotated[
    str,
    Field(
        pattern=r"^-?[0-9]{1,19}(\.[0-9]{1,3})?$",
        examples=["1234.50"],
        json_schema_extra=_DECIMAL,
    ),
]
Amount = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,13}(\.[0-9]{1,3})?$",
        examples=["1234.50"],
        json_schema_extra=_DECIMAL,
    ),
]
Rate = Annotated[str, Field(examples=["0.12"], json_schema_extra=_DECIMAL)]
Id = Annotated[int, Field(ge=1, le=MAX_ID)]
# Our number of a thing, or `ext:` and the number its sender gave it.
Ref = Annotated[
    str,
    Field(
        pattern=r"^([1-9][0-9]{0,15}|ext:.{1,200})$",
        examples=["128", "ext:JK202601000123"],
    ),
]
Word = Annotated[str, Field(max_length=80)]


def money(minor_units: int, currency: str) -> str:
    """Minor units as exact decimal text: 123450 CNY gives `1234.50`."""
    return f"{to_major(minor_units, currency):f}"


def minor(amount: str, currency: str, *, field: str = "amount") -> int:
    """Decimal text as minor units; BadFields where the currency has no such amount."""
    try:
        return to_minor(amount, currency)
    except MoneyError as error:
        from django.utils.translation import get_language

        said = error.say(get_language() or "zh-hans")
        name = "currency" if error.code == "currency" else field
        raise BadFields(Fault(name, error.code, said)) from None


def ref(text: str) -> tuple[int, str]:
    """Our number (else 0) and the sender's number (else empty) of a reference."""
    if text.startswith("ext:"):
        return 0, text.removeprefix("ext:")
    return int(text), ""
