"""Plans of many loans at once equal the reference's, to the cent and the day."""

import os
from datetime import date, timedelta
from random import Random

import numpy as np
import pytest

from daihou.columnar import schedule as fast
from daihou.columnar.layout import day_number
from daihou.engine.basics import rounding
from daihou.engine.ledger.errors import TermsError
from daihou.engine.ledger.schedule import schedule

ROUNDS = int(os.environ.get("DAIHOU_PARITY_BOOKS", "4"))
LOANS = 400


def some_contracts(seed, *, loans=LOANS, scale=1):
    """Contracts around month ends and a leap day, of every convention."""
    random = Random(seed)
    columns = {name: [] for name in fast.Contracts.__dataclass_fields__}
    columns.pop("currency")
    for _ in range(loans):
        out = date(2023, 12, 27) + timedelta(days=random.randrange(100))
        gap = random.choice([1, 10, 28, 29, 30, 31, 31, 45, 60, 90])
        for name, value in (
            ("principal", random.choice([1, 7, 100_000, 1_234_567, 10**8]) * scale),
            ("rate_nano", random.choice([0, 43_500_000, 144_000_000, 239_999_999])),
            ("method", random.randrange(len(fast.METHODS))),
            ("periods", random.choice([1, 2, 3, 12, 24, 36, 360])),
            ("disbursed_on", day_number(out)),
            ("first_due_on", day_number(out + timedelta(days=gap))),
            ("unit", random.choice([0, 1, 2, 2, 2, 2])),
            ("every", random.choice([1, 1, 1, 2, 3])),
            ("day_count", random.randrange(len(fast.DAY_COUNTS))),
            ("rounding", random.randrange(len(rounding.MODES))),
        ):
            columns[name].append(value)
    return fast.Contracts(**{n: np.array(v, np.int64) for n, v in columns.items()})


def compare(contracts):
    plans = fast.schedules(contracts)
    for i in range(len(contracts)):
        terms = contracts.terms(i)
        assert fast.rows_of(plans, i) == schedule(terms), terms
    return plans


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_plans_of_every_convention_agree(seed):
    plans = compare(some_contracts(seed))
    assert plans.by_reference < LOANS / 2  # ACT/ACT, and what rounds on a boundary


def test_whole_months_and_a_stub_are_made_by_the_kernel_alone():
    loans = 300
    principal = np.random.default_rng(1).integers(10_000, 10**9, loans)
    first = day_number(date(2024, 2, 15))
    contracts = fast.Contracts(
        principal=principal,
        rate_nano=np.full(loans, 180_000_000),
        method=np.arange(loans) % len(fast.METHODS),
        periods=np.full(loans, 36),
        disbursed_on=first - np.arange(loans) % 40 - 1,
        first_due_on=np.full(loans, first),
    )
    assert compare(contracts).by_reference == 0


def test_amounts_beyond_64_bits_go_to_the_reference_and_agree():
    plans = compare(some_contracts(9, loans=60, scale=10**9))
    assert plans.by_reference > 20


def test_an_instalment_that_falls_on_half_a_cent_is_decided_exactly():
    # 12 periods at 0 % of 100.50 fen each, and one that a rate puts near the half.
    contracts = fast.Contracts(
        principal=np.array([1206, 1206, 201]),
        rate_nano=np.array([0, 0, 10**9]),
        method=np.zeros(3, np.int64),
        periods=np.array([12, 12, 1]),
        disbursed_on=np.full(3, day_number(date(2024, 1, 1))),
        first_due_on=np.full(3, day_number(date(2024, 2, 1))),
        rounding=np.array(
            [rounding.MODES.index(mode) for mode in ("half_even", "half_up", "down")]
        ),
    )
    compare(contracts)


def test_terms_that_cannot_be_are_refused_by_the_reference_s_words():
    contracts = some_contracts(2, loans=3)
    contracts.principal[1] = -5
    with pytest.raises(TermsError, match="principal"):
        fast.schedules(contracts)
