"""What an intake came to, as a page tells it: plain values that can be kept a while."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone

from daihou.rooms.intake import door, queries


@dataclass(frozen=True, slots=True)
class TableTold:
    """Rows of one contract table: new, changed, the same, left out."""

    name: str
    added: int
    changed: int
    unchanged: int
    refused: int


@dataclass(frozen=True, slots=True)
class FaultTold:
    """One thing that is wrong, and what would be right."""

    file: str
    line: int | None
    column: str
    problem: str
    value: str
    right: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class KnownTold:
    """A file that was taken in before: in which intake, by whom, on which day."""

    name: str
    batch_id: int
    by: str
    on: str


@dataclass(frozen=True, slots=True)
class Told:
    """What taking files in did, or would do.

    `errors` are the rows to correct: name and address. `known` are the files that were
    taken in before, `new_source` is a source nobody sent from before. `faults_left`
    counts what is not listed.
    """

    state: str
    planned: bool
    batch_id: int | None
    tables: Sequence[TableTold] = ()
    faults: Sequence[FaultTold] = ()
    faults_left: int = 0
    errors: Sequence[tuple[str, str]] = ()
    known: Sequence[KnownTold] = ()
    new_source: str = ""
    sources: Sequence[str] = field(default_factory=tuple)

    @property
    def refused(self) -> bool:
        """Whether nothing was (or would be) taken in."""
        return self.state == "refused"

    def plain(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self)


def read(plain: Mapping[str, Any]) -> Told:
    """What `plain` wrote."""
    given = dict(plain)
    given["tables"] = [TableTold(**each) for each in given["tables"]]
    given["faults"] = [FaultTold(**each) for each in given["faults"]]
    given["known"] = [KnownTold(**each) for each in given["known"]]
    given["errors"] = [(name, address) for name, address in given["errors"]]
    return Told(**given)


def tell(
    outcome: door.Outcome, *, source: str, sources: Sequence[str], batch_errors: bool
) -> Told:
    """An outcome as a page tells it; `batch_errors`: who reads may fetch the rows."""
    names = dict.fromkeys([*outcome.tables, *outcome.refused])
    counts = {name: outcome.tables.get(name, door.Counts()) for name in names}
    known = source in sources or not sources
    return Told(
        state=str(outcome.state),
        planned=outcome.planned,
        batch_id=outcome.batch_id,
        tables=[
            TableTold(
                name,
                counts[name].added,
                counts[name].changed,
                counts[name].unchanged,
                outcome.refused.get(name, 0),
            )
            for name in names
        ],
        faults=[
            FaultTold(
                fault.file,
                fault.line,
                fault.column,
                fault.problem,
                fault.value,
                fault.right,
                fault.is_error,
            )
            for fault in outcome.faults
        ],
        faults_left=max(0, sum(outcome.codes.values()) - len(outcome.faults)),
        errors=_errors(outcome) if batch_errors else [],
        known=[
            KnownTold(
                first.name,
                first.batch_id,
                first.by,
                timezone.localtime(first.at).strftime("%Y-%m-%d %H:%M"),
            )
            for first in queries.first_taken(outcome.known_digests)
        ],
        new_source="" if known else source,
        sources=list(sources),
    )


def _errors(outcome: door.Outcome) -> list[tuple[str, str]]:
    """The error files: name and address. A file refused as a whole has no row."""
    rows_of = {fault.file for fault in outcome.faults if fault.line}
    with_rows = [
        (name, path) for name, path in outcome.error_files.items() if name in rows_of
    ]
    if not outcome.planned:
        return [
            (path.name, reverse("intake:batch", args=[outcome.batch_id]))
            for _name, path in with_rows
        ]
    ordered = sorted(outcome.error_files.values())
    wanted = {path for _name, path in with_rows}
    return [
        (path.name, reverse("intake:planned", args=[path.parent.name, number]))
        for number, path in enumerate(ordered)
        if path in wanted
    ]
