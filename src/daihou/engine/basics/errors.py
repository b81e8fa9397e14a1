"""Mistakes of the user, each with a way out, in Chinese and English."""

from collections.abc import Mapping
from typing import ClassVar


class UserError(Exception):
    """A mistake in what was given: a code, its values and words in two languages.

    A subclass lists its TEXTS: code -> (English, Chinese), with `{name}` places.
    """

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {}

    def __init__(self, code: str, **params: object) -> None:
        """Keep the code and its values; the message itself is English."""
        assert code in self.TEXTS, code
        self.code = code
        self.params = params
        super().__init__(self.say("en"))

    def say(self, language: str) -> str:
        """Say what is wrong and what to do, in `language` (zh... or en)."""
        english, chinese = self.TEXTS[self.code]
        text = chinese if language.startswith("zh") else english
        return text.format(**self.params)


class MoneyError(UserError):
    """An amount or currency that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "currency": (
            "Currency {currency!r} is not in the table; known: {known}.",
            "币种 {currency!r} 不在币种表中；可用：{known}。",
        ),
        "not_a_number": (
            "{text!r} is not an amount; write digits with a point, such as 1234.56.",
            "{text!r} 不是金额；请写成数字加小数点，例如 1234.56。",
        ),
        "too_large": (
            "{text} is too large for an amount; check the digits.",
            "{text} 过大，不可能是金额；请检查位数。",
        ),
        "too_many_decimals": (
            (
                "{text} has more decimals than {currency} allows ({digits}); round it "
                "at the sender or send it in the right unit."
            ),
            (
                "{text} 的小数位超过 {currency} 允许的 {digits} 位；请由报送方取整，"
                "或检查金额单位。"
            ),
        ),
    }
