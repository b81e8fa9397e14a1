"""The list of rules behind an address: what was asked for, and what is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from daihou.engine.rulebook.law import Lawbook, Rule, Status, Version
from daihou.rooms.rulebooks import queries, words
from daihou.rooms.rulebooks.forms import read_day

LIST = "rules"  # the code of its saved views
OF_A_VIEW = ("q", "pack", "licence", "force", "status", "area", "own")
FIELDS = (*OF_A_VIEW, "on")
ALL = "all"


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions of an address; a pack of "" is all of them."""

    q: str
    pack: str
    licence: str
    force: str
    status: str
    area: str
    on: date
    own: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in the list; `since` is the first day of the version in force."""

    id: str
    title: str
    forces: str
    licences: str
    verbs: str
    since: date
    stated: bool
    status: words.Chip
    doubts: int
    own: str
    binding: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """A version of a rule that begins after the day shown."""

    id: str
    title: str
    begins_on: date


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    code: str
    word: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The list with its filters; `unverified` counts among the lines.

    `coming` are versions of the asked pack that begin later, the next one first.
    """

    asked: Asked
    lines: tuple[Line, ...]
    unverified: int
    coming: tuple[Coming, ...]
    packs: tuple[Choice, ...]
    licences: tuple[Choice, ...]
    forces: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    digest: str
    own_changes: int
    kept: str  # the conditions as an address query
    narrowed: bool


def asked(query: Mapping[str, str], *, today: date) -> Asked:
    """The conditions of an address; what cannot be read is as if it was not there."""
    pack = query.get("pack", queries.jurisdiction())
    packs = queries.base().packs
    return Asked(
        q=query.get("q", "").replace("\x00", "").strip()[:80],
        pack=pack if pack in packs else ("" if pack == ALL else queries.jurisdiction()),
        licence=query.get("licence", "")[:40],
        force=query.get("force", "")[:40],
        status=query.get("status", "") if query.get("status") in set(Status) else "",
        area=query.get("area", "")[:8],
        on=read_day(query.get("on", "")) or today,
        own=query.get("own") == "1",
    )


def page(query: Mapping[str, str], *, today: date) -> Page:
    """The list behind an address; one query."""
    wanted = asked(query, today=today)
    book = queries.lawbook()
    own = {each.rule for each in queries.lines()}
    lines = tuple(
        _line(rule, version, book, wanted.on, changed=rule.id in own)
        for rule, version in found(book, wanted)
        if not wanted.own or rule.id in own
    )
    kept = {name: query[name] for name in FIELDS if query.get(name)}
    return Page(
        asked=wanted,
        lines=lines,
        unverified=sum(each.status[0] == "warn" for each in lines),
        coming=_coming(book, wanted),
        packs=_packs(book, wanted),
        licences=_licences(book, wanted),
        forces=_forces(book, wanted),
        areas=_areas(book, wanted),
        digest=book.digest,
        own_changes=len(own),
        kept=urlencode(kept),
        narrowed=bool(kept),
    )


def _coming(book: Lawbook, wanted: Asked) -> tuple[Coming, ...]:
    later = [
        Coming(rule.id, rule.title[words.tongue()], version.begins_on)
        for rule in book.rules.values()
        if not wanted.pack or rule.jurisdiction == wanted.pack
        for version in rule.versions
        if version.begins_on > wanted.on
    ]
    return tuple(sorted(later, key=lambda each: (each.begins_on, each.id)))


def found(book: Lawbook, wanted: Asked) -> list[tuple[Rule, Version]]:
    """The rules that meet the conditions, with the version in force on the day."""
    rows = []
    for rule in book.rules.values():
        version = rule.on(wanted.on)
        if version is not None and _meets(rule, version, wanted):
            rows.append((rule, version))
    return rows


def _meets(rule: Rule, version: Version, wanted: Asked) -> bool:
    checks = (
        not wanted.pack or rule.jurisdiction == wanted.pack,
        not wanted.licence or rule.covers(wanted.licence),
        not wanted.force or wanted.force in {str(each) for each in rule.force},
        not wanted.status or version.status == wanted.status,
        not wanted.area or words.area_of(rule.id) == wanted.area,
        not wanted.q or _says(rule, version, wanted.q.casefold()),
    )
    return all(checks)


def _says(rule: Rule, version: Version, text: str) -> bool:
    """Whether every word looked for stands in the id, a title, text or source."""
    told = [rule.id, *rule.title.values(), *version.text.values()]
    told += [f"{each.text} {each.place}" for each in version.sources]
    told += [word for term in rule.terms.values() for word in term.title.values()]
    whole = "\n".join(told).casefold()
    return all(word in whole for word in text.split())


def _line(
    rule: Rule, version: Version, book: Lawbook, on: date, *, changed: bool
) -> Line:
    held = book.on(rule.id, on)
    own = ""
    if held is None:
        own = words.step("off")
    elif held.changed:
        own = words.step("values")
    elif changed:
        own = words.planned()
    return Line(
        id=rule.id,
        title=rule.title[words.tongue()],
        forces=words.forces(rule.force),
        licences=words.licences(rule, book),
        verbs=words.listed([words.verb(each) for each in rule.verbs]),
        since=version.begins_on,
        stated=version.dates_stated,
        status=words.status_chip(version.status),
        doubts=len(version.unverified_values),
        own=own,
        binding=rule.is_binding(version),
    )


def _packs(book: Lawbook, wanted: Asked) -> tuple[Choice, ...]:
    return tuple(
        Choice(code, pack.title[words.tongue()], code == wanted.pack)
        for code, pack in book.packs.items()
    )


def _licences(book: Lawbook, wanted: Asked) -> tuple[Choice, ...]:
    pack = book.packs.get(wanted.pack)
    known = pack.licences if pack else {}
    return tuple(
        Choice(code, said[words.tongue()], code == wanted.licence)
        for code, said in known.items()
    )


def _forces(book: Lawbook, wanted: Asked) -> tuple[Choice, ...]:
    codes = dict.fromkeys(
        str(each)
        for rule in book.rules.values()
        if not wanted.pack or rule.jurisdiction == wanted.pack
        for each in rule.force
    )
    return tuple(
        Choice(code, words.force(code), code == wanted.force) for code in codes
    )


def _areas(book: Lawbook, wanted: Asked) -> tuple[Choice, ...]:
    codes = dict.fromkeys(
        words.area_of(rule.id)
        for rule in book.rules.values()
        if not wanted.pack or rule.jurisdiction == wanted.pack
    )
    return tuple(
        Choice(code, words.area(code), code == wanted.area) for code in codes if code
    )
