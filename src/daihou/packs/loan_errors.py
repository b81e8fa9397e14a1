"""What can be wrong with a loan sent as JSON, each with its place and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError

# How a value is written, in English and Chinese.
HINTS: Mapping[str, tuple[str, str]] = {
    "date": (
        "write a date as 2026-03-01, from 1900 to 2199",
        "日期请写成 2026-03-01，年份从 1900 到 2199",
    ),
    "instant": (
        "write an instant with its offset, as 2026-03-01T09:30:00+08:00",
        "时刻请带时区，写成 2026-03-01T09:30:00+08:00",
    ),
    "number": (
        'write digits with a point as text, such as "1234.50"',
        '请以文本写成数字加小数点，例如 "1234.50"',
    ),
    "currency": (
        "write a currency as three capital letters, such as CNY",
        "币种请写成三个大写字母，例如 CNY",
    ),
    "method": (
        "write the id of a method of counting, such as DPD-CN-01",
        "请写计算口径的编号，例如 DPD-CN-01",
    ),
    "text": ("write whole characters", "请使用完整的字符"),
}
TYPES: Mapping[str, tuple[str, str]] = {
    "object": ("an object {...}", "对象 {…}"),
    "array": ("a list [...]", "列表 […]"),
    "string": ("text", "文本"),
    "integer": ("a whole number", "整数"),
    "boolean": ("true or false", "true 或 false"),
}
LIMITS: Mapping[str, tuple[str, str]] = {
    "minimum": ("not below {}", "不得小于 {}"),
    "maximum": ("not above {}", "不得大于 {}"),
    "minItems": ("at least {} of them", "至少 {} 项"),
    "minLength": ("not empty", "不得为空"),
    "uniqueItems": ("each only once", "不得重复"),
    "share": (
        "a share from 0 to {0}: 0.24 is 24 %",
        "应为 0 到 {0} 之间的小数：0.24 即 24 %",
    ),
    "above": ("more than {}", "必须大于 {}"),
}


class LoanFileError(UserError):
    """A loan that cannot be read; the place is a path such as $.events[2].amount."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "json": (
            "Line {line}, column {column}: this is not JSON ({problem}); correct it.",
            "第 {line} 行第 {column} 列不是合法 JSON（{problem}）；请更正。",
        ),
        "number": (
            "{place}: {text} is not a number a loan can have; write digits, as text.",
            "{place}：{text} 不是可用的数字；请以文本写成数字。",
        ),
        "twice": (
            "The field {name!r} is given twice in one place; keep one.",
            "同一处重复给出字段 {name!r}；请只保留一个。",
        ),
        "unknown": (
            "{place}: field {name!r} is unknown; use {known}.",
            "{place}：字段 {name!r} 不存在；可用：{known}。",
        ),
        "missing": (
            "{place}: field {name!r} is missing; add it.",
            "{place}：缺少字段 {name!r}；请补上。",
        ),
        "choice": (
            "{place}: {value} is not one of {known}.",
            "{place}：{value} 不在可选值之内：{known}。",
        ),
        "type": (
            "{place}: {value} must be given as {wanted}.",
            "{place}：{value} 的类型不对，应为{wanted_zh}。",
        ),
        "form": (
            "{place}: {value} cannot be read; {hint}.",
            "{place}：{value} 无法识别；{hint_zh}。",
        ),
        "range": (
            "{place}: {value} is out of range ({limit}).",
            "{place}：{value} 超出范围（{limit_zh}）。",
        ),
        "product_or_policy": (
            "$: give either a product or a policy, not both and not neither.",
            "$：product 与 policy 必须且只能给出一个。",
        ),
        "currency": (
            "$.currency: a policy of your own needs a currency, such as CNY.",
            "$.currency：自定义 policy 时需给出币种，例如 CNY。",
        ),
        "product_currency": (
            (
                "$.currency: product {product} is in {known}, not {currency}; leave the "
                "currency out, or give a policy of your own."
            ),
            (
                "$.currency：产品 {product} 的币种是 {known}，不是 {currency}；"
                "请去掉 currency，或改用自定义 policy。"
            ),
        ),
        "early": (
            "{place}: {value} is before the payout on {disbursed_on}; correct one.",
            "{place}：{value} 早于放款日 {disbursed_on}；请更正其中一个。",
        ),
        "row_twice": (
            "{place}: instalment {value} is given twice; number each row by itself.",
            "{place}：第 {value} 期重复给出；请为每期使用不同期次。",
        ),
        "rows_sum": (
            (
                "{place}: the principal of the first version adds up to {value}, not to "
                "the {principal} lent; correct the rows or the principal."
            ),
            (
                "{place}：首版各期本金合计 {value}，与放款本金 {principal} 不符；"
                "请更正各期或本金。"
            ),
        ),
        "order": (
            "$.versions: put them in order of begins_on, each on its own day.",
            "$.versions：请按 begins_on 由早到晚排列，起始日不得相同。",
        ),
    }


class PlacedError(UserError):
    """Another error, said with the place in the file where it arose."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {"placed": ("{place}", "{place}")}

    def __init__(self, place: str, inner: UserError) -> None:
        """Keep both; the message itself is English."""
        self.place = place
        self.inner = inner
        super().__init__("placed", place=place)

    def say(self, language: str) -> str:
        """Say the place and what is wrong there."""
        mark = "：" if language.startswith("zh") else ": "
        return f"{self.place}{mark}{self.inner.say(language)}"
