"""The metric dictionary 口径库: every figure of the portfolio, defined once.

Expressions of stock ratios name columns of `tables.positions`; amounts are the
outstanding principal. Where a metric is a curve or a matrix, the expression names
the function of ours that counts it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from daihou.engine.metrics.definition import (
    Basis,
    Curve,
    Denominator,
    Metric,
    Numerator,
    Ratio,
    Sum,
    Treatment,
    Where,
)
from daihou.engine.metrics.dictionary_classes import (
    MIGRATION,
    PROVISIONS,
    RISK_2005,
    WRITE_OFF,
)
from daihou.engine.metrics.dictionary_recovery import RECOVERY
from daihou.engine.metrics.dictionary_work import WORK
from daihou.engine.metrics.errors import UnknownMetric

BALANCE = "outstanding_principal"
ON_BOOK = Where("status", "in", ("active", "settled"))
NPL = Where("asset_class", "in", ("substandard", "doubtful", "loss"))
LENDER = "lending practice"
THRESHOLDS = (1, 30, 60, 90)


def _overdue(days: int, basis: Basis) -> Metric:
    amount = basis is Basis.AMOUNT
    column = BALANCE if amount else None
    what, what_zh = ("balance", "余额") if amount else ("number", "笔数")
    whole = (ON_BOOK,) if amount else (ON_BOOK, Where(BALANCE, ">", 0))
    return Metric(
        id=f"overdue_{days}_{basis}",
        en=f"Overdue rate {days}+ by {basis}",
        zh=f"逾期率 {days}+（{'金额' if amount else '笔数'}）",
        formula=f"{what} of loans at least {days} days past due / {what} of all loans",
        formula_zh=f"逾期不少于 {days} 天的贷款{what_zh} ÷ 全部贷款{what_zh}",
        basis=basis,
        numerator=Numerator.CURRENT,
        denominator=Denominator.OBSERVATION,
        written_off=Treatment.OUT,
        expression=Ratio(
            Sum(column, (*whole, Where("dpd", ">=", days))), Sum(column, whole)
        ),
        source=LENDER,
        threshold=days,
    )


def _class_share(id: str, en: str, zh: str, classes: tuple[str, ...]) -> Metric:
    named, named_zh = " + ".join(classes), zh.removesuffix("率")
    return Metric(
        id=id,
        en=en,
        zh=zh,
        formula=f"balance in class {named} / balance of all loans",
        formula_zh=f"{named_zh}类贷款余额 ÷ 全部贷款余额",
        basis=Basis.AMOUNT,
        numerator=Numerator.CURRENT,
        denominator=Denominator.OBSERVATION,
        written_off=Treatment.OUT,
        expression=Ratio(
            Sum(BALANCE, (ON_BOOK, Where("asset_class", "in", classes))),
            Sum(BALANCE, (ON_BOOK,)),
        ),
        source=RISK_2005,
    )


def _vintage(days: int, basis: Basis, numerator: Numerator) -> Metric:
    ever = numerator is Numerator.EVER
    amount = basis is Basis.AMOUNT
    words = "ever " if ever else ""
    what = "disbursed principal" if amount else "loans"
    hit = ("principal at disbursement" if ever else "balance") if amount else "number"
    hit_zh = ("放款本金" if ever else "剩余本金") if amount else "笔数"
    return Metric(
        id=f"vintage_{'ever_' if ever else ''}{days}_{basis}",
        en=f"Vintage {words}{days}+ by {basis}",
        zh=f"Vintage {'曾' if ever else '当前'}逾期 {days}+"
        f"（{'金额' if amount else '笔数'}）",
        formula=f"{hit} of loans of a cohort {words}at least {days} days past due"
        f" at a month on book / {what} of the cohort",
        formula_zh=f"同批次在该账龄{'曾' if ever else '当前'}逾期不少于 {days} 天的贷款"
        f"{hit_zh} ÷ 该批次放款{'总额' if amount else '笔数'}",
        basis=basis,
        numerator=numerator,
        denominator=Denominator.ORIGINATION,
        written_off=Treatment.IN,
        expression=Curve("columnar.portfolio.vintage"),
        source=LENDER,
        threshold=days,
        mob_base=0,
    )


def _roll(basis: Basis) -> Metric:
    amount = basis is Basis.AMOUNT
    return Metric(
        id=f"roll_{basis}",
        en=f"Roll rate by {basis}",
        zh=f"迁徙率（{'金额' if amount else '笔数'}，逐户跟踪）",
        formula=f"{'opening balance' if amount else 'number'} of accounts that moved"
        " from one state to another in a period / all that stood in the first state",
        formula_zh=f"当期由一状态迁入另一状态的账户{'期初余额' if amount else '户数'}"
        f" ÷ 期初处于前一状态的{'余额' if amount else '户数'}",
        basis=basis,
        numerator=Numerator.FLOW,
        denominator=Denominator.START,
        written_off=Treatment.IN,
        expression=Curve("columnar.portfolio.roll_matrix"),
        source=LENDER,
    )


_NET_FLOW = Metric(
    id="net_flow",
    en="Net flow rate",
    zh="净迁徙率（余额法）",
    formula="balance in the next bucket now / balance in this bucket a period before",
    formula_zh="本期下一账龄余额 ÷ 上期本账龄余额",
    basis=Basis.AMOUNT,
    numerator=Numerator.CURRENT,
    denominator=Denominator.START,
    written_off=Treatment.OUT,
    expression=Curve("engine.metrics.migration.net_flows"),
    source=LENDER,
)

_DEVIATION = Metric(
    id="overdue_90_over_npl",
    en="Overdue 90+ over NPL",
    zh="逾期90+比不良",
    formula="balance of loans more than 90 days past due / balance of NPL;"
    " above 1 is an error of data or of classes",
    formula_zh="逾期 90 天以上贷款余额 ÷ 不良贷款余额；大于 100% 说明数据或分类有误",
    basis=Basis.AMOUNT,
    numerator=Numerator.CURRENT,
    denominator=Denominator.OBSERVATION,
    written_off=Treatment.OUT,
    expression=Ratio(
        Sum(BALANCE, (ON_BOOK, Where("dpd", ">", 90))), Sum(BALANCE, (ON_BOOK, NPL))
    ),
    source=LENDER,
    threshold=91,
)


def _first_payment(days: int) -> Metric:
    return Metric(
        id=f"fpd_{days}",
        en=f"First payment default {days}+",
        zh=f"首逾 FPD{days}+",
        formula=f"loans whose first instalment was still unpaid at {days} days past due"
        f" / loans whose first instalment fell due at least {days} days ago",
        formula_zh=f"首期逾期达 {days} 天仍未还清的贷款笔数 ÷ 首期到期已满 {days} 天的"
        "贷款笔数",
        basis=Basis.COUNT,
        numerator=Numerator.EVER,
        denominator=Denominator.MATURED,
        written_off=Treatment.IN,
        expression=Curve("engine.metrics.first_payment.payment_default"),
        source=LENDER,
        threshold=days,
    )


_ALL = (
    *(_overdue(days, basis) for days in THRESHOLDS for basis in Basis),
    _class_share(
        "npl_ratio", "NPL ratio", "不良率", ("substandard", "doubtful", "loss")
    ),
    _class_share(
        "special_mention_ratio", "Special-mention ratio", "关注率", ("special_mention",)
    ),
    _DEVIATION,
    *PROVISIONS,
    *(_roll(basis) for basis in Basis),
    _NET_FLOW,
    *MIGRATION,
    WRITE_OFF,
    *(
        _vintage(days, basis, numerator)
        for days in (30, 60, 90)
        for basis in Basis
        for numerator in (Numerator.EVER, Numerator.CURRENT)
    ),
    *(_first_payment(days) for days in (1, 7, 30)),
    *RECOVERY,
    *WORK,
)

METRICS: Mapping[str, Metric] = MappingProxyType({each.id: each for each in _ALL})
assert len(METRICS) == len(_ALL), "an id is given twice"


def metric(id: str) -> Metric:
    """The definition of an id; UnknownMetric names those there are."""
    if id not in METRICS:
        raise UnknownMetric("unknown", id=id, known=", ".join(METRICS))
    return METRICS[id]
