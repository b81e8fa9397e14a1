"""May one contact a person now, by which channel and why not, for a page of work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from daihou.engine.gate.values import Answer, Channel, Verdict
from daihou.rooms.contact import asking
from daihou.rooms.contact.pages import person, week
from daihou.rooms.contact.queries import points, rows
from daihou.rooms.contact.words import channel_word, flag_word, result_word
from daihou.rooms.people import door as people

ON_THE_DESK: Final = (Channel.CALL, Channel.SMS, Channel.LETTER, Channel.VISIT)
RECENT: Final = 3


@dataclass(frozen=True, slots=True)
class Way:
    """One channel as the gate would answer now; nothing is kept of the asking.

    `until` is the end of the time that is open, or the instant from which it will be;
    None where neither is known. `left` is how many more contacts the caps allow
    (None: no cap counts this channel).
    """

    channel: str
    word: str
    point_id: int
    masked: str
    verdict: str
    until: datetime | None
    why: str
    counts: Sequence[week.Count]

    @property
    def may(self) -> bool:
        """Whether the gate would allow it now."""
        return self.verdict == Verdict.ALLOW.value

    @property
    def left(self) -> int | None:
        """How many more the caps allow."""
        return min(
            (max(0, each.most - each.used) for each in self.counts), default=None
        )


@dataclass(frozen=True, slots=True)
class Touch:
    """One contact that was made, in words."""

    at: datetime
    channel: str
    word: str
    result: str
    result_word: str
    conversation: bool
    connected: bool
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands with the gate, what holds contact, what was done lately."""

    loan_id: int
    ways: Mapping[str, Way]
    flags: Sequence[tuple[str, str]]
    recent: Sequence[Touch]

    @property
    def call(self) -> Way | None:
        """The way that is asked about first."""
        return self.ways.get(Channel.CALL.value)


def standing(
    customer_id: int, *, loan_id: int, by: people.Person, at: datetime
) -> Standing:
    """Ask for each channel without keeping the answers; who sees the loan may ask.

    `loan_id` 0 is a person without a live loan: no way is open then.
    """
    found: dict[str, Way] = {}
    known: dict[int, asking.Asked] = {}
    for channel, point_id, masked in person.ways_by_channel(
        points.in_use(points.points_of(customer_id))
    ):
        if not loan_id or channel not in ON_THE_DESK:
            continue
        if point_id not in known:
            known[point_id] = _asked(loan_id, customer_id, channel, point_id, by, at)
        question = _by(known[point_id], channel)
        found[channel.value] = _way(question, point_id, masked, at=at)
    flags = [row for row in rows.flags_of(customer_id) if row.stands(at)]
    return Standing(
        loan_id=loan_id,
        ways=found,
        flags=[(row.kind, flag_word(row.kind)) for row in flags],
        recent=recent(customer_id, by=by),
    )


def recent(
    customer_id: int, *, by: people.Person, limit: int = RECENT
) -> Sequence[Touch]:
    """The newest contacts of a customer; notes of the reader's scope alone."""
    return [
        Touch(
            at=row.at,
            channel=row.channel,
            word=channel_word(row.channel),
            result=row.result,
            result_word=result_word(row.result),
            conversation=row.conversation,
            connected=row.connected,
            by=row.recorded_by,
            note=row.note,
        )
        for row in rows.attempts_of(customer_id, scope=by.scope, limit=limit)
    ]


def _asked(
    loan_id: int,
    customer_id: int,
    channel: Channel,
    point_id: int,
    by: people.Person,
    at: datetime,
) -> asking.Asked:
    wish = replace(
        week.usual_wish(loan_id, customer_id), channel=channel.value, point_id=point_id
    )
    return asking.asked(wish, asking.facts_of(wish, by=by), at=at)


def _by(question: asking.Asked, channel: Channel) -> asking.Asked:
    """The same question by another channel; two go on a visit."""
    staff_count = 2 if channel is Channel.VISIT else None
    wish = replace(question.wish, channel=channel.value, staff_count=staff_count)
    request = replace(question.request, channel=channel.value, staff_count=staff_count)
    return replace(question, wish=wish, request=request)


def _way(question: asking.Asked, point_id: int, masked: str, *, at: datetime) -> Way:
    answer = asking.answer(question, at=at)
    channel = question.request.channel
    return Way(
        channel=channel,
        word=channel_word(channel),
        point_id=point_id,
        masked=masked,
        verdict=answer.verdict.value,
        until=_until(question, answer, at=at),
        why="" if answer.verdict is Verdict.ALLOW else week.reasons(question, answer),
        counts=week.counts(question, at=at),
    )


def _until(question: asking.Asked, answer: Answer, *, at: datetime) -> datetime | None:
    if answer.verdict is not Verdict.ALLOW:
        return answer.until
    for first, last in asking.open_times(question, at=at, days=1):
        if first <= at < last:
            return last
    return None
