"""One clock: why it ends then, what it heard, its alarms, and what may be told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from daihou.engine.clocks.rules import EVIDENCE, MORTGAGE
from daihou.engine.clocks.values import Clock as Reckoned
from daihou.engine.clocks.weighing import OBSTACLE, SUIT
from daihou.kit.scope import Scope
from daihou.rooms.clocks import queries, reckoning, words
from daihou.rooms.clocks.actions.telling import OTHER_EVIDENCE, PROVED, SIGNERS
from daihou.rooms.clocks.pages.listing import Line, lines_of
from daihou.rooms.clocks.queries import ClockLine, EventLine
from daihou.rooms.clocks.states import Kind
from daihou.rooms.ledger import door as ledger

Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a decision and the rule it rests on."""

    text: str
    rule: str
    version: date | None
    unverified: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """One event the clock heard: in words, whether it counts, the end after it."""

    kind: str
    on: date
    proof: str
    counts: bool
    why: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Told:
    """One event that a person told, with what shows it."""

    line: EventLine
    kind: str
    proof: str
    signer: str
    whom: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder: so many days before the end, on that day."""

    days: int
    on: date
    reached: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `forms` what may be told, empty where nothing may."""

    shown: Line
    line: ClockLine
    answer: str
    path: Sequence[Said]
    flips: Sequence[str]
    heard: Sequence[Heard]
    told: Sequence[Told]
    steps: Sequence[Step]
    stops: Sequence[str]
    restarts: Sequence[str]
    at_end: str
    facts: Sequence[Choice]
    began_because: str
    closed_because: str
    closed_word: str
    takes_mortgage: bool
    kinds: Sequence[Choice]
    proofs: Sequence[Choice]
    signers: Sequence[Choice]
    guarantors: Sequence[Choice]
    lasts: bool


def page(line: ClockLine, *, today: date, scope: Scope) -> Page:
    """The page of a clock as it stands at the end of the open day."""
    as_of = today if line.closed_on is None else line.reckoned_on
    clock = queries.reckoned(line, as_of=as_of)
    answer, steps, flips = words.said(clock.decision)
    began, closed = queries.evidence_of(line.id)
    book = queries.book(as_of)
    claim = None
    if line.loan_id is not None and line.kind == Kind.LIMITATION:
        claim = ledger.reading.claims_of([line.loan_id], on=as_of).get(line.loan_id)
    kinds = reckoning.event_kinds(Kind(line.kind), book.rules)
    return Page(
        shown=lines_of([line], today=today, scope=scope)[0],
        line=line,
        answer=answer,
        path=[
            Said(text, step.rule, step.version, step.unverified)
            for text, step in zip(steps, clock.decision.path, strict=True)
        ],
        flips=flips,
        heard=_heard(clock),
        told=[_told(each, line) for each in queries.events_of(line)],
        steps=[Step(each.days, each.on, each.is_reached) for each in clock.alarms],
        stops=[words.code_word(each) for each in clock.stops],
        restarts=[words.code_word(each) for each in clock.restarts],
        at_end=words.at_end_word(clock.at_end) if clock.at_end else "",
        facts=_facts(line),
        began_because=began,
        closed_because=closed,
        closed_word=words.closed_word(line.closed_because) if line.closed_on else "",
        takes_mortgage=claim is not None
        and claim.is_secured
        and book.rules.get(MORTGAGE) is not None,
        kinds=[(each, words.code_word(each)) for each in kinds],
        proofs=_proofs(book) if set(PROVED) & set(kinds) else (),
        signers=[(each, words.signer_word(each)) for each in SIGNERS],
        guarantors=_guarantors(line),
        lasts=bool({SUIT, OBSTACLE} & set(kinds)),
    )


def _heard(clock: Reckoned) -> Sequence[Heard]:
    """The events the clock heard; why each counts is said by its step of the way."""
    return [
        Heard(
            kind=words.code_word(each.event.kind),
            on=each.event.on,
            proof=words.code_word(each.event.evidence) if each.event.evidence else "",
            counts=each.counts,
            why=each.why,
            ends_on=each.ends_on,
        )
        for each in clock.events
    ]


def _told(each: EventLine, line: ClockLine) -> Told:
    whom = line.name if each.party_id and each.party_id == line.party_id else ""
    return Told(
        line=each,
        kind=words.code_word(each.kind),
        proof=words.code_word(each.evidence_kind) if each.evidence_kind else "",
        signer=words.signer_word(each.signed_by) if each.signed_by else "",
        whom=whom,
    )


def _proofs(book: reckoning.Book) -> Sequence[Choice]:
    article = book.rules.get(EVIDENCE)
    listed = () if article is None else article.names("evidence")
    return [(each, words.code_word(each)) for each in (*listed, *OTHER_EVIDENCE)]


def _facts(line: ClockLine) -> Sequence[Choice]:
    said = []
    facts = line.facts
    if line.kind == Kind.GUARANTEE:
        said.append(
            (gettext("Form of the guarantee"), words.form_word(facts.get("form")))
        )
    if facts.get("asset"):
        said.append((gettext("Kind of asset"), words.asset_word(str(facts["asset"]))))
    for name, title in (
        ("agreed_until", gettext("Agreed until")),
        ("agreed_months", gettext("Agreed months")),
        ("contract_ends_on", gettext("The contract ends on")),
    ):
        if facts.get(name):
            said.append((title, str(facts[name])))
    return said


def _guarantors(line: ClockLine) -> Sequence[Choice]:
    if line.loan_id is None or line.kind != Kind.GUARANTEE:
        return ()
    found = ledger.reading.guarantors_of([line.loan_id]).get(line.loan_id, ())
    return [(str(each.customer_id), each.name) for each in found]
