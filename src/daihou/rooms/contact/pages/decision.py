"""One answer of the gate: what was asked, by which rules, what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from daihou.engine.gate.book import GateBook
from daihou.engine.rulebook.law import Evidence, Status
from daihou.rooms.contact.actions.attempts import no_such_decision
from daihou.rooms.contact.queries import history, rows
from daihou.rooms.contact.states import DecisionState, Result
from daihou.rooms.contact.words import (
    Chip,
    actor_word,
    channel_word,
    flag_word,
    licence_word,
    purpose_word,
    result_word,
    role_word,
    tongue,
    unknown_words,
    verdict_chip,
)
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule in the way: its text, force, version, and whether it is attested."""

    id: str
    title: str
    text: str
    force: Sequence[str]
    begins_on: date | None
    until: datetime | None
    unverified: bool
    is_policy: bool
    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Everything the page draws."""

    row: rows.DecisionRow
    chip: Chip
    channel: str
    purpose: str
    actor: str
    role: str
    licence: str
    flags: Sequence[str]
    debtor_flags: Sequence[str]
    rules: Sequence[RuleWords]
    unknown: str
    same_law: bool
    may_record: bool
    may_give_back: bool
    results: Sequence[tuple[str, str]]
    attempt: rows.AttemptRow | None
    came: str

    @property
    def facts(self) -> dict[str, Any]:
        """What the gate was told beside history."""
        return self.row.request


def decision_page(decision_id: int, *, by: people.Person, at: datetime) -> DecisionPage:
    """The page, or NotFound outside the scope."""
    row = rows.decision(decision_id, scope=by.scope)
    if row is None:
        raise no_such_decision(decision_id)
    book = history.gate_book()
    own = row.asked_by == by.username
    records = by.may(people.Permission.RECORD_CONTACT)
    is_open = row.verdict == "allow" and row.state == DecisionState.OPEN.value
    attempt = rows.attempt_of(row.id)
    told = row.request
    return DecisionPage(
        row=row,
        chip=verdict_chip(row.verdict),
        channel=channel_word(row.channel),
        purpose=purpose_word(row.purpose),
        actor=actor_word(row.actor),
        role=role_word(str(told.get("role", ""))),
        licence=licence_word(row.jurisdiction, row.licence),
        flags=[flag_word(each) for each in told.get("flags", ())],
        debtor_flags=[flag_word(each) for each in told.get("debtor_flags", ())],
        rules=rules_of(row, book),
        unknown=unknown_words(row.unknown),
        same_law=book.law.digest == row.law_digest,
        may_record=row.waits(at) and own and records,
        may_give_back=is_open
        and records
        and (own or by.may(people.Permission.LIFT_FLAG)),
        results=[(each.value, result_word(each.value)) for each in Result],
        attempt=attempt,
        came=result_word(attempt.result) if attempt else "",
    )


def rules_of(row: rows.DecisionRow, book: GateBook) -> Sequence[RuleWords]:
    """The rules in the way as they stood on the day of the answer."""
    untils = {each["rule"]: each["until"] for each in row.because}
    known = [each for each in row.rules if each in book.law.rules]
    return [_words(rule, untils.get(rule), row, book) for rule in known]


def _words(
    rule_id: str, until: str | None, row: rows.DecisionRow, book: GateBook
) -> RuleWords:
    rule = book.law.rules[rule_id]
    version = rule.on(timezone.localdate(row.asked_at)) or rule.versions[-1]
    return RuleWords(
        id=rule_id,
        title=rule.title[tongue()],
        text=version.text[tongue()],
        force=[each.value for each in rule.force],
        begins_on=version.begins_on,
        until=datetime.fromisoformat(until) if until else None,
        unverified=version.status is Status.UNVERIFIED,
        is_policy=all(each.evidence is Evidence.HOUSE for each in version.sources),
        sources=[f"{each.text} {each.place}".strip() for each in version.sources],
    )
