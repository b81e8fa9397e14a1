"""A change a lender wishes for, looked at against the law and the changes there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _

from daihou.engine.gate.values import Channel, Flag, Purpose, Role
from daihou.engine.rulebook.law import Change, Lawbook, Rule, Version
from daihou.kit.refusal import NotFound, Refused
from daihou.packs import law, law_policy
from daihou.packs.law_errors import LawError
from daihou.rooms.rulebooks import queries, words
from daihou.rooms.rulebooks.queries import ChangeLine, OwnVersion
from daihou.rooms.rulebooks.states import Step

Plain = dict[str, Any]  # values in the form of a rule file
MOST, LONGEST = 100, 200  # members of a list, letters of a text
LARGEST = 100_000  # days, times or months; more is a slip of the hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How a rule is to hold for the lender on [begins_on, ends_on).

    `values` in the form of a rule file, and only those that are to differ from it.
    """

    rule: str
    step: str
    begins_on: date | None
    ends_on: date | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A wish that may be: the change, and how the rule holds on its first day.

    `now` and `then` are every value of that day in the form of a rule file, before
    and after; `takes` is the change planned for the same day, whose place it takes.
    """

    wish: Wish
    rule: Rule
    version: Version
    change: Change
    step_now: str
    now: Plain
    then: Plain
    takes: OwnVersion | None

    @property
    def begins_on(self) -> date:
        """The first day, which a wish that may be always has."""
        return self.change.begins_on


def draft(
    wish: Wish, *, day: date, book: Lawbook, found: Sequence[ChangeLine]
) -> Draft:
    """The change behind a wish on the open day `day`, or Refused with the way out.

    `book` is the rule book without the lender's changes, `found` the approved changes
    of this rule.
    """
    rule = rule_of(wish.rule, book)
    begins_on = _begins(wish, day=day)
    version = rule.on(begins_on)
    if version is None:
        raise _not_in_force(rule, begins_on)
    own = queries.own_versions(found)
    _check_neighbours(wish, begins_on, own)
    values = _values(wish, rule, version)
    change = _change(wish, rule, begins_on, values, book)
    _check_law(change, rule)
    held = next((each for each in own if each.holds(begins_on)), None)
    takes = held if held and held.begins_on == begins_on else None
    now = in_force(rule, version, held.line if held else None, book)
    written = {name: written_of(rule, version, name) for name in rule.terms}
    made = Draft(
        wish=wish,
        rule=rule,
        version=version,
        change=change,
        step_now=held.line.step if held else Step.LAW,
        now=now,
        then=written | values,
        takes=takes,
    )
    _check_changes(made, held)
    return made


def _check_changes(made: Draft, held: OwnVersion | None) -> None:
    """Refuse what holds on its first day already, until the same day."""
    same = made.wish.step == made.step_now and made.now == made.then
    if same and (held is None or held.line.ends_on == made.wish.ends_on):
        raise Refused(
            "nothing_changes",
            _("The rule holds like this on %(day)s already; nothing would change.")
            % {"day": words.day(made.begins_on)},
            field="step",
        )


def rule_of(rule_id: str, book: Lawbook) -> Rule:
    """The rule, or NotFound."""
    if rule_id not in book.rules:
        raise NotFound(
            "rule_unknown",
            _("There is no rule %(rule)s. Look at the list of rules.")
            % {"rule": rule_id[:40]},
        )
    return book.rules[rule_id]


def written_of(rule: Rule, version: Version, name: str) -> Any:
    """A value of a version as a rule file has it; None where it is not known."""
    found = version.values.get(name)
    return None if found is None else law_policy.written(found, rule.terms[name].unit)


def in_force(
    rule: Rule, version: Version, line: ChangeLine | None, book: Lawbook
) -> Plain:
    """Every value of a day under a change, as far as the law lets it stand."""
    values = {name: written_of(rule, version, name) for name in rule.terms}
    if line is None or line.step != Step.VALUES:
        return values
    for piece in law_policy.as_lawful(queries.change_of(line, book), rule):
        if piece.holds(max(version.begins_on, line.begins_on)):
            for name, value in piece.values.items():
                values[name] = law_policy.written(value, rule.terms[name].unit)
    return values


def _begins(wish: Wish, *, day: date) -> date:
    if wish.begins_on is None:
        raise Refused(
            "begins_missing",
            _("Enter the first day on which it is to hold."),
            field="begins_on",
        )
    if wish.begins_on <= day:
        raise Refused(
            "begins_past",
            _(
                "A change holds from a later day than the open one, %(day)s: what was "
                "decided stays decided. Choose %(first)s or later, and propose it again "
                "if it was proposed already."
            )
            % {"day": words.day(day), "first": words.day(day + timedelta(days=1))},
            field="begins_on",
        )
    if wish.ends_on is not None and wish.ends_on <= wish.begins_on:
        raise Refused(
            "ends_early",
            _("It would end before it begins: choose a day after %(day)s, or none.")
            % {"day": words.day(wish.begins_on)},
            field="ends_on",
        )
    if wish.step not in set(Step):
        raise Refused(
            "step_unknown", _("Choose what the change is to do."), field="step"
        )
    return wish.begins_on


def _not_in_force(rule: Rule, begins_on: date) -> Refused:
    later = [each.begins_on for each in rule.versions if each.begins_on > begins_on]
    if later:
        said = _("%(rule)s is not in force on that day. Choose %(day)s or later.")
        told = {"rule": rule.id, "day": words.day(min(later))}
    else:
        said = _(
            "%(rule)s is no longer in force on that day: there is nothing to change."
        )
        told = {"rule": rule.id}
    return Refused("rule_not_in_force", said % told, field="begins_on")


def _check_neighbours(wish: Wish, begins_on: date, own: Sequence[OwnVersion]) -> None:
    """Refuse an end after the next change begins (overlap), or before it (a gap)."""
    following = [each.begins_on for each in own if each.begins_on > begins_on]
    if not following or wish.ends_on is None:
        return
    first = min(following)
    if wish.ends_on > first:
        raise Refused(
            "overlap",
            _(
                "Another change of this rule holds from %(day)s. End this one on that "
                "day, or leave its end empty: it then lasts until the other begins."
            )
            % {"day": words.day(first)},
            field="ends_on",
        )
    if wish.ends_on < first:
        raise Refused(
            "gap",
            _(
                "Nothing of yours would hold from %(ends)s until the next change begins "
                "on %(day)s. Leave the end empty, or propose for %(ends)s that the rule "
                "holds as the rule book says."
            )
            % {"ends": words.day(wish.ends_on), "day": words.day(first)},
            field="ends_on",
        )


def _values(wish: Wish, rule: Rule, version: Version) -> Plain:
    """The values that differ from the rule's own, as a file has them."""
    if wish.step != Step.VALUES:
        return {}
    values: Plain = {}
    for name, given in wish.values.items():
        if name not in rule.terms:
            raise Refused(
                "value_unknown",
                _("%(rule)s has no value %(name)s; it has: %(names)s.")
                % {"rule": rule.id, "name": name, "names": ", ".join(rule.terms)},
                field=name,
            )
        written = _written(rule, name, given)
        if written != written_of(rule, version, name):
            values[name] = written
    if not values:
        raise Refused(
            "same_as_law",
            _(
                "These are the values of the rule itself. Enter one that differs; to go "
                "back to the rule, choose “as the rule book says”."
            ),
            field="step",
        )
    return values


def _written(rule: Rule, name: str, given: Any) -> Any:
    """A value in the form of a rule file, or Refused: its unit, its rows, its size."""
    term, rows = rule.terms[name], rows_of(rule, name)
    try:
        check_sound(given)
        read = law.value_of(given, term, name=name, place={"file": "", "rule": ""})
    except (LawError, ValueError):
        raise _unreadable(rule, name, given) from None
    if (set(read) if isinstance(read, Mapping) else None) != rows:
        raise _unreadable(rule, name, given)
    if isinstance(read, tuple):
        _check_words(rule, name, read)
    return law_policy.written(read, term.unit)


def _check_words(rule: Rule, name: str, given: tuple[Any, ...]) -> None:
    """Refuse a word nothing would recognise: it would have no effect, unseen."""
    known = known_words()
    for each in given:
        if each not in known:
            own = {w for v in rule.versions for w in _members(v.values.get(name))}
            raise Refused(
                "word_unknown",
                _("%(word)s is no word the rules know. This value has: %(words)s.")
                % {"word": each, "words": words.listed(sorted(own)) or "-"},
                field=name,
            )


@cache
def known_words() -> frozenset[str]:
    """Every word that stands in a list of any rule, or that the gate knows."""
    found = {str(each) for kind in (Channel, Role, Flag, Purpose) for each in kind}
    for rule in queries.base().rules.values():
        for version in rule.versions:
            for value in version.values.values():
                found |= _members(value)
    return frozenset(found)


def _members(value: object) -> set[str]:
    return {str(each) for each in value} if isinstance(value, tuple) else set()


def rows_of(rule: Rule, name: str) -> set[str] | None:
    """The rows of a value that is a table, as its last known version has them."""
    known = [v.values[name] for v in rule.versions if name in v.values]
    last = known[-1] if known else None
    return set(last) if isinstance(last, Mapping) else None


def check_sound(given: Any) -> None:
    """Raise ValueError for what no table could keep or no day could reckon with."""
    parts = [given]
    if isinstance(given, Mapping):
        parts = [*given, *given.values()]
    elif isinstance(given, list | tuple):
        parts = list(given)
    if len(parts) > MOST:
        raise ValueError("too many parts")
    for part in parts:
        if isinstance(part, str):
            part.encode()  # a lone surrogate is a ValueError
            if len(part) > LONGEST or not part.isprintable():
                raise ValueError("a text that cannot be kept")
        elif isinstance(part, int) and abs(part) > LARGEST:
            raise ValueError("too large a number")


def _unreadable(rule: Rule, name: str, given: object) -> Refused:
    term = rule.terms[name]
    example = next(
        (v.values[name] for v in reversed(rule.versions) if name in v.values), None
    )
    written = None if example is None else law_policy.written(example, term.unit)
    said = _("“%(value)s” is no value of %(name)s. Write it like this: %(example)s")
    told = {
        "value": words.plain_text(given)[:60],
        "name": term.title[words.tongue()],
        "example": words.plain_text(written) or _example(term.unit),
    }
    return Refused("value_unreadable", said % told, field=name)


def _example(unit: str) -> str:
    """A value of a unit where the rule itself has none to show."""
    return {
        "share": "0.24",
        "multiple": "1.5",
        "local_time": "08:00",
        "date": "2026-12-01",
        "yes_no": "yes",
        "set": "a, b",
        "text": "a",
    }.get(unit, "3")


def _change(
    wish: Wish, rule: Rule, begins_on: date, values: Plain, book: Lawbook
) -> Change:
    row = {"rule": rule.id, "begins_on": begins_on.isoformat(), "because": "-"}
    made = law_policy.change_of(row | {"values": values}, book, name=rule.id)
    return replace(
        made,
        ends_on=wish.ends_on,
        values=MappingProxyType(dict(made.values)),
        switched_on=wish.step != Step.OFF,
    )


def _check_law(change: Change, rule: Rule) -> None:
    """Refuse what a version that binds does not allow, naming field and way out."""
    try:
        law_policy.check_against_law(change, rule, name=rule.id)
    except LawError as error:
        raise _against_law(error, rule) from None


def _against_law(error: LawError, rule: Rule) -> Refused:
    begins_on = error.params["begins_on"]
    assert isinstance(begins_on, date), begins_on
    if error.code == "switched_off":
        return Refused(
            "switched_off",
            _(
                "%(rule)s cannot be switched off: the version from %(day)s binds. Only "
                "unverified rules and policies of the house can be; leave it on, or "
                "choose stricter values."
            )
            % {"rule": rule.id, "day": words.day(begins_on)},
            field="step",
        )
    name = str(error.params["name"])
    version = rule.on(begins_on)
    assert version is not None, "an error names a version of the rule"
    term = rule.terms[name]
    return Refused(
        "loosened",
        _(
            "%(name)s: the rule in force from %(day)s says %(law)s, and a policy of "
            "yours may only be stricter (%(way)s). Take that, a stricter value, or end "
            "the change before that day."
        )
        % {
            "name": term.title[words.tongue()],
            "day": words.day(begins_on),
            "law": words.value(version.bound_of(name, term), term),
            "way": words.stricter(term.stricter.value),
        },
        field=name,
    )
