"""Classes of a large book: the whole run, and a day's delta of it.

python -m bench.classification          1,000,000 loans, a JSON line per figure
"""

import argparse
import json
import resource
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from daihou.columnar.classification import (
    ClassBook,
    EventRows,
    classify_book,
    touched,
)
from daihou.columnar.classification.book import DAY
from daihou.engine.classification.codes import Event, Sign
from daihou.engine.classification.rules import ClassificationRules
from daihou.packs import law

AS_OF = date(2026, 11, 20)
RETAIL, RESTRUCTURED, CHANGED = 0.7, 0.05, 0.02
PER_CUSTOMER = 1.6  # loans


def book(loans: int) -> ClassBook:
    """Loans most of which are well: late, restructured, bad and raised ones too."""
    random = np.random.default_rng(5)
    today = np.datetime64(AS_OF, "D")
    late = random.random(loans) < 0.12
    dpd = np.where(late, random.integers(1, 420, loans), 0)
    before = np.select([dpd > 90, dpd > 0], [2, 1], 0)
    cured = ~late & (random.random(loans) < 0.03)
    before = np.where(cured, random.integers(1, 4, loans), before)
    signs = np.zeros(loans, np.int32)
    for sign in Sign:
        signs |= np.where(random.random(loans) < 0.004, np.int32(sign), 0)
    balance = random.integers(10_000, 10**8, loans)
    day = today - random.integers(1, 500, loans).astype("timedelta64[D]")
    none = np.full(loans, np.datetime64("NaT", "D"), DAY)
    columns = {
        "loan_id": np.arange(loans),
        "customer_id": random.integers(0, int(loans / PER_CUSTOMER), loans),
        "balance": balance,
        "arrears": np.where(late, balance // 20, 0),
        "dpd": dpd,
        "is_retail": random.random(loans) < RETAIL,
        "guarantee": random.integers(0, 4, loans),
        "signs": signs,
        "market_late": np.where(random.random(loans) < 0.01, balance, 0),
        "market_total": balance * 4,
        "cleared_on": np.where(cured, day, none),
        "previous_class": before,
        "previous_causes": (before > 0).astype(np.int32),
        "previous_since": day,
    }
    return ClassBook.of(columns, _events(loans, random, today))


def _events(loans: int, random: np.random.Generator, today: Any) -> EventRows:
    """A restructuring each, some of them missed payments and a second one."""
    picked = np.flatnonzero(random.random(loans) < RESTRUCTURED)
    count = random.integers(1, 6, len(picked))
    loan = np.repeat(picked, count)
    first = np.zeros(len(loan), np.bool_)
    first[np.cumsum(count) - count] = True
    again = random.choice([0, 1, 1, 2, 3, 4], len(loan))
    event = np.where(first, int(Event.RESTRUCTURED), again)
    on = today - random.integers(1, 800, len(loan)).astype("timedelta64[D]")
    due = on + np.timedelta64(20, "D")
    none = np.full(len(loan), np.datetime64("NaT", "D"), DAY)
    return EventRows(
        loan=loan,
        event=event.astype(np.int8),
        happened_on=on,
        first_due_on=np.where(event == Event.RESTRUCTURED, due, none),
        period_months=random.choice([1, 3, 12], len(loan)).astype(np.int16),
        period_days=np.zeros(len(loan), np.int16),
    )


def seconds(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds of the best of three runs, each for itself."""
    walls, processors = [], []
    for _ in range(3):
        begun, used = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - begun)
        processors.append(time.process_time() - used)
    return round(min(walls), 3), round(min(processors), 3)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--loans", type=int, default=1_000_000)
    asked = options.parse_args()
    whole = book(asked.loans)
    rules = ClassificationRules.of(law.known(), "bank", AS_OF)
    random = np.random.default_rng(6)
    changed = np.flatnonzero(random.random(len(whole)) < CHANGED)

    def delta() -> int:
        part = whole.take(touched(whole.customer_id, changed))
        classify_book(part, rules, as_of=AS_OF)
        return len(part)

    found = classify_book(whole, rules, as_of=AS_OF)
    figures = {
        "whole book": (len(whole), lambda: classify_book(whole, rules, as_of=AS_OF)),
        "daily delta": (delta(), delta),
    }
    for name, (claims, work) in figures.items():
        wall, used = seconds(work)
        said = {"what": name, "claims": claims, "seconds": wall, "cpu_seconds": used}
        print(json.dumps(said))
    classes = np.bincount(found.asset_class, minlength=5).tolist()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"classes": classes, "events": len(whole.events.loan)}))
    print(json.dumps({"peak_mib": peak}))


if __name__ == "__main__":
    main()
