"""What can be wrong with a contract or a question about a loan, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError
from daihou.engine.ledger.terms_error import TermsError


class LoanError(UserError):
    """A question about a loan that has no answer on that day."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "not_disbursed": (
            (
                "Loan {loan_id} is paid out on {disbursed_on}; on {as_of} it owes "
                "nothing yet. Ask for that day or a later one."
            ),
            (
                "借据 {loan_id} 于 {disbursed_on} 放款，{as_of} 尚无欠款；"
                "请查询该日或之后的日期。"
            ),
        ),
        "amount": (
            "A trial payment must be more than zero; it is {amount} minor units.",
            "试算还款额必须大于零，现为 {amount}（最小货币单位）。",
        ),
        "range": (
            "The range from {first} to {last} is empty; put the earlier day first.",
            "日期范围 {first} 至 {last} 为空；请把较早的日期放在前面。",
        ),
        "mirror": (
            (
                "A core system keeps the ledger of product {product}; ask there how a "
                "payment will be allocated."
            ),
            "产品 {product} 的账由核心系统记；回款如何冲抵请在核心系统试算。",
        ),
        "running_terms": (
            (
                "Interest by the day on the balance owed does not go with `{field}`; "
                "leave it out, or agree fixed interest."
            ),
            "按实际欠款余额逐日计息时不能使用 `{field}`；请去掉该项，或改用固定利息合同。",
        ),
        "running_method": (
            (
                "Interest by the day on the balance owed does not go with {method}; "
                "use one of: {known}, or a contract with fixed interest."
            ),
            "{method} 不能按实际欠款余额逐日计息；可用：{known}，或改用固定利息合同。",
        ),
    }


__all__ = ["LoanError", "TermsError"]
