"""Whole numbers and the text they are written as: money, shares, dates."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_major, to_minor
from daihou.engine.strategy.matching import EPOCH
from daihou.engine.strategy.table import Kind

MILLION: Final = 10**6
LARGEST: Final = 10**15
CURRENCY: Final = "CNY"  # its two places are those of the text
_INTEGER: Final = re.compile(r"^[+-]?\d{1,18}$", re.ASCII)
_DECIMAL: Final = re.compile(r"^[+-]?\d{1,15}(\.\d{1,8})?$", re.ASCII)


def _integer(text: str) -> int:
    if not _INTEGER.match(text):
        raise ValueError(text)
    return int(text)


def _money(text: str) -> int:
    if not _DECIMAL.match(text):
        raise ValueError(text)
    return to_minor(text, CURRENCY)


def _rate(text: str) -> int:
    share = 100 if text.endswith("%") else 1
    figure = text.removesuffix("%").strip()
    if not _DECIMAL.match(figure):
        raise ValueError(text)
    exact = Decimal(figure) * MILLION / share
    if exact != int(exact):
        raise ValueError(text)
    return int(exact)


def _date(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


_PARSERS: Final = {
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.RATE: _rate,
    Kind.DATE: _date,
}


def write_number(at: int, kind: Kind) -> str:
    """Write a whole number as the text of an ordered column."""
    if kind is Kind.MONEY:
        return f"{to_major(at, CURRENCY):f}"
    if kind is Kind.RATE:
        # Without an exponent and without zeros that say nothing.
        whole = f"{Decimal(at) / MILLION:f}"
        return whole.rstrip("0").rstrip(".") if "." in whole else whole
    if kind is Kind.DATE:
        return date.fromordinal(at + EPOCH).isoformat()
    return str(at)


def read_number(text: str, kind: Kind) -> int | None:
    """Read a figure of an ordered column as a whole number; None: it is none."""
    try:
        return _PARSERS[kind](text.strip())
    except (ValueError, InvalidOperation, MoneyError):
        return None
