"""The dictionary's definitions of promises, cases and what became of them."""

from collections.abc import Sequence

from daihou.engine.metrics.definition import (
    Basis,
    Curve,
    Denominator,
    Metric,
    Numerator,
    Treatment,
)

_COUNT, _AMOUNT = Basis.COUNT, Basis.AMOUNT
_PROMISES = "operations.promises"


def _work(
    id: str,
    names: tuple[str, str],
    formulas: tuple[str, str],
    function: str,
    *,
    basis: Basis = _COUNT,
    denominator: Denominator,
    numerator: Numerator = Numerator.FLOW,
    source: str = "lending practice",
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
        expression=Curve(
            f"engine.{function}"
            if function.startswith("commitments.")
            else f"engine.metrics.{function}"
        ),
        source=source,
        owner="collection",
    )


def _promise(
    id: str, names: tuple[str, str], formulas: tuple[str, str], *, due: bool
) -> Metric:
    return _work(
        id,
        names,
        formulas,
        _PROMISES,
        denominator=Denominator.MATURED if due else Denominator.OBSERVATION,
    )


_OF_PROMISES = (
    _promise(
        "promise_partly",
        ("Promises kept in part", "承诺部分履约率（笔数）"),
        (
            "promises of which some, but not enough, came in time / promises due",
            "宽限期内仅部分到账的承诺笔数 ÷ 已到期承诺笔数",
        ),
        due=True,
    ),
    _promise(
        "promise_broken",
        ("Promises broken", "承诺违约率（笔数）"),
        (
            (
                "promises for which nothing came by their date and the days of grace"
                " / promises due"
            ),
            "宽限期内分文未到的承诺笔数 ÷ 已到期承诺笔数",
        ),
        due=True,
    ),
    _promise(
        "promise_open",
        ("Promises still open", "未到期承诺占比（笔数）"),
        (
            (
                "promises whose days of grace are not over and that are not kept yet"
                " / promises made for the month"
            ),
            "宽限期未满且尚未履约的承诺笔数 ÷ 当月到期的全部承诺笔数",
        ),
        due=False,
    ),
    _promise(
        "promise_ended",
        ("Promises that fell away", "承诺失效占比（笔数）"),
        (
            (
                "promises cancelled, replaced or no longer needed before they fell due"
                " / promises made for the month"
            ),
            "到期前撤销、被替换或不再需要的承诺笔数 ÷ 当月到期的全部承诺笔数",
        ),
        due=False,
    ),
    _promise(
        "promise_due",
        ("Promises judged", "已判定承诺占比（笔数）"),
        (
            "promises kept, kept in part or broken / promises made for the month",
            "已履约、部分履约与违约的承诺笔数 ÷ 当月到期的全部承诺笔数",
        ),
        due=False,
    ),
)


def _plan(
    id: str, names: tuple[str, str], formulas: tuple[str, str], *, amount: bool = False
) -> Metric:
    return _work(
        id,
        names,
        formulas,
        "commitments.arrangement.standing",
        basis=_AMOUNT if amount else _COUNT,
        denominator=Denominator.MATURED,
    )


_OF_PLANS = (
    _plan(
        "plan_kept",
        ("Plan instalments kept", "分期协议履约率（期数）"),
        (
            (
                "instalments of agreed plans that are paid in full, late ones included"
                " / instalments that fell due in the month and are paid or missed"
            ),
            "已足额到账的协议期数（含逾期后补足）÷ 当月到期且已判定的协议期数",
        ),
    ),
    _plan(
        "plan_missed",
        ("Plan instalments missed", "分期协议未履约率（期数）"),
        (
            (
                "instalments of agreed plans that are missed now / instalments that fell"
                " due in the month and are paid or missed"
            ),
            "目前未足额到账的协议期数 ÷ 当月到期且已判定的协议期数",
        ),
    ),
    _plan(
        "plan_amount_kept",
        ("Plan money kept", "分期协议履约率（金额）"),
        (
            (
                "money that came for the instalments of agreed plans / what the"
                " instalments that fell due in the month asked for"
            ),
            "协议各期已到账金额 ÷ 当月到期且已判定各期应还金额",
        ),
        amount=True,
    ),
    _plan(
        "plan_completed",
        ("Plans carried out", "分期协议完成率"),
        (
            "plans paid in full / plans that ended paid or broken in the month",
            "全部履行完毕的协议数 ÷ 当月履行完毕或违约的协议数",
        ),
    ),
    _plan(
        "plan_defaulted",
        ("Plans broken", "分期协议违约率"),
        (
            (
                "plans that missed more than they allow / plans that ended paid or"
                " broken in the month"
            ),
            "超过允许未履约期数而终止的协议数 ÷ 当月履行完毕或违约的协议数",
        ),
    ),
)

_COLLECTED = _work(
    "collected_in_cases",
    ("Collection rate of cases", "在案催回率（金额）"),
    (
        (
            "cash of the month on loans while they were in a case, money taken back"
            " subtracted / what the loans in a case in the month owed when they joined it"
        ),
        "当月在案期间到账现金（扣除冲回）÷ 当月在案贷款入案时欠款",
    ),
    "recovery.liquidation",
    basis=_AMOUNT,
    denominator=Denominator.START,
)


def _incidence(id: str, names: tuple[str, str], what: tuple[str, str]) -> Metric:
    return _work(
        id,
        names,
        (
            (
                f"share of cases {what[0]} within so many times 30 days of their"
                " opening, by Aalen-Johansen: other endings compete, a case that still"
                " runs counts as long as it was watched, one opened again had not ended"
            ),
            (
                f"案件自立案起每满 30 天累计{what[1]}的比例，按 Aalen-Johansen"
                " 竞争风险估计；其他结局互斥，未结案件按已观察时长计入，"
                "重新立案视为未曾结案"
            ),
        ),
        "survival.incidence",
        denominator=Denominator.START,
        numerator=Numerator.EVER,
        source="Aalen & Johansen, 1978",
    )


_WAITING = (
    _incidence(
        "incidence_cured",
        ("Cases cured, by time", "案件恢复正常（按时长）"),
        ("back in time", "恢复正常"),
    ),
    _incidence(
        "incidence_paid",
        ("Cases paid, by time", "案件结清（按时长）"),
        ("paid in full, settled or with a plan carried out", "结清、和解或履行完协议"),
    ),
    _incidence(
        "incidence_written_off",
        ("Cases written off, by time", "案件核销（按时长）"),
        ("written off without a claim left", "核销且不再追索"),
    ),
    _incidence(
        "incidence_sold",
        ("Cases sold, by time", "案件转让（按时长）"),
        ("sold", "转让"),
    ),
    _incidence(
        "incidence_other",
        ("Cases ended otherwise, by time", "案件其他结案（按时长）"),
        ("ended in another way", "以其他方式结案"),
    ),
    _work(
        "still_waiting",
        ("Cases still open, by time", "未结案件比例（按时长）"),
        (
            (
                "share of cases that had not ended within so many times 30 days of their"
                " opening, by Kaplan-Meier; it and all endings add up to 1"
            ),
            (
                "案件自立案起每满 30 天仍未结案的比例，按 Kaplan-Meier 估计；"
                "与各类结局合计为 1"
            ),
        ),
        "survival.incidence",
        denominator=Denominator.START,
        numerator=Numerator.EVER,
        source="Kaplan & Meier, 1958",
    ),
)

WORK: Sequence[Metric] = (*_OF_PROMISES, *_OF_PLANS, _COLLECTED, *_WAITING)
