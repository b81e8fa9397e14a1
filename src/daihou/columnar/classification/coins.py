"""Currencies as numbers that arrays can hold, the same ones everywhere."""

from typing import Final

_LETTERS: Final = 26


def number_of(code: str) -> int:
    """Return the number of an ISO 4217 code: its three letters in base 26."""
    assert len(code) == 3 and code.isascii() and code.isupper(), code
    found = 0
    for letter in code:
        found = found * _LETTERS + ord(letter) - ord("A")
    return found


def code_of(number: int) -> str:
    """Return the code that a number stands for."""
    letters = ""
    for _ in range(3):
        number, rest = divmod(number, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    assert number == 0, number
    return letters


MOST: Final = _LETTERS**3
CNY: Final = number_of("CNY")
