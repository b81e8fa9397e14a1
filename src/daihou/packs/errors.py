"""What can be wrong with a rulebook or product file, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class ProductError(UserError):
    """A product file, or a question about a product, that cannot be answered."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "yaml": (
            "{file} is not readable YAML: {problem}.",
            "{file} 不是可读的 YAML：{problem}。",
        ),
        "schema": (
            "{file}, at {place}: {problem}. Compare with schema/product.json.",
            "{file} 的 {place} 处：{problem}。请对照 schema/product.json。",
        ),
        "name": (
            "{file} holds product {product}; name the file {product}.yaml.",
            "{file} 的产品代码是 {product}；请将文件命名为 {product}.yaml。",
        ),
        "order": (
            "{file}: put the versions in order of begins_on, each on its own day.",
            "{file}：请按 begins_on 由早到晚排列版本，起始日不得相同。",
        ),
        "overlap": (
            (
                "{file}: the version from {begins_on} ends before it begins or after the "
                "next one begins; correct ends_on."
            ),
            (
                "{file}：自 {begins_on} 起的版本早于起始日结束，或与下一版本重叠；"
                "请更正 ends_on。"
            ),
        ),
        "multiplier": (
            (
                "{file}: a penalty multiplier of {multiplier} is above {cap}, the most "
                "that 银发〔2003〕251号 allows for overdue loans; lower it."
            ),
            (
                "{file}：罚息倍数 {multiplier} 超过 {cap}（银发〔2003〕251号规定的"
                "逾期上限）；请调低。"
            ),
        ),
        "cap_order": (
            (
                "{file}: the cost cap from {begins_on} does not begin after the one "
                "before it; put cost_caps in order of begins_on, each on its own day."
            ),
            (
                "{file}：自 {begins_on} 起的成本上限未晚于前一条；请按 begins_on "
                "由早到晚排列 cost_caps，起始日不得相同。"
            ),
        ),
        "cap_share": (
            (
                "{file}: a cost cap of {annual_rate} a year is above 10; write a share, "
                "0.24 for 24 %."
            ),
            "{file}：成本上限 {annual_rate} 大于 10；请填小数，0.24 即 24 %。",
        ),
        "cap_source": (
            (
                "{file}: the cost cap of rule {rule} has no source; add an entry with "
                "of: cost and this rule to sources."
            ),
            (
                "{file}：规则 {rule} 的成本上限没有出处；请在 sources 中增加该规则、"
                "of 为 cost 的一条。"
            ),
        ),
        "not_in_force": (
            (
                "Product {product} has no terms in force on {on} (the first version "
                "begins on {first}). Correct the date or add a version to its file."
            ),
            (
                "产品 {product} 在 {on} 没有生效的版本（首版自 {first} 起）。"
                "请更正日期，或在产品文件中增加版本。"
            ),
        ),
    }


class UnknownProduct(UserError):
    """A product without a file."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "unknown": (
            (
                "Product {product!r} is unknown. Known products: {known}. Use one of "
                "them, or add a product file."
            ),
            (
                "产品 {product!r} 不存在。已有产品：{known}。请改用其中之一，"
                "或新增产品文件。"
            ),
        ),
    }
