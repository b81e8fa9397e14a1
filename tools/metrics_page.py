"""docs/reference/metrics.md, from the metric dictionary."""

from collections.abc import Sequence

from daihou.engine.metrics.definition import Metric, Ratio, Sum
from daihou.engine.metrics.dictionary import METRICS
from daihou.engine.metrics.dictionary_days import DAYS

HEAD = """# Metrics 口径库

Every figure of the portfolio has one definition, printed from `engine/metrics/dictionary.py`. Two figures whose conventions
differ (basis, timing of numerator or denominator, write-offs, month-on-book base) refuse to share an axis.
"""


def metrics_page(mark: str) -> str:
    """A section for each metric; `mark` goes above."""
    lines = [mark + HEAD]
    lines += ["| metric | 指标 | basis | numerator | denominator | write-offs |"]
    lines += ["|---|---|---|---|---|---|"]
    for each in (*METRICS.values(), *DAYS.values()):
        cells = (
            f"[{each.en}](#{each.id})",
            each.zh,
            *(each.basis, each.numerator, each.denominator, each.written_off),
        )
        lines.append(f"| {' | '.join(cells)} |")
    for each in (*METRICS.values(), *DAYS.values()):
        lines += ["", *_section(each)]
    return "\n".join(lines) + "\n"


def _section(metric: Metric) -> Sequence[str]:
    base = "" if metric.mob_base is None else f"; first month on book {metric.mob_base}"
    head = f"**{metric.en} {metric.zh}**, version {metric.version}"
    timing = f"numerator {metric.numerator}; denominator {metric.denominator}"
    return [
        f"## {metric.id}",
        "",
        f"{head}, owner: {metric.owner}. Source: {metric.source}.",
        "",
        f"- {metric.formula}",
        f"- {metric.formula_zh}",
        f"- by {metric.basis}; {timing}; loans written off: {metric.written_off}{base}",
        f"- `{_expression(metric)}`",
    ]


def _expression(metric: Metric) -> str:
    if isinstance(metric.expression, Ratio):
        return f"{_sum(metric.expression.part)} / {_sum(metric.expression.whole)}"
    return f"daihou.{metric.expression.function}"


def _sum(wanted: Sum) -> str:
    what = "count()" if wanted.column is None else f"sum({wanted.column})"
    conditions = " and ".join(
        f"{each.column} {each.is_} {each.value!r}" for each in wanted.where
    )
    return f"{what} where {conditions}" if conditions else what
