"""What can be wrong with a strategy, and the way out."""

from collections.abc import Mapping
from typing import ClassVar, Final

from daihou.engine.basics.errors import UserError

_THINGS: Final = {
    "column": ("column", "列"),
    "row": ("row", "行"),
    "journey": ("journey", "流程"),
    "step": ("step", "步骤"),
    "queue": ("queue", "队列"),
    "interrupt": ("event", "事件"),
    "arm": ("arm", "试验组"),
}


class StrategyError(UserError):
    """A strategy that cannot be read, or a question it cannot answer."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "cell": (
            "Row {row}, column {column}: {text!r} cannot be read. Write {allowed}.",
            "第 {row} 行，{column} 列：无法识别 {text!r}。可填写：{allowed}。",
        ),
        "empty_range": (
            (
                "Row {row}, column {column}: {text!r} holds no value, since its end "
                "comes before its beginning. Turn the two round."
            ),
            (
                "第 {row} 行，{column} 列：{text!r} 不包含任何值，"
                "终点早于起点。请调换两端。"
            ),
        ),
        "choice": (
            "Row {row}, column {column}: {text!r} is not one of {allowed}.",
            "第 {row} 行，{column} 列：{text!r} 不在可选值之内：{allowed}。",
        ),
        "too_large": (
            "Row {row}, column {column}: {text!r} is too large or too long; shorten it.",
            "第 {row} 行，{column} 列：{text!r} 过大或过长；请缩短。",
        ),
        **{
            f"repeated_{what}": (
                f"The {english} {{name!r}} is given twice; give each its own code.",
                f"{chinese} {{name!r}} 重复；请为每一项使用不同的代码。",
            )
            for what, (english, chinese) in _THINGS.items()
        },
        "unknown_name": (
            "{where} names {name!r}, which does not exist. Known: {known}.",
            "{where} 引用了不存在的 {name!r}。可用：{known}。",
        ),
        "too_long": (
            "The table has {rows} rows; at most {most} are allowed. Split the strategy.",
            "决策表有 {rows} 行，最多允许 {most} 行。请拆分策略。",
        ),
        "missing_fact": (
            "The question does not say {name!r}; give its value, or none if unknown.",
            "问题中没有给出 {name!r}；请给出其值，未知时填空。",
        ),
        "fact": (
            "{name!r} must be {allowed}, not {given!r}.",
            "{name!r} 应为{allowed}，而不是 {given!r}。",
        ),
        "conflict": (
            (
                "Rows {rows} all match, and hit policy {hit} lets only one answer. "
                "Narrow one of them, or choose another hit policy."
            ),
            (
                "第 {rows} 行同时命中，而命中策略 {hit} 只允许一个答案。"
                "请收窄其中一行，或改用其他命中策略。"
            ),
        ),
        "shares": (
            "The shares of the arms add up to {total} per mille; make them 1000.",
            "各组占比合计 {total}‰；应为 1000‰。",
        ),
        "priority_output": (
            "Hit policy PRIORITY needs a whole-number output named priority.",
            "命中策略 PRIORITY 需要一个名为 priority 的整数输出列。",
        ),
        "row_cells": (
            "Row {row} has {given} tests; the table asks {wanted} columns.",
            "第 {row} 行有 {given} 个条件；该表有 {wanted} 个条件列。",
        ),
        "row_values": (
            "Row {row} has {given} answers; the table answers {wanted} columns.",
            "第 {row} 行有 {given} 个结果；该表有 {wanted} 个结果列。",
        ),
    }

    def say(self, language: str) -> str:
        """What is wrong; a column by its title (`titles`: zh, en) and its name."""
        titles = self.params.get("titles")
        if not isinstance(titles, tuple):
            return super().say(language)
        chinese = language.startswith("zh")
        english, other = self.TEXTS[self.code]
        title, name = titles[0 if chinese else 1], self.params["column"]
        both = f"{title}（{name}）" if chinese else f"{title} ({name})"
        known = {**self.params, "column": name if title == name else both}
        return (other if chinese else english).format(**known)
