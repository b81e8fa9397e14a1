"""Make docs/explanation/portfolio/wave.md anew: cure and roll by month around 2020.

python tools/portfolio_wave.py WITH WITHOUT    the files `daihou real-data` makes, one
                                               with extensions, one without (`none`)
"""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from daihou.columnar.portfolio.cures import ENDS, OPEN, Months, Spells, spells
from daihou.columnar.portfolio.migration import roll_matrices
from daihou.columnar.portfolio.panel import panel
from daihou.config.real_data.extension import WAVE
from daihou.engine.metrics.cures import End
from daihou.engine.metrics.matrix import RollMatrix
from tools.portfolio_charts import Mark, lines
from tools.portfolio_page import PAGES, filled, table

WITHIN = 3  # months in which a spell is to be cured
STAYS = 3  # months it must last
YEAR = 12
ROLLS = (("M0", "M1"), ("M1", "M2"), ("M2", "M3"), ("M3", "M4"))
GROUP = 3  # months put together in a row of the tables
ENOUGH = 30  # spells that make a point
CLOSED = {
    "settled": ENDS.index(End.SETTLED),
    "written_off": ENDS.index(End.WRITTEN_OFF),
    "transferred": ENDS.index(End.TRANSFERRED),
}


@dataclass(frozen=True)
class Lived:
    """A book lived month by month, as `daihou real-data` writes it."""

    rows: pa.Table
    matrices: Mapping[int, RollMatrix]
    found: Spells
    last: int


def month(day: date) -> int:
    """A month as a number."""
    return day.year * YEAR + day.month - 1


def read(path: Path) -> Lived:
    """The book, its roll matrices by month, and its spells of delinquency."""
    columns = ["loan_id", "as_of", "bucket", "dpd", "status"]
    rows = parquet.read_table(path, columns=columns)
    state = pc.if_else(
        pc.equal(rows["status"], "active"), rows["bucket"], rows["status"]
    )
    rows = rows.append_column("state", state)
    whole = panel(rows, id="loan_id", period="as_of", status="state")
    return Lived(rows, roll_matrices(whole), spells_of(rows), whole.last)


def spells_of(rows: pa.Table) -> Spells:
    """Spells of delinquency of the book; a cure must stay for some months."""
    names = rows["loan_id"].combine_chunks().dictionary_encode()
    period = np.array([month(day) for day in rows["as_of"].to_pylist()], np.int64)
    account = names.indices.to_numpy().astype(np.int64)
    order = np.lexsort((period, account))
    closed = [CLOSED.get(status, OPEN) for status in rows["status"].to_pylist()]
    nobody = np.zeros(rows.num_rows, np.bool_)
    return spells(
        Months(
            account=account[order],
            period=period[order],
            dpd=rows["dpd"].to_numpy().astype(np.int64)[order],
            closed=np.array(closed, np.int8)[order],
            contacted=nobody,
            replaced=nobody,
        ),
        stay=STAYS,
    )


def cures(lived: Lived) -> Mapping[int, tuple[int, int]]:
    """Spells cured in time and spells, by the month they began; only known ones."""
    told: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for spell in lived.found.rows():
        until = spell.began + WITHIN + STAYS - 1
        known = spell.end is not None or spell.seen_until >= until
        if spell.unseen or until > lived.last or not known:
            continue
        cell = told[spell.began]
        cell[0] += spell.healed(within=WITHIN)
        cell[1] += 1
    return {at: (part, whole) for at, (part, whole) in told.items()}


def rolls(lived: Lived, start: str, end: str) -> Mapping[int, tuple[int, int]]:
    """Accounts that rolled and stood, by the month in which they arrived."""
    found = {}
    for at, matrix in lived.matrices.items():
        if start in matrix.states:
            row = matrix.count[matrix.states.index(start)]
            went = row[matrix.states.index(end)] if end in matrix.states else 0
            found[at + 1] = (went, sum(row))
    return found


def grouped(
    told: Mapping[int, tuple[int, int]], *, least: int
) -> Mapping[int, tuple[int, int]]:
    """Quarters of a year, by their first month; those with enough in them."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for at, (part, whole) in told.items():
        cell = sums[at // GROUP * GROUP]
        cell[0] += part
        cell[1] += whole
    return {at: (p, w) for at, (p, w) in sorted(sums.items()) if w >= least}


def line(told: Mapping[int, tuple[int, int]]) -> list[tuple[float, float]]:
    """Points of a chart, each in the middle of its quarter."""
    return [(at / YEAR + 0.125, part / whole) for at, (part, whole) in told.items()]


def quarter(at: int) -> str:
    """2020-04 to 06 as 2020 Q2."""
    return f"{at // YEAR} Q{at % YEAR // GROUP + 1}"


def share(cell: tuple[int, int] | None) -> str:
    """A share with its numbers; nothing where it is not known."""
    return "" if cell is None else f"{cell[0] / cell[1]:.1%} ({cell[0]} of {cell[1]})"


def parts(given: Lived, plain: Lived) -> dict[str, str]:
    """The tables of the page, and its charts."""
    wave = Mark(*(month(WAVE[0]) / YEAR, month(WAVE[1]) / YEAR), "March to August 2020")
    moved = {
        f"{start} to {end}": grouped(rolls(given, start, end), least=ENOUGH)
        for start, end in ROLLS
    }
    without = {
        f"{start} to {end}, no extensions": grouped(
            rolls(plain, start, end), least=ENOUGH
        )
        for start, end in ROLLS[:2]
    }
    cured = {
        "with extensions": grouped(cures(given), least=ENOUGH),
        "without": grouped(cures(plain), least=ENOUGH),
    }
    charts = {
        "wave-roll.svg": (
            "Accounts that roll on in a month, by quarter",
            {
                "M0 to M1": moved["M0 to M1"],
                "M1 to M2": moved["M1 to M2"],
                "M1 to M2, no ext.": without["M1 to M2, no extensions"],
            },
        ),
        "wave-cure.svg": ("Spells cured within 3 months, by quarter begun", cured),
    }
    for name, (title, series) in charts.items():
        drawn = {key: line(told) for key, told in series.items() if told}
        text = lines(title, drawn, across="year", marked=wave)
        (PAGES / name).write_text(text, "utf-8")
    return {
        "rolls": told_by("quarter", moved | without),
        "cures": told_by("spells begun in", cured),
    }


def told_by(head: str, columns: Mapping[str, Mapping[int, tuple[int, int]]]) -> str:
    """A table with a row a quarter."""
    quarters = sorted({at for told in columns.values() for at in told})
    rows = [
        [quarter(at), *(share(told.get(at)) for told in columns.values())]
        for at in quarters
    ]
    return table([head, *columns], rows)


def main(given: Path, plain: Path) -> None:
    """Fill the page's parts between their marks."""
    path = PAGES / "wave.md"
    made: Sequence[Lived] = (read(given), read(plain))
    path.write_text(filled(path.read_text("utf-8"), parts(*made)), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
