"""The dictionary's definitions of how the classes migrate 迁徙率, and of write-off."""

from collections.abc import Sequence

from daihou.engine.metrics.definition import (
    Basis,
    Curve,
    Denominator,
    Metric,
    Numerator,
    Treatment,
)

RISK_2005 = "商业银行风险监管核心指标(试行), 2005"


def _migration(
    id: str, names: tuple[str, str], fell: tuple[str, str], of: tuple[str, str]
) -> Metric:
    return Metric(
        id=f"migration_{id}",
        en=names[0],
        zh=names[1],
        formula=f"opening balance of {of[0]} {fell[0]} at the end of the month, as far"
        f" as still owed then / opening balance of {of[0]} less the decrease of the"
        " month: what was collected (instalments of any of these loans too), disposed"
        " of or written off",
        formula_zh=f"期初{of[1]}中月末{fell[1]}的部分（每笔取期初余额与期末余额的较小者）÷"
        f"（期初{of[1]}余额 − 期间减少：当月正常收回（含未结清贷款的分期还款）、处置或核销"
        "的部分）",
        basis=Basis.AMOUNT,
        numerator=Numerator.FLOW,
        denominator=Denominator.START,
        written_off=Treatment.OUT,
        expression=Curve("engine.metrics.regulatory.migration_rates"),
        source=RISK_2005,
        version=2,
    )


_WORSE = ("in a worse class", "下迁至更差类别")
_BAD = ("non-performing", "成为不良")

MIGRATION: Sequence[Metric] = (
    _migration(
        "normal_to_bad",
        ("Migration of normal loans", "正常贷款迁徙率"),
        _BAD,
        ("normal and special-mention loans", "正常类和关注类贷款"),
    ),
    _migration(
        "normal",
        ("Migration of the normal class", "正常类贷款迁徙率"),
        _WORSE,
        ("normal loans", "正常类贷款"),
    ),
    _migration(
        "special_mention",
        ("Migration of the special-mention class", "关注类贷款迁徙率"),
        _BAD,
        ("special-mention loans", "关注类贷款"),
    ),
    _migration(
        "substandard",
        ("Migration of the substandard class", "次级类贷款迁徙率"),
        _WORSE,
        ("substandard loans", "次级类贷款"),
    ),
    _migration(
        "doubtful",
        ("Migration of the doubtful class", "可疑类贷款迁徙率"),
        _WORSE,
        ("doubtful loans", "可疑类贷款"),
    ),
)

WRITE_OFF: Metric = Metric(
    id="write_off_rate",
    en="Write-off rate",
    zh="核销率",
    formula="principal left of loans written off in the month / opening balance of all"
    " loans; not made yearly",
    formula_zh="当月核销贷款的剩余本金 ÷ 期初全部贷款余额；未年化",
    basis=Basis.AMOUNT,
    numerator=Numerator.FLOW,
    denominator=Denominator.START,
    written_off=Treatment.IN,
    expression=Curve("engine.metrics.recovery.write_off_rate"),
    source="lending practice",
)


def _provided(
    id: str, names: tuple[str, str], of: tuple[str, str], source: str
) -> Metric:
    return Metric(
        id=id,
        en=names[0],
        zh=names[1],
        formula="sum of what each loan needs by the provision table (or of its expected"
        f" loss where a model tells more) / all that is owed on {of[0]}: principal,"
        " interest and charges, which is what provisions are made on; what is held on"
        " the books stands on the page of provisions",
        formula_zh="逐笔应计提准备之和（按计提比例表，模型预期损失更高时取模型值）÷"
        f"{of[1]}的欠款总额（本金、利息与费用，即计提基数）；账面已计提的准备见“拨备”页",
        basis=Basis.AMOUNT,
        numerator=Numerator.CURRENT,
        denominator=Denominator.OBSERVATION,
        written_off=Treatment.OUT,
        expression=Curve("engine.provision.required.assess"),
        source=source,
    )


PROVISIONS: Sequence[Metric] = (
    _provided(
        "provision_coverage",
        ("Provision coverage, as needed", "拨备覆盖率（按应计提）"),
        ("non-performing loans", "不良贷款"),
        RISK_2005,
    ),
    _provided(
        "provision_share",
        ("Provision over loans, as needed", "贷款拨备率（按应计提）"),
        ("all loans", "全部贷款"),
        RISK_2005,
    ),
)
