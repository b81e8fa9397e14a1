"""Make docs/explanation/portfolio/ anew from the real panels beside the checkout.

python tools/portfolio_page.py DATA    DATA holds card_status and auto_abs
"""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pyarrow as pa
from pyarrow import parquet

from daihou.columnar.portfolio import Panel, panel, vintage
from daihou.columnar.portfolio.forecasting import backtest
from daihou.columnar.portfolio.migration import migration
from daihou.engine.metrics.forecast import quality
from daihou.engine.metrics.survival import Spell, Step, incidence
from tools.portfolio_charts import heat, lines

PAGES = ROOT / "docs" / "explanation" / "portfolio"
COLUMNS: dict[str, Any] = {"id": "ID", "period": "MONTHS_BALANCE", "status": "STATUS"}
SIXTY = ("2", "3", "4", "5")
SHOWN = ("-54", "-42", "-30", "-18")  # cohorts, by their first month
AGES = (3, 6, 12, 24, 36, 48)
BANDS = {"prime": "prime", "super_prime": "super-prime"}
ENOUGH = 50  # loans at risk at an age
STEP = 6  # months of age put together in a row of the table


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines_ = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines_)


def cards(data: Path) -> dict[str, str]:
    """The parts of cards.md, and its charts."""
    rows = parquet.read_table(data / "card_status" / "credit_record.parquet")
    whole = panel(rows, **COLUMNS)
    matrix = migration(whole)
    rates = matrix.content()["rate"]
    curves = vintage(rows, **COLUMNS, bad=SIXTY)
    at = {cohort: n for n, cohort in enumerate(curves.cohorts)}
    shown = {
        cohort: [
            (age, float(rate))
            for age, rate in enumerate(curves.rate[at[cohort]])
            if rate is not None
        ]
        for cohort in SHOWN
    }
    (PAGES / "roll.svg").write_text(
        heat("Share of accounts, month to month", matrix.states, rates)
    )
    (PAGES / "ever60.svg").write_text(
        lines(
            "Ever 60+, by first month in the file",
            shown,
            across="months on book (MOB0)",
        )
    )
    return {
        "rows": f"{len(whole):,}",
        "pairs": f"{sum(map(sum, matrix.count)):,}",
        "matrix": table(
            ["from / to", *matrix.states, "accounts"],
            [
                [state, *(f"{rate:.4f}" for rate in row), f"{sum(count):,}"]
                for state, row, count in zip(
                    matrix.states, rates, matrix.count, strict=True
                )
            ],
        ),
        "curves": table(
            ["cohort", "accounts", *(f"MOB {age}" for age in AGES)],
            [
                [
                    cohort,
                    str(curves.size[at[cohort]]),
                    *(_at(shown[cohort], age) for age in AGES),
                ]
                for cohort in SHOWN
            ],
        ),
        **_trials(whole),
    }


def _trials(whole: Panel) -> dict[str, str]:
    """How forecasts over half a year did, each with the year before it."""
    trials = backtest(whole, among=SIXTY, horizon=6, window=12)
    found = quality(trials)
    assert found is not None, "too few months for a back-test"
    return {
        "trials": str(found.trials),
        "bias": f"{found.bias:+.5f}",
        "error": f"{found.absolute_error:.5f}",
        "inside": f"{found.inside:.0%}",
        "mean": f"{sum(trial.actual for trial in trials) / len(trials):.5f}",
    }


def _at(line: Sequence[tuple[int, float]], age: int) -> str:
    return next((f"{rate:.2%}" for each, rate in line if each == age), "")


def cars(data: Path) -> dict[str, str]:
    """The parts of hazards.md, and its chart."""
    loans = parquet.read_table(data / "auto_abs" / "loans.parquet")
    told = parquet.read_table(data / "auto_abs" / "published_hazards_72m_2017.parquet")
    rows, series = [], {}
    for band, name in BANDS.items():
        steps = {step.age: step for step in _steps(loans, band)}
        ages = [
            (row["Age"], row["lam_hat"], row["CI_lower"], row["CI_upper"])
            for row in told.to_pylist()
            if row["cat"] == band
            and row["CI_lower"] is not None
            and row["Age"] in steps
            and steps[row["Age"]].at_risk >= ENOUGH
        ]
        defaults = sum(steps[age].events["default"] for age, *_ in ages)
        expected = sum(steps[age].at_risk * hazard for age, hazard, *_ in ages)
        inside = sum(
            low <= steps[age].events["default"] / steps[age].at_risk <= high
            for age, _, low, high in ages
        )
        counts = (str(defaults), f"{expected:.1f}", f"{inside} of {len(ages)}")
        rows.append((name, *counts))
        series[f"{name}, ours"] = _smooth(
            [(a, steps[a].events["default"], steps[a].at_risk) for a, *_ in ages]
        )
        series[f"{name}, published"] = _smooth(
            [(a, hazard * steps[a].at_risk, steps[a].at_risk) for a, hazard, *_ in ages]
        )
    (PAGES / "hazards.svg").write_text(
        lines("Share of loans that default in a month", series, across="age in months")
    )
    head = ("band", "defaults", "expected of the published", "ages inside their range")
    return {"hazards": table(head, rows)}


def _steps(loans: pa.Table, band: str) -> tuple[Step, ...]:
    return incidence(
        Spell(
            entered=loan["Y"],
            left=loan["Xc"],
            event="default" if loan["D"] else "repaid" if loan["R"] else None,
        )
        for loan in loans.to_pylist()
        if loan["risk_cat_ir"] == band
    )


def _smooth(ages: Sequence[tuple[int, float, int]]) -> list[tuple[float, float]]:
    """Half years of age together: single months hold too few defaults to be seen."""
    found = []
    for start in range(0, len(ages), STEP):
        group = ages[start : start + STEP]
        events, at_risk = sum(e for _, e, _ in group), sum(n for *_, n in group)
        found.append((sum(a for a, *_ in group) / len(group), events / at_risk))
    return found


def filled(text: str, parts: Mapping[str, str]) -> str:
    """The page with its parts between their marks made anew."""
    for mark, part in parts.items():
        start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, rest = text.split(start, 1)
        gap = "\n" if "\n" in part else ""
        text = before + start + gap + part + gap + end + rest.split(end, 1)[1]
    return text


def main(data: Path) -> None:
    """Fill the pages' parts between their marks."""
    for name, parts in (("cards.md", cards(data)), ("hazards.md", cars(data))):
        path = PAGES / name
        path.write_text(filled(path.read_text("utf-8"), parts), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
