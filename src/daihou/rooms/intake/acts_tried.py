"""Refused acts that files and mappings named, told to whoever writes them down."""

from collections.abc import Sequence
from typing import Any, Protocol

from daihou.engine.gate.refused import Finding
from daihou.kit import wording
from daihou.rooms.intake.findings import Found
from daihou.rooms.intake.mapping.errors import MappingError

LEGACY = "refused_legacy"
CODES = frozenset({"refused_act", LEGACY, "refused_column"})


class Outcome(Protocol):
    """What is needed of what an intake came to."""

    @property
    def batch_id(self) -> int | None:
        """The number of the intake."""

    @property
    def acts(self) -> Sequence[Found]:
        """What of it named a refused act."""


def in_rows(outcome: Outcome, *, source: str, deed: Any) -> None:
    """Note what the values of an intake named; call it after its transaction."""
    for one in outcome.acts:
        findings = one.params.get("findings")
        assert isinstance(findings, tuple), one
        wording.note(
            wording.Attempt(
                channel="import",
                place=f"{source}/{one.table or one.file}",
                name=one.column,
                by=deed.by,
                at=deed.at,
                business_date=deed.business_date,
                findings=_each_once(findings),
                let_in=one.code == LEGACY,
                payload={"batch": outcome.batch_id, "rows": one.count},
            )
        )


def in_mapping(error: MappingError, *, deed: Any) -> None:
    """Note what a mapping named; nothing for any other fault of it."""
    findings = error.params.get("findings")
    if error.code != "refused_act" or not isinstance(findings, tuple):
        return
    wording.note(
        wording.Attempt(
            channel="mapping",
            place=str(error.params.get("file", "")),
            name="",
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            findings=findings,
        )
    )


def _each_once(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple({each.code: each for each in reversed(findings)}.values())
