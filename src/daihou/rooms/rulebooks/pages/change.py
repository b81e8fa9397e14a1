"""The form in which a change of a rule is written, and what it would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from daihou.engine.rulebook.law import Lawbook, Rule, Version
from daihou.kit.refusal import Refused
from daihou.rooms.rulebooks import drafting, forms, queries, rehearsing, words
from daihou.rooms.rulebooks.cases import Told
from daihou.rooms.rulebooks.drafting import Draft
from daihou.rooms.rulebooks.forms import read_day
from daihou.rooms.rulebooks.pages import rule as rule_page
from daihou.rooms.rulebooks.rehearsing import Rehearsal
from daihou.rooms.rulebooks.states import Step


@dataclass(frozen=True, slots=True)
class Entry:
    """One value in the form: what the law says, what is typed, and whether it may be."""

    code: str
    field: str
    name: str
    unit: str
    law: str
    given: str
    stricter: str
    kind: str  # text, rows, or yes_no
    fixed: bool
    asserted: bool
    problem: str


@dataclass(frozen=True, slots=True)
class Changed:
    """One value that would be another."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Page:
    """The form of a rule, with what was typed and what is wrong with it."""

    rule: Rule
    title: str
    version: Version
    binding: bool
    may_switch_off: bool
    steps: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    step: str
    begins_on: str
    ends_on: str
    source: str
    reason: str
    problem: str
    problem_field: str
    first_day: date
    draft: Draft | None = None
    changed: tuple[Changed, ...] = ()
    rehearsal: Rehearsal | None = None
    otherwise: tuple[Told, ...] = ()


def page(
    rule_id: str,
    given: Mapping[str, str],
    *,
    day: date,
    refused: Refused | None = None,
    draft: Draft | None = None,
    rehearsal: Rehearsal | None = None,
) -> Page:
    """The form after `given` was typed; without it, with the values that hold now."""
    book = queries.base()
    rule = drafting.rule_of(rule_id, book)
    first = day + timedelta(days=1)
    begins_on = read_day(given.get("begins_on", "")) or first
    version = rule.on(begins_on) or rule_page.nearest(rule, begins_on)
    said = refused.params.get("field", "") if refused else ""
    typed = given if given else _now(rule, version, book, on=begins_on)
    binding = rule.is_binding(version)
    return Page(
        rule=rule,
        title=rule.title[words.tongue()],
        version=version,
        binding=binding,
        may_switch_off=not binding,
        steps=tuple((str(each), words.step(each)) for each in Step),
        entries=tuple(
            _entry(rule, version, name, typed, refused if name == said else None)
            for name in rule.terms
        ),
        step=given.get("step", "") or (Step.VALUES if rule.terms else Step.OFF),
        begins_on=given.get("begins_on", "") or first.isoformat(),
        ends_on=given.get("ends_on", ""),
        source=given.get("source", ""),
        reason=given.get("reason", ""),
        problem=str(refused) if refused else "",
        problem_field=str(said),
        first_day=first,
        draft=draft,
        changed=changes_of(draft) if draft else (),
        rehearsal=rehearsal,
        otherwise=tuple(rehearsing.otherwise(draft)) if draft else (),
    )


def _now(rule: Rule, version: Version, book: Lawbook, *, on: date) -> dict[str, str]:
    """The lender's own values of a day, typed in already."""
    own = queries.own_versions(queries.lines(rule=rule.id))
    held = next((each.line for each in own if each.holds(on)), None)
    if held is None or held.step != Step.VALUES:
        return {}
    now = drafting.in_force(rule, version, held, book)
    return {
        forms.PREFIX + name: words.plain_text(value)
        for name, value in now.items()
        if value != drafting.written_of(rule, version, name)
    }


def _entry(
    rule: Rule,
    version: Version,
    name: str,
    typed: Mapping[str, str],
    refused: Refused | None,
) -> Entry:
    term = rule.terms[name]
    kind = "yes_no" if term.unit == "yes_no" else "text"
    if drafting.rows_of(rule, name) is not None:
        kind = "rows"
    return Entry(
        code=name,
        field=forms.PREFIX + name,
        name=term.title[words.tongue()],
        unit=words.unit(term.unit),
        law=words.value(version.values.get(name), term),
        given=typed.get(forms.PREFIX + name, ""),
        stricter=words.way(term, version),
        kind=kind,
        fixed=term.stricter.value == "fixed" and rule.is_binding(version),
        asserted=version.is_asserted(name),
        problem=str(refused) if refused else "",
    )


def changes_of(made: Draft) -> tuple[Changed, ...]:
    """What would be different on the first day of a change, in words."""
    rule, lines = made.rule, []
    if made.step_now != made.wish.step:
        word = words.how_it_holds()
        lines.append(
            Changed(word, words.step(made.step_now), words.step(made.wish.step))
        )
    for name, was in made.now.items():
        if was != made.then[name] and made.wish.step != Step.OFF:
            told = [
                words.written(each, rule.terms[name]) for each in (was, made.then[name])
            ]
            lines.append(Changed(rule.terms[name].title[words.tongue()], *told))
    return tuple(lines)
