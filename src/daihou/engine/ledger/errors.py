"""What can be wrong with a contract or a question about a loan, and the way out."""

from collections.abc import Mapping
from typing import ClassVar

from daihou.engine.basics.errors import UserError


class TermsError(UserError):
    """A contract from which no schedule can be made; `field` names the culprit."""

    TEXTS: ClassVar[Mapping[str, tuple[str, str]]] = {
        "principal_minor": (
            "The principal must be more than zero; it is {value}.",
            "本金必须大于零，现为 {value}。",
        ),
        "annual_rate": (
            (
                "The annual rate must lie from 0 to 10 (0.144 = 14.4 %); it is {value}. "
                "Send a share, not a percentage."
            ),
            (
                "年利率应在 0 到 10 之间（0.144 即 14.4%），现为 {value}。"
                "请填小数而不是百分数。"
            ),
        ),
        "periods": (
            "The number of periods must lie from 1 to 1200; it is {value}.",
            "期数应在 1 到 1200 之间，现为 {value}。",
        ),
        "every": (
            "A period must be at least one unit long; `every` is {value}.",
            "每期至少一个单位，`every` 现为 {value}。",
        ),
        "method": (
            "Repayment method {value!r} is unknown; use one of: {known}.",
            "还款方式 {value!r} 不存在；可用：{known}。",
        ),
        "period_unit": (
            "Period unit {value!r} is unknown; use one of: {known}.",
            "期限单位 {value!r} 不存在；可用：{known}。",
        ),
        "day_count": (
            "Day count {value!r} is unknown; use one of: {known}.",
            "计息天数规则 {value!r} 不存在；可用：{known}。",
        ),
        "rounding": (
            "Rounding {value!r} is unknown; use one of: {known}.",
            "取整方式 {value!r} 不存在；可用：{known}。",
        ),
        "first_due_on": (
            (
                "The first due date {value} is not after the disbursement on "
                "{disbursed_on}; correct one of the two."
            ),
            "首期应还日 {value} 不晚于放款日 {disbursed_on}；请更正其中一个。",
        ),
        "instalment_minor": (
            (
                "An instalment of {value} minor units does not cover the first interest "
                "of {interest}; correct the instalment, the rate or the method."
            ),
            (
                "每期还款额 {value}（最小货币单位）不足以支付首期利息 {interest}；"
                "请更正还款额、利率或还款方式。"
            ),
        ),
        "instalment_too_large": (
            (
                "An instalment of {value} minor units pays the loan off in {cleared} of "
                "{periods} periods; correct the instalment or the number of periods."
            ),
            (
                "每期还款额 {value}（最小货币单位）在第 {cleared} 期（共 {periods} 期）"
                "即还清；请更正还款额或期数。"
            ),
        ),
        "rows": (
            "Method {method} cannot be computed; send the rows of its schedule.",
            "还款方式 {method} 无法推算；请随文件报送还款计划各期。",
        ),
        "rows_principal": (
            (
                "The principal of the rows adds up to {total}, not to {principal} minor "
                "units; correct the rows or the principal."
            ),
            (
                "还款计划各期本金合计 {total}，与贷款本金 {principal}"
                "（最小货币单位）不符；请更正其中之一。"
            ),
        ),
        "rows_order": (
            (
                "Row {seq} is due on {due_on}, not after the row before it; "
                "correct the dates."
            ),
            "第 {seq} 期应还日 {due_on} 不晚于上一期；请更正日期。",
        ),
        "rows_negative": (
            "Row {seq} holds a negative amount; amounts owed are zero or more.",
            "第 {seq} 期含有负数金额；应还金额不得为负。",
        ),
    }
    _FIELDS: ClassVar[Mapping[str, str]] = {"instalment_too_large": "instalment_minor"}

    @property
    def field(self) -> str:
        """Return the name of the field to correct."""
        if self.code.startswith("rows"):
            return "rows"
        return self._FIELDS.get(self.code, self.code)


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
    }
