"""How figures and dates are written on a page, in Chinese and in English.

Money arrives as integer minor units (fen) and leaves as text. A page never rounds
an amount again, except to 万 and 亿 (thousand and million in English); there the
exact figure belongs in the title.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

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
    """An amount cut where the eye cuts it: sign, grouped yuan, two cents."""

    sign: str
    whole: str
    cents: str

    def __str__(self) -> str:
        return f"{self.sign}{self.whole}.{self.cents}"


def money_parts(minor: int) -> MoneyParts:
    """Cut `minor` (fen) into sign, yuan with thousands grouped, and two cents."""
    whole, cents = divmod(abs(minor), 100)
    return MoneyParts(MINUS if minor < 0 else "", f"{whole:,}", f"{cents:02d}")


def money_text(minor: int, *, symbol: str = "¥") -> str:
    """The exact amount for a sentence: `¥10,764.39`; `symbol` may be empty."""
    parts = money_parts(minor)
    return f"{parts.sign}{symbol}{parts.whole}.{parts.cents}"


def scaled(minor: int, *, divisor: int, places: int) -> str:
    """`minor` fen in units of `divisor` fen, half-even to `places` decimals."""
    value = (Decimal(minor) / divisor).quantize(
        Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN
    )
    return f"{value:,}".replace("-", MINUS)


def large_divisor(language: str) -> int:
    """Fen in the large unit of tables: 万元 in Chinese, a thousand yuan in English."""
    return 1_000_000 if is_chinese(language) else 100_000


def large_money(minor: int, *, language: str) -> str:
    """A large amount for a heading: `318.6 万元`, `30.39 亿元`; `¥3.19 m`, `¥3.04 bn`.

    Small amounts stay exact (`¥864.20`), because 0.1 万元 says less.
    """
    size = abs(minor)
    if is_chinese(language):
        if size >= 10_000_000_000:
            return f"{scaled(minor, divisor=10_000_000_000, places=2)} 亿元"
        if size >= 1_000_000:
            places = 1 if size >= 100_000_000 else 2
            return f"{scaled(minor, divisor=1_000_000, places=places)} 万元"
        return money_text(minor)
    sign, size_text = (MINUS, abs(minor)) if minor < 0 else ("", minor)
    for divisor, unit in ((10**11, "bn"), (10**8, "m"), (10**6, "k")):
        if size >= divisor:
            scale = divisor if unit != "k" else 10**5
            places = 2 if unit != "k" else 1
            text = scaled(size_text, divisor=scale, places=places)
            return f"{sign}¥{text} {unit}"
    return money_text(minor)


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


def bucket_word(code: object) -> str:
    """The word printed for a bucket id: `M7` is shown as `M6+`."""
    return "M6+" if code == "M7" else str(code)


def mask_middle(text: str, *, head: int, tail: int) -> str:
    """Hide the middle of `text`; one too short to keep both ends is hidden whole."""
    hidden = len(text) - head - tail
    if hidden < 1:
        return "*" * len(text)
    return text[:head] + "*" * hidden + (text[-tail:] if tail else "")


def mask_phone(number: str) -> str:
    """`13800000007` as `138****0007`."""
    return mask_middle(number, head=3, tail=4)


def mask_id(number: str) -> str:
    """An identity number as `990000********0023`."""
    return mask_middle(number, head=6, tail=4)


def fingerprint(digest: str) -> str:
    """The two ends of a digest, enough to compare by eye: `a3f1…9c0e`."""
    return digest if len(digest) <= 9 else f"{digest[:4]}…{digest[-4:]}"
