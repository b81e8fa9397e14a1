"""Hazards of real car loans by age and risk band, beside the published ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from daihou.engine.metrics.survival import Spell, Step, incidence

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "auto_abs"
BANDS = ("prime", "super_prime")
ENOUGH = 50  # loans at risk at an age

pytestmark = pytest.mark.skipif(
    not (FOLDER / "loans.parquet").exists(),
    reason="shared/data/auto_abs is not beside the checkout",
)


@dataclass(frozen=True)
class Beside:
    """Our hazard of default at one age beside the published one."""

    age: int
    at_risk: int
    defaults: int
    published: float
    low: float
    high: float

    @property
    def is_inside(self) -> bool:
        return self.low <= self.defaults / self.at_risk <= self.high


def steps_of(band: str) -> tuple[Step, ...]:
    """Loans enter at the age they had when the deal began, and leave by an event."""
    loans: list[dict[str, Any]] = parquet.read_table(
        FOLDER / "loans.parquet"
    ).to_pylist()
    return incidence(
        Spell(
            entered=loan["Y"],
            left=loan["Xc"],
            event="default" if loan["D"] else "repaid" if loan["R"] else None,
        )
        for loan in loans
        if loan["risk_cat_ir"] == band
    )


def beside(band: str) -> list[Beside]:
    published = parquet.read_table(FOLDER / "published_hazards_72m_2017.parquet")
    ours = {step.age: step for step in steps_of(band)}
    return [
        Beside(
            age=row["Age"],
            at_risk=ours[row["Age"]].at_risk,
            defaults=ours[row["Age"]].events["default"],
            published=row["lam_hat"],
            low=row["CI_lower"],
            high=row["CI_upper"],
        )
        for row in published.to_pylist()
        if row["cat"] == band
        and row["CI_lower"] is not None
        and row["Age"] in ours
        and ours[row["Age"]].at_risk >= ENOUGH
    ]


@pytest.mark.parametrize("band", BANDS)
def test_as_many_defaults_as_the_published_hazards_expect(band):
    """Published: loans of several issuers. Ours: one of them, so near, not equal."""
    rows = beside(band)
    assert len(rows) >= 20
    expected = sum(row.at_risk * row.published for row in rows)
    assert sum(row.defaults for row in rows) == pytest.approx(expected, rel=0.15)
    assert sum(row.is_inside for row in rows) >= 0.75 * len(rows)


@pytest.mark.parametrize("band", BANDS)
def test_default_and_repayment_compete_for_the_same_loans(band):
    for step in steps_of(band):
        assert step.surviving + sum(step.incidence.values()) == 1
        assert step.at_risk >= sum(step.events.values())


def test_riskier_loans_default_more():
    last = [steps_of(band)[-1].incidence["default"] for band in BANDS]
    assert last[0] > last[1]
