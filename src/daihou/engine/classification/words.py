"""The words of a classification in Chinese and English."""

from daihou.engine.rulebook.decision import Decision, Phrases
from daihou.engine.rulebook.decision import words as _words

_CLASSES = {
    "=normal": ("正常", "normal"),
    "=special_mention": ("关注", "special mention"),
    "=substandard": ("次级", "substandard"),
    "=doubtful": ("可疑", "doubtful"),
    "=loss": ("损失", "loss"),
    "=standard": ("标准", "standard"),
    "=sma_0": ("SMA-0", "SMA-0"),
    "=sma_1": ("SMA-1", "SMA-1"),
    "=sma_2": ("SMA-2", "SMA-2"),
    "=npa": ("NPA（不良）", "NPA"),
    "=performing": ("正常履约", "performing"),
    "=forborne": ("宽限观察（履约）", "performing forborne"),
    "=probation": ("违约观察期", "probation of a default"),
    "=default": ("违约", "default"),
}
_FACTS = {
    "=unsecured": ("信用", "unsecured"),
    "=guaranteed": ("保证", "guaranteed"),
    "=mortgaged": ("抵押", "mortgaged"),
    "=pledged": ("质押", "pledged"),
    "=technical_overdue": ("操作性或技术性逾期", "technical overdue"),
    "=technical_evidence": ("技术性逾期证据", "evidence of a technical overdue"),
    "=use_changed": ("未经同意改变资金用途", "use of funds changed without consent"),
    "=refinanced": ("借新还旧", "repaid by new debt"),
    "=refinancing_excepted": ("债券或合格续贷", "bond or qualifying renewal"),
    "=bad_elsewhere": ("债务人在他行不良", "debtor bad at another bank"),
    "=bad_here": (
        "债务人在本机构有不良债权",
        "another claim on the debtor is bad here",
    ),
    "=credit_impaired": ("已发生信用减值", "credit-impaired"),
    "=downgraded": ("外部评级大幅下调", "rating sharply cut"),
    "=evasion": ("逃废债务", "evasion of the debt"),
    "=bankruptcy_liquidation": ("进入破产清算", "bankruptcy liquidation"),
    "=accepted_enhancement": ("监管认可的增信", "accepted credit enhancement"),
    "=small_business": ("小企业贷款", "small-business loan"),
    "=able_to_pay": ("评估能够持续履约", "assessed as able to keep paying"),
    "=stage_2_rebutted": ("已推翻 30 天推定", "presumption of stage 2 rebutted"),
    "=default_rebutted": ("已推翻违约推定", "presumption of default rebutted"),
    "=risk_increased": ("信用风险显著增加", "significant increase of risk"),
    "=due_date_counted": ("应还日计入逾期天数", "due date counts"),
    "=unlikely_to_pay": ("很可能不足额偿付", "unlikely to pay"),
    "=overdue": ("逾期", "overdue"),
    "=matrix": ("担保方式与逾期天数", "days by kind of security"),
    "=loss_share": ("预期损失占比", "share expected to be lost"),
    "=market": ("在各行逾期占比", "share late at all banks"),
    "=contagion": ("本机构交叉违约", "contagion here"),
    "=observed": ("重组观察期", "in observation"),
    "=restructured_again": ("观察期内再次重组", "restructured again"),
    "=judged": ("人工认定", "found by a person"),
    "=held": ("维持原类别", "held"),
    "=restructured": ("重组", "restructured"),
    "=missed": ("未按时还款", "a missed payment"),
    "=turned_bad": ("转为不良", "having turned bad"),
    "=unsolved": ("期满困难未解决", "the difficulty not being over"),
}
_STEPS = {
    "answer": (
        "{subject} 在 {as_of} 日终的分类：{answer}",
        "{subject} at the end of {as_of}: {answer}",
    ),
    "no_floor": ("没有触发任何下限", "no floor speaks"),
    "late": (
        "逾期 {dpd} 天，超过 {over} 天，至少{to}",
        "{dpd} days past due, above {over}: at least {to}",
    ),
    "technical": (
        "逾期 {dpd} 天，是有证据的操作性或技术性逾期，不超过 {limit} 天，不算",
        (
            "{dpd} days past due, an evidenced technical overdue of up to {limit} days:"
            " does not count"
        ),
    ),
    "technical_late": (
        "逾期 {dpd} 天，超过技术性逾期的 {limit} 天",
        "{dpd} days past due, above the {limit} of a technical overdue",
    ),
    "technical_unproven": (
        "称为技术性逾期，但没有证据",
        "said to be a technical overdue, but there is no evidence",
    ),
    "matrix": (
        "{guarantee}，逾期 {dpd} 天，至少{to}",
        "{guarantee}, {dpd} days past due: at least {to}",
    ),
    "sign": ("{sign}，至少{to}", "{sign}: at least {to}"),
    "loss_share": (
        "已减值，预期损失 {loss} 占余额 {balance} 达到 {share}，至少{to}",
        (
            "impaired, and {loss} of {balance} expected to be lost is {share} or more:"
            " at least {to}"
        ),
    ),
    "market": (
        "债务人在各行债务 {total} 中逾期 90 天以上 {late}，超过 {share}，至少{to}",
        (
            "{late} of the debtor's {total} at all banks is over 90 days late, above"
            " {share}: at least {to}"
        ),
    ),
    "contagion": (
        "债务人在本机构债权 {total} 中不良 {bad}，超过 {share}，全部至少{to}",
        "{bad} of {total} on the debtor here is bad, above {share}: all at least {to}",
    ),
    "observed": (
        "重组观察期自 {since} 起，最早 {until} 届满，至少{to}",
        "in observation from {since}, until {until} at the earliest: at least {to}",
    ),
    "observed_again": (
        "重组观察期因{because}自 {since} 重新计算，最早 {until} 届满，至少{to}",
        (
            "in observation again from {since} for {because}, until {until} at the"
            " earliest: at least {to}"
        ),
    ),
    "observed_late": (
        "重组后仍逾期 {dpd} 天，至少{to}",
        "restructured and still {dpd} days past due: at least {to}",
    ),
    "restructured_again": (
        "观察期内第 {times} 次重组，至少{to}",
        "restructured {times} times in observation: at least {to}",
    ),
    "judged": ("人工认定至少{to}", "found by a person: at least {to}"),
    "held": (
        "原为{before}；现有情形只要求{floor}，但机器不自行上调，维持{before}",
        (
            "it was {before}; today only {floor} is asked for, but the machine does not"
            " raise it"
        ),
    ),
    "restored": (
        "逾期是唯一原因且已全部还清，自动恢复正常",
        "lateness was the only cause and all is paid: back to normal by itself",
    ),
    "approved": ("{on} 批准上调为{to}", "raised to {to}, approved on {on}"),
    "takeover": (
        "债务人并购未满期，{until} 前不上调",
        "the debtor was taken over: not raised before {until}",
    ),
    "not_cleared": (
        "逾期本息及费用尚未全部还清，上调的最早日期未定",
        "arrears and fees are not all paid: no earliest date for a raise yet",
    ),
    "waiting": (
        "自 {since} 起正常还款，最早 {earliest} 可申请上调",
        "paid normally since {since}: may be raised from {earliest}",
    ),
    "waited": (
        "自 {since} 起正常还款，已满足 {earliest} 的最早日期",
        "paid normally since {since}: the earliest date {earliest} is past",
    ),
    "able": ("已评估能够持续履约", "assessed as able to keep paying"),
    "not_shown_able": (
        "尚未评估能够持续履约",
        "not assessed as able to keep paying yet",
    ),
    "others_sound": (
        "债务人没有其他信用减值资产",
        "no other asset of the debtor is impaired",
    ),
    "others_impaired": (
        "债务人还有其他信用减值资产",
        "another asset of the debtor is impaired",
    ),
    "stage_1": (
        "第一阶段：逾期 {dpd} 天，不超过 {over} 天",
        "stage 1: {dpd} days past due, not above {over}",
    ),
    "stage_2": (
        "第二阶段：逾期 {dpd} 天，超过 {over} 天",
        "stage 2: {dpd} days past due, above {over}",
    ),
    "stage_2_risk": ("第二阶段：信用风险显著增加", "stage 2: risk has increased"),
    "stage_3": (
        "第三阶段：逾期 {dpd} 天，超过 {over} 天",
        "stage 3: {dpd} days past due, above {over}",
    ),
    "sma": (
        "逾期 {dpd} 天（应还日计为第 {counts_as} 天），{to}",
        "{dpd} days past due (the due date counts as {counts_as}): {to}",
    ),
    "npa_owes": (
        "曾为 NPA，还欠 {arrears}，全部还清前不得上调",
        "it was NPA and still owes {arrears}: not up before all of it is paid",
    ),
    "npa_unapproved": (
        "曾为 NPA，欠款已清，上调尚未批准",
        "it was NPA; all is paid, but nobody has approved a raise",
    ),
    "npa_left": ("欠款全部还清，{on} 批准上调", "all is paid, raised on {on}"),
    "material": (
        "自 {since} 起逾期额同时超过两个门槛，第 {days} 天，未超过 {over} 天",
        "arrears above both thresholds since {since}: day {days}, not above {over}",
    ),
    "not_material": (
        "逾期额未同时超过两个门槛，不计天数",
        "arrears are not above both thresholds: no day counts",
    ),
    "default_by_days": (
        "自 {since} 起连续 {days} 天超过两个门槛，超过 {over} 天",
        "above both thresholds for {days} days since {since}, more than {over}",
    ),
    "default_by_sign": ("{sign}", "{sign}"),
    "default_by_npv": (
        "让步使净现值损失超过 {share}",
        "the concession lost more than {share} of the present value",
    ),
    "default_again_by_days": (
        "宽限观察期内逾期 {dpd} 天，超过 {over} 天",
        "{dpd} days past due in probation, above {over}",
    ),
    "default_again_forborne": (
        "宽限观察期内 {on} 再次让步",
        "a new concession on {on} in probation",
    ),
    "probation_runs": (
        "违约观察期自 {since} 至 {until}",
        "probation of the default from {since} to {until}",
    ),
    "forborne_runs": (
        "宽限观察期自 {since} 至 {until}",
        "probation as performing from {since} to {until}",
    ),
    "probation_unruled": (
        "当日没有观察期规则",
        "no rule of a probation is known for that day",
    ),
    "probation_waits": ("{until} 前不得上调", "not up before {until}"),
    "probation_unapproved": (
        "观察期已满，尚未还清或尚未批准",
        "the probation is over, but something is owed or nobody has approved",
    ),
    "stage_3_impaired": ("第三阶段：已发生信用减值", "stage 3: credit-impaired"),
}
_FLIPS = {
    "flip_dpd_on": (
        "若一直不还，到 {on}（逾期 {becomes} 天）→ {answer}",
        "with nothing paid, on {on} ({becomes} days past due) → {answer}",
    ),
    "flip_dpd": (
        "若逾期 {becomes} 天 → {answer}",
        "at {becomes} days past due → {answer}",
    ),
    "flip_arrears_on": (
        "若在 {on} 前（含）还清 {now} → {answer}",
        "pay {now} by {on} → {answer}",
    ),
    "flip_arrears": ("若还清 {now} → {answer}", "pay {now} → {answer}"),
    "flip_others": (
        "若债务人的其他债权结清 → {answer}",
        "if the debtor's other claims were settled → {answer}",
    ),
    "flip_difficulty_solved": (
        "若评估困难已解决 → {answer}",
        "if the difficulty is assessed as over → {answer}",
    ),
    "flip_difficulty_solved_on": (
        "若期间按时还款，并在 {on} 评估困难已解决 → {answer}",
        "paid on time, and on {on} the difficulty assessed as over → {answer}",
    ),
    "flip_upgrade": ("若批准上调 → {answer}", "if a raise is approved → {answer}"),
    "flip_upgrade_on": (
        "若按时还款、评估能够持续履约并在 {on} 批准上调 → {answer}",
        "paid on time, assessed as able, and a raise approved on {on} → {answer}",
    ),
}
_TURNED = {
    "technical_evidence": ("若有技术性逾期的证据", "with evidence of that"),
    "accepted_enhancement": (
        "若有监管认可的增信",
        "with credit enhancement the supervisor accepts",
    ),
    "use_changed": ("若没有改变资金用途", "were the use of funds not changed"),
    "refinanced": ("若不是借新还旧", "were it not repaid by new debt"),
    "bad_elsewhere": ("若债务人在他行并无不良", "were the debtor not bad elsewhere"),
    "credit_impaired": ("若没有信用减值", "were it not credit-impaired"),
    "downgraded": ("若评级没有大幅下调", "were the rating not cut"),
    "evasion": ("若没有逃废债务", "were the debt not evaded"),
    "bankruptcy_liquidation": (
        "若没有进入破产清算",
        "were there no bankruptcy liquidation",
    ),
    "unlikely_to_pay": ("若能够足额偿付", "were it likely to pay"),
}
_SIGNS = {
    f"flip_sign_{sign}": (f"{chinese} → {{answer}}", f"{english} → {{answer}}")
    for sign, (chinese, english) in _TURNED.items()
}
_ALL = _CLASSES | _FACTS | _STEPS | _FLIPS | _SIGNS
PHRASES = Phrases(
    chinese={code: both[0] for code, both in _ALL.items()},
    english={code: both[1] for code, both in _ALL.items()},
)


def words(decision: Decision, language: str) -> list[str]:
    """Say a classification in `language` (zh... is Chinese, else English)."""
    return _words(decision, language, PHRASES)
