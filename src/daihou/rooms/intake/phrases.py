"""Every fault intake can name, in English and Chinese, with the way out.

`{value}` and the other fields are filled per row; `right` says what would be right.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A fault: whether it keeps the row out, what is wrong, what would be right."""

    en: str
    zh: str
    right_en: str = "{right}"
    right_zh: str = "{right}"
    is_error: bool = True


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""


def _spoken(params: Mapping[str, object], language: str) -> _Blank:
    """The values as text; one that speaks both languages is asked in this one."""
    return _Blank(
        {
            key: value.say(language) if hasattr(value, "say") else value
            for key, value in params.items()
        }
    )


def say(code: str, params: Mapping[str, object], *, language: str) -> str:
    """What is wrong, in Chinese for a language code starting with zh."""
    phrase = PHRASES[code]
    text = phrase.zh if language.lower().startswith("zh") else phrase.en
    return text.format_map(_spoken(params, language))


def say_right(code: str, params: Mapping[str, object], *, language: str) -> str:
    """What would be right, in the same words everywhere."""
    phrase = PHRASES[code]
    text = phrase.right_zh if language.lower().startswith("zh") else phrase.right_en
    return text.format_map(_spoken(params, language))


def is_known(code: str) -> bool:
    """Whether there is a phrase for this code."""
    return code in PHRASES


FILE = {
    "empty_file": Phrase(
        "the file has no rows",
        "文件没有数据行",
        "a header line and at least one row",
        "一行表头和至少一行数据",
    ),
    "kind_differs": Phrase(
        "named {named} but it is {kind}",
        "文件名是 {named}，内容却是 {kind}",
        "name it {right}, or send a real {named} file",
        "改名为 {right}，或发送真正的 {named} 文件",
    ),
    "old_workbook": Phrase(
        "an old Excel workbook (.xls)",
        "旧版 Excel 工作簿（.xls）",
        "save it as .xlsx",
        "另存为 .xlsx",
    ),
    "unknown_kind": Phrase(
        "not a CSV, XLSX or Parquet file",
        "不是 CSV、XLSX 或 Parquet 文件",
        "a .csv, .xlsx or .parquet file",
        ".csv、.xlsx 或 .parquet 文件",
    ),
    "encoding": Phrase(
        "not {named}: byte {value} at position {position}; it looks like {kind}",
        "不是 {named} 编码：第 {position} 字节为 {value}，看起来像 {kind}",
        "save it as UTF-8, or name the encoding {kind}",
        "另存为 UTF-8，或注明编码 {kind}",
    ),
    "broken_csv": Phrase(
        "the CSV cannot be read: {detail}",
        "CSV 无法读取：{detail}",
        "close every quote; send the whole file",
        "补全引号，发送完整文件",
    ),
    "ragged_row": Phrase(
        "the row has {value} cells, the header {expected}",
        "该行有 {value} 个单元格，表头有 {expected} 个",
        "{expected} cells; quote values that hold a comma",
        "{expected} 个单元格；含逗号的值加引号",
    ),
    "truncated": Phrase(
        "the Parquet file is cut short or damaged: {detail}",
        "Parquet 文件不完整或已损坏：{detail}",
        "send the whole file again",
        "重新发送完整文件",
    ),
    "broken_workbook": Phrase(
        "the workbook cannot be read: {detail}",
        "工作簿无法读取：{detail}",
        "open and save it again in a spreadsheet program",
        "用表格软件打开后重新保存",
    ),
    "zip_bomb": Phrase(
        "it would unpack to {value}, more than {limit}",
        "解压后达 {value}，超过上限 {limit}",
        "a smaller workbook, or the same rows as CSV or Parquet",
        "拆小工作簿，或改用 CSV、Parquet",
    ),
    "workbook_formula": Phrase(
        "cell {cell} of sheet {sheet} holds a formula that looks like a command: {value}",
        "工作表 {sheet} 单元格 {cell} 的公式像是命令：{value}",
        "the value itself, without a formula",
        "直接填写数值，不用公式",
    ),
    "unknown_table": Phrase(
        "no table known for {value}",
        "无法判断 {value} 属于哪张表",
        "name it like loans.csv, pass --table, or use a mapping ({known})",
        "文件名用 loans.csv 这样的表名、加 --table，或用映射文件（{known}）",
    ),
    "mapping_finds_nothing": Phrase(
        "the mapping takes nothing from this file",
        "映射文件没有用到这个文件",
        "a file named like {known}",
        "文件名应形如 {known}",
    ),
    "missing_source_column": Phrase(
        "the mapping asks for column {value}, the file does not have it",
        "映射要求的列 {value} 文件里没有",
        "one of {known}",
        "可用的列：{known}",
    ),
    "missing_column": Phrase(
        "required column {column} of {table} is missing",
        "{table} 缺少必填列 {column}",
        "add the column {column}{hint}",
        "补上列 {column}{hint}",
    ),
    "unknown_column_like": Phrase(
        "column {column} is not known; it looks like {right}",
        "列 {column} 不认识，像是 {right}",
    ),
    "kept_as_attribute": Phrase(
        "column {column} is not in the contract; kept as an attribute ({kind})",
        "列 {column} 不在数据契约内，作为自定义属性保存（{kind}）",
        "nothing to do, if that is meant",
        "如属本意，无需处理",
        is_error=False,
    ),
    "attribute_widened": Phrase(
        "attribute {column} was {kind} and now also holds other values; kept as text",
        "自定义属性 {column} 原为 {kind}，现有其他类型的值，改按文本保存",
        "one type per attribute",
        "同一属性只用一种类型",
        is_error=False,
    ),
    "too_many_attributes": Phrase(
        "{value} columns beyond the contract; {limit} are kept per table",
        "契约之外的列有 {value} 个，每张表最多保存 {limit} 个",
        "leave out what nobody uses",
        "去掉不用的列",
    ),
    "duplicate_column": Phrase(
        "column {column} appears twice in the header",
        "表头里列 {column} 出现两次",
        "each column once",
        "每列只出现一次",
    ),
    "control_rows": Phrase(
        "the control says {expected} rows, the file has {value}",
        "控制总数为 {expected} 行，文件有 {value} 行",
        "send the whole file, or the right control",
        "发送完整文件，或更正控制总数",
    ),
    "control_total": Phrase(
        "the control says {expected} for {column}, the rows add up to {value}",
        "{column} 的控制总额为 {expected}，明细合计 {value}",
        "send the whole file, or the right control",
        "发送完整文件，或更正控制总数",
    ),
    "control_column": Phrase(
        "the control names column {column}, which is not in the file",
        "控制总数里的列 {column} 文件里没有",
        "one of {known}",
        "可用的列：{known}",
    ),
    "control_broken": Phrase(
        "the control cannot be read: {detail}",
        "控制总数无法读取：{detail}",
        '{{"rows": 100, "totals": {{"amount": "1234.50"}}}}',
        '{{"rows": 100, "totals": {{"amount": "1234.50"}}}}',
    ),
}

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

ROW = {
    "duplicate": Phrase(
        "{column} appears more than once in what was sent",
        "{column} 在所发数据中重复",
        "each {column} once",
        "每个 {column} 只出现一次",
    ),
    "no_loan": Phrase(
        "no loan {value} is known from this source",
        "该来源没有借据 {value}",
        "send the loan first, or with this file",
        "先发送该借据，或与本文件一起发送",
    ),
    "no_customer": Phrase(
        "no customer {value} is known from this source",
        "该来源没有客户 {value}",
        "send the customer first, or with this file",
        "先发送该客户，或与本文件一起发送",
    ),
    "refers_to_refused": Phrase(
        "{value} was itself refused in this intake",
        "{value} 在本次接入中未被接受",
        "correct that row first",
        "先更正那一行",
    ),
    "unknown_product": Phrase(
        "product {value} is not known",
        "没有产品 {value}",
        "one of {known}",
        "已有产品：{known}",
    ),
    "unknown_currency": Phrase(
        "currency {value} is not known",
        "没有币种 {value}",
        "an ISO 4217 code, as CNY",
        "ISO 4217 代码，如 CNY",
    ),
    "currency_change": Phrase(
        "the loan was sent before in {right}; a currency does not change",
        "该借据此前的币种是 {right}，币种不可更改",
        "{right}, or a new loan",
        "{right}，或作为新借据发送",
    ),
    "dates_out_of_order": Phrase(
        "{column} lies before {other}",
        "{column} 早于 {other}",
        "{right} or later",
        "不早于 {right}",
    ),
    "id_check_digit": Phrase(
        "the check digit of the resident id number is wrong",
        "公民身份号码校验码错误",
        "ending in {right}, if the other digits are right",
        "若其余数字无误，末位应为 {right}",
    ),
    "credit_code_check": Phrase(
        "the check character of the unified social credit code is wrong",
        "统一社会信用代码校验码错误",
        "ending in {right}, if the others are right",
        "若其余无误，末位应为 {right}",
    ),
    "id_form": Phrase(
        "not a resident id number",
        "不是公民身份号码",
        "17 digits and a digit or X, with a possible date of birth",
        "17 位数字加一位数字或 X，出生日期须存在",
    ),
    "id_region": Phrase(
        "no region has the code {right}",
        "没有行政区划代码 {right}",
        "please check; it is taken in",
        "请核对；数据已接受",
        is_error=False,
    ),
    "birth_differs": Phrase(
        "the date of birth differs from the one in the id number",
        "出生日期与证件号码不一致",
        "{right}, if the id number is right",
        "若证件号码无误，应为 {right}",
        is_error=False,
    ),
    "principal_sum": Phrase(
        "the principal of loan {value}'s schedule adds up to {total}",
        "借据 {value} 还款计划的本金合计为 {total}",
        "a sum of {right}, the loan's principal",
        "合计应为借据本金 {right}",
    ),
    "schedule_incomplete": Phrase(
        "another row of this loan's schedule is wrong",
        "该借据还款计划的其他行有错误",
        "correct the schedule as a whole",
        "整体更正还款计划",
    ),
    "schedule_needed": Phrase(
        "method {value} needs its instalment rows",
        "还款方式 {value} 需要发送还款计划",
        "send the rows in instalments, with this file",
        "与本文件一起发送 instalments",
    ),
    "terms": Phrase(
        "no schedule follows from these terms: {detail}",
        "按这些要素无法生成还款计划：{detail}",
        "correct the terms, or send the instalment rows",
        "更正要素，或发送还款计划",
    ),
    "due_order": Phrase(
        "the due date lies before that of the instalment before",
        "应还日早于上一期",
        "{right} or later",
        "不早于 {right}",
    ),
    "overpaid": Phrase(
        "paid more than was due",
        "实还大于应还",
        "at most {right}",
        "最多 {right}",
    ),
    "paid_not_used": Phrase(
        "we keep this loan's ledger; paid columns are not used",
        "该借据由本系统记账，不使用实还列",
        "send the payments instead",
        "改为发送还款流水",
        is_error=False,
    ),
    "split_sum": Phrase(
        "the split adds up to {right}, not to the amount",
        "拆分合计为 {right}，与金额不符",
        "parts that add up to the amount",
        "各部分之和等于金额",
    ),
    "reversal_unknown": Phrase(
        "the payment it reverses, {value}, is not known",
        "被冲正的还款 {value} 不存在",
        "the id of a payment of this loan",
        "该借据某笔还款的编号",
    ),
    "reversal_amount": Phrase(
        "the reversal differs from the payment it reverses",
        "冲正金额与原还款不一致",
        "{right}, on the same loan",
        "同一借据，金额 {right}",
    ),
    "reversal_early": Phrase(
        "the reversal lies before the payment it reverses",
        "冲正日早于原还款日",
        "{right} or later",
        "不早于 {right}",
    ),
    "reversed_twice": Phrase(
        "payment {value} is reversed already",
        "还款 {value} 已被冲正",
        "one reversal per payment",
        "每笔还款只冲正一次",
    ),
    "reversal_of_missing": Phrase(
        "a reversal must name the payment it reverses",
        "冲正须注明原还款",
        "fill in reversal_of",
        "填写 reversal_of",
    ),
    "in_the_future": Phrase(
        "{column} lies after the business date {right}",
        "{column} 晚于业务日期 {right}",
        "please check; it counts from its own day on",
        "请核对；自该日起生效",
        is_error=False,
    ),
}

PHRASES: Mapping[str, Phrase] = {**FILE, **CELL, **ROW}
