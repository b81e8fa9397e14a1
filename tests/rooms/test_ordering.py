"""The first rows of a long list are those a sort of the whole would put first."""

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daihou.rooms.ledger.pages.ordering import Numbers, first_places, keys

KINDS = {
    pa.int32(): st.integers(-2, 2),
    pa.int64(): st.integers(-2, 2) | st.sampled_from([-(2**40), 2**40]),
    pa.date32(): st.sampled_from(
        [date(1970, 1, 1), date(2024, 2, 29), date(1960, 1, 1)]
    ),
    pa.string(): st.sampled_from(["", "9", "10", "a", "B", "贷"]),
}


@pytest.mark.parametrize("kind", KINDS, ids=str)
@given(data=st.data(), descending=st.booleans(), count=st.integers(0, 9))
def test_the_first_rows_are_those_of_a_whole_sort(
    kind: pa.DataType, *, data: st.DataObject, descending: bool, count: int
) -> None:
    values = data.draw(st.lists(KINDS[kind] | st.none(), max_size=8))
    column = pa.chunked_array([pa.array(values, kind)])
    table = pa.table({"by": column, "place": pa.array(range(len(values)), pa.int64())})
    direction = "descending" if descending else "ascending"
    whole = pc.sort_indices(
        table, sort_keys=[("by", direction), ("place", "ascending")]
    ).to_pylist()
    kept: dict[str, Numbers] = {}
    by = keys(column, descending=descending, kept=kept, name="by")
    assert first_places(by, count).tolist() == whole[:count]
    assert bool(kept) == (kind == pa.string())


def test_ranks_that_are_kept_are_not_made_again() -> None:
    column = pa.chunked_array([["a", "b"]])
    kept = {"by": np.array([2, 1], np.int64)}
    by = keys(column, descending=False, kept=kept, name="by")
    assert first_places(by, 2).tolist() == [1, 0]
