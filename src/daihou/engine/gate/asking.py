"""A request made ready to be looked at: only what had happened by then, in local days."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from daihou.engine.gate.values import Consent, Flags, Past, Request

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant, and the day and time of day where the person is."""

    at: datetime
    day: date
    clock: time


@dataclass(frozen=True, slots=True)
class Counted:
    """A past contact that counts, with the person's local day of it."""

    at: datetime
    day: date
    past: Past


@dataclass(frozen=True, slots=True)
class Ask:
    """A request with what was known when it was made."""

    request: Request
    zone: tzinfo
    flags: Flags
    history: tuple[Counted, ...]
    consents: tuple[Consent, ...]

    def moment(self, at: datetime) -> Moment:
        """Return an instant as the person's clock shows it."""
        local = at.astimezone(self.zone)
        return Moment(at, local.date(), local.time())

    def instant(
        self, day: date, clock: time = time(0), *, after: datetime | None = None
    ) -> datetime:
        """Return when it is that time there; where it is never, just after.

        Where clocks go back a time comes twice: the first counts, or the second if
        the first is not `after` an instant.
        """
        local = datetime.combine(day, clock, tzinfo=self.zone)
        found = local.astimezone(UTC)
        if after is not None and found <= after:
            return local.replace(fold=1).astimezone(UTC)
        return found

    def has_consent(self, kind: str, at: datetime) -> bool:
        """Tell whether a consent of a kind covers the channel at an instant."""
        channel = self.request.channel
        return any(
            each.kind == kind and each.channel in {None, channel} and each.is_active(at)
            for each in self.consents
        )

    def has_withdrawn(self, kind: str, at: datetime) -> bool:
        """Tell whether a consent of a kind for the channel was taken back."""
        channel = self.request.channel
        return any(
            each.kind == kind
            and each.channel in {None, channel}
            and each.withdrawn_at is not None
            and each.withdrawn_at <= at
            for each in self.consents
        )


def ready(
    request: Request,
    *,
    history: Sequence[Past],
    consents: Collection[Consent],
    flags: Flags,
    at: datetime,
) -> Ask:
    """Return the request with the past as it was known at `at`.

    What happened or was agreed later is left out, so that an old request asked
    again with today's history has its old answer.
    """
    assert request.zone is not None
    zone = request.zone
    counted = tuple(
        Counted(each.at, each.at.astimezone(zone).date(), each)
        for each in history
        if each.at <= at and not each.failed
    )
    given = tuple(each for each in consents if each.given_at <= at)
    return Ask(request, zone, flags, counted, given)
