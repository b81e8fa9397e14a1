"""Two versions side by side: in words, and both tables as one grid."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.strategy import differences, queries, words
from daihou.rooms.strategy.queries import VersionLine


@dataclass(frozen=True, slots=True)
class Page:
    """The comparison; `versions` are those there are to choose from."""

    before: VersionLine
    after: VersionLine
    versions: tuple[tuple[int, str], ...]
    told: tuple[str, ...]
    heads: tuple[str, ...]
    rows: list[dict[str, Any]]
    same: bool
    every: bool


def page(before_id: int, after_id: int, *, every: bool = False) -> Page:
    """The comparison of two versions, or NotFound; with `every` rows that are the same."""
    after = queries.version(after_id)
    versions = queries.versions_of(after.strategy_id)
    before_id = before_id or after.based_on or after_id
    before = queries.version(before_id)
    if before.strategy_id != after.strategy_id:
        raise NotFound(
            "version_unknown", _("Both versions have to be of one strategy.")
        )
    one, other = queries.content_of(before.id), queries.content_of(after.id)
    grid = differences.grid(one, other)
    return Page(
        before=before,
        after=after,
        versions=tuple((each.id, _name(each)) for each in versions),
        told=tuple(differences.told(each) for each in differences.between(one, other)),
        heads=tuple(words.column(n) for n in (*grid["inputs"], *grid["outputs"])),
        rows=[row for row in grid["rows"] if every or _differs(row)],
        every=every,
        same=before.digest == after.digest,
    )


def _differs(row: dict[str, Any]) -> bool:
    return row["did"] != "same" or any(was != now for was, now in row["cells"])


def _name(line: VersionLine) -> str:
    return f"{line.name}, {words.state_chip(line.state)[2]}"
