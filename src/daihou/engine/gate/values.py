"""What the gate is asked and what it answers."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum


class Verdict(StrEnum):
    """Yes, not before an instant, or no."""

    ALLOW = "allow"
    DEFER = "defer"
    DENY = "deny"


class Channel(StrEnum):
    """Ways to reach a person; there are no others."""

    CALL = "call"
    ROBOT_CALL = "robot_call"
    SMS = "sms"
    WECHAT = "wechat"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


VOICE = frozenset({Channel.CALL, Channel.ROBOT_CALL})
MESSAGES = frozenset({Channel.SMS, Channel.WECHAT, Channel.EMAIL})


class Purpose(StrEnum):
    """Why: to collect what is late, to remind of what falls due, to serve."""

    COLLECT = "collect"
    REMIND = "remind"
    SERVICE = "service"


class Role(StrEnum):
    """What the person contacted is to the debt."""

    BORROWER = "borrower"
    CO_BORROWER = "co_borrower"
    GUARANTOR = "guarantor"
    SPOUSE = "spouse"
    CONTACT_PERSON = "contact_person"
    UNRELATED = "unrelated"


class Flag(StrEnum):
    """Facts about a person that stop or change contact."""

    DISPUTE = "dispute"
    COMPLAINT = "complaint"
    HARDSHIP = "hardship"
    DECEASED = "deceased"
    BANKRUPTCY = "bankruptcy"
    MINOR = "minor"
    LAWYER = "lawyer"
    CEASE = "cease"
    BREATHING_SPACE = "breathing_space"


class Actor(StrEnum):
    """Who made a contact; all of them count as one lender."""

    STAFF = "staff"
    ROBOT = "robot"
    AGENCY = "agency"
    BRANCH = "branch"


class ConsentKind(StrEnum):
    """What a person agreed to."""

    NIGHT_CONTACT = "night_contact"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Request:
    """One contact somebody wants to make.

    Words are plain text, for they may come from anywhere: one that is not in the
    lists above is an unknown fact, and the answer to it is no. So is a `zone` or
    `staff_count` (visits) or `debtor_unreachable`, `refused` (contact persons)
    that is not known (None).
    """

    jurisdiction: str
    licence: str
    purpose: str
    channel: str
    role: str
    person: str
    contact_point: str
    debt: str
    zone: tzinfo | None
    staff_count: int | None = None
    refused: bool | None = None
    debtor_unreachable: bool | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """One contact that was made, or tried, by whoever acts for the lender.

    `connected`: somebody answered. `conversation`: it was talked over with the
    person. `failed`: the network never rang; such a one counts nowhere.
    """

    at: datetime
    person: str
    contact_point: str
    debt: str
    channel: str
    connected: bool
    conversation: bool
    failed: bool
    actor: str


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent on [given_at, withdrawn_at); no channel means all."""

    kind: str
    channel: str | None
    given_at: datetime
    withdrawn_at: datetime | None = None

    def is_active(self, at: datetime) -> bool:
        """Tell whether the consent stands at an instant."""
        ended = self.withdrawn_at is not None and self.withdrawn_at <= at
        return self.given_at <= at and not ended


@dataclass(frozen=True, slots=True)
class Flags:
    """Flags of the person contacted, and of the debtor the contact is about.

    `unsure`: of the debtor's, what one person alone said; it holds, but opens no way.
    """

    person: frozenset[str] = frozenset()
    debtor: frozenset[str] = frozenset()
    unsure: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Objection:
    """A rule that stands in the way: until an instant, or for good (None)."""

    rule: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, the first instant at which it would be allowed, and why.

    `unknown` names facts that are missing or not understood; then nobody looked
    any further. `because` holds every objection, refusals first.
    """

    verdict: Verdict
    until: datetime | None = None
    because: tuple[Objection, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that stand in the way, each once."""
        return tuple(dict.fromkeys(each.rule for each in self.because))
