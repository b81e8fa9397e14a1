"""How figures and dates are written on a page, in Chinese and in English.

Money arrives as integer minor units of a currency and leaves as text. A page never rounds
an amount again, except to 万 and 亿 (thousand and million in English); there the
exact figure belongs in the title.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from django.utils.translation import pgettext_lazy

from daihou.engine.delinquency import buckets
from daihou.kit import currencies

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
_WEEKDAYS_ZH = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS_EN = (
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
    + ("Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
)  # fmt: skip


def is_chinese(language: str) -> bool:
    """Whether the language code is one of the Chinese ones (`zh-hans`, `zh-CN`)."""
    return language.lower().startswith("zh")


@dataclass(frozen=True)
class MoneyParts:
    """An amount cut where the eye cuts it: sign, grouped whole, `.` and decimals."""

    sign: str
    whole: str
    cents: str

    def __str__(self) -> str:
        return f"{self.sign}{self.whole}{self.cents}"


@dataclass(frozen=True)
class Unit:
    """In what a table writes its amounts: a currency, whole or in its large unit."""

    currency: str
    large: bool = False


def money_parts(minor: int, *, currency: str) -> MoneyParts:
    """Cut `minor` units into sign, whole with thousands grouped, and decimals.

    `cents` opens with the point and is empty where the currency has no decimals.
    """
    places = currencies.digits(currency)
    whole, rest = divmod(abs(minor), 10**places)
    cents = f".{rest:0{places}d}" if places else ""
    return MoneyParts(MINUS if minor < 0 else "", f"{whole:,}", cents)


def money_text(minor: int, *, currency: str) -> str:
    """The exact amount for a sentence, with the sign of its currency: `¥10,764.39`."""
    parts = money_parts(minor, currency=currency)
    return f"{parts.sign}{currencies.sign(currency)}{parts.whole}{parts.cents}"


def whole_text(amount: int, *, currency: str) -> str:
    """A round amount in major units: `¥10,000`."""
    return f"{currencies.sign(currency)}{amount:,}"


def scaled(minor: int, *, divisor: int, places: int) -> str:
    """`minor` in units of `divisor` minor units, half-even to `places` decimals."""
    value = (Decimal(minor) / divisor).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN
    )
    return f"{value:,}".replace("-", MINUS)


def large_divisor(language: str, *, currency: str) -> int:
    """Minor units in the large unit of tables: 万 in Chinese, thousand in English."""
    major = 10 ** currencies.digits(currency)
    return major * (10_000 if is_chinese(language) else 1_000)


def large_money(minor: int, *, language: str, currency: str) -> str:
    """A large amount for a heading: `318.6 万元`, `30.39 亿元`; `¥3.19 m`, `¥3.04 bn`.

    Small amounts stay exact (`¥864.20`), because 0.1 万元 says less.
    """
    if is_chinese(language):
        return _large_chinese(minor, currency)
    major = 10 ** currencies.digits(currency)
    sign = MINUS if minor < 0 else ""
    for least, unit, divisor, places in (
        (10**9, "bn", 10**9, 2),
        (10**6, "m", 10**6, 2),
        (10**4, "k", 10**3, 1),
    ):
        if abs(minor) >= least * major:
            text = scaled(abs(minor), divisor=divisor * major, places=places)
            return f"{sign}{currencies.sign(currency)}{text} {unit}"
    return money_text(minor, currency=currency)


def _large_chinese(minor: int, currency: str) -> str:
    major = 10 ** currencies.digits(currency)
    word = currencies.unit(currency, chinese=True)
    size = abs(minor) // major
    if size >= 10**8:
        return f"{scaled(minor, divisor=10**8 * major, places=2)} 亿{word}"
    if size >= 10**4:
        places = 1 if size >= 10**6 else 2
        return f"{scaled(minor, divisor=10**4 * major, places=places)} 万{word}"
    return money_text(minor, currency=currency)


def percent(ratio: Decimal, *, places: int = 2) -> str:
    """A share as percent without its sign character: 0.0462 gives `4.62`."""
    value = (ratio * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{value:,}".replace("-", MINUS)


def signed(number: int | str) -> str:
    """A change with its sign printed: `+28`, `−46`, and a dash for none."""
    if isinstance(number, str):
        return number if number.startswith((MINUS, "+")) else f"+{number}"
    if number == 0:
        return DASH
    return f"+{number:,}" if number > 0 else f"{MINUS}{-number:,}"


def day_text(day: date, *, language: str) -> str:
    """A date in full: `2026-11-20` or `20 Nov 2026`."""
    if is_chinese(language):
        return day.isoformat()
    return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"


def day_short(day: date, *, language: str, year: int) -> str:
    """A date without its year where that is `year`: `11-20` or `20 Nov`."""
    if day.year != year:
        return day_text(day, language=language)
    if is_chinese(language):
        return f"{day:%m-%d}"
    return f"{day.day} {_MONTHS_EN[day.month - 1]}"


def day_with_weekday(day: date, *, language: str) -> str:
    """A date with its weekday: `2026-11-20 周五` or `Fri 20 Nov 2026`."""
    if is_chinese(language):
        return f"{day.isoformat()} {_WEEKDAYS_ZH[day.weekday()]}"
    return f"{_WEEKDAYS_EN[day.weekday()]} {day_text(day, language=language)}"


def instant_text(at: datetime, *, language: str) -> str:
    """A local instant to the minute, 24 hours: `2026-11-20 14:42`."""
    return f"{day_text(at.date(), language=language)} {at:%H:%M}"


def seconds_text(seconds: float) -> str:
    """A measured time: `38 ms`, `0.42 s`, `12.3 s`, `2 min 05 s`."""
    if seconds < 0.1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.2f} s"
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


_NO_STEP: Final = {
    "current": pgettext_lazy("delinquency", "Not late"),
    "pre": pgettext_lazy("delinquency", "Due soon"),
    "charged_off": pgettext_lazy("delinquency", "Written off"),
}


def bucket_word(code: object) -> str:
    """The word printed for a bucket id: `M7` is shown as `M6+`.

    How late a person is may stand on no step: not late, due soon, written off.
    """
    word = _NO_STEP.get(str(code))
    return str(word) if word else buckets.shown(str(code))


def fingerprint(digest: str) -> str:
    """The two ends of a digest, enough to compare by eye: `a3f1…9c0e`."""
    return digest if len(digest) <= 9 else f"{digest[:4]}…{digest[-4:]}"
