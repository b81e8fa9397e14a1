"""What can be wrong with a mapping file or one of its expressions, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class ExpressionError(UserError, ValueError):
    """An expression that is not in the language, or has no answer for a row."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "not_a_number": ("{value!r} is not a number", "{value!r} 不是数字"),
        "not_a_date": (
            "{value!r} is not a date ({form})",
            "{value!r} 不是日期（格式 {form}）",
        ),
        "no_such_day": (
            "{begin} and {step} {unit} is not a date",
            "{begin} 加 {step} {unit} 不是有效日期",
        ),
        "too_long": (
            "an expression has at most 2,000 characters",
            "算式最多 2,000 个字符",
        ),
        "unreadable": (
            "{text!r} cannot be read: {error}",
            "无法解析 {text!r}：{error}",
        ),
        "failed": ("{text}: {error}", "{text}：{error}"),
        "too_deep": ("nested too deep", "嵌套层数过多"),
        "not_part": (
            "{what} is not part of the mapping language",
            "映射语言不支持 {what}",
        ),
        "no_column": (
            "no column {name}; there are {known}",
            "没有列 {name}；可用的列：{known}",
        ),
        "plain_calls": (
            "only plain functions, without keywords",
            "只能直接调用函数，不能带关键字参数",
        ),
        "col": (
            'col takes one name: col("loan number")',
            'col 只接受一个列名：col("借据号")',
        ),
        "no_function": (
            "no function {name}; there are {known}",
            "没有函数 {name}；可用的函数：{known}",
        ),
        "only": ("only {known}", "只能使用 {known}"),
        "two_values": (
            "compare two values at a time, joined with and",
            "每次只比较两个值，多个条件用 and 连接",
        ),
        "after_in": (
            'a list of values after in: X in ["A", "B"]',
            'in 后面须是取值列表：X in ["A", "B"]',
        ),
        "not_in_map": ("{value!r} is not in the map", "映射表中没有 {value!r}"),
    }


class MappingError(UserError, ValueError):
    """A mapping that cannot be used, and what to do about it."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": (
            "No mapping {name}. Known: {known}. Put a new one into {folder}.",
            "没有映射 {name}。已有：{known}。新的映射文件请放入 {folder}。",
        ),
        "yaml": (
            "{file} is not YAML: {problem}",
            "{file} 不是有效的 YAML：{problem}",
        ),
        "schema": (
            "{file}, {place}: {problem}. Compare with docs/how-to/intake.md.",
            "{file} 的 {place} 处有误：{problem}。请对照 docs/how-to/intake.md。",
        ),
        "no_table": (
            "{file}: there is no table {table}; there are {known}.",
            "{file}：没有 {table} 这张表；可用的表：{known}。",
        ),
        "changed": (
            (
                "Mapping {name} version {version} was used before with another content. "
                "Raise its version."
            ),
            "映射 {name} 的版本 {version} 此前以另一内容使用过。请提高版本号。",
        ),
        "refused_act": (
            (
                "{file} names an act that is never allowed ({act}). Leave the value as "
                "it came: outcomes of former contacts are kept as REFUSED_LEGACY."
            ),
            (
                "{file} 写到了任何情况下都不允许的行为（{act}）。请让该值原样进入："
                "历史联系结果会记为 REFUSED_LEGACY。"
            ),
        ),
        "expression": ("{detail}", "{detail}"),
    }

    def say(self, language: str) -> str:
        """Say what is wrong, an expression's part of it in the same language."""
        english, chinese = self.TEXTS[self.code]
        text = chinese if language.startswith("zh") else english
        return text.format(
            **{
                name: each.say(language) if isinstance(each, UserError) else each
                for name, each in self.params.items()
            }
        )
