"""Questions about clocks as JSON, and their answers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from daihou.engine.classification.codes import Event
from daihou.engine.classification.facts import Happened as Changed
from daihou.engine.classification.facts import Period
from daihou.engine.clocks import complaint as complaints
from daihou.engine.clocks.deadlines import (
    DEADLINES,
    EVALUATED,
    deadline,
    evaluation,
    transfer_pilot,
)
from daihou.engine.clocks.guarantee import FORMS, Guarantee, guarantee
from daihou.engine.clocks.limitation import APPLIED, enforcement, limitation
from daihou.engine.clocks.observation import observation
from daihou.engine.clocks.rules import EVIDENCE, LIKE_A_SUIT, SAVED_BY, ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened
from daihou.engine.clocks.weighing import DEMAND, OBSTACLE, SUIT
from daihou.engine.clocks.words import PHRASES
from daihou.engine.rulebook.law import Lawbook
from daihou.packs.questions import Fields, QuestionError, explained

_COMMON = ("id", "clock", "licence", "as_of", "subject", "events")
_EVENT = (
    *(
        "happened_on",
        "kind",
        "evidence",
        "signed_by",
        "arrived",
        "debtor_missing",
        "until",
    ),
    *("party", "id"),
)
_CHANGE = ("happened_on", "kind", "first_due_on", "period_months", "period_days", "id")
# Proofs and acts that come up and do not count; what counts is in the rules.
_OTHER_EVIDENCE = ("call_recording", "handwritten_note", "staff_statement")
_OTHER_ACTS = ("call_to_debtor", "demand", "late_signature")
_SIGNERS = ("self", "adult_co_resident_relative", "agent", "neighbour", "unknown")
ASSETS = ("real_estate", "equity", "movable")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was read as far as every clock has it."""

    fields: Fields
    rules: ClockRules
    calendar: Calendar | None
    subject: str

    @property
    def common(self) -> dict[str, Any]:
        """What every clock is told: its subject, its day, the calendar."""
        as_of = self.rules.on
        return {"subject": self.subject, "as_of": as_of, "calendar": self.calendar}


Reader = Callable[[Asked], Clock]


def answer(
    content: dict[str, Any], law: Lawbook, calendar: Calendar | None, *, language: str
) -> dict[str, Any]:
    """Answer one question, or raise QuestionError naming the field."""
    clock = clock_of(content, law, calendar)
    return {
        **clock_json(clock),
        **explained(clock.decision, PHRASES, language=language),
    }


def clock_of(content: dict[str, Any], law: Lawbook, calendar: Calendar | None) -> Clock:
    """Return the clock that a question asks about."""
    kind = Fields(content, "", tuple(content)).word("clock", KINDS)
    fields = Fields(content, "", (*_COMMON, *_FACTS.get(kind, ())))
    rules = ClockRules.of(
        law,
        fields.word("licence", tuple(law.packs["cn"].licences)),
        fields.day("as_of"),
    )
    subject = fields.name("subject", usual=fields.name("id", usual=kind))
    return _READERS[kind](Asked(fields, rules, calendar, subject))


def clock_json(clock: Clock) -> dict[str, Any]:
    """Return a clock for JSON, without its decision."""
    return {
        "clock": clock.kind,
        "state": clock.state.value,
        "begins_on": _day(clock.begins_on),
        "counted_to": _day(clock.counted_to),
        "ends_on": _day(clock.ends_on),
        "days_left": clock.days_left,
        "events": [
            {
                "happened_on": _day(each.event.on),
                "kind": each.event.kind,
                "evidence": each.event.evidence,
                "counts": each.counts,
                "why": each.why,
                "ends_on": _day(each.ends_on),
            }
            for each in clock.events
        ],
        "alarms": [
            {"days": each.days, "on": _day(each.on), "reached": each.is_reached}
            for each in clock.alarms
        ],
        "alarm": clock.alarm,
        "stops": list(clock.stops),
        "restarts": list(clock.restarts),
        "at_end": clock.at_end,
    }


def _day(day: Any) -> str | None:
    return None if day is None else day.isoformat()


def _events(asked: Asked, kinds: Sequence[str]) -> list[Happened]:
    rows = asked.fields.rows("events", _EVENT)
    return [_event(row, kinds, asked.rules) for row in rows]


def _event(row: Fields, kinds: Sequence[str], rules: ClockRules) -> Happened:
    on, until = row.day("happened_on"), row.day_or_none("until")
    if until is not None and until < on:
        field = row.place + "until"
        raise QuestionError("order", field=field, given=until, other=on)
    article = rules.get(EVIDENCE)
    listed = () if article is None else article.names("evidence")
    proofs = (*listed, *_OTHER_EVIDENCE)
    return Happened(
        on=on,
        kind=row.word("kind", kinds),
        evidence=row.word("evidence", proofs) if row.has("evidence") else None,
        signed_by=row.word("signed_by", _SIGNERS) if row.has("signed_by") else None,
        arrived=row.truth("arrived"),
        debtor_missing=row.truth("debtor_missing"),
        until=until,
        party=row.name("party") if row.has("party") else None,
        id=row.name("id", usual=""),
    )


def _interrupting(rules: ClockRules) -> tuple[str, ...]:
    like = rules.get(LIKE_A_SUIT)
    named: tuple[str, ...] = ()
    if like is not None:
        for name in ("acknowledged_by", "equals_suit", "reaching_notice"):
            named += like.names(name)
        named += like.names("waives_after_expiry")
    return (DEMAND, SUIT, OBSTACLE, *named, "call_to_debtor")


def _limitation(asked: Asked) -> Clock:
    fields = asked.fields
    events = _events(asked, _interrupting(asked.rules))
    return limitation(
        fields.day("begins_on"),
        events,
        asked.rules,
        **asked.common,
        has_mortgage=fields.word("clock", KINDS) == "mortgage",
    )


def _enforcement(asked: Asked) -> Clock:
    kinds = tuple(dict.fromkeys((APPLIED, *_interrupting(asked.rules))))
    events = _events(asked, kinds)
    return enforcement(
        asked.fields.day("begins_on"), events, asked.rules, **asked.common
    )


def _guarantee(asked: Asked) -> Clock:
    fields = asked.fields
    if fields.has("agreed_until") and fields.has("agreed_months"):
        raise QuestionError("both", field="agreed_until", other="agreed_months")
    months = None
    if fields.has("agreed_months"):
        months = fields.count("agreed_months", least=1)
    facts = Guarantee(
        guarantor=fields.name("guarantor"),
        due_on=fields.day("due_on"),
        form=fields.word("form", FORMS) if fields.has("form") else None,
        agreed_until=fields.day_or_none("agreed_until"),
        agreed_months=months,
        until_paid=fields.truth("until_paid"),
    )
    saving = asked.rules.get(SAVED_BY)
    named: tuple[str, ...] = ()
    if saving is not None:
        named = saving.names("general_saved_by") + saving.names("joint_saved_by")
    events = _events(asked, (*named, *_OTHER_ACTS))
    day = asked.rules.on
    return guarantee(facts, events, asked.rules, as_of=day, calendar=asked.calendar)


def _complaint(asked: Asked) -> Clock:
    events = _events(asked, complaints.KINDS)
    received_on = asked.fields.day("begins_on")
    return complaints.complaint(received_on, events, asked.rules, **asked.common)


def _deadline(asked: Asked) -> Clock:
    fields = asked.fields
    kind = fields.word("clock", KINDS)
    asset = fields.word("asset", ASSETS) if kind == "foreclosed" else None
    events = _events(asked, (DEADLINES[kind].done,))
    begins_on = fields.day("begins_on")
    return deadline(kind, begins_on, events, asked.rules, **asked.common, asset=asset)


def _evaluation(asked: Asked) -> Clock:
    return evaluation(
        asked.fields.day("begins_on"),
        _events(asked, (EVALUATED,)),
        asked.rules,
        **asked.common,
        contract_ends_on=asked.fields.day_or_none("contract_ends_on"),
    )


def _observation(asked: Asked) -> Clock:
    codes = tuple(each.code for each in Event)
    rows = asked.fields.rows("events", _CHANGE)
    return observation(
        [_change(row, codes) for row in rows], asked.rules, **asked.common
    )


def _change(row: Fields, codes: Sequence[str]) -> Changed:
    event = Event[row.word("kind", codes).upper()]
    on = row.day("happened_on")
    if event is not Event.RESTRUCTURED:
        return Changed(event, on)
    if row.has("period_months") and row.has("period_days"):
        field = row.place + "period_months"
        raise QuestionError("both", field=field, other="period_days")
    period = Period(
        months=row.count("period_months", usual=0),
        days=row.count("period_days", usual=0),
    )
    return Changed(event, on, row.day("first_due_on"), period)


def _pilot(asked: Asked) -> Clock:
    return transfer_pilot(asked.rules, as_of=asked.rules.on, calendar=asked.calendar)


_READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "limitation": _limitation,
        "mortgage": _limitation,
        "guarantee": _guarantee,
        "enforcement": _enforcement,
        "observation": _observation,
        "complaint": _complaint,
        "evaluation": _evaluation,
        "transfer_pilot": _pilot,
        **dict.fromkeys(DEADLINES, _deadline),
    }
)
KINDS = tuple(_READERS)
_FACTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(DEADLINES, ("begins_on",)),
        "foreclosed": ("begins_on", "asset"),
        "limitation": ("begins_on",),
        "mortgage": ("begins_on",),
        "enforcement": ("begins_on",),
        "complaint": ("begins_on",),
        "evaluation": ("begins_on", "contract_ends_on"),
        "guarantee": (
            *("guarantor", "form", "due_on", "agreed_until", "agreed_months"),
            "until_paid",
        ),
    }
)
