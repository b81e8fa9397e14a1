"""The words of the worked tables: English with the Chinese term beside it."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

FIGURES: Mapping[str, str] = {
    "dpd": "DPD 逾期天数",
    "dpd_original": "DPD original 原逾期天数",
    "given_up": "given up 减免",
    "credit": "held 溢缴款",
    "bucket": "bucket 账龄",
    "overdue_total": "overdue 逾期金额",
    "overdue_principal": "overdue principal 逾期本金",
    "overdue_interest": "overdue interest 逾期利息",
    "overdue_fee": "overdue fee 逾期费用",
    "overdue_penalty": "penalty 罚息",
    "overdue_compound": "compound 复利",
    "overdue_loan_balance": "balance of a late loan 逾期贷款余额",
    "oldest_unpaid_due_on": "oldest unpaid 最早未清",
    "next_due_on": "next due 下一还款日",
    "next_due_amount": "next due amount 下期应还",
    "outstanding_principal": "principal left 剩余本金",
    "outstanding_total": "outstanding 未还余额",
    "unapplied_credit": "held 溢缴款",
    "times_late": "times late 逾期次数",
    "worst_dpd": "worst DPD 最高逾期天数",
    "late_instalments": "late instalments 逾期期数",
    "status": "status 状态",
    "payoff": "payoff 结清试算",
    "claimable": "claimable 可主张",
    "over_cap": "above the cap, together 超上限合计",
    "above": "above the cap 超上限",
    "waived": "waived 已减免",
    "non_accrual_since": "non-accrual since 停止计息日",
    "memo": "memo 表外",
    "paid": "paid 已还",
    "unpaid": "left 未还",
}
PARTS: Mapping[str, str] = {
    "fee": "fee 费用",
    "penalty": "penalty 罚息",
    "compound": "compound 复利",
    "interest": "interest 利息",
    "principal": "principal 本金",
}
METHODS: Mapping[str, str] = {
    "equal_instalment": "equal instalments 等额本息",
    "equal_principal": "equal principal 等额本金",
    "interest_only": "interest first, principal last 先息后本",
    "bullet": "all at the end 到期一次还本付息",
    "flat": "flat 等本等息",
    "custom": "rows as agreed 约定还款",
    "statement": "bills 账单",
}
STATUSES: Mapping[str, str] = {
    "active": "active 在贷",
    "settled": "settled 结清",
    "written_off": "written off 核销",
    "transferred": "transferred 转让",
    "charged_off": "charged off 转销",
}
_RULES: Mapping[str, str] = {
    "dpd.tolerance": "tolerance 容差 {0}",
    "dpd.tolerance_share": "tolerance 容差 {share} of what was due",
    "dpd.grace_days_loan": "{0} days of grace on the loan 借据级宽限",
    "dpd.grace_days_instalment": "{0} days of grace on an instalment 期次级宽限",
    "dpd.due_date_counts": "the due date itself is day {0} 到期日计第 {0} 天",
    "dpd.anchor": "lateness counts from `{0}`",
    "dpd.pause_effect": "pauses 停计: `{0}`",
    "dpd.move_holidays": "a due date on a closed day moves on 节假日顺延",
    "penalty.on_principal": "penalty 罚息 on overdue principal",
    "penalty.on_interest": "compound 复利 on overdue interest",
    "penalty.grace_days": "{0} days of grace before penalty 罚息宽限",
    "penalty.from_due": "only what arises after the grace",
    "penalty.days_in_year": "a year has {0} days",
    "penalty.multiplier": "penalty rate = loan rate × {0}",
    "order": "order 冲抵顺序: {list}",
    "direction": "allocated `{0}`",
    "advance": "money in advance 提前来款: `{0}`",
    "mode": "`{0}`: a core system keeps the ledger",
    "bucket_set": "buckets `{0}`",
    "day_count": "day count `{0}`",
    "rounding": "rounding `{0}`",
    "non_accrual_after": "non-accrual after {0} days 停止计息",
}


def rules(policy: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """What a case says of its product, one phrase each."""
    for name, value in policy.items():
        path = before + name
        if isinstance(value, Mapping):
            yield from rules(value, f"{path}.")
        elif path == "cost_caps":
            yield from (_cap(each) for each in value)
        elif path == "order_rules":
            yield from (_order_rule(each) for each in value)
        elif value is False and path in ("penalty.on_principal", "penalty.on_interest"):
            continue
        elif path not in _RULES:
            yield f"`{path}: {value}`"
        else:
            yield _RULES[path].format(value, share=_share(value), list=_list(value))


def _share(value: object) -> str:
    try:
        return percent(Decimal(str(value)))
    except ArithmeticError:
        return str(value)


def percent(share: Decimal) -> str:
    """Write 0.216 as `21.6 %`."""
    text = f"{share * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def _list(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " → ".join(PARTS.get(str(each), str(each)) for each in value)
    return str(value)


def _cap(cap: Mapping[str, Any]) -> str:
    rate = percent(Decimal(cap["annual_rate"]))
    text = f"all-in cost cap 综合成本上限 {rate} a year"
    if "rule" in cap:
        text += f" ({cap['rule']}, loans from {cap['begins_on']})"
    return text


def _order_rule(rule: Mapping[str, Any]) -> str:
    when = []
    if rule.get("dpd_over") is not None:
        when.append(f"more than {rule['dpd_over']} days late")
    if rule.get("status"):
        when.append(f"once {STATUSES[rule['status']]}")
    if rule.get("begins_on"):
        when.append(f"from {rule['begins_on']}")
    return f"{' and '.join(when)}: order {_list(rule['order'])}"


def heading(name: str) -> str:
    """The column heading of a figure; `paid.fee` is a part of one."""
    whole, _, part = name.partition(".")
    head = FIGURES.get(whole, f"`{whole}`")
    return f"{head}: {PARTS.get(part, part)}" if part else head
