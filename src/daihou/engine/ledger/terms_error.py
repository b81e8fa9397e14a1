"""What can be wrong with a contract, field by field, and the way out."""

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
        "currency": (
            "Currency {value!r} has no known decimals; use one of: {known}.",
            "币种 {value!r} 的小数位数未知；可用：{known}。",
        ),
        "whole_number": (
            (
                "`{field}` must be a whole number (amounts in minor units); "
                "it is {value!r}."
            ),
            "`{field}` 应为整数（金额以最小货币单位计），现为 {value!r}。",
        ),
        "not_a_date": (
            "`{field}` must be a date such as 2026-01-31; it is {value!r}.",
            "`{field}` 应为日期，例如 2026-01-31，现为 {value!r}。",
        ),
        "year": (
            "`{field}` {value} lies outside the years 1900 to 9000; correct the date.",
            "`{field}` {value} 不在 1900 至 9000 年之间；请更正日期。",
        ),
        "not_exact": (
            "`{field}` must be an exact decimal such as 0.144; it is {value!r}.",
            "`{field}` 应为精确小数，例如 0.144，现为 {value!r}。",
        ),
        "not_finite": (
            "`{field}` is {value}, which is not a number; send a share such as 0.144.",
            "`{field}` 为 {value}，不是数值；请填小数，例如 0.144。",
        ),
        "rate_decimals": (
            "`{field}` has more than {most} decimals; round it at the sender.",
            "`{field}` 的小数超过 {most} 位；请由报送方取整。",
        ),
        "rate_cap": (
            (
                "The rate {value} in `{field}` is above the cap of {cap} a year; "
                "lower the rate."
            ),
            "`{field}` 中的年利率 {value} 高于上限 {cap}；请降低利率。",
        ),
        "choice": (
            "`{field}` {value!r} is unknown; use one of: {known}.",
            "`{field}` {value!r} 不存在；可用：{known}。",
        ),
        "negative": (
            "`{field}` must not be below zero; correct the amount.",
            "`{field}` 不得为负；请更正金额。",
        ),
        "not_with_method": (
            (
                "`{field}` has no meaning with method {method}; leave it out or "
                "choose another method."
            ),
            "还款方式 {method} 不适用 `{field}`；请删除该项或改用其他还款方式。",
        ),
        "too_long": (
            "A plan of {value} periods ends after the year {year}; shorten it.",
            "{value} 期的还款计划超出 {year} 年；请缩短期限。",
        ),
        "due_day": (
            (
                "`due_day` must be a day of the month from 1 to 31 and needs periods "
                "of months; it is {value}."
            ),
            "`due_day` 应为 1 至 31，且仅适用于按月的期限，现为 {value}。",
        ),
        "due_day_first": (
            (
                "The first due date {first_due_on} does not fall on day {value} of "
                "the month; correct one of the two."
            ),
            "首期应还日 {first_due_on} 与每月还款日 {value} 不符；请更正其中一个。",
        ),
        "month_end": (
            "`month_end` last_day needs periods of months; choose keep.",
            "`month_end` last_day 仅适用于按月的期限；请改为 keep。",
        ),
        "grace_principal": (
            (
                "A grace of {value} periods on principal must leave at least one of "
                "the {periods} periods; shorten it."
            ),
            "本金宽限 {value} 期，须少于总期数 {periods}；请缩短宽限期。",
        ),
        "grace_interest": (
            (
                "A grace of {value} periods on interest must leave at least one of "
                "the {periods} periods; shorten it."
            ),
            "利息宽限 {value} 期，须少于总期数 {periods}；请缩短宽限期。",
        ),
        "balloon_minor": (
            (
                "The balloon of {value} minor units is more than the principal of "
                "{principal} that it is part of; lower it."
            ),
            ("尾款 {value}（最小货币单位）超过其所属本金 {principal}；请降低尾款。"),
        ),
        "multiple_of": (
            "Instalments need a multiple of at least 1 minor unit; it is {value}.",
            "还款额取整单位至少为 1 个最小货币单位，现为 {value}。",
        ),
        "multiple_small": (
            (
                "In multiples of {value} minor units the instalment pays nothing back; "
                "choose a smaller multiple or round up."
            ),
            (
                "按 {value}（最小货币单位）取整后，每期还款额不含本金；"
                "请减小取整单位或改为向上取整。"
            ),
        ),
        "multiple_clears": (
            (
                "In multiples of {value} minor units the loan is paid off in {cleared} "
                "of {periods} periods; choose a smaller multiple, or let the plan end "
                "when it is paid (`last_row`: when_paid)."
            ),
            (
                "按 {value}（最小货币单位）取整后，第 {cleared} 期（共 {periods} 期）"
                "即还清；请减小取整单位，或约定还清为止（`last_row`: when_paid）。"
            ),
        ),
        "down_payment_minor": (
            (
                "The down payment of {value} minor units leaves nothing of the "
                "{principal} paid out; lower it."
            ),
            "首付 {value}（最小货币单位）不少于放款额 {principal}；请降低首付。",
        ),
        "down_payment_share": (
            (
                "The down payment must be a share from 0 to below 1 (0.25 = 25 %); "
                "it is {value}."
            ),
            "首付比例应大于等于 0 且小于 1（0.25 即 25%），现为 {value}。",
        ),
        "down_payment_two": (
            (
                "A down payment is an amount ({value}) or a share ({share}), not "
                "both; leave one out."
            ),
            "首付只能填金额（{value}）或比例（{share}）之一；请删除其一。",
        ),
        "tranches_amount": (
            "The payout on {on} must be more than zero; correct or remove it.",
            "{on} 的放款额必须大于零；请更正或删除。",
        ),
        "tranches_order": (
            (
                "The payout on {on} is not after the one before it, on {before}; put "
                "the payouts in order of their dates."
            ),
            "{on} 的放款不晚于上一笔（{before}）；请按日期先后排列各笔放款。",
        ),
        "tranches_total": (
            (
                "Later payouts add up to {total} minor units and leave nothing of the "
                "principal of {principal} for the first; correct one of the two."
            ),
            (
                "后续放款合计 {total}（最小货币单位），首笔放款已无余额"
                "（本金 {principal}）；请更正其中之一。"
            ),
        ),
        "tranches_late": (
            (
                "The payout on {on} is not before the last due date, {last}; bring it "
                "forward or lengthen the plan."
            ),
            "{on} 的放款不早于最后应还日 {last}；请提前放款或延长期限。",
        ),
        "rate_changes_order": (
            (
                "The rate change on {on} is not after {before}; rate changes follow "
                "the disbursement and one another in order of dates."
            ),
            "{on} 的利率调整不晚于 {before}；利率调整须在放款之后并按日期先后排列。",
        ),
        "rate_changes_keeps": (
            (
                "The rate change on {on} cannot keep the instalment: that needs method "
                "equal_instalment without a balloon; let it keep the term."
            ),
            (
                "{on} 的利率调整不能保持还款额不变：仅适用于无尾款的等额本息；"
                "请改为保持期限不变。"
            ),
        ),
        "rate_changes_endless": (
            (
                "At the new rate an instalment of {value} minor units does not pay the "
                "loan off within {periods} periods; let the change keep the term."
            ),
            (
                "按新利率，每期 {value}（最小货币单位）在 {periods} 期内无法还清；"
                "请改为保持期限不变。"
            ),
        ),
        "holidays_first": (
            (
                "Moved off closed days, the first due date is {value}, not after the "
                "disbursement on {disbursed_on}; move it later or not at all."
            ),
            (
                "避开休息日后，首期应还日为 {value}，不晚于放款日 {disbursed_on}；"
                "请改为顺延或不调整。"
            ),
        ),
        "last_row": (
            (
                "A plan that ends when it is paid needs a stated instalment or a "
                "multiple; give one, or let it end on its term."
            ),
            "约定还清为止的，须填每期还款额或取整单位；请补充，或改为按期限结束。",
        ),
        "last_row_balloon": (
            (
                "A plan that ends when it is paid leaves no balloon of {value} minor "
                "units; leave one of the two out."
            ),
            "约定还清为止的，不能另有尾款 {value}（最小货币单位）；请删除其一。",
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
    # Codes that are not the field itself, nor begin with the field and "_".
    _FIELDS: ClassVar[Mapping[str, str]] = {
        "instalment_too_large": "instalment_minor",
        "multiple_small": "multiple_of",
        "multiple_clears": "multiple_of",
        "holidays_first": "holidays",
        "down_payment_two": "down_payment_share",
        "due_day_first": "due_day",
        "last_row_balloon": "last_row",
        "too_long": "periods",
    }
    _LISTS = ("rows", "tranches", "rate_changes")

    @property
    def field(self) -> str:
        """Return the name of the field to correct."""
        if "field" in self.params:
            return str(self.params["field"])
        for name in self._LISTS:
            if self.code.startswith(name):
                return name
        return self._FIELDS.get(self.code, self.code)
