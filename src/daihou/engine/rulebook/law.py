"""Dated rules of law and policy as values: what they say, since when, says who."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

ANY = "any"
Scalar = bool | int | Decimal | str | date
Value = Scalar | tuple[Scalar, ...] | Mapping[str, Scalar]
Words = Mapping[str, str]  # language -> text; "zh-Hans" and "en"


class Force(StrEnum):
    """What kind of text a rule comes from; a breach means something else by each."""

    LAW = "law"
    REGULATION = "regulation"
    JUDICIAL_INTERPRETATION = "judicial_interpretation"
    STANDARD = "standard"
    SELF_REGULATION = "self_regulation"
    PRACTICE = "practice"
    DRAFT = "draft"
    POLICY = "policy"


# A lender may not go below these; practice, drafts and policy bind nobody.
BINDING = frozenset(Force) - {Force.PRACTICE, Force.DRAFT, Force.POLICY}


class Evidence(StrEnum):
    """How a source was attested when the rule was written down."""

    PRIMARY = "P"  # the text itself was read
    SECONDARY = "S"  # seen in a secondary or partial source
    MEMORY = "M"  # from memory, to be checked
    HOUSE = "H"  # a cautious choice of the house, no law


class Status(StrEnum):
    """Whether a version may be stated as what the law says."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class Stricter(StrEnum):
    """Which way a value may be moved by a lender without going below the law."""

    LOWER = "lower_is_stricter"
    HIGHER = "higher_is_stricter"
    SMALLER_SET = "smaller_set_is_stricter"
    LARGER_SET = "larger_set_is_stricter"
    TRUE = "true_is_stricter"
    FALSE = "false_is_stricter"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class Source:
    """A text a version rests on, the place in it, and how that was attested."""

    text: str
    place: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Term:
    """One named value of a rule: its unit, the stricter way, its name in words.

    `least` names the value of the same version down to which a lender may go: a
    supervisor's range. Without it the value itself is the bound.
    """

    unit: str
    stricter: Stricter
    title: Words
    least: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """What a rule says on [begins_on, ends_on).

    `dates_stated` is False where the first day was not in the sources read.
    Values in `unverified_values`, and all of an unverified version, are shown as
    such and hold as the lender's policy, never as law. `checks` are the questions
    of the gate, each naming the values it needs.
    """

    begins_on: date
    ends_on: date | None
    dates_stated: bool
    text: Words
    values: Mapping[str, Value]
    sources: tuple[Source, ...]
    status: Status
    unverified_values: frozenset[str] = frozenset()
    checks: tuple[Mapping[str, object], ...] = ()

    def holds(self, on: date) -> bool:
        """Tell whether this version is in force on a day."""
        return self.begins_on <= on and (self.ends_on is None or on < self.ends_on)

    def bound_of(self, name: str, term: Term) -> Value | None:
        """Return what a lender's own value may not be looser than; None if not known."""
        return self.values.get(term.least, self.values.get(name))

    def is_asserted(self, value: str) -> bool:
        """Tell whether a value may be stated as what the source says."""
        return self.status is Status.VERIFIED and value not in self.unverified_values


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its versions in order of time; `digest` is of its whole text.

    `tighten_only`: a lender may not go below it even where it is no law.
    `yields_to`: it stands in for these rules where none of them is in force.
    """

    id: str
    title: Words
    jurisdiction: str
    licences: frozenset[str]
    force: tuple[Force, ...]
    verbs: tuple[str, ...]
    enforcement: Words
    terms: Mapping[str, Term]
    versions: tuple[Version, ...]
    digest: str
    tighten_only: bool = False
    yields_to: tuple[str, ...] = ()
    vectors: tuple[Mapping[str, object], ...] = ()

    def on(self, day: date) -> Version | None:
        """Return the version in force on a day; None before, between and after."""
        for each in reversed(self.versions):
            if each.begins_on <= day:
                return each if each.holds(day) else None
        return None

    def covers(self, licence: str) -> bool:
        """Tell whether the rule speaks to lenders of a licence."""
        return ANY in self.licences or licence in self.licences

    def is_binding(self, version: Version) -> bool:
        """Tell whether a lender may only tighten this version."""
        if self.tighten_only:
            return True
        attested = version.status is Status.VERIFIED
        return attested and not BINDING.isdisjoint(self.force)


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one jurisdiction and the licences they tell apart.

    `open`: contacts may be asked about; a pack to copy from is closed. The licence
    and the time zone of the example are what a case says where it says nothing.
    """

    jurisdiction: str
    title: Words
    licences: Mapping[str, Words]
    example_licence: str
    example_zone: str
    open: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A lender's own value for a rule, or the rule switched off, on some days."""

    rule: str
    begins_on: date
    ends_on: date | None = None
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))
    switched_on: bool = True
    because: str = ""

    def holds(self, on: date) -> bool:
        """Tell whether the change is in force on a day."""
        return self.begins_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule as it holds on one day under the lender's policy."""

    rule: Rule
    version: Version
    values: Mapping[str, Value]
    changed: frozenset[str] = frozenset()  # values that are the lender's own


@dataclass(frozen=True, slots=True)
class Lawbook:
    """Every rule of every pack, and the lender's changes, as one version.

    `digest` is the fingerprint of all of it: one letter changed is another law
    book, and decisions name the one they were made by.
    """

    packs: Mapping[str, Pack]
    rules: Mapping[str, Rule]
    digest: str
    changes: tuple[Change, ...] = ()

    def on(self, rule_id: str, day: date) -> InForce | None:
        """Return a rule as it holds on a day; None if it does not."""
        rule = self.rules[rule_id]
        version = rule.on(day)
        if version is None:
            return None
        own: dict[str, Value] = {}
        for change in self.changes:
            if change.rule == rule_id and change.holds(day):
                if not change.switched_on:
                    return None
                own.update(change.values)
        values = MappingProxyType({**version.values, **own})
        return InForce(rule, version, values, frozenset(own))

    def in_force(
        self, day: date, *, jurisdiction: str, licence: str | None = None
    ) -> Iterator[InForce]:
        """Yield the rules of a jurisdiction in force on a day, in order of id.

        With a licence: those that speak to it, stand-ins only where they are needed.
        """
        for rule_id, rule in self.rules.items():
            if rule.jurisdiction != jurisdiction:
                continue
            if licence is not None and not self._speaks(rule, day, licence):
                continue
            found = self.on(rule_id, day)
            if found is not None:
                yield found

    def _speaks(self, rule: Rule, day: date, licence: str) -> bool:
        stood_in_for = (
            self.rules[each].covers(licence) and self.on(each, day) is not None
            for each in rule.yields_to
        )
        return rule.covers(licence) and not any(stood_in_for)


def is_as_strict(new: Value, old: Value, stricter: Stricter) -> bool:
    """Tell whether `new` is at least as strict as `old` by the declared way.

    Tables are as strict as each of their rows; a row may neither go nor come.
    """
    if isinstance(old, Mapping):
        return (
            isinstance(new, Mapping)
            and new.keys() == old.keys()
            and all(is_as_strict(new[each], old[each], stricter) for each in old)
        )
    if stricter in {Stricter.SMALLER_SET, Stricter.LARGER_SET}:
        assert isinstance(new, tuple) and isinstance(old, tuple), (new, old)
        mine, theirs = set(new), set(old)
        smaller = stricter is Stricter.SMALLER_SET
        return mine <= theirs if smaller else mine >= theirs
    if stricter is Stricter.LOWER:
        return new <= old  # type: ignore[operator]
    if stricter is Stricter.HIGHER:
        return new >= old  # type: ignore[operator]
    if stricter is Stricter.FIXED:
        return new == old
    return new == old or new is (stricter is Stricter.TRUE)
