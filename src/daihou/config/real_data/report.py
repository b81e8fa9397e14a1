"""The figures of docs/explanation/real-data.md: tables and charts, made anew."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from daihou.config.real_data import charts
from daihou.config.real_data.extension import WAVE
from daihou.config.real_data.summary import BUCKETS, BalanceGap, MonthCount, ZeroCount
from daihou.engine.delinquency.buckets import shown

PAGE = "real-data.md"
FOLDER = "real-data"  # charts, beside the page
FOUR_LATE = ("M4", "M5", "M6", "M7")
LATENESS = (("M0",), ("M1", "M2", "M3"), FOUR_LATE)
SATURDAY = 5
YEAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))


@dataclass(frozen=True, slots=True)
class Figures:
    """All that was counted in one run, month by month."""

    loans: int
    by_month: Sequence[MonthCount]
    without: Sequence[MonthCount]
    moved: Sequence[MonthCount]  # extended loans alone, with their extensions
    moved_without: Sequence[MonthCount]
    zero: Sequence[ZeroCount]
    gaps: Sequence[BalanceGap]
    opening: tuple[int, int]  # loans late, loans paid ahead, after month 0
    matched: tuple[int, int]
    extended: Mapping[int, int]  # months of the extension -> how many
    endings: Mapping[str, Mapping[str, int]]  # outcome -> state -> loans

    def around(
        self, first: date, last: date, *, moved: bool = False
    ) -> list[tuple[MonthCount, MonthCount]]:
        """Counts with and without extensions, of the months between two dates.

        `moved`: of the extended loans alone.
        """
        given = self.moved if moved else self.by_month
        plain = self.moved_without if moved else self.without
        pairs = zip(given, plain, strict=True)
        return [pair for pair in pairs if first <= pair[0].as_of <= last]


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table, the first column to the left, figures to the right."""
    line = "|" + "|".join(["---", *["---:"] * (len(head) - 1)]) + "|"
    body = ("| " + " | ".join(map(str, row)) + " |" for row in rows)
    return "\n".join(["| " + " | ".join(head) + " |", line, *body])


def _arrears(figures: Figures) -> str:
    zero = {z.as_of: z for z in figures.zero}
    rows = []
    for month in figures.by_month:
        shares = [f"{month.share(bucket):.1f}" for bucket in BUCKETS]
        nothing = zero[month.as_of].share if month.as_of in zero else 0.0
        closed = [month.status.get(s, 0) for s in ("settled", "written_off")]
        rows.append([month.as_of, month.active, *shares, f"{nothing:.1f}", *closed])
    head = ["month-end", "running", *(f"{shown(b)} %" for b in BUCKETS)]
    return table([*head, "paid nothing %", "settled", "written off"], rows)


def _moved(figures: Figures) -> str:
    rows = [
        [
            given.as_of,
            given.active,
            *(sum(plain.buckets.get(b, 0) for b in late) for late in LATENESS),
            *(sum(given.buckets.get(b, 0) for b in late) for late in LATENESS),
        ]
        for given, plain in figures.around(*YEAR_2020, moved=True)
    ]
    head = ["month-end", "running"]
    for when in ("without", "with"):
        head += [f"{name} {when}" for name in ("on time", "M1-M3", "M4 and later")]
    return table(head, rows)


def _wave(figures: Figures) -> str:
    rows = [
        [
            given.as_of,
            f"{plain.share('M0'):.1f}",
            f"{given.share('M0'):.1f}",
            f"{plain.share('M4'):.1f}",
            f"{given.share('M4'):.1f}",
            f"{plain.share(*FOUR_LATE):.1f}",
            f"{given.share(*FOUR_LATE):.1f}",
        ]
        for given, plain in figures.around(*YEAR_2020)
    ]
    head = ["month-end"]
    for name in ("on time", "M4", "M4 and later"):
        head += [f"{name} % without", "with"]
    return table(head, rows)


def _extended(figures: Figures) -> str:
    rows: list[list[object]] = [
        [months, count] for months, count in sorted(figures.extended.items())
    ]
    rows.append(["**all**", sum(figures.extended.values())])
    return table(["months moved", "extensions"], rows)


def _opening(figures: Figures) -> str:
    late, ahead = figures.opening
    return (
        f"Of {figures.loans:,} loans {late:,} began late and {ahead:,} ahead by part "
        "of an instalment or more."
    )


def _zero(figures: Figures) -> str:
    def share(months: Sequence[ZeroCount]) -> float:
        loans = sum(month.loans for month in months)
        return 100 * sum(month.unpaid for month in months) / loans if loans else 0.0

    months = figures.zero
    usual = [z for z in months if not WAVE[0] <= z.as_of < WAVE[1]]
    weekend = [z for z in usual if z.as_of.weekday() >= SATURDAY]
    others = [z for z in usual if z.as_of.weekday() < SATURDAY]
    return (
        f"Of {sum(z.loans for z in months):,} loan-months with a balance, "
        f"{sum(z.unpaid for z in months):,} ({share(months):.1f} %) saw no payment. "
        f"Outside March to August 2020, months that end on a weekend ({len(weekend)}) "
        f"show {share(weekend):.1f} %, the others ({len(others)}) {share(others):.1f} %."
    )


def _outcomes(figures: Figures) -> str:
    states = ("active", "settled", "written_off", "transferred")
    names = {"D": "D defaulted", "R": "R repaid", "C": "C neither"}
    rows = [
        [names.get(key, "not given"), *(figures.endings[key].get(s, 0) for s in states)]
        for key in ("R", "D", "C", "")
        if key in figures.endings
    ]
    matched, total = figures.matched
    head = table(["outcome", *(s.replace("_", " ") for s in states)], rows)
    return f"Outcomes reproduced: **{matched:,} of {total:,}** loans.\n\n{head}"


def _balances(figures: Figures) -> str:
    picked = [gap for gap in figures.gaps if gap.as_of.month in (6, 12)]
    rows = [[g.as_of, f"{g.median:.2f}", f"{g.ninetieth:.2f}"] for g in picked]
    return table(["month-end", "median gap %", "90th percentile %"], rows)


def blocks(figures: Figures) -> dict[str, str]:
    """The generated parts of the page by name."""
    return {
        "opening": _opening(figures),
        "zero": _zero(figures),
        "arrears": _arrears(figures),
        "wave": _wave(figures),
        "extended": _extended(figures),
        "moved": _moved(figures),
        "outcomes": _outcomes(figures),
        "balances": _balances(figures),
    }


def drawings(figures: Figures) -> dict[str, str]:
    """The charts by file name."""
    months = [month.as_of for month in figures.by_month]
    late = {shown(b): [m.share(b) for m in figures.by_month] for b in BUCKETS[1:]}
    zero = {"paid nothing": [z.share for z in figures.zero]}
    pairs = figures.around(date(2019, 6, 1), date(2020, 12, 31))
    result = {
        "arrears.svg": charts.columns("Running loans late, % by bucket", months, late),
        "zero.svg": charts.lines(
            "Loans with a balance that paid nothing in the month, %",
            [z.as_of for z in figures.zero],
            zero,
        ),
    }
    if pairs:
        result["wave.svg"] = charts.lines(
            "Loans in M4 and later, % of running loans",
            [given.as_of for given, _ in pairs],
            {
                "without extensions": [p.share(*FOUR_LATE) for _, p in pairs],
                "with extensions": [g.share(*FOUR_LATE) for g, _ in pairs],
            },
        )
    return result


def filled(text: str, parts: Mapping[str, str]) -> str:
    """The page with every `<!-- made: name -->` ... `<!-- end -->` part made anew."""

    def part(match: re.Match[str]) -> str:
        name = match.group(1)
        if name not in parts:
            raise KeyError(f"the page asks for {name}; known are {', '.join(parts)}")
        return f"<!-- made: {name} -->\n{parts[name]}\n<!-- end -->"

    pattern = r"<!-- made: (\w+) -->\n.*?<!-- end -->"
    return re.sub(pattern, part, text, flags=re.DOTALL)


def write(figures: Figures, folder: Path) -> None:
    """Make the tables and charts of the page in `folder` anew."""
    page = folder / PAGE
    page.write_text(filled(page.read_text("utf-8"), blocks(figures)), "utf-8")
    (folder / FOLDER).mkdir(exist_ok=True)
    for name, drawing in drawings(figures).items():
        (folder / FOLDER / name).write_text(drawing, "utf-8")
