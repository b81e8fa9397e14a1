"""The dictionary's definitions of what comes back, and of the work that brings it."""

from collections.abc import Sequence

from daihou.engine.metrics.definition import (
    Basis,
    Curve,
    Denominator,
    Metric,
    Numerator,
    Treatment,
)

_LENDER = "lending practice"
_PATH = "engine.metrics"
_AMOUNT, _COUNT = Basis.AMOUNT, Basis.COUNT
_FLOW, _EVER = Numerator.FLOW, Numerator.EVER
_START, _MATURED = Denominator.START, Denominator.MATURED


def _metric(
    id: str,
    names: tuple[str, str],
    formulas: tuple[str, str],
    function: str,
    *,
    basis: Basis,
    denominator: Denominator,
    numerator: Numerator = _FLOW,
    source: str = _LENDER,
    owner: str = "collection",
    threshold: int | None = None,
) -> Metric:
    return Metric(
        id=id,
        en=names[0],
        zh=names[1],
        formula=formulas[0],
        formula_zh=formulas[1],
        basis=basis,
        numerator=numerator,
        denominator=denominator,
        written_off=Treatment.IN,
        expression=Curve(f"{_PATH}.{function}"),
        source=source,
        owner=owner,
        threshold=threshold,
    )


def _cures(within: int) -> Sequence[Metric]:
    return (
        _metric(
            f"cure_{within}",
            (f"Cure rate within {within}", f"{within} 期内治愈率"),
            (
                (
                    "spells of delinquency back in time, or paid in full, out of own means"
                    f" within {within} periods / spells that began that long ago; a cure"
                    " must stay, and a debt paid with a new loan is none"
                ),
                (
                    f"{within} 期内恢复正常并保持、或以自有资金结清的逾期段数 ÷ 开始已满"
                    f" {within} 期的逾期段数；借新还旧不算治愈"
                ),
            ),
            "cures.cure_rate",
            basis=_COUNT,
            numerator=_EVER,
            denominator=_MATURED,
        ),
        _metric(
            f"self_cure_{within}",
            (f"Self-cure rate within {within}", f"{within} 期内自愈率"),
            (
                (
                    f"spells cured within {within} periods without anybody having spoken"
                    " with the debtor / spells that began that long ago"
                ),
                f"{within} 期内未经任何联系即治愈的逾期段数 ÷ 开始已满 {within} 期的逾期段数",
            ),
            "cures.self_cure_rate",
            basis=_COUNT,
            numerator=_EVER,
            denominator=_MATURED,
        ),
    )


def _redefault(within: int) -> Metric:
    return _metric(
        f"redefault_{within}",
        (f"Re-default within {within}", f"{within} 期内再违约率"),
        (
            (
                f"cures followed by at least 30 days past due within {within} periods / cures"
                " that lie that long back"
            ),
            f"治愈后 {within} 期内再度逾期 30 天以上的次数 ÷ 治愈已满 {within} 期的次数",
        ),
        "cures.redefault_rate",
        basis=_COUNT,
        numerator=_EVER,
        denominator=_MATURED,
        threshold=30,
    )


def _loss(months: int) -> Metric:
    return _metric(
        f"loss_given_default_{months}",
        (
            f"Loss given default after {months} months",
            f"违约损失率 LGD（违约后 {months} 个月）",
        ),
        (
            (
                "1 - what came in the"
                f" {months} months after the month of default, each payment at its worth"
                " at default: / (1 + yearly rate of the contract) ** (days / 365) /"
                " everything owed at default. Default: the first month at whose end a"
                " loan is more than 90 days past due, non-performing or written off;"
                " costs of collection are known of the whole house alone and not taken"
                " off; the price of a loan that was sold is in no ledger and does not"
                " count as money that came; known once the months are over"
            ),
            (
                f"1 − 违约月之后 {months} 个月内到账的每笔款项按违约日现值"
                "（÷（1 + 合同年利率）^（天数 ÷ 365））之和 ÷ 违约时欠款总额。违约：月末首次"
                "逾期超过 90 天、列为不良或已核销；催收费用只有全机构口径，不扣除；"
                "转让贷款的价款台账中没有，不计入到账；满期后才有数"
            ),
        ),
        "losses.losses",
        basis=_AMOUNT,
        denominator=_START,
        numerator=_EVER,
        source="IFRS 9",
        owner="risk",
    )


_MONEY = (
    _metric(
        "liquidation_amount",
        ("Liquidation rate", "清收率（按委托批次）"),
        (
            (
                "cash that came while an account was placed, cumulative by periods since /"
                " balance placed"
            ),
            "委托期间到账现金累计 ÷ 委托时余额，按委托后期数",
        ),
        "recovery.liquidation",
        basis=_AMOUNT,
        denominator=_START,
        numerator=_EVER,
    ),
    _metric(
        "net_recovery",
        ("Net recovery rate", "净回收率"),
        (
            "(cash - commission - legal cost) / balance placed",
            "（到账现金 − 佣金 − 诉讼费用）÷ 委托余额",
        ),
        "recovery.net_recovery",
        basis=_AMOUNT,
        denominator=_START,
    ),
    _metric(
        "cost_to_collect",
        ("Cost to collect", "清收成本率"),
        (
            "(staff + telecom + agency + legal + system) / cash collected",
            "（人工 + 通讯 + 委外 + 诉讼 + 系统）÷ 清收现金",
        ),
        "recovery.cost_to_collect",
        basis=_AMOUNT,
        denominator=Denominator.OBSERVATION,
    ),
    _metric(
        "post_write_off_recovery",
        ("Recovery after write-off", "核销后回收率（账销案存）"),
        (
            "cash on loans written off, cumulative by periods since / balance written off",
            "已核销贷款到账现金累计 ÷ 核销余额，按核销后期数",
        ),
        "recovery.after_write_off",
        basis=_AMOUNT,
        denominator=_START,
        numerator=_EVER,
        owner="risk",
    ),
    _metric(
        "npl_formation",
        ("NPL formation rate", "不良生成率"),
        (
            (
                "(change of NPL + write-off + transfer + cash recovered + upgraded) / opening"
                " loans"
            ),
            "（不良余额变动 + 核销 + 转让 + 现金清收 + 上调）÷ 期初贷款余额",
        ),
        "recovery.formation_rate",
        basis=_AMOUNT,
        denominator=_START,
        owner="risk",
    ),
    *(_loss(months) for months in (12, 24)),
)

_PROMISES = (
    _metric(
        "promise_kept",
        ("Promises kept", "承诺履约率（笔数）"),
        (
            (
                "promises of which the agreed share came by their date and the days of grace"
                " / promises due; open ones are in neither"
            ),
            "宽限期内足额到账的承诺笔数 ÷ 已到期承诺笔数；未到期的两边都不计",
        ),
        "operations.promises",
        basis=_COUNT,
        denominator=_MATURED,
    ),
    _metric(
        "promise_amount_kept",
        ("Promised amount kept", "承诺履约率（金额）"),
        (
            (
                "cash within the promise window, at most what was promised / amount promised"
                " and due"
            ),
            "承诺期内到账金额（以承诺额为限）÷ 已到期承诺金额",
        ),
        "operations.promises",
        basis=_AMOUNT,
        denominator=_MATURED,
    ),
)


def _work(id: str, en: str, zh: str, formula: str, formula_zh: str) -> Metric:
    return _metric(
        id,
        (en, zh),
        (formula, formula_zh),
        "operations.funnel",
        basis=_COUNT,
        denominator=Denominator.OBSERVATION,
    )


_FUNNEL = (
    _work(
        "contact_coverage",
        "Coverage",
        "覆盖率",
        "accounts with at least one attempt / accounts assigned",
        "至少拨打一次的户数 ÷ 分配户数",
    ),
    _work(
        "contact_penetration",
        "Penetration",
        "接通率",
        "attempts that were answered / attempts",
        "接通次数 ÷ 拨打次数",
    ),
    _work(
        "rpc_per_attempt",
        "Right-party contacts per attempt",
        "本人接通率（按次）",
        "right-party contacts / attempts",
        "本人接通次数 ÷ 拨打次数",
    ),
    _work(
        "rpc_per_account",
        "Right-party contacts per account",
        "本人接通率（按户）",
        "accounts with a right-party contact / accounts tried",
        "本人接通户数 ÷ 拨打户数",
    ),
    _work(
        "rpc_share_of_connects",
        "Right-party share of answers",
        "接通中本人占比",
        "right-party contacts / attempts that were answered",
        "本人接通次数 ÷ 接通次数",
    ),
    _work(
        "promise_rate",
        "Promises per right-party contact",
        "承诺率",
        "promises / right-party contacts",
        "承诺次数 ÷ 本人接通次数",
    ),
)

RECOVERY: Sequence[Metric] = (
    *_MONEY,
    *(each for within in (1, 3, 6) for each in _cures(within)),
    *(_redefault(within) for within in (3, 6, 12)),
    *_PROMISES,
    *_FUNNEL,
)
