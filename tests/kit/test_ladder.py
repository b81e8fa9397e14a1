"""The ladder of lists and charts holds every loan, whatever buckets its product has."""

import pyarrow as pa
import pytest

from daihou.engine.delinquency.buckets import BUCKET_SETS, bucket
from daihou.kit import ladder


def test_the_ladder_is_the_set_of_that_name() -> None:
    for dpd in (*range(200), 10_000):
        assert ladder.step(dpd) == bucket(dpd, "M0_M7")


@pytest.mark.parametrize("name", BUCKET_SETS)
def test_every_set_goes_onto_the_ladder(name: str) -> None:
    days = [0, 1, 30, 31, 60, 61, 90, 91, 180, 181, 270, 271, 361, 4000]
    positions = pa.table(
        {"bucket": [bucket(dpd, name) for dpd in days], "dpd": pa.array(days, "int32")}
    )
    steps = ladder.on_ladder(positions)["bucket"].to_pylist()
    assert steps == [ladder.step(dpd) for dpd in days]
    assert set(steps) <= set(ladder.BUCKETS)


def test_an_empty_book_has_no_steps() -> None:
    nothing = pa.table({"bucket": pa.array([], "string"), "dpd": pa.array([], "int32")})
    assert ladder.on_ladder(nothing).num_rows == 0
