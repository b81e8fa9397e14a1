"""What can be wrong with a panel or a question about it, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class PanelError(UserError):
    """A panel (account, period, status) that cannot be counted."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "twice": (
            (
                "{id_column} {account} has {count} rows for period {period}; the panel"
                " must hold one row for each account and period. Remove the others, or"
                " say which counts: keep first or last (--keep last)."
            ),
            (
                "{id_column} {account} 在 {period} 期有 {count} 行；每个账户每期只能有"
                "一行。请删除多余的行，或指明以哪一行为准：keep first 或 last"
                "（--keep last）。"
            ),
        ),
        "empty": (
            "{file} has no rows; give a panel with at least one.",
            "{file} 没有数据行；请提供至少一行的面板数据。",
        ),
        "column": (
            "{file} has no column {column!r}; its columns are: {known}. Use one of them.",
            "{file} 没有列 {column!r}；已有的列：{known}。请改用其中之一。",
        ),
        "within": (
            "Ask for periods of 1 or more, and for a cure to stay 1 or more.",
            "期数与保持期数都必须不小于 1。",
        ),
        "column_twice": (
            "{file} has several columns {column!r}; give each a name of its own.",
            "{file} 有多个名为 {column!r} 的列；请为每列取不同的名称。",
        ),
        "kind": (
            ("{file} is a spreadsheet; save it as CSV or Parquet and give that file."),
            "{file} 是电子表格；请另存为 CSV 或 Parquet 后再使用。",
        ),
        "unreadable": (
            "{file} cannot be read as {kind}: {problem}. Correct the file.",
            "{file} 无法按 {kind} 读取：{problem}。请更正文件。",
        ),
        "no_value": (
            (
                "{rows} rows have no value in column {column!r}, the first of them is"
                " row {first} below the line of names; fill them or leave them out."
            ),
            (
                "列 {column!r} 有 {rows} 行为空，首个为表头之下第 {first} 行；"
                "请补齐或剔除这些行。"
            ),
        ),
        "period": (
            (
                "Period {value!r} in column {column!r} is neither a whole number nor a"
                " month such as 2026-03; write all periods in one of these ways."
            ),
            (
                "列 {column!r} 中的期次 {value!r} 既不是整数，也不是 2026-03 这样的月份；"
                "请统一使用其中一种写法。"
            ),
        ),
        "mixed_periods": (
            (
                "Column {column!r} mixes whole numbers ({number!r}) and months"
                " ({month!r}); write all periods in one way."
            ),
            ("列 {column!r} 混用了整数（{number!r}）和月份（{month!r}）；请统一写法。"),
        ),
        "days": (
            "{value!r} in column {column!r} is not a number of days; write whole days.",
            "列 {column!r} 中的 {value!r} 不是天数；请填写整数天数。",
        ),
        "amount": (
            (
                "{value!r} in column {column!r} is not an amount; write digits with a"
                " point, at most six after it, such as 1234.56."
            ),
            (
                "列 {column!r} 中的 {value!r} 不是金额；请写成数字加小数点，"
                "小数不超过六位，例如 1234.56。"
            ),
        ),
        "many_states": (
            (
                "Column {column!r} holds {count} different values, more than {limit}:"
                " it does not look like a status. Name the status column."
            ),
            (
                "列 {column!r} 有 {count} 个不同的值，超过 {limit} 个，不像是状态。"
                "请指定状态列。"
            ),
        ),
        "unlisted": (
            "Status {status!r} is not among the states listed ({known}); add it.",
            "状态 {status!r} 不在所列状态之中（{known}）；请补上。",
        ),
        "reserved": (
            (
                "The panel has a status {status!r} of its own, which is the name for"
                " accounts that are absent; rename it or leave out --missing."
            ),
            (
                "数据中已有名为 {status!r} 的状态，与“缺行”同名；"
                "请改名，或不使用 --missing。"
            ),
        ),
        "frame": (
            (
                "A {kind} cannot be read as a table; give a file, or an Arrow, pandas or"
                " polars frame."
            ),
            "{kind} 不能作为表格读取；请提供文件，或 Arrow、pandas、polars 表。",
        ),
        "apart": (
            (
                "The periods reach from {first} to {last}, more than {limit} apart;"
                " a curve wants months or weeks, not days or time stamps."
            ),
            (
                "期次从 {first} 到 {last}，跨度超过 {limit}；曲线应以月或周为期，"
                "而非日期或时间戳。"
            ),
        ),
        "placed_twice": (
            (
                "Account {account} is placed with two at a time from period {period}"
                " on; end the earlier placement first."
            ),
            "账户 {account} 自 {period} 期起同时委托给两方；请先结束前一次委托。",
        ),
        "before_cohort": (
            (
                "{id_column} {account} has a row in period {period}, before its cohort"
                " {cohort}; correct the cohort or leave out the row."
            ),
            (
                "{id_column} {account} 在 {period} 期有数据，早于其放款期 {cohort}；"
                "请更正放款期或剔除该行。"
            ),
        ),
        "two_cohorts": (
            (
                "{id_column} {account} has different values in column {column!r}; it"
                " must be the same in all rows of an account."
            ),
            (
                "{id_column} {account} 在列 {column!r} 中的值不一致；"
                "同一账户各行必须相同。"
            ),
        ),
        "what_is_bad": (
            (
                "Say what counts as bad: either --bad with statuses of column --status,"
                " or --over with days past due of column --dpd."
            ),
            (
                "请说明何为逾期：以 --status 列配 --bad 列出状态，"
                "或以 --dpd 列配 --over 给出逾期天数。"
            ),
        ),
        "negative": (
            (
                "{rows} rows have a negative value in column {column!r}; shares of"
                " amounts may lie below 0 % or above 100 %. Check what they are"
                " (an overpayment, a correction), or leave them out."
            ),
            (
                "列 {column!r} 有 {rows} 行为负数；按金额的占比可能低于 0% 或高于 100%。"
                "请核实其含义（多还款、冲正等），或剔除这些行。"
            ),
        ),
        "unknown_bad": (
            "No row has the status {status!r}; the statuses are: {known}.",
            "没有任何一行的状态为 {status!r}；已有的状态：{known}。",
        ),
    }


class NotComparable(UserError):
    """Figures of different conventions, asked to share an axis or a sum."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "differ": (
            (
                "{one} and {other} cannot be compared: they differ in {what}"
                " ({ours} against {theirs}). Show them apart, or choose one convention."
            ),
            (
                "{one} 与 {other} 不可比较：{what}不同（{ours} 与 {theirs}）。"
                "请分开展示，或统一口径。"
            ),
        ),
    }


class UnknownMetric(UserError):
    """A metric that is not in the dictionary."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": (
            "There is no metric {id!r}; the dictionary has: {known}. Use one of them.",
            "口径库中没有指标 {id!r}；已有：{known}。请改用其中之一。",
        ),
    }
