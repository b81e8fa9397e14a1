"""The questions the gate asks of a contact, each with its numbers from a rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from daihou.engine.gate.asking import DAY, Ask, Counted, Moment
from daihou.engine.gate.values import MESSAGES, VOICE, ConsentKind, Objection


class Counts(StrEnum):
    """What a cap counts."""

    CONNECTED = "connected"  # voice that somebody answered
    DIALS = "dials"  # voice that rang
    MESSAGES = "messages"  # short messages, chat and e-mail together
    CONTACTS = "contacts"  # everything


class Per(StrEnum):
    """Over what a cap counts; never per loan, collector or branch alone."""

    PERSON = "person"
    CONTACT_POINT = "contact_point"
    PERSON_AND_DEBT = "person_and_debt"


_CHANNELS = {
    Counts.CONNECTED: VOICE,
    Counts.DIALS: VOICE,
    Counts.MESSAGES: MESSAGES,
    Counts.CONTACTS: None,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Which contacts a question is about; None is all of them."""

    roles: frozenset[str] | None = None
    channels: frozenset[str] | None = None
    purposes: frozenset[str] | None = None

    def covers(self, ask: Ask) -> bool:
        """Tell whether the question is about this contact."""
        request = ask.request
        return (
            (self.roles is None or request.role in self.roles)
            and (self.channels is None or request.channel in self.channels)
            and (self.purposes is None or request.purpose in self.purposes)
        )


@dataclass(frozen=True, slots=True)
class Check:
    """One question of one rule."""

    rule: str
    scope: Scope

    def against(self, ask: Ask, now: Moment) -> Objection | None:
        """Return what stands in the way at a moment; None if nothing does."""
        if not self.scope.covers(ask) or self._passes(ask, now):
            return None
        return Objection(self.rule, self._until(ask, now))

    def edges(self, ask: Ask, day: date) -> Iterator[datetime]:
        """Yield the instants of a local day at which the answer may change."""
        yield from ()

    def _passes(self, ask: Ask, now: Moment) -> bool:
        raise AssertionError(type(self))

    def _until(self, ask: Ask, now: Moment) -> datetime | None:
        """Return the first instant without this objection; None if there is none."""
        return None


@dataclass(frozen=True, slots=True)
class Hours(Check):
    """Open from `opens` to before `closes`, by the person's clock."""

    opens: time
    closes: time
    night_consent_of: frozenset[str] = frozenset()  # roles whose consent opens nights

    def _passes(self, ask: Ask, now: Moment) -> bool:
        if self.opens <= now.clock < self.closes:
            return True
        agreed = ask.request.role in self.night_consent_of
        return agreed and ask.has_consent(ConsentKind.NIGHT_CONTACT, now.at)

    def _until(self, ask: Ask, now: Moment) -> datetime | None:
        for days in range(4):
            opening = ask.instant(now.day + days * DAY, self.opens, after=now.at)
            if opening > now.at and self._passes(ask, ask.moment(opening)):
                return opening
        return None

    def edges(self, ask: Ask, day: date) -> Iterator[datetime]:
        yield ask.instant(day, self.opens)
        yield ask.instant(day, self.closes)


@dataclass(frozen=True, slots=True)
class Cap(Check):
    """At most `most` of something in `days` local days, today included.

    With `hours` it is so many hours up to the instant instead.
    """

    counts: Counts
    per: Per
    most: int
    days: int = 1
    hours: int | None = None

    def counts_channel(self, channel: str) -> bool:
        """Tell whether contacts by a channel count."""
        channels = _CHANNELS[self.counts]
        return channels is None or channel in channels

    def used(self, ask: Ask, now: Moment) -> int:
        """Return how many count at a moment; at `most` the next must wait."""
        return len(self._counted(ask, now))

    def _passes(self, ask: Ask, now: Moment) -> bool:
        return self.used(ask, now) < self.most

    def _until(self, ask: Ask, now: Moment) -> datetime | None:
        if self.most == 0:
            return None
        counted = self._counted(ask, now)
        if self.hours is not None:
            instants = sorted(each.at for each in counted)
            return instants[-self.most] + timedelta(hours=self.hours)
        days = sorted(each.day for each in counted)
        return ask.instant(days[-self.most] + self.days * DAY, after=now.at)

    def edges(self, ask: Ask, day: date) -> Iterator[datetime]:
        if self.hours is not None:
            lasts = timedelta(hours=self.hours)
            yield from (each.at + lasts for each in ask.history)

    def _counted(self, ask: Ask, now: Moment) -> list[Counted]:
        channels = _CHANNELS[self.counts]
        if channels is not None and ask.request.channel not in channels:
            return []
        return [
            each
            for each in ask.history
            if (channels is None or each.past.channel in channels)
            and (self.counts is not Counts.CONNECTED or each.past.connected)
            and self._is_recent(each, now)
            and is_same(self.per, ask, each)
        ]

    def _is_recent(self, each: Counted, now: Moment) -> bool:
        if self.hours is not None:
            return each.at > now.at - timedelta(hours=self.hours)
        return each.day > now.day - self.days * DAY


@dataclass(frozen=True, slots=True)
class Quiet(Check):
    """No call for `days` local days after a conversation, its own the first."""

    per: Per
    days: int

    def _passes(self, ask: Ask, now: Moment) -> bool:
        last = self._last(ask)
        return last is None or now.day >= last + self.days * DAY

    def _until(self, ask: Ask, now: Moment) -> datetime | None:
        last = self._last(ask)
        assert last is not None
        return ask.instant(last + self.days * DAY, after=now.at)

    def _last(self, ask: Ask) -> date | None:
        if ask.request.channel not in VOICE:
            return None
        talks = (
            each.day
            for each in ask.history
            if each.past.conversation
            and each.past.channel in VOICE
            and is_same(self.per, ask, each)
        )
        return max(talks, default=None)


@dataclass(frozen=True, slots=True)
class Roles(Check):
    """Only these roles."""

    may: frozenset[str]

    def _passes(self, ask: Ask, now: Moment) -> bool:
        return ask.request.role in self.may


@dataclass(frozen=True, slots=True)
class DebtorOutOfReach(Check):
    """Only while the debtor cannot be reached, or has one of some flags."""

    flags: frozenset[str]

    def _passes(self, ask: Ask, now: Moment) -> bool:
        sure = ask.flags.debtor - ask.flags.unsure
        flagged = not self.flags.isdisjoint(sure)
        return ask.request.debtor_unreachable is True or flagged


@dataclass(frozen=True, slots=True)
class NotRefused(Check):
    """Never again after the person refused."""

    def _passes(self, ask: Ask, now: Moment) -> bool:
        return ask.request.refused is False


@dataclass(frozen=True, slots=True)
class Hold(Check):
    """None of these flags on the person, nor on the debtor of the debt.

    A debtor's flags in `spared` do not count; they open other ways.
    """

    flags: frozenset[str]
    spared: frozenset[str] = frozenset()

    def _passes(self, ask: Ask, now: Moment) -> bool:
        of_debtor = ask.flags.debtor - self.spared
        return self.flags.isdisjoint(ask.flags.person | of_debtor)


@dataclass(frozen=True, slots=True)
class NeedsConsent(Check):
    """Only with a standing consent to the channel."""

    channels: frozenset[str]

    def _passes(self, ask: Ask, now: Moment) -> bool:
        free = ask.request.channel not in self.channels
        return free or ask.has_consent(ConsentKind.CHANNEL, now.at)


@dataclass(frozen=True, slots=True)
class NotWithdrawn(Check):
    """Not by a channel the person took back and did not give again."""

    def _passes(self, ask: Ask, now: Moment) -> bool:
        kind = ConsentKind.CHANNEL
        return ask.has_consent(kind, now.at) or not ask.has_withdrawn(kind, now.at)


@dataclass(frozen=True, slots=True)
class Staff(Check):
    """At least so many people go together."""

    least: int

    def _passes(self, ask: Ask, now: Moment) -> bool:
        count = ask.request.staff_count
        return count is not None and count >= self.least


def is_same(per: Per, ask: Ask, each: Counted) -> bool:
    """Tell whether a past contact counts towards the one asked for."""
    request, past = ask.request, each.past
    if per is Per.CONTACT_POINT:
        return past.contact_point == request.contact_point
    if past.person != request.person:
        return False
    return per is Per.PERSON or past.debt == request.debt
