"""What can be wrong with a question of classification, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class ClassError(UserError):
    """A question of classification that no rule answers, or that cannot be read."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "no_rules": (
            (
                "No rule classifies loans of licence {licence} on {on}. Give a licence "
                "that has such rules ({known}), or a day on which they hold."
            ),
            (
                "{on} 没有适用于 {licence} 牌照的分类规则。请改用有规则的牌照"
                "（{known}），或规则生效的日期。"
            ),
        ),
        "sign": (
            "Rule {rule} names the sign {sign}, which is not known; known: {known}.",
            "规则 {rule} 的触发情形 {sign} 无法识别；可用：{known}。",
        ),
        "line": (
            "line: not one JSON object in UTF-8 ({problem}); send one a line.",
            "line：不是一个 UTF-8 的 JSON 对象（{problem}）；请每行一个。",
        ),
        "missing": ("{field}: is missing.", "{field}：缺失。"),
        "unknown_field": (
            "{field}: is no field; correct its name or leave it out. Known: {known}.",
            "{field}：不是字段；请更正名称或删除。可用：{known}。",
        ),
        "type": (
            "{field}: {given} is not {wanted}.",
            "{field}：{given} 不是{wanted_zh}。",
        ),
        "word": (
            "{field}: {given} is not known; known: {known}.",
            "{field}：{given} 无法识别；可用：{known}。",
        ),
        "fact": (
            "{field}: cannot be so: {problem}",
            "{field}：不成立：{problem_zh}",
        ),
        "file": (
            "{file} cannot be read as Parquet: {problem}",
            "{file} 不能作为 Parquet 读取：{problem}",
        ),
        "column": (
            "{file} has no column {column}; it needs: {known}.",
            "{file} 没有列 {column}；需要：{known}。",
        ),
        "cell": (
            "{file}, column {column}: {problem}",
            "{file} 的列 {column}：{problem_zh}",
        ),
        "currency": (
            (
                "The threshold of default is in {needed}, but the amounts are in "
                "{currency}; convert them, or have the lender set a threshold."
            ),
            "违约门槛以 {needed} 计，而金额为 {currency}；请先换算，或由机构设定门槛。",
        ),
    }

    @property
    def field(self) -> str:
        """The place in the question; `line` for the whole."""
        return str(self.params.get("field", "line"))
