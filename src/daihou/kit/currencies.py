"""The signs and names of currencies on a page, and how many decimals each has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from daihou.engine.basics.money import digits

__all__ = ["Choice", "choose", "digits", "large_unit", "sign", "unit"]

NO_BOOK = "CNY"  # in what the figures of an empty book are written

# Where two currencies share a sign, both carry a letter. One that is not listed is
# written with its code: `SEK 1,234.50`.
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "AUD": "A$",
        "BDT": "৳",
        "BRL": "R$",
        "CAD": "C$",
        "CNY": "¥",
        "EUR": "€",
        "GBP": "£",
        "HKD": "HK$",
        "INR": "₹",
        "JPY": "JP¥",
        "KRW": "₩",
        "NGN": "₦",
        "PHP": "₱",
        "SGD": "S$",
        "THB": "฿",
        "TWD": "NT$",
        "USD": "US$",
        "VND": "₫",
    }
)
_CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "AUD": "澳元",
        "CAD": "加元",
        "CNY": "元",
        "EUR": "欧元",
        "GBP": "英镑",
        "HKD": "港元",
        "INR": "印度卢比",
        "JPY": "日元",
        "KRW": "韩元",
        "SGD": "新加坡元",
        "THB": "泰铢",
        "TWD": "新台币",
        "USD": "美元",
        "VND": "越南盾",
    }
)


def sign(currency: str) -> str:
    """What stands before an amount: `¥`, `US$`, or the code and a space."""
    return _SIGNS.get(currency) or f"{currency} "


def unit(currency: str, *, chinese: bool) -> str:
    """The unit of a column: `元`, `美元`; `¥`, `US$`; else the code."""
    names = _CHINESE if chinese else _SIGNS
    return names.get(currency) or currency


def large_unit(currency: str, *, chinese: bool) -> str:
    """The large unit of a column: `万元`, `万美元`; `¥ thousand`."""
    word = unit(currency, chinese=chinese)
    return f"万{word}" if chinese else f"{word} thousand"


@dataclass(frozen=True)
class Choice:
    """The one currency a page speaks of, and all it could speak of instead.

    Amounts of two currencies are never added, so a page has exactly one.
    """

    code: str
    known: Sequence[str]

    @property
    def several(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.known) > 1


def choose(asked: str | None, loans: Mapping[str, int]) -> Choice:
    """The currency asked for, else the one with most loans.

    `loans` counts the loans a person may see by currency, most loans first.
    """
    known = tuple(loans)
    first = known[0] if known else NO_BOOK
    return Choice(asked if asked in known else first, known)
