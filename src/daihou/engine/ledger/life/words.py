"""The words of a life: what events did, differences, comparisons, several debts."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from daihou.engine.basics.line import Line
from daihou.engine.basics.money import Money, format_minor
from daihou.engine.delinquency.buckets import shown
from daihou.engine.delinquency.phrases import Said

# code -> (title, value, note)
Phrases = Mapping[str, tuple[str, str, str]]

CHINESE: Phrases = MappingProxyType(
    {
        "life_rows": (
            "{on} {kind}",
            "{old} 期改为 {new} 期",
            "旧期未还部分转入新期；此前入账不变；最后一期 {last}",
        ),
        "life_no_rows": ("{on} {kind}", "{old} 期不再有", "此前入账不变"),
        "customer_late": (
            "客户逾期天数",
            "{dpd} 天",
            "取 {loans} 笔借据中最长的一笔：{loan}；其中 {late} 笔逾期",
        ),
        "customer_on_time": ("客户逾期天数", "0 天", "{loans} 笔借据都不逾期"),
        "several_agreed": (
            "{loan}（{due} 起到期）",
            "{amount}",
            "双方约定先还这一笔",
        ),
        "several_designated": (
            "{loan}（{due} 起到期）",
            "{amount}",
            "债务人清偿时指定这一笔",
        ),
        "several_less_secured": (
            "{loan}（{due} 到期）",
            "{amount}",
            "都已到期，先还缺乏担保或者担保最少的",
        ),
        "several_heavier": (
            "{loan}（{due} 到期）",
            "{amount}",
            "担保相同，先还负担较重的",
        ),
        "several_earlier": (
            "{loan}（{due} 到期）",
            "{amount}",
            "负担相同，按到期先后",
        ),
        "several_in_proportion": (
            "{loan}（{due} 到期）",
            "{amount}",
            "到期时间相同，按债务比例",
        ),
        "several_last": ("{loan}（{due} 到期）", "{amount}", "到期债务中的最后一笔"),
        "several_held": ("没有到期的债务可还", "{amount}", "转为溢缴款"),
        "diff_arrived": (
            "事件 {event}：{kind}",
            "发生于 {on}",
            "{recorded} 才登记；按发生日重算其后的一切",
        ),
        "diff_arrived_amount": (
            "事件 {event}：{kind} {amount}",
            "发生于 {on}",
            "{recorded} 才登记；按发生日重算其后的一切",
        ),
        "diff_row": (
            "第 {seq} 期（{due} 应还）",
            "未还 {left_was} → {left_now}",
            "已还 {paid_was} → {paid_now}",
        ),
        "diff_row_new": (
            "新增第 {seq} 期（{due} 应还）",
            "未还 {left_now}",
            "已还 {paid_now}",
        ),
        "diff_row_gone": (
            "不再有第 {seq} 期（{due} 应还）",
            "原未还 {left_was}",
            "原已还 {paid_was}",
        ),
        "diff_days": ("{first} 至 {last} 逾期天数", "{was} → {now}", "逐日"),
        "diff_bucket": ("{first} 至 {last} 账龄", "{from} → {bucket}", ""),
        "diff_penalty": ("罚息与复利累计", "{was} → {now}", "已还与未还合计"),
        "diff_outstanding": ("未还余额", "{was} → {now}", ""),
        "diff_credit": ("溢缴款", "{was} → {now}", ""),
        "diff_none": ("两段历史", "相同", "截至 {on} 没有差别"),
        "compare_total": ("今后共还", "{first} / {second}", "{a} / {b}；相差 {more}"),
        "compare_cost": (
            "本金以外的成本",
            "{first} / {second}",
            "借款人今后付出的利息、费用、罚息；相差 {more}",
        ),
        "compare_given_up": (
            "出借人少收",
            "{first} / {second}",
            "与不作处理相比；负数为多收；相差 {more}",
        ),
        "compare_value": (
            "出借人所收现值",
            "{first} / {second}",
            "按所给年利率折现，ACT/365 按年复利；相差 {more}",
        ),
        "compare_rate": (
            "借款人年化成本",
            "{first} / {second}",
            "内部收益率，ACT/365 按年复利",
        ),
        "compare_last": ("最后一期", "{first} / {second}", ""),
        "compare_dpd": (
            "处理后的逾期天数",
            "{first} / {second}",
            "按原期次仍为 {original} 天",
        ),
    }
)

ENGLISH: Phrases = MappingProxyType(
    {
        "life_rows": (
            "{on} {kind}",
            "{old} rows became {new}",
            "what was left moved to the new rows; nothing paid before moved; last {last}",
        ),
        "life_no_rows": (
            "{on} {kind}",
            "{old} rows are no more",
            "nothing paid before moved",
        ),
        "customer_late": (
            "Days past due of the customer",
            "{dpd} days",
            "the worst of {loans} loans: {loan}; {late} of them late",
        ),
        "customer_on_time": (
            "Days past due of the customer",
            "0 days",
            "none of {loans} loans is late",
        ),
        "several_agreed": (
            "{loan} (due from {due})",
            "{amount}",
            "both sides agreed on it first",
        ),
        "several_designated": (
            "{loan} (due from {due})",
            "{amount}",
            "the debtor named it on paying",
        ),
        "several_less_secured": (
            "{loan} (due {due})",
            "{amount}",
            "all are due: the one without or with least security first",
        ),
        "several_heavier": (
            "{loan} (due {due})",
            "{amount}",
            "secured alike: the heavier burden first",
        ),
        "several_earlier": (
            "{loan} (due {due})",
            "{amount}",
            "equally heavy: the earlier due first",
        ),
        "several_in_proportion": (
            "{loan} (due {due})",
            "{amount}",
            "due on the same day: in proportion",
        ),
        "several_last": ("{loan} (due {due})", "{amount}", "the last of what is due"),
        "several_held": ("Nothing more is due", "{amount}", "held as credit"),
        "diff_arrived": (
            "Event {event}: {kind}",
            "happened {on}",
            "recorded {recorded} only; everything after it was derived again",
        ),
        "diff_arrived_amount": (
            "Event {event}: {kind} {amount}",
            "happened {on}",
            "recorded {recorded} only; everything after it was derived again",
        ),
        "diff_row": (
            "Instalment {seq} (due {due})",
            "left {left_was} → {left_now}",
            "paid {paid_was} → {paid_now}",
        ),
        "diff_row_new": (
            "New instalment {seq} (due {due})",
            "left {left_now}",
            "paid {paid_now}",
        ),
        "diff_row_gone": (
            "Instalment {seq} (due {due}) is no more",
            "was left {left_was}",
            "was paid {paid_was}",
        ),
        "diff_days": (
            "Days past due {first} to {last}",
            "{was} → {now}",
            "day by day",
        ),
        "diff_bucket": ("Bucket {first} to {last}", "{from} → {bucket}", ""),
        "diff_penalty": (
            "Penalty and compound interest so far",
            "{was} → {now}",
            "paid and unpaid together",
        ),
        "diff_outstanding": ("Outstanding", "{was} → {now}", ""),
        "diff_credit": ("Held as credit", "{was} → {now}", ""),
        "diff_none": ("Both histories", "the same", "nothing differs up to {on}"),
        "compare_total": (
            "To be paid from now on",
            "{first} / {second}",
            "{a} / {b}; {more} apart",
        ),
        "compare_cost": (
            "Cost beyond principal",
            "{first} / {second}",
            "interest, fees and penalty the borrower still pays; {more} apart",
        ),
        "compare_given_up": (
            "Given up by the lender",
            "{first} / {second}",
            "against no treatment; negative: it gets more; {more} apart",
        ),
        "compare_value": (
            "Present value to the lender",
            "{first} / {second}",
            "at the yearly rate given, ACT/365 compounded; {more} apart",
        ),
        "compare_rate": (
            "Yearly cost to the borrower",
            "{first} / {second}",
            "internal rate of return, ACT/365 compounded yearly",
        ),
        "compare_last": ("Last due", "{first} / {second}", ""),
        "compare_dpd": (
            "Days past due after it",
            "{first} / {second}",
            "by the rows before: still {original} days",
        ),
    }
)

# What a kind of event is called, by its name in files.
KIND_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "disbursement": ("放款", "disbursement"),
        "charge": ("收费", "charge"),
        "waiver": ("减免", "waiver"),
        "penalty_adjustment": ("罚息调整", "penalty adjustment"),
        "rate_change": ("调息", "rate change"),
        "interest_pause": ("停息", "interest pause"),
        "due_day_change": ("改还款日", "change of due day"),
        "extension": ("展期", "extension"),
        "reschedule": ("重组", "reschedule"),
        "re_age": ("重整账龄", "re-age"),
        "re_amortise": ("重新摊还", "re-amortisation"),
        "contract_termination": ("提前到期", "termination"),
        "charge_off": ("转销", "charge-off"),
        "settlement_at_discount": ("减免结清", "settlement at a discount"),
        "prepayment": ("提前还款", "prepayment"),
        "payment": ("还款", "payment"),
        "down_payment": ("首付", "down payment"),
        "recovery": ("核销后收回", "recovery"),
        "refund": ("退款", "refund"),
        "chargeback": ("退单", "chargeback"),
        "delinquency_pause": ("停计逾期", "delinquency pause"),
        "write_off": ("核销", "write-off"),
        "transfer": ("债权转让", "transfer"),
        "reversal": ("冲正", "reversal"),
        "undo": ("撤销", "undo"),
    }
)


def say_life(line: Line, language: str) -> Said:
    """Say one line of a life in `language` (zh... is Chinese, else English)."""
    chinese = language.lower().startswith("zh")
    phrases = CHINESE if chinese else ENGLISH
    words = {name: _word(value) for name, value in line.params.items()}
    if "kind" in words:
        words["kind"] = KIND_WORDS[words["kind"]][0 if chinese else 1]
    words |= {name: shown(words[name]) for name in ("bucket", "from") if name in words}
    title, value, note = phrases[line.code]
    return Said(title.format(**words), value.format(**words), note.format(**words))


def _word(value: object) -> str:
    if isinstance(value, Money):
        return format_minor(value.minor, value.currency)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f} %"
    return str(value)


assert CHINESE.keys() == ENGLISH.keys(), "every line is said in both languages"
