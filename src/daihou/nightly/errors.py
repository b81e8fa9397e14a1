"""What can stand in the way of a day-end, each with what to do about it."""

from collections.abc import Mapping
from typing import Any, ClassVar

from daihou.engine.basics.errors import UserError


class NightError(UserError):
    """The night cannot do what was asked."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "busy": (
            (
                "Another day-end is running on this database. Wait until it is done, "
                "then try again."
            ),
            "另一个日终正在本库运行。请等它结束后再试。",
        ),
        "clocks_busy": (
            (
                "The clocks of law are being reckoned on this database already. Wait "
                "until that is done, then try again."
            ),
            "本库正在推算法定时钟。请等它结束后再试。",
        ),
        "no_business_date": (
            (
                "No business date is set yet. Name the first day to close: "
                "daihou day-end --as-of YYYY-MM-DD"
            ),
            "尚未设置业务日期。请指明第一个要关账的日期：daihou day-end --as-of YYYY-MM-DD",
        ),
        "not_reached": (
            (
                "{as_of} cannot be closed yet: the open business date is {on}. Close the "
                "days in between too: daihou day-end --through {as_of}"
            ),
            (
                "{as_of} 还不能关账：当前业务日期是 {on}。请连同其间各日一起关账："
                "daihou day-end --through {as_of}"
            ),
        ),
        "past": (
            (
                "{as_of} is already past: the open business date is {on}. Time does not "
                "go back; to run a closed day again: daihou day-end --as-of {as_of}"
            ),
            (
                "{as_of} 已经过去：当前业务日期是 {on}，日期不能倒退。如需重跑已关账的一天："
                "daihou day-end --as-of {as_of}"
            ),
        ),
        "before_first": (
            (
                "{as_of} lies before the first closed day, {first}. There is nothing to "
                "run again; choose a date from {first} on."
            ),
            "{as_of} 早于第一个已关账日 {first}，没有可重跑的结果；请选择 {first} 或之后的日期。",
        ),
        "file_missing": (
            (
                "The positions of {as_of} are gone ({path}). Restore the file, or make "
                "it again: daihou day-end --as-of {as_of}"
            ),
            (
                "{as_of} 的日终结果文件不见了（{path}）。请恢复该文件，或重新生成："
                "daihou day-end --as-of {as_of}"
            ),
        ),
        "classes_missing": (
            (
                "The classes of {as_of} are gone ({path}). Restore the file, or grade "
                "that day again: daihou grade --day {as_of} --full"
            ),
            (
                "{as_of} 的分类结果文件不见了（{path}）。请恢复该文件，或重新分类："
                "daihou grade --day {as_of} --full"
            ),
        ),
        "not_graded": (
            "{as_of} has not been classified. Classified days: {days}.",
            "{as_of} 尚未分类。已分类日期：{days}。",
        ),
        "grading_busy": (
            (
                "Another classification is running on this database. Wait until it is "
                "done, then try again."
            ),
            "另一个分类任务正在本库运行。请等它结束后再试。",
        ),
        "steps_busy": (
            (
                "The next steps are being made on this database already. Wait until "
                "that is done, then try again."
            ),
            "本库正在生成下一步动作。请等它结束后再试。",
        ),
        "steps_past": (
            (
                "{as_of} is not the last closed day, {last}. Next steps are made for "
                "the last one only."
            ),
            "{as_of} 不是最近的已关账日（{last}）。下一步动作只针对最近一日生成。",
        ),
        "months_busy": (
            (
                "The months are being counted on this database already. Wait until "
                "that is done, then try again."
            ),
            "本库正在计算月度数据。请等它结束后再试。",
        ),
        "rehearsal_gone": (
            (
                "The list of this rehearsal is gone ({path}). Rehearse again to see "
                "who moves."
            ),
            "本次试跑的明细不见了（{path}）。请重新试跑以查看变动客户。",
        ),
        "book_engine": (
            (
                "{variable}={named} names no engine for the book. Use local, "
                "spark-local[N] with N cores, or spark://host:port."
            ),
            (
                "{variable}={named} 不是可用的计算引擎。请使用 local、spark-local[N]（N 为核数）"
                "或 spark://主机:端口。"
            ),
        ),
        "no_spark": (
            (
                "{variable} asks for Spark, but {lacking} is not installed here. Install "
                "it (docs/how-to/spark.md), or set {variable}=local."
            ),
            (
                "{variable} 要求使用 Spark，但本机没有安装 {lacking}。请先安装"
                "（见 docs/how-to/spark.md），或设置 {variable}=local。"
            ),
        ),
        "too_many_rows": (
            "{rows} rows do not fit one sheet ({limit}). Choose parquet or csv.",
            "{rows} 行超过单个工作表的上限（{limit}）。请改用 parquet 或 csv。",
        ),
        "not_closed": (
            "{as_of} is not closed, so it has no positions. Closed days: {days}.",
            "{as_of} 尚未关账，没有日终结果。已关账日期：{days}。",
        ),
    }


class NotClosed(NightError, LookupError):
    """A date that has no positions was asked for."""


class NotCounted(UserError, LookupError):
    """The months of the book do not hold what was asked of them."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "no_months": (
            "No month is counted yet; close a day, then count: daihou months --count",
            "尚无月度数据；请先完成日终，再计算：daihou months --count",
        ),
        "month": (
            "{month} is not among the counted months ({known}). Choose one of them.",
            "没有 {month} 的月度数据（已有：{known}）。请改选其中之一。",
        ),
        "gone": (
            (
                "The month {month} is gone ({path}). Restore the file, or count it "
                "again: daihou months --count"
            ),
            (
                "{month} 的月度数据文件不见了（{path}）。请恢复该文件，或重新计算："
                "daihou months --count"
            ),
        ),
        "classes": (
            (
                "The loans of {month}, or of the month before, were not classified; "
                "choose a later month."
            ),
            "{month} 或其上月的贷款尚未分类；请改选更晚的月份。",
        ),
        "not_of_book": (
            "The months of the book are not cut by {cut}; choose another cut.",
            "月度数据没有 {cut} 这一维度；请改用其他维度。",
        ),
        "metric": (
            "{metric} is not reckoned from the months of the book.",
            "指标 {metric} 不由月度数据计算。",
        ),
        "cut": (
            "{metric} cannot be broken down by {cut}; choose another cut.",
            "{metric} 不能按 {cut} 细分；请改用其他维度。",
        ),
        "sight": (
            (
                "{metric} is kept by whole branches. You see loans by product or "
                "officer, so ask who sees your branch."
            ),
            "{metric} 只按整个机构保存；您的可见范围按产品或客户经理划分，请向可看该机构的同事索取。",
        ),
        "point": (
            "There is no point {at} in this figure; choose one of those it shows.",
            "该指标没有“{at}”这一点；请从图表中的点里选择。",
        ),
    }


def told(error: Exception) -> dict[str, Any]:
    """An error as the office keeps it: its code, its values, and both languages.

    One that is no user's mistake has the code `unexpected` and says only its kind
    and words.
    """
    if isinstance(error, UserError):
        values = {name: str(value) for name, value in error.params.items()}
        words = {language: error.say(language)[:2000] for language in ("zh", "en")}
        return {"code": error.code, "params": values, **words}
    text = f"{type(error).__name__}: {error}"[:2000].replace("\x00", "")
    return {"code": "unexpected", "params": {}, "zh": text, "en": text}
