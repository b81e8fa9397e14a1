"""One rule: its text and values on a day, its versions, sources, cases and uses."""

from dataclasses import dataclass
from datetime import date, datetime

from daihou.engine.rulebook.law import Lawbook, Rule, Version
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import cases, drafting, queries, uses, words
from daihou.rooms.rulebooks.queries import ChangeLine, OwnVersion
from daihou.rooms.rulebooks.states import Step

CASES = 30  # shown at once; a rule of hours has many


@dataclass(frozen=True, slots=True)
class Value:
    """One value: what the rule says, what holds for us, and which way it may move."""

    code: str
    name: str
    law: str
    ours: str
    stricter: str
    asserted: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the timeline: a version of the rule, or a change of ours."""

    begins_on: date
    ends_on: date | None
    own: bool
    word: str
    stated: bool
    shown: bool
    status: words.Chip | None
    line: ChangeLine | None


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with its evidence in words."""

    text: str
    place: str
    tag: str
    evidence: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Everything one page of a rule shows; `off` says that we do not ask it."""

    rule: Rule
    title: str
    other_title: str
    pack: str
    forces: str
    licences: str
    verbs: str
    enforcement: str
    on: date
    version: Version
    in_force: bool
    text: str
    other_text: str
    status: words.Chip
    binding: bool
    off: bool
    values: tuple[Value, ...]
    stops: tuple[Stop, ...]
    sources: tuple[SourceLine, ...]
    cases: tuple[cases.Told, ...]
    more_cases: int
    wrong: int
    uses: tuple[uses.Use, ...]
    waiting: tuple[approvals.Proposal, ...]
    may_propose: bool
    digest: str


def page(rule_id: str, *, on: date, person: people.Person, at: datetime) -> Page:
    """The page of a rule as it holds on a day, or NotFound.

    On a day on which no version holds, the one nearest to it is shown.
    """
    book = queries.lawbook()
    rule = drafting.rule_of(rule_id, book)
    version = rule.on(on) or nearest(rule, on)
    own = queries.own_versions(queries.lines(rule=rule.id))
    tongue, other = words.tongue(), "en" if words.chinese() else "zh-Hans"
    found = cases.of_rule(rule.id)
    may_propose = person.may(people.Permission.PROPOSE_LAW) and not person.reads_only
    return Page(
        rule=rule,
        title=rule.title[tongue],
        other_title=rule.title[other],
        pack=book.packs[rule.jurisdiction].title[tongue],
        forces=words.forces(rule.force),
        licences=words.licences(rule, book),
        verbs=words.listed([words.verb(each) for each in rule.verbs]),
        enforcement=rule.enforcement[tongue],
        on=on,
        version=version,
        in_force=version.holds(on),
        text=version.text[tongue],
        other_text=version.text[other],
        status=words.status_chip(version.status),
        binding=rule.is_binding(version),
        off=version.holds(on) and book.on(rule.id, on) is None,
        values=values(rule, version, book, on=on),
        stops=_stops(rule, version, own),
        sources=_sources(version),
        cases=tuple(cases.under(book, rule.id, tongue=tongue, most=CASES)),
        more_cases=max(0, len(found) - CASES),
        wrong=sum(not each.result.right for each in found),
        uses=tuple(uses.of(rule, book)),
        waiting=approvals.open_on("rule", rule.id, person=person, at=at),
        may_propose=may_propose,
        digest=book.digest,
    )


def nearest(rule: Rule, on: date) -> Version:
    """The version to show on a day without one: the last before it, else the first."""
    before = [each for each in rule.versions if each.begins_on <= on]
    return before[-1] if before else rule.versions[0]


def values(
    rule: Rule, version: Version, book: Lawbook, *, on: date
) -> tuple[Value, ...]:
    """The table of values of a version, with ours beside it where they differ."""
    held = book.on(rule.id, on) if version.holds(on) else None
    ours = held.values if held else {}
    changed = held.changed if held else frozenset()
    names = [
        name
        for name in rule.terms
        if name in version.values or name in version.unverified_values
    ]
    names += [name for name in changed if name not in names]
    return tuple(
        Value(
            code=name,
            name=rule.terms[name].title[words.tongue()],
            law=words.value(version.values.get(name), rule.terms[name]),
            ours=(
                words.value(ours.get(name), rule.terms[name]) if name in changed else ""
            ),
            stricter=words.way(rule.terms[name], version),
            asserted=version.is_asserted(name),
        )
        for name in names
    )


def _stops(rule: Rule, shown: Version, own: list[OwnVersion]) -> tuple[Stop, ...]:
    """Versions of the rule and changes of ours, newest first."""
    stops = [
        Stop(
            begins_on=each.begins_on,
            ends_on=each.ends_on,
            own=False,
            word=each.text[words.tongue()],
            stated=each.dates_stated,
            shown=each is shown,
            status=words.status_chip(each.status),
            line=None,
        )
        for each in rule.versions
    ]
    stops += [
        Stop(
            begins_on=each.begins_on,
            ends_on=each.ends_on,
            own=True,
            word=_own_words(rule, each),
            stated=True,
            shown=False,
            status=None,
            line=each.line,
        )
        for each in own
    ]
    return tuple(sorted(stops, key=lambda stop: (stop.begins_on, stop.own))[::-1])


def _own_words(rule: Rule, own: OwnVersion) -> str:
    if own.line.step != Step.VALUES:
        return words.step(own.line.step)
    made = queries.change_of(own.line, queries.base())
    told = [
        f"{rule.terms[name].title[words.tongue()]}: "
        f"{words.value(value, rule.terms[name])}"
        for name, value in made.values.items()
    ]
    return "; ".join(told)


def _sources(version: Version) -> tuple[SourceLine, ...]:
    return tuple(
        SourceLine(
            text=each.text,
            place=each.place,
            tag=each.evidence.value,
            evidence=words.evidence(each.evidence.value),
            doubtful=each.evidence.value in {"M", "H"},
        )
        for each in version.sources
    )
