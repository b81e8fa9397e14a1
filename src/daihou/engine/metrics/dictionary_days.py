"""Definitions of the figures of single days: the targets of the first page.

They are made of one closed day, or of two, and not of the months that the lab asks.
"""

from collections.abc import Mapping
from types import MappingProxyType

from daihou.engine.metrics.definition import (
    Basis,
    Curve,
    Denominator,
    Metric,
    Numerator,
    Treatment,
)

_PLACE = "rooms.dayend.pages"
_LENDER = "lending practice"

_ALL = (
    Metric(
        id="recovered_within_30",
        en="Recovered within 30 days",
        zh="30 天内收回率",
        formula="overdue amount of active loans in M1 on the day 30 days before whose"
        " oldest unpaid instalment of then has been paid since / overdue amount of all"
        " active loans in M1 on that day; a loan counts whole",
        formula_zh="30 天前处于 M1 的未结清贷款中，当时最早未还的一期其后已还清者的逾期金额"
        " ÷ 30 天前全部 M1 贷款的逾期金额；逐笔整笔计入",
        basis=Basis.AMOUNT,
        numerator=Numerator.FLOW,
        denominator=Denominator.START,
        written_off=Treatment.IN,
        expression=Curve(f"{_PLACE}.figures.recovered_rate"),
        source=_LENDER,
        threshold=1,
        owner="collection",
    ),
    Metric(
        id="cost_over_loans",
        en="Collection cost over loans",
        zh="清收成本率",
        formula="costs of collection reported for periods that ended in the last 365"
        " days / outstanding principal of active loans at the end of the day",
        formula_zh="截止日在近 365 天内的各期清收费用合计 ÷ 日终全部未结清贷款的剩余本金",
        basis=Basis.AMOUNT,
        numerator=Numerator.FLOW,
        denominator=Denominator.OBSERVATION,
        written_off=Treatment.OUT,
        expression=Curve(f"{_PLACE}.targets.cost_rates"),
        source=_LENDER,
        owner="finance",
    ),
    Metric(
        id="loss_on_overdue",
        en="Loss on overdue",
        zh="逾期损失率",
        formula="principal written off / principal written off + outstanding principal"
        " of active loans that are past due; none while nothing was written off",
        formula_zh="已核销本金 ÷（已核销本金 + 未结清逾期贷款的剩余本金）；从未核销时不计算",
        basis=Basis.AMOUNT,
        numerator=Numerator.CURRENT,
        denominator=Denominator.OBSERVATION,
        written_off=Treatment.IN,
        expression=Curve(f"{_PLACE}.figures.loss_rate"),
        source=_LENDER,
        threshold=1,
        owner="risk",
    ),
)

DAYS: Mapping[str, Metric] = MappingProxyType({each.id: each for each in _ALL})
