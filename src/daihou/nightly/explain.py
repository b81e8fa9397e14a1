"""The plan of a day-end and the difference of a re-run, in words a person reads."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pyarrow as pa

from daihou.engine.basics.money import format_minor
from daihou.engine.delinquency.buckets import shown
from daihou.nightly.plan import Plan

# phrase -> (English, Chinese)
PHRASES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "plan": (
            "Day-end {as_of}, compared with {since}",
            "{as_of} 日终，与 {since} 相比",
        ),
        "plan_first": (
            "Day-end {as_of}, the first of this book",
            "{as_of} 日终，本账首次",
        ),
        "loans": (
            "{loans:,} loans, {changed:,} with any change, {moving:,} change bucket or state",
            "共 {loans:,} 笔，{changed:,} 笔有变化，{moving:,} 笔账龄或状态改变",
        ),
        "late": (
            "{late:,} late with {overdue} overdue; {newly_late:,} newly late, {cured:,} cured",
            "逾期 {late:,} 笔，逾期金额 {overdue}；新增逾期 {newly_late:,} 笔，回正 {cured:,} 笔",
        ),
        "moves": ("Bucket by bucket", "账龄迁徙"),
        "from": ("from", "原账龄"),
        "to": ("to", "新账龄"),
        "count": ("loans", "笔数"),
        "principal": ("outstanding principal", "剩余本金"),
        "overdue": ("overdue", "逾期金额"),
        "currency": ("currency", "币种"),
        "stay": ("stay", "不变"),
        "new": ("new", "新增"),
        "gone": ("gone", "移出"),
        "first": ("The first {n} loans that move", "变动贷款（前 {n} 笔）"),
        "loan": ("loan", "借据"),
        "bucket": ("bucket", "账龄"),
        "days": ("days", "逾期天数"),
        "status": ("state", "状态"),
        "nothing_written": ("Nothing was written.", "未写入任何数据。"),
        "closed": (
            (
                "{as_of} closed in {seconds:.2f} s: {late:,} late, {moving:,} moved, "
                "fingerprint {fingerprint}"
            ),
            (
                "{as_of} 已关账，用时 {seconds:.2f} 秒：逾期 {late:,} 笔，变动 {moving:,} 笔，"
                "指纹 {fingerprint}"
            ),
        ),
        "again": (
            "{as_of} run again ({reason}): {n:,} loans differ, fingerprint {fingerprint}",
            "{as_of} 已重跑（{reason}）：{n:,} 笔不同，指纹 {fingerprint}",
        ),
        "same": (
            (
                "{as_of} run again ({reason}): the same to the last bit, "
                "fingerprint {fingerprint}"
            ),
            "{as_of} 已重跑（{reason}）：结果逐位相同，指纹 {fingerprint}",
        ),
        "late_facts": ("late facts", "补报数据"),
        "asked_for": ("asked for", "人工要求"),
        "before": ("before", "之前"),
        "after": ("after", "之后"),
        "date": ("date", "日期"),
        "more": ("... and {n:,} more", "……另有 {n:,} 笔"),
        "travel": (
            "Lived {days:,} days to {on}; the open day is {on}.",
            "已逐日推进 {days:,} 天，当前业务日期 {on}。",
        ),
        "begun": (
            "{on} is the first open day of this book; nothing was closed.",
            "{on} 为本账簿的首个业务日期，尚未关账任何一天。",
        ),
        "simulated": (
            "The business date lies past the real one: it is marked as simulated.",
            "业务日期已超过真实日期：已标记为模拟日期。",
        ),
        "active": ("active", "正常在贷"),
        "settled": ("settled", "已结清"),
        "written_off": ("written off", "已核销"),
        "transferred": ("transferred", "已转让"),
        "freeze": ("freeze", "冻结"),
        "compute": ("compute", "计算"),
        "publish": ("publish", "发布"),
        "apply": ("apply", "入库"),
    }
)

Say = Callable[..., str]


def speaker(language: str) -> Say:
    """Return what says a phrase in `language` (zh... is Chinese, else English)."""
    column = int(language.startswith("zh"))

    def say(phrase: str, **values: object) -> str:
        return PHRASES[phrase][column].format(**values)

    return say


def amount(minor: int, currency: str) -> str:
    """Minor units with the currency's decimals and a true minus sign, for people."""
    return format_minor(minor, currency).replace("-", "−")


def _overdue(plan: Plan) -> str:
    """What is overdue, currency by currency: amounts of two are never added."""
    sums = [f"{amount(o.overdue_total, o.currency)} {o.currency}" for o in plan.overdue]
    return " + ".join(sums) or "0"


def summary(plan: Plan, say: Say) -> Iterator[str]:
    """The three sentences above a plan."""
    if plan.since is None:
        yield say("plan_first", as_of=plan.as_of)
    else:
        yield say("plan", as_of=plan.as_of, since=plan.since)
    yield say("loans", loans=plan.loans, changed=plan.changed, moving=plan.moving)
    yield say(
        "late",
        late=plan.late,
        overdue=_overdue(plan),
        newly_late=plan.newly_late,
        cured=plan.cured,
    )


def move_rows(plan: Plan, say: Say) -> Iterator[tuple[str, ...]]:
    """Head and lines of the table of moves; loans that stay last."""
    several = len({move.currency for move in plan.moves}) > 1
    amounts = (say("principal"), say("overdue"))
    tail = (say("currency"),) if several else ()
    yield (say("from"), say("to"), say("count"), *amounts, *tail)
    order = sorted(
        plan.moves,
        key=lambda move: (
            move.from_bucket == move.to_bucket,
            move.from_bucket,
            move.to_bucket,
            move.currency,
        ),
    )
    for move in order:
        to = shown(move.to_bucket) or say("gone")
        yield (
            shown(move.from_bucket) or say("new"),
            say("stay") if move.from_bucket == move.to_bucket else to,
            f"{move.loans:,}",
            amount(move.outstanding_principal, move.currency),
            amount(move.overdue_total, move.currency),
            *((move.currency,) if several else ()),
        )


def loan_rows(
    plan: Plan, say: Say, names: Mapping[int, tuple[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Head and lines of the loans that move; `names` as in `difference_rows`."""
    yield (say("loan"), say("bucket"), say("days"), say("status"), say("overdue"))
    for loan in plan.first:
        yield (
            names[loan.loan_id][0],
            f"{shown(loan.from_bucket)} → {shown(loan.to_bucket)}",
            f"{loan.dpd_before} → {loan.dpd}",
            _arrow(say(loan.from_status), say(loan.to_status)),
            f"{amount(loan.overdue_total, loan.currency)} {loan.currency}",
        )


def _arrow(one: str, other: str) -> str:
    return other if one == other else f"{one} → {other}"


def difference_rows(
    found: pa.Table, as_of: object, say: Say, names: Mapping[int, tuple[str, str]]
) -> Iterator[tuple[str, ...]]:
    """Head and lines of what a re-run changed: days and overdue, before and after.

    `names` gives the sender's id and the currency of each loan.
    """
    yield (say("date"), say("loan"), say("days"), say("bucket"), say("overdue"))
    for row in found.to_pylist():
        number, currency = names[row["loan_id"]]
        owed = [
            _money(row[f"overdue_{side}"], currency) for side in ("before", "after")
        ]
        yield (
            str(as_of),
            number,
            _pair(row["dpd_before"], row["dpd_after"]),
            _pair(*map(_bucket, (row["bucket_before"], row["bucket_after"]))),
            f"{_pair(*owed)} {currency}",
        )


def _bucket(name: str | None) -> str | None:
    return None if name is None else shown(name)


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else amount(minor, currency)


def _pair(before: Any, after: Any) -> str:
    left, right = ("–" if each is None else each for each in (before, after))
    return f"{left} → {right}"


def reason_words(reason: str, say: Say) -> str:
    """Why a date was run again, in the reader's language."""
    return say("late_facts") if reason.startswith("late facts") else say("asked_for")
