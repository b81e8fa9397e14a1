"""The gate itself: may this person be contacted, and if not now, when."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from daihou.engine.gate.asking import DAY, Ask, Moment, ready
from daihou.engine.gate.book import GateBook
from daihou.engine.gate.checks import Check, Hours
from daihou.engine.gate.values import (
    Actor,
    Answer,
    Channel,
    Consent,
    ConsentKind,
    Flag,
    Flags,
    Objection,
    Past,
    Purpose,
    Request,
    Role,
    Verdict,
)

# Contacts long before or after these days are mistakes of a clock.
FIRST, LAST = datetime(2000, 1, 2, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
Window = tuple[datetime, datetime]  # half-open


def may_contact(
    request: Request,
    *,
    history: Sequence[Past],
    consents: Collection[Consent],
    flags: Flags,
    rulebook: GateBook,
    at: datetime,
) -> Answer:
    """Return allow, defer until an instant, or deny, with the rules in the way.

    Pure: the same question has the same answer. Whatever is not known or not
    understood denies and is named in `unknown`. `until` is the first instant at
    which, nothing else happening, the answer is allow.
    """
    unknown = unknown_facts(
        request, history=history, consents=consents, flags=flags, rulebook=rulebook
    )
    if not unknown and not (at.tzinfo and FIRST <= at < LAST):
        unknown = ("at",)
    if unknown:
        return Answer(Verdict.DENY, unknown=unknown)
    ask = ready(request, history=history, consents=consents, flags=flags, at=at)
    because = objections(ask, ask.moment(at), rulebook)
    if because is None:
        return Answer(Verdict.DENY, unknown=("at",))
    if not because:
        return Answer(Verdict.ALLOW)
    until = _first_allowed(ask, at, because, rulebook)
    verdict = Verdict.DENY if until is None else Verdict.DEFER
    ordered = sorted(because, key=lambda each: each.until is not None)
    return Answer(verdict, until, tuple(ordered))


def windows(
    request: Request,
    *,
    history: Sequence[Past],
    consents: Collection[Consent],
    flags: Flags,
    rulebook: GateBook,
    at: datetime,
    days: int = 7,
) -> tuple[Window, ...]:
    """Return the half-open times of the next days in which the gate would allow.

    Nothing else happening, `may_contact` says allow inside and only inside them.
    They run from `at` for `days` times 24 hours.
    """
    unknown = unknown_facts(
        request, history=history, consents=consents, flags=flags, rulebook=rulebook
    )
    if unknown or not (at.tzinfo and FIRST <= at < LAST):
        return ()
    ask = ready(request, history=history, consents=consents, flags=flags, at=at)
    start, end = at.astimezone(UTC), at.astimezone(UTC) + timedelta(days=days)
    edges = {start, end}
    for each in _edges(ask, rulebook, start=start, end=end):
        if start < each < end:
            edges.add(each)
    found: list[Window] = []
    for first, following in pairwise(sorted(edges)):
        if objections(ask, ask.moment(first), rulebook) != ():
            continue
        if found and found[-1][1] == first:
            first = found.pop()[0]
        found.append((first, following))
    return tuple(found)


def objections(
    ask: Ask, now: Moment, rulebook: GateBook
) -> tuple[Objection, ...] | None:
    """Return all that stands in the way at a moment; None where no rules are known."""
    checks = _checks(ask, now.day, rulebook)
    if not checks:
        return None
    found = (each.against(ask, now) for each in checks)
    return tuple(each for each in found if each is not None)


def unknown_facts(
    request: Request,
    *,
    history: Sequence[Past],
    consents: Collection[Consent],
    flags: Flags,
    rulebook: GateBook,
) -> tuple[str, ...]:
    """Return the names of facts that are missing or are words nobody knows."""
    pack = rulebook.pack(request.jurisdiction)
    third = request.role == Role.CONTACT_PERSON
    known = {
        "jurisdiction": pack is not None,
        "licence": pack is None or request.licence in pack.licences,
        "purpose": request.purpose in _PURPOSES,
        "channel": request.channel in _CHANNELS,
        "person.role": request.role in _ROLES,
        "person.id": bool(request.person),
        "person.time_zone": request.zone is not None,
        "person.flags": flags.person <= _FLAGS,
        "person.refused": not third or request.refused is not None,
        "debtor_flags": flags.debtor <= _FLAGS,
        "debtor_unreachable": not third or request.debtor_unreachable is not None,
        "contact_point": bool(request.contact_point),
        "debt": bool(request.debt),
        "staff_count": request.channel != Channel.VISIT
        or request.staff_count is not None,
        "history": all(
            each.at.tzinfo and each.channel in _CHANNELS and each.actor in _ACTORS
            for each in history
        ),
        "consents": all(_is_known(each) for each in consents),
    }
    return tuple(name for name, is_known in known.items() if not is_known)


_PURPOSES = frozenset(Purpose)
_CHANNELS = frozenset(Channel)
_ROLES = frozenset(Role)
_FLAGS = frozenset(Flag)
_ACTORS = frozenset(Actor)
_KINDS = frozenset(ConsentKind)


def _is_known(consent: Consent) -> bool:
    channel = consent.channel is None or consent.channel in _CHANNELS
    ended = consent.withdrawn_at is None or consent.withdrawn_at.tzinfo is not None
    dated = consent.given_at.tzinfo is not None and ended
    return consent.kind in _KINDS and channel and dated


def _checks(ask: Ask, day: date, rulebook: GateBook) -> tuple[Check, ...]:
    request = ask.request
    return rulebook.checks(day, request.jurisdiction, request.licence)


def _first_allowed(
    ask: Ask, at: datetime, because: tuple[Objection, ...], rulebook: GateBook
) -> datetime | None:
    """Return the first instant at which nothing stands in the way; None if never.

    Each objection says until when it alone holds, so no earlier instant can do.
    """
    found: tuple[Objection, ...] | None = because
    for _ in range(_MOST_STEPS):
        if found is None:
            return None
        if not found:
            return at
        untils = [each.until for each in found if each.until is not None]
        if len(untils) < len(found):
            return None
        assert max(untils) > at, found
        at = max(untils)
        found = objections(ask, ask.moment(at), rulebook)
    return None


_MOST_STEPS = 100  # a few suffice: the hours, then a cap, then the hours again


def _edges(
    ask: Ask, rulebook: GateBook, *, start: datetime, end: datetime
) -> list[datetime]:
    """Return every instant from start to end at which an answer may change."""
    found = [
        each.withdrawn_at for each in ask.consents if each.withdrawn_at is not None
    ]
    day, last = ask.moment(start).day - DAY, ask.moment(end).day + DAY
    while day <= last:
        found.append(ask.instant(day))
        for check in _checks(ask, day, rulebook):
            found += check.edges(ask, day)
        found += _second_time(ask, day, rulebook)
        day += DAY
    return found


def _second_time(ask: Ask, day: date, rulebook: GateBook) -> list[datetime]:
    """Return the openings and closings that come twice, when clocks go back."""
    found = []
    for check in _checks(ask, day, rulebook):
        if isinstance(check, Hours):
            for clock in (check.opens, check.closes):
                again = datetime.combine(day, clock, tzinfo=ask.zone).replace(fold=1)
                found.append(again.astimezone(UTC))
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=ask.zone)
    found.append(midnight.replace(fold=1).astimezone(UTC))
    return found
