"""Questions to the gate as JSON, read strictly, and its answers as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from daihou.engine.gate.book import GateBook
from daihou.engine.gate.deciding import may_contact
from daihou.engine.gate.values import (
    Actor,
    Answer,
    Channel,
    Consent,
    ConsentKind,
    Flag,
    Flags,
    Past,
    Purpose,
    Request,
    Role,
    Verdict,
)
from daihou.packs.law_errors import AskError
from daihou.packs.law_fields import Reader, short

_REQUEST = frozenset(
    {
        *("id", "jurisdiction", "at", "purpose", "channel", "licence", "person"),
        *("debtor_flags", "debtor_unreachable", "contact_point", "debt"),
        *("staff_count", "history", "consents"),
    }
)
_PERSON = frozenset({"id", "role", "time_zone", "flags", "refused"})
_PAST = frozenset(
    {
        *("at", "person", "contact_point", "debt", "channel", "connected"),
        *("conversation", "failed", "actor"),
    }
)
_CONSENT = frozenset({"kind", "channel", "given_at", "withdrawn_at"})
_CHANNELS, _PURPOSES, _ROLES, _FLAGS, _ACTORS, _KINDS = (
    {each.value: None for each in kind}
    for kind in (Channel, Purpose, Role, Flag, Actor, ConsentKind)
)


@dataclass(frozen=True, slots=True)
class Question:
    """All that `may_contact` is asked, as one line of JSON says it."""

    request: Request
    history: tuple[Past, ...]
    consents: tuple[Consent, ...]
    flags: Flags
    at: datetime


def answer_line(line: bytes, book: GateBook, *, language: str, explain: bool) -> str:
    """Answer one line of JSON by one line of JSON; never raises for what it holds.

    What cannot be read is denied, with an `error` that names the field.
    """
    request_id: object = None
    try:
        content = parse(line)
        request_id = _id_or_none(content)
        question = read(content, book)
        answer = ask(question, book)
        if answer.unknown:
            raise _not_known(answer.unknown[0], content)
    except AskError as error:
        found = {
            "id": request_id,
            "verdict": Verdict.DENY.value,
            "until": None,
            "rules": [],
            "error": error.say(language),
        }
        return written(found)
    said = as_json(answer, request_id, zone=question.request.zone)
    if explain:
        day = question.at.astimezone(question.request.zone).date()
        said["because"] = explained(answer, book, day=day, language=language)
    return written(said)


def ask(question: Question, book: GateBook) -> Answer:
    """Put a question that was read to the gate."""
    return may_contact(
        question.request,
        history=question.history,
        consents=question.consents,
        flags=question.flags,
        rulebook=book,
        at=question.at,
    )


def as_json(
    answer: Answer, request_id: object, *, zone: tzinfo | None
) -> dict[str, Any]:
    """Return an answer as JSON has it; instants on the person's clock."""
    until = answer.until
    return {
        "id": request_id,
        "verdict": answer.verdict.value,
        "until": until.astimezone(zone).isoformat() if until else None,
        "rules": list(answer.rules),
    }


def explained(
    answer: Answer, book: GateBook, *, day: date, language: str
) -> list[dict[str, Any]]:
    """Return the rules in the way with their text, sources and standing."""
    return explained_rules(answer.rules, book, day=day, language=language)


def explained_rules(
    rules: Sequence[str], book: GateBook, *, day: date, language: str
) -> list[dict[str, Any]]:
    """Return rules by their ids with their text, sources and standing on a day."""
    tongue = "zh-Hans" if language.startswith("zh") else "en"
    said = []
    for rule_id in rules:
        rule = book.law.rules[rule_id]
        version = rule.on(day) or rule.versions[-1]
        said.append(
            {
                "rule": rule_id,
                "title": rule.title[tongue],
                "text": version.text[tongue],
                "force": [each.value for each in rule.force],
                "status": version.status.value,
                "sources": [
                    f"{each.text} {each.place}".strip() for each in version.sources
                ],
            }
        )
    return said


def written(content: Mapping[str, Any]) -> str:
    """Return one line of JSON; half characters are escaped, not a failure."""
    text = json.dumps(content, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(content)
    return text


def parse(line: bytes) -> Mapping[str, Any]:
    """Return the JSON object of a line, or raise AskError."""
    try:
        text = line.decode("utf-8-sig")
        content = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise AskError("line", problem="UTF-8") from None
    except RecursionError:
        raise AskError("line", problem="too deep") from None
    except ValueError as error:
        raise AskError("line", problem=short(str(error))) from None
    if not isinstance(content, dict):
        raise AskError("line", problem=type(content).__name__)
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{short(twice)} given twice")
    return found


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _id_or_none(content: Mapping[str, Any]) -> object:
    given = content.get("id")
    is_plain = isinstance(given, str | int) and not isinstance(given, bool)
    return given if is_plain else None


def read(content: Mapping[str, Any], book: GateBook) -> Question:
    """Return the question an object asks, or raise AskError naming the field."""
    top = Reader(content, "", _REQUEST)
    top.name("id")
    at = top.instant("at")
    person = Reader(top.object("person"), "person.", _PERSON)
    role = person.word("role", _ROLES)
    is_third = role == Role.CONTACT_PERSON
    channel = top.word("channel", _CHANNELS)
    jurisdiction = top.word(
        "jurisdiction", {name: None for name in book.law.packs if book.pack(name)}
    )
    pack = book.pack(jurisdiction)
    assert pack is not None
    request = Request(
        jurisdiction=jurisdiction,
        licence=top.word("licence", pack.licences),
        purpose=top.word("purpose", _PURPOSES),
        channel=channel,
        role=role,
        person=person.name("id"),
        contact_point=top.name("contact_point"),
        debt=top.name("debt"),
        zone=person.zone("time_zone"),
        staff_count=top.count("staff_count", needed=channel == Channel.VISIT),
        refused=person.truth("refused", needed=is_third),
        debtor_unreachable=top.truth("debtor_unreachable", needed=is_third),
    )
    flags = Flags(person.words("flags", _FLAGS), top.words("debtor_flags", _FLAGS))
    history = tuple(
        _past(Reader(each, f"history[{place}].", _PAST))
        for place, each in enumerate(top.objects("history"))
    )
    consents = tuple(
        _consent(Reader(each, f"consents[{place}].", _CONSENT))
        for place, each in enumerate(top.objects("consents"))
    )
    return Question(request, history, consents, flags, at)


def _past(given: Reader) -> Past:
    return Past(
        at=given.instant("at"),
        person=given.name("person"),
        contact_point=given.name("contact_point"),
        debt=given.name("debt"),
        channel=given.word("channel", _CHANNELS),
        connected=given.truth("connected", needed=True) is True,
        conversation=given.truth("conversation", needed=True) is True,
        failed=given.truth("failed", needed=True) is True,
        actor=given.word("actor", _ACTORS),
    )


def _consent(given: Reader) -> Consent:
    kind = given.word("kind", _KINDS)
    channel = None
    if kind == ConsentKind.CHANNEL or given.content.get("channel") is not None:
        channel = given.word("channel", _CHANNELS)
    withdrawn = None
    if given.content.get("withdrawn_at") is not None:
        withdrawn = given.instant("withdrawn_at")
    return Consent(kind, channel, given.instant("given_at"), withdrawn)


def _not_known(field: str, content: Mapping[str, Any]) -> AskError:
    """What the gate itself could not place: a day without rules, or our mistake."""
    assert field == "at", field
    told = content.get("jurisdiction")
    return AskError("no_rules", field=field, jurisdiction=told)
