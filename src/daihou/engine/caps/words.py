"""The words of the caps in Chinese and English."""

from types import MappingProxyType

from daihou.engine.rulebook.decision import Phrases

_CODES_ZH = {
    "=within": "未超上限",
    "=over": "超过上限",
    "=not_asserted": "上限未能确定，须人工核实",
    "=rate": "正常期间",
    "=overdue_rate": "逾期期间",
    "=misuse_rate": "挪用期间",
    "=compound": "复利",
    "=penalty": "罚息",
    "=late_fee": "违约金",
    "=fee": "费用",
    "=interest": "利息",
    "=bank": "银行",
    "=consumer_finance": "消费金融公司",
    "=microloan": "小额贷款公司",
    "=assignee": "受让人",
    "=private_lending": "民间借贷",
}
_CODES_EN = {
    "=within": "within the cap",
    "=over": "above the cap",
    "=not_asserted": "no cap can be asserted; a person has to look",
    "=rate": "on time",
    "=overdue_rate": "while overdue",
    "=misuse_rate": "while misused",
    "=compound": "compound interest",
    "=penalty": "penalty interest",
    "=late_fee": "damages",
    "=fee": "fees",
    "=interest": "interest",
    "=bank": "bank",
    "=consumer_finance": "consumer-finance company",
    "=microloan": "small-loan company",
    "=assignee": "assignee",
    "=private_lending": "private lender",
}

PHRASES = Phrases(
    MappingProxyType(
        _CODES_ZH
        | {
            "answer": "{subject}：{answer}（{licence}，{originated_on} 放款）",
            "originator": "债权系受让，抗辩随之转移：上限按原贷款人（{lender}）确定",
            "originator_unknown": "债权系受让，原贷款人的牌照未知，不能确定上限",
            "private_rules_left_out": "民间借贷利率规定不适用于{lender}",
            "ceiling": "年化总成本上限 {rate}",
            "ceiling_lpr": (
                "上限为一年期 LPR 的 {times} 倍：{published_on} 公布 {lpr}，即 {rate}"
            ),
            "ceiling_unknown": (
                "上限为一年期 LPR 的 {times} 倍，但该日 LPR 没有可引用的数值"
            ),
            "no_ceiling": "{on} 没有可引用的上限规则",
            "lowest": "取最低的已知上限 {cap}",
            "overdue_between": (
                "逾期利率 {rate} 在合同利率的 {overdue_least} 至 {overdue_most} 之间"
            ),
            "overdue_above": "逾期利率 {rate} 超过合同利率的 {overdue_most}，即 {highest}",
            "overdue_below": (
                "逾期利率 {rate} 低于合同利率的 {overdue_least}，即 {lowest}"
            ),
            "misuse_between": (
                "挪用利率 {rate} 在合同利率的 {misuse_least} 至 {misuse_most} 之间"
            ),
            "misuse_above": "挪用利率 {rate} 超过合同利率的 {misuse_most}，即 {highest}",
            "misuse_below": "挪用利率 {rate} 低于合同利率的 {misuse_least}，即 {lowest}",
            "not_added": "逾期与挪用择其重，不叠加",
            "over_cap": "{state}总成本 {all_in}，超过上限 {cap} 的部分为 {excess}",
            "within_cap": "最高为{state}总成本 {all_in}，未超上限 {cap}",
            "nothing_to_compare": "最高总成本 {all_in}，没有可比较的上限",
            "guidance": "提示：利率 {rate} 高于窗口指导 {rate_most}",
            "kept_back": "预先扣除利息 {amount}：按实际出借的本金计算",
            "compounding": "利息计入本金的，上限仍按最初本金 {first} 计算",
            "claim_over": (
                "主张 {claimed}，上限内 {allowance}（按日计算，一年 {days_in_year} 天）"
            ),
            "claim_within": (
                "主张 {claimed}，不超过 {allowance}（按日计算，一年 {days_in_year} 天）"
            ),
            "no_allowance": "主张 {claimed}；没有可引用的上限，不作扣减",
            "cut": "不主张的{charge}：{amount}",
            "flip_rate": "利率由 {now} 降到 {becomes}，则{answer}",
            "flip_rate_above": "利率由 {now} 升到高于 {becomes}，则{answer}",
            "flip_overdue_rate": "逾期利率由 {now} 降到 {becomes}，则{answer}",
            "flip_overdue_rate_above": "逾期利率由 {now} 升到高于 {becomes}，则{answer}",
            "flip_misuse_rate": "挪用利率由 {now} 降到 {becomes}，则{answer}",
            "flip_misuse_rate_above": "挪用利率由 {now} 升到高于 {becomes}，则{answer}",
            "flip_claimed": "主张由 {now} 减到 {becomes}，则{answer}",
            "flip_claimed_above": "主张由 {now} 增到 {becomes}，则{answer}",
        }
    ),
    MappingProxyType(
        _CODES_EN
        | {
            "answer": "{subject}: {answer} ({licence}, paid out on {originated_on})",
            "originator": (
                "The claim was assigned and defences go with it: the cap is that of who "
                "lent ({lender})"
            ),
            "originator_unknown": (
                "The claim was assigned and the licence of who lent is not known: no "
                "cap can be named"
            ),
            "private_rules_left_out": "The private-lending rules leave out a {lender}",
            "ceiling": "All-in cost a year at most {rate}",
            "ceiling_lpr": (
                "At most {times} times the one-year LPR: {lpr} published on "
                "{published_on}, so {rate}"
            ),
            "ceiling_unknown": (
                "At most {times} times the one-year LPR, but no value of that day can "
                "be cited"
            ),
            "no_ceiling": "No cap can be cited for {on}",
            "lowest": "The lowest cap that is known: {cap}",
            "overdue_between": (
                "The overdue rate {rate} is between {overdue_least} and {overdue_most} "
                "of the contract rate"
            ),
            "overdue_above": (
                "The overdue rate {rate} is above {overdue_most} of the contract rate, "
                "{highest}"
            ),
            "overdue_below": (
                "The overdue rate {rate} is below {overdue_least} of the contract rate, "
                "{lowest}"
            ),
            "misuse_between": (
                "The misuse rate {rate} is between {misuse_least} and {misuse_most} of "
                "the contract rate"
            ),
            "misuse_above": (
                "The misuse rate {rate} is above {misuse_most} of the contract rate, "
                "{highest}"
            ),
            "misuse_below": (
                "The misuse rate {rate} is below {misuse_least} of the contract rate, "
                "{lowest}"
            ),
            "not_added": "Lateness and misuse are not added; the heavier holds",
            "over_cap": "It costs {all_in} {state}: {excess} above the cap of {cap}",
            "within_cap": "At most it costs {all_in} ({state}), within {cap}",
            "nothing_to_compare": "At most it costs {all_in}; no cap to compare with",
            "guidance": "Note: the rate {rate} is above the guidance of {rate_most}",
            "kept_back": (
                "Interest of {amount} was kept back in advance: the principal is what "
                "was really lent"
            ),
            "compounding": (
                "Where interest was added to the principal, the cap is counted on the "
                "first principal, {first}"
            ),
            "claim_over": (
                "Claimed {claimed}, allowed {allowance} (by days, {days_in_year} to a "
                "year)"
            ),
            "claim_within": (
                "Claimed {claimed}, not above {allowance} (by days, {days_in_year} to a "
                "year)"
            ),
            "no_allowance": "Claimed {claimed}; no cap can be cited, nothing is cut",
            "cut": "Not claimed of {charge}: {amount}",
            "flip_rate": "With a rate of {becomes} instead of {now}: {answer}",
            "flip_rate_above": "With a rate above {becomes} (now {now}): {answer}",
            "flip_overdue_rate": (
                "With an overdue rate of {becomes} instead of {now}: {answer}"
            ),
            "flip_overdue_rate_above": (
                "With an overdue rate above {becomes} (now {now}): {answer}"
            ),
            "flip_misuse_rate": (
                "With a misuse rate of {becomes} instead of {now}: {answer}"
            ),
            "flip_misuse_rate_above": (
                "With a misuse rate above {becomes} (now {now}): {answer}"
            ),
            "flip_claimed": "With a claim of {becomes} instead of {now}: {answer}",
            "flip_claimed_above": "With a claim of {becomes} (now {now}): {answer}",
        }
    ),
)
