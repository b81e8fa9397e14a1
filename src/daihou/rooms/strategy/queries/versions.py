"""Strategies and their versions: lists, one, and what holds on a morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.steps import Live
from daihou.rooms.strategy import document
from daihou.rooms.strategy.models import Strategy, Version
from daihou.rooms.strategy.states import RELEASED, State


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its content; `waits` is the number of an open proposal."""

    id: int
    strategy_id: int
    code: str
    title: Mapping[str, str]
    number: int
    state: str
    origin: str
    digest: str
    rev: int
    based_on: int | None
    authors: tuple[str, ...]
    changed_by: str
    changed_at: datetime
    begins_on: date | None
    ended_on: date | None
    proposal_id: int | None
    decided_by: str
    decided_at: datetime | None
    because: str

    @property
    def is_draft(self) -> bool:
        """Whether it can still be drawn at."""
        return self.state == State.DRAFT

    @property
    def name(self) -> str:
        """How it is called in a sentence."""
        return f"{self.code} {self.number}"


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """A strategy with what is live, what comes and what is drawn."""

    id: int
    code: str
    title: Mapping[str, str]
    place: int
    live: VersionLine | None
    coming: tuple[VersionLine, ...]
    drafts: tuple[VersionLine, ...]


def _line(row: Version, strategy: Strategy) -> VersionLine:
    return VersionLine(
        id=row.pk,
        strategy_id=strategy.pk,
        code=strategy.code,
        title={"zh": strategy.title_zh, "en": strategy.title_en},
        number=row.number,
        state=row.state,
        origin=row.origin,
        digest=row.digest,
        rev=row.rev,
        based_on=row.based_on_id,
        authors=tuple(row.authors),
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        begins_on=row.begins_on,
        ended_on=row.ended_on,
        proposal_id=row.proposal_id,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        because=row.because,
    )


def strategies() -> Sequence[StrategyLine]:
    """Every strategy, in the order in which they are asked."""
    rows = list(Strategy.objects.all())
    shown = Version.objects.exclude(state=State.RETIRED).defer("content")
    found: dict[int, list[Version]] = {}
    for each in shown.order_by("begins_on", "number"):
        found.setdefault(each.strategy_id, []).append(each)
    return [_strategy(row, found.get(row.pk, [])) for row in rows]


def _strategy(row: Strategy, found: Sequence[Version]) -> StrategyLine:
    lines = [_line(each, row) for each in found]
    live = [each for each in lines if each.state == State.LIVE]
    return StrategyLine(
        id=row.pk,
        code=row.code,
        title={"zh": row.title_zh, "en": row.title_en},
        place=row.place,
        live=live[0] if live else None,
        coming=tuple(
            each for each in lines if each.state in (State.REVIEWED, State.SCHEDULED)
        ),
        drafts=tuple(each for each in lines if each.is_draft),
    )


def strategy_row(strategy_id: int) -> Strategy:
    """The row of a strategy, or NotFound."""
    row: Strategy | None = Strategy.objects.filter(pk=strategy_id).first()
    if row is None:
        raise NotFound(
            "strategy_unknown",
            _("There is no strategy %(n)s. Look in the list of strategies.")
            % {"n": strategy_id},
        )
    return row


def strategy_line(strategy_id: int) -> StrategyLine:
    """One strategy, or NotFound."""
    row = strategy_row(strategy_id)
    found = row.versions.exclude(state=State.RETIRED).defer("content")
    return _strategy(row, list(found.order_by("begins_on", "number")))


def versions_of(strategy_id: int) -> Sequence[VersionLine]:
    """Every version of a strategy, the newest first."""
    row = strategy_row(strategy_id)
    found = row.versions.defer("content").order_by("-number")
    return [_line(each, row) for each in found]


def version_row(version_id: int, *, hold: bool) -> Version:
    """The row of a version, or NotFound; with `hold` nobody else changes it."""
    rows = Version.objects.select_related("strategy")
    if hold:
        rows = rows.select_for_update(of=("self",))
    row: Version | None = rows.filter(pk=version_id).first()
    if row is None:
        raise NotFound(
            "version_unknown",
            _("There is no version %(n)s of a strategy; a draft may have been dropped.")
            % {"n": version_id},
        )
    return row


def version_or_none(version_id: int) -> Version | None:
    """The row of a version, None where it was dropped."""
    found: Version | None = Version.objects.filter(pk=version_id).first()
    return found


def version(version_id: int) -> VersionLine:
    """One version without its content, or NotFound."""
    row = version_row(version_id, hold=False)
    return _line(row, row.strategy)


def content_of(version_id: int) -> dict[str, Any]:
    """What a version says, in its plain form."""
    return dict(version_row(version_id, hold=False).content)


def basis_of(strategy: Strategy, based_on: int | None) -> Version | None:
    """The version a draft begins from: the one asked for, else the live or newest."""
    if based_on is not None:
        row = version_row(based_on, hold=False)
        if row.strategy_id == strategy.pk:
            return row
        raise NotFound("version_unknown", _("That version is none of this strategy's."))
    live = live_row(strategy.pk)
    return live or strategy.versions.order_by("-number").first()


def live_row(strategy_id: int, *, hold: bool = False) -> Version | None:
    """The row of the live version of a strategy."""
    rows = Version.objects.filter(strategy_id=strategy_id, state=State.LIVE)
    found: Version | None = (rows.select_for_update() if hold else rows).first()
    return found


def live_ids() -> list[int]:
    """The ids of the live versions in the order in which they are asked."""
    rows = Version.objects.filter(state=State.LIVE)
    return list(
        rows.order_by("strategy__place", "strategy__code").values_list("pk", flat=True)
    )


def in_force(on: date) -> tuple[Live, ...]:
    """What the strategies say on the morning of a day, in the order asked."""
    rows = (
        Version.objects.filter(state__in=RELEASED, begins_on__lte=on)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))
        .select_related("strategy")
        .order_by("strategy__place", "strategy__code", "begins_on", "pk")
    )
    newest = {row.strategy_id: row for row in rows}  # the later of two counts
    return tuple(
        Live(version_id=row.pk, strategy=document.parsed(row.content))
        for row in newest.values()
    )
