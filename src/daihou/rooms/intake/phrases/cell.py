"""Faults of a single cell."""

from daihou.rooms.intake.phrases.phrase import Phrase

CELL = {
    "empty": Phrase("{column} is empty", "{column} 为空", "a value", "填写一个值"),
    "too_long": Phrase(
        "{column} is longer than {limit} characters",
        "{column} 超过 {limit} 个字符",
        "at most {limit} characters",
        "最多 {limit} 个字符",
    ),
    "formula": Phrase(
        "the value looks like a command for a spreadsheet",
        "该值像是表格软件的命令",
        "plain text, not beginning with = + - @",
        "纯文本，不以 = + - @ 开头",
    ),
    "garbled": Phrase(
        "characters were lost before the file was sent",
        "发送前文字已乱码",
        "export again in UTF-8 from the original system",
        "从原系统以 UTF-8 重新导出",
    ),
    "control_character": Phrase(
        "the value holds an unprintable character",
        "该值含有不可见控制字符",
        "the text without it",
        "去掉该字符",
    ),
    "unknown_enum": Phrase(
        "{value} is not a known {column}",
        "{column} 没有 {value} 这个取值",
        "one of {known}{hint}",
        "可取：{known}{hint}",
    ),
    "not_a_date": Phrase("not a date as YYYY-MM-DD", "不是 YYYY-MM-DD 格式的日期"),
    "impossible_date": Phrase(
        "this date does not exist",
        "这一天不存在",
        "a day of the calendar, as 2026-02-28",
        "日历上有的日期，如 2026-02-28",
    ),
    "not_an_instant": Phrase(
        "not a date and time",
        "不是日期时间",
        "as 2026-11-20T14:42:00+08:00",
        "如 2026-11-20T14:42:00+08:00",
    ),
    "not_an_amount": Phrase("not an amount", "不是金额"),
    "too_many_decimals": Phrase(
        "more decimals than {currency} has ({digits})",
        "小数位数多于 {currency} 的 {digits} 位",
    ),
    "too_large": Phrase(
        "larger than any amount we keep",
        "超出可保存的金额范围",
        "at most 999,999,999,999",
        "最多 999999999999",
    ),
    "negative": Phrase(
        "the amount is negative",
        "金额为负",
        "{right}; the kind of the row says the direction",
        "{right}；方向由类型表示",
    ),
    "not_positive": Phrase(
        "the amount is zero", "金额为零", "an amount above zero", "大于零的金额"
    ),
    "not_an_integer": Phrase("not a whole number", "不是整数"),
    "too_small": Phrase(
        "smaller than {limit}", "小于 {limit}", "{limit} or more", "不小于 {limit}"
    ),
    "not_a_number": Phrase("not a number", "不是数字"),
    "rate_as_percent": Phrase(
        "a rate is a share: 0.144 for 14.4 %",
        "利率用小数表示：14.4% 写作 0.144",
    ),
    "out_of_range": Phrase(
        "outside {low} to {high}",
        "超出 {low} 到 {high}",
        "between {low} and {high}",
        "在 {low} 与 {high} 之间",
    ),
    "not_a_flag": Phrase(
        "neither true nor false", "不是真假值", "true or false", "true 或 false"
    ),
    "no_result": Phrase(
        "the mapping's formula for {column} has no answer here: {detail}",
        "映射中 {column} 的算式在此行无法计算：{detail}",
        "values the formula can use",
        "算式可用的值",
    ),
}
