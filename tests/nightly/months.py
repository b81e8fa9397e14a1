"""Random months of a book: the same loans one month after the other."""

from random import Random

import numpy as np
import pyarrow as pa

from daihou.columnar.portfolio.months import Inputs, Told, make_month, words_column
from daihou.tables.grades import CLASSES as CLASS_SHAPE
from daihou.tables.months import CLASSES

FIRST = 2026 * 12
DAYS = (0, 0, 0, 1, 6, 7, 29, 30, 31, 59, 60, 61, 89, 90, 91, 120, 121, 181, 400)
WORDS = {
    "product": ("consumer_loan", "farmer_loan"),
    "branch": ("N", "S", "E"),
    "officer": ("赵", "钱", "孙"),
    "channel": ("app", ""),
    "region": ("北京", "上海"),
    "strategy": ("", "calls:test"),
    "currency": ("CNY", "CNY", "CNY", "USD"),
}
assert len(CLASS_SHAPE) and len(CLASSES) == 5


def random_months(
    seed: int, *, loans: int = 25, months: int = 4, classed: bool = True
) -> list[pa.Table]:
    """Months of a book in which everything happens, often at once."""
    several = random_inputs(seed, loans=loans, months=months, classed=classed)
    return [make_month(given) for given in several]


def random_inputs(
    seed: int, *, loans: int = 25, months: int = 4, classed: bool = True
) -> list[Inputs]:
    """What such months are counted from; each opens with the one before."""
    random = Random(seed)
    ids = sorted(random.sample(range(1, 10 * loans), loans))
    cohort = {each: FIRST + random.randrange(-2, months) for each in ids}
    words = {
        name: {each: random.choice(several) for each in ids}
        for name, several in WORDS.items()
    }
    paid_out = {each: random.randrange(1, 4) * 100 for each in ids}
    ended: dict[int, str] = {}
    found: list[Inputs] = []
    before: pa.Table | None = None
    for period in range(FIRST, FIRST + months):
        here = [
            each for each in ids if cohort[each] <= period and random.random() < 0.97
        ]
        positions, classes = _day(random, here, ended, paid_out)
        register = pa.table(
            {
                "loan_id": pa.array(here, pa.int64()),
                **{
                    name: words_column(
                        pa.chunked_array([pa.array([known[e] for e in here])])
                    )
                    for name, known in words.items()
                },
                "cohort": pa.array([cohort[e] for e in here], pa.int32()),
                "disbursed": pa.array([paid_out[e] for e in here], pa.int64()),
            }
        )
        first = {
            n: _told({e: random.randrange(2) for e in here if cohort[e] < period})
            for n in (1, 7, 30)
        }
        given = Inputs(
            period=period,
            register=register,
            positions=positions,
            classes=classes if classed else None,
            before=before,
            cash=_told({e: random.randrange(-3, 9) for e in here[::2]}),
            lost=_told({e: 7 for e in here[::3]}),
            first=first,
        )
        before = make_month(given)
        found.append(given)
    return found


def _told(values: dict[int, int]) -> Told:
    keys = sorted(values)
    return Told(
        np.array(keys, np.int64), np.array([values[key] for key in keys], np.int64)
    )


def _day(
    random: Random, here: list[int], ended: dict[int, str], paid_out: dict[int, int]
) -> tuple[pa.Table, pa.Table]:
    rows, classes = [], []
    for each in here:
        if each not in ended and random.random() < 0.1:
            ended[each] = random.choice(("settled", "written_off", "transferred"))
        status = ended.get(each, "active")
        is_open = status == "active"
        dpd = random.choice(DAYS) if is_open else 0
        left = random.randrange(paid_out[each] + 1) if is_open else 0
        rows.append((each, dpd, max(dpd, random.choice(DAYS)), dpd * 2, left, status))
        if is_open:
            classes.append((each, random.randrange(5), random.random() < 0.2))
    names = ("loan_id", "dpd", "worst_dpd", "overdue_total", "outstanding_principal")
    kinds = (pa.int64(), pa.int32(), pa.int32(), pa.int64(), pa.int64(), pa.string())
    columns = list(zip(*rows, strict=True)) or [()] * 6
    positions = pa.table(
        {
            name: pa.array(column, kind)
            for name, column, kind in zip(
                (*names, "status"), columns, kinds, strict=True
            )
        }
    )
    columns = list(zip(*classes, strict=True)) or [()] * 3
    graded = pa.table(
        {
            "loan_id": pa.array(columns[0], pa.int64()),
            "asset_class": pa.array(columns[1], pa.int8()),
            "restructured": pa.array(columns[2], pa.bool_()),
        }
    )
    return positions, graded
