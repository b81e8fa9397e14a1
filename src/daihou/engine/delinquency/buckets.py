"""Bucket sets: names for ranges of days past due; which set is used is a choice."""

from collections.abc import Mapping
from types import MappingProxyType

# set -> (bucket, its first day past due), ascending. M0_M7: one bucket a month of
# thirty days. CN_S71: the ranges of the regulator's small-business return S71.
# SMA: special mention accounts (Reserve Bank of India). EBA: material arrears.
BUCKET_SETS: Mapping[str, tuple[tuple[str, int], ...]] = MappingProxyType(
    {
        "M0_M7": (
            ("M0", 0),
            *((f"M{month}", 30 * month - 29) for month in range(1, 8)),
        ),
        "CN_S71": (
            ("0", 0),
            ("1-30", 1),
            ("31-60", 31),
            ("61-90", 61),
            ("91-180", 91),
            ("181-270", 181),
            ("271-360", 271),
            ("361+", 361),
        ),
        "SMA": (
            ("standard", 0),
            ("SMA-0", 1),
            ("SMA-1", 31),
            ("SMA-2", 61),
            ("NPA", 91),
        ),
        "EBA": (("0", 0), ("1-30", 1), ("31-90", 31), ("91+", 91)),
    }
)


def bucket(dpd: int, bucket_set: str) -> str:
    """Return the bucket of `bucket_set` that holds `dpd` days past due."""
    assert dpd >= 0, dpd
    return next(
        name for name, first in reversed(BUCKET_SETS[bucket_set]) if dpd >= first
    )


def bucket_range(name: str, bucket_set: str) -> tuple[int, int | None]:
    """Return the first and last day past due of a bucket (last None: open)."""
    buckets = BUCKET_SETS[bucket_set]
    place = [known for known, _ in buckets].index(name)
    last = buckets[place + 1][1] - 1 if place + 1 < len(buckets) else None
    return buckets[place][1], last


def shown(name: str) -> str:
    """Return the word people read for a bucket: `M7`, above 180 days, is `M6+`.

    Data files keep the id.
    """
    return "M6+" if name == "M7" else name
