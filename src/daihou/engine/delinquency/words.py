"""The words of a derivation in Chinese and English: title, value, note of each step."""

from collections.abc import Mapping
from types import MappingProxyType

# code -> (title, value, note)
Phrases = Mapping[str, tuple[str, str, str]]

CHINESE: Phrases = MappingProxyType(
    {
        "anchor_oldest": (
            "最早未清的一期",
            "第 {seq} 期",
            "更早各期已清；取最早未清，不取最近一次",
        ),
        "anchor_oldest_rest": (
            "最早逾期的一期",
            "第 {seq} 期",
            "更早各期已清或余额在容差内；取最早，不取最近一次",
        ),
        "anchor_oldest_first": (
            "最早未清的一期",
            "第 {seq} 期",
            "取最早未清，不取最近一次",
        ),
        "anchor_last": ("最近逾期的一期", "第 {seq} 期", "本口径取最近一次逾期"),
        "anchor_breach": (
            "本轮逾期起于",
            "第 {seq} 期",
            "此后每个日终都有逾期；本口径取本轮首次实质违约",
        ),
        "anchor_charge": ("最早未清的一笔", "费用", "单笔费用，不属于任何一期"),
        "due_on": ("应还日", "{due}", "按合同"),
        "due_moved": ("应还日", "{due}", "合同日 {contract} 为节假日，顺延至开放日"),
        "due_amount": ("本期应还", "{owed}", "本 {principal} + 利 {interest}"),
        "due_amount_fee": (
            "本期应还",
            "{owed}",
            "本 {principal} + 利 {interest} + 费 {fee}",
        ),
        "paid_nothing": ("回款冲抵", "{paid}", "本期尚无回款"),
        "paid_once": (
            "{last} 回款冲抵",
            "{paid}",
            "{order}；冲抵后本金欠 {principal}，利息欠 {interest}，费用欠 {fee}",
        ),
        "paid_times": (
            "{first} 至 {last} 回款冲抵",
            "{paid}",
            (
                "共 {times} 天有冲抵；{order}；本金欠 {principal}，利息欠 {interest}，"
                "费用欠 {fee}"
            ),
        ),
        "paid_reported": (
            "核心系统报告已还",
            "{paid}",
            (
                "本产品由核心系统记账；本金欠 {principal}，利息欠 {interest}，"
                "费用欠 {fee}"
            ),
        ),
        "waived": ("本期减免", "{amount}", "已减免部分不再计欠，也不算还款"),
        "moved": ("转入重组后各期", "{amount}", "由重组后的各期承接"),
        "over_cap": (
            "超过成本上限",
            "{amount}",
            "超过年化 {rate}（{rule}）的部分，不主张",
        ),
        "non_accrual": (
            "停止表内计息",
            "自 {on} 起",
            "逾期超过 {limit} 天；利息、罚息、复利转表外备查，全部清偿逾期后恢复",
        ),
        "tolerance_passed": (
            "未清是否超过容差",
            "{unpaid} > {tolerance}",
            "容差 {tolerance}；还一部分不重置天数",
        ),
        "tolerance_none": (
            "未清是否超过容差",
            "{unpaid} > 0",
            "未设容差；还一部分不重置天数",
        ),
        "tolerance_later": (
            "未清是否超过容差",
            "{unpaid}",
            "这一期后来已清，其后各期未断续逾期",
        ),
        "tolerance_within": (
            "未清是否超过容差",
            "{unpaid} ≤ {tolerance}",
            "在容差 {tolerance} 以内，不算逾期",
        ),
        "grace_none": ("宽限", "0 天", "借据、期次两级都未设"),
        "grace": (
            "宽限",
            "{loan} 天",
            "借据级减 {loan} 天；期次级 {instalment} 天内不算逾期",
        ),
        "pauses_none": ("停计", "0 天", "没有争议、灾害或暂停"),
        "pauses_inside": ("停计", "{days} 天", "只扣逾期期间内的暂停天数"),
        "pauses_all": ("停计", "{days} 天", "扣至今全部暂停天数"),
        "first_day_after": ("第 1 天", "{on}", "应还日的次日起算"),
        "first_day_due": ("第 1 天", "{on}", "应还日当日起算"),
        "result": (
            "{first} 至 {last}，逐日相加",
            "{dpd} 天",
            "{months} → {bucket}（{range}）",
        ),
        "result_less": (
            "{first} 至 {last}，逐日相加再扣除",
            "{dpd} 天",
            "{raw} 天 − 宽限与停计 {off} 天，不低于 0 → {bucket}（{range}）",
        ),
        "not_yet_late": ("最早算逾期的日终", "{on}", "截至所查日终尚未逾期"),
        "all_due_paid": ("到期应还", "已清", "下一应还日 {next}"),
        "only_penalty_left": (
            "到期本息费",
            "已清",
            "仅余罚息或复利；罚息、复利本身不计逾期天数",
        ),
        "all_paid": ("全部应还", "已清", "本借据已无欠款"),
        "nothing_owed": ("还款计划", "无", "截至所查日终没有生效的应还"),
        "closed_settled": ("借据状态", "已结清", "自 {on} 起不再计逾期"),
        "closed_transferred": ("借据状态", "已转让", "自 {on} 起不再计逾期"),
        "result_on_time": ("{on} 日终", "0 天", ""),
        "change_pay_oldest": (
            "当天还 {amount}（清最早一期）",
            "{dpd} 天",
            "{from} → {bucket}",
        ),
        "change_pay_all": (
            "当天还 {amount}（清全部逾期）",
            "{dpd} 天",
            "{from} → {bucket}",
        ),
        "change_wait": ("什么都不还", "{on} 起 {dpd} 天", "{from} → {bucket}"),
    }
)

ENGLISH: Phrases = MappingProxyType(
    {
        "anchor_oldest": (
            "Oldest unpaid instalment",
            "No. {seq}",
            "earlier ones are paid; the oldest counts, not the latest",
        ),
        "anchor_oldest_rest": (
            "Oldest late instalment",
            "No. {seq}",
            "earlier ones are paid or within the tolerance; the oldest counts",
        ),
        "anchor_oldest_first": (
            "Oldest unpaid instalment",
            "No. {seq}",
            "the oldest counts, not the latest",
        ),
        "anchor_last": (
            "Latest late instalment",
            "No. {seq}",
            "this method counts from the latest late one",
        ),
        "anchor_breach": (
            "This run of lateness began with",
            "No. {seq}",
            "something was late at every day-end since; this method counts from there",
        ),
        "anchor_charge": (
            "Oldest unpaid item",
            "a charge",
            "a single charge, outside the instalments",
        ),
        "due_on": ("Due date", "{due}", "as in the contract"),
        "due_moved": (
            "Due date",
            "{due}",
            "{contract} in the contract is a holiday; moved to the next open day",
        ),
        "due_amount": (
            "Due",
            "{owed}",
            "principal {principal} + interest {interest}",
        ),
        "due_amount_fee": (
            "Due",
            "{owed}",
            "principal {principal} + interest {interest} + fee {fee}",
        ),
        "paid_nothing": ("Paid on it", "{paid}", "nothing yet"),
        "paid_once": (
            "Paid on it {last}",
            "{paid}",
            "{order}; left: principal {principal}, interest {interest}, fee {fee}",
        ),
        "paid_times": (
            "Paid on it {first} to {last}",
            "{paid}",
            (
                "on {times} days; {order}; left: principal {principal}, "
                "interest {interest}, fee {fee}"
            ),
        ),
        "paid_reported": (
            "Paid, says the core system",
            "{paid}",
            (
                "a core system keeps this ledger; left: principal {principal}, "
                "interest {interest}, fee {fee}"
            ),
        ),
        "waived": ("Waived of it", "{amount}", "no longer owed, and not a payment"),
        "moved": ("Moved to the new rows", "{amount}", "owed on after restructuring"),
        "over_cap": (
            "Above the cost cap",
            "{amount}",
            "above the cap of {rate} a year ({rule}), not claimed",
        ),
        "non_accrual": (
            "Off the balance sheet",
            "since {on}",
            (
                "more than {limit} days past due; interest, penalty and compound are "
                "kept as a memo until nothing is late"
            ),
        ),
        "tolerance_passed": (
            "Is the rest above the tolerance?",
            "{unpaid} > {tolerance}",
            "tolerance {tolerance}; a part payment does not restart the count",
        ),
        "tolerance_none": (
            "Is the rest above the tolerance?",
            "{unpaid} > 0",
            "no tolerance; a part payment does not restart the count",
        ),
        "tolerance_later": (
            "Is the rest above the tolerance?",
            "{unpaid}",
            "paid since; later instalments kept the loan late without a break",
        ),
        "tolerance_within": (
            "Is the rest above the tolerance?",
            "{unpaid} ≤ {tolerance}",
            "within the tolerance of {tolerance}: not late",
        ),
        "grace_none": ("Grace", "0 days", "none on the loan, none on instalments"),
        "grace": (
            "Grace",
            "{loan} days",
            (
                "{loan} days off the count; not late within {instalment} days of a "
                "due date"
            ),
        ),
        "pauses_none": ("Paused", "0 days", "no dispute, disaster or pause"),
        "pauses_inside": ("Paused", "{days} days", "paused days while late count off"),
        "pauses_all": ("Paused", "{days} days", "all paused days so far count off"),
        "first_day_after": ("Day 1", "{on}", "the day after the due date"),
        "first_day_due": ("Day 1", "{on}", "the due date itself"),
        "result": (
            "{first} to {last}, day by day",
            "{dpd} days",
            "{months} → {bucket} ({range})",
        ),
        "result_less": (
            "{first} to {last}, day by day, less what does not count",
            "{dpd} days",
            "{raw} days − {off} of grace and pause, never below 0 → {bucket} ({range})",
        ),
        "not_yet_late": (
            "First day-end it can be late",
            "{on}",
            "not reached on the day asked for",
        ),
        "all_due_paid": ("What is due", "paid", "next due date {next}"),
        "only_penalty_left": (
            "Principal, interest and fees due",
            "paid",
            "only penalty or compound interest is left; those never make a loan late",
        ),
        "all_paid": ("Everything owed", "paid", "nothing is left on this loan"),
        "nothing_owed": (
            "Repayment plan",
            "none",
            "nothing owed is in force on the day asked for",
        ),
        "closed_settled": ("Status of the loan", "settled", "not late from {on} on"),
        "closed_transferred": (
            "Status of the loan",
            "transferred",
            "not late from {on} on",
        ),
        "result_on_time": ("At the end of {on}", "0 days", ""),
        "change_pay_oldest": (
            "Pay {amount} that day (clears the oldest instalment)",
            "{dpd} days",
            "{from} → {bucket}",
        ),
        "change_pay_all": (
            "Pay {amount} that day (clears all that is overdue)",
            "{dpd} days",
            "{from} → {bucket}",
        ),
        "change_wait": ("Pay nothing", "{dpd} days from {on}", "{from} → {bucket}"),
    }
)

assert CHINESE.keys() == ENGLISH.keys(), "every step is said in both languages"
