"""What can be wrong with a question about provisions, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class ProvisionError(UserError):
    """A table, a share or a movement that cannot be used."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "table": (
            "There is no table {table}; known: {known}.",
            "没有计提表 {table}；可用：{known}。",
        ),
        "not_for": (
            (
                "Table {table} ({rule}) does not hold for a {licence} on {on}; take "
                "another table or day."
            ),
            "计提表 {table}（{rule}）在 {on} 不适用于牌照 {licence}；请改用其他表或日期。",
        ),
        "share": (
            (
                "{asset_class}: a share of {share} is outside {least} to {most}, which "
                "{rule} allows; choose one inside."
            ),
            (
                "{asset_class}：计提比例 {share} 不在 {rule} 允许的 {least} 至 {most} "
                "之间；请改为区间内的值。"
            ),
        ),
        "order": (
            (
                "The share of {worse} would be below that of {better}; a worse class "
                "never needs less. Correct the chosen shares."
            ),
            "{worse} 的比例低于 {better}；更差的类别不得更低。请更正所选比例。",
        ),
        "written_off": (
            (
                "Loan {loan}: {amount} was written off, more than its balance of "
                "{balance}; correct the write-off or the opening position."
            ),
            "借据 {loan}：核销 {amount} 超过余额 {balance}；请更正核销额或期初数据。",
        ),
        "file": (
            "{file} is no Parquet file ({problem}).",
            "{file} 不是 Parquet 文件（{problem}）。",
        ),
        "column": (
            "{file} has no column {column}; add it.",
            "{file} 没有 {column} 列；请补上。",
        ),
        "cell": (
            "{file}: the column {column} has a value that cannot be ({problem}).",
            "{file}：{column} 列有不成立的值（{problem}）。",
        ),
        "loans": (
            "{file}: every row needs a loan_id of its own; one is empty or there twice.",
            "{file}：每行须有各自的 loan_id；有空值或重复。",
        ),
        "no_class": (
            (
                "{file}: {count} loans on the books have no asset_class; classify them "
                "first."
            ),
            "{file}：有 {count} 笔在账借据没有 asset_class；请先分类。",
        ),
        "class": (
            (
                "{file}: {given} is no class; known: normal, special_mention, "
                "substandard, doubtful, loss, or 0 to 4."
            ),
            (
                "{file}：{given} 不是分类；可用：normal、special_mention、substandard、"
                "doubtful、loss，或 0 至 4。"
            ),
        ),
        "unknown_loan": (
            (
                "Loan {loan} was written off but is in neither position; add it to the "
                "opening or the closing one."
            ),
            "借据 {loan} 有核销，但期初和期末都没有；请补入期初或期末数据。",
        ),
    }
