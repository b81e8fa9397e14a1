"""Two law books side by side: two days, or the law alone and with our changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext

from daihou.engine.rulebook.law import InForce, Lawbook
from daihou.packs import law_words
from daihou.rooms.rulebooks import drafting, queries, words
from daihou.rooms.rulebooks.forms import read_day

OURS, LAW = "ours", "law"


@dataclass(frozen=True, slots=True)
class Side:
    """One side: which book, on which day."""

    which: str
    on: date
    book: Lawbook = field(repr=False, compare=False)

    @property
    def word(self) -> str:
        """What it is, for a heading."""
        known = {
            LAW: gettext("the rule book alone"),
            OURS: gettext("with our changes"),
        }
        return f"{words.day(self.on)}, {known[self.which]}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different; `pieces` are parts of its text: same, gone, new."""

    rule: str
    title: str
    jurisdiction: str
    said: str
    name: str
    was: str
    now: str
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """What changes between two sides, in words and as a difference."""

    before: Side
    after: Side
    rule: str
    pack: str
    packs: tuple[tuple[str, str], ...]
    found: tuple[Difference, ...]
    rules: int
    same: bool


def page(query: Mapping[str, str], *, today: date) -> Page:
    """The comparison behind an address; an unknown rule is refused (NotFound)."""
    before = _side(query, "a", usual=LAW, today=today)
    after = _side(query, "b", usual=OURS, today=today)
    packs = queries.base().packs
    pack = query.get("pack", "")
    rule = query.get("rule", "").strip().upper()[:20]
    if rule:
        drafting.rule_of(rule, queries.base())
    pack = pack if pack in packs and not rule else ""
    found = tuple(differences(before, after, rule=rule, pack=pack))
    return Page(
        before=before,
        after=after,
        rule=rule,
        pack=pack,
        packs=tuple((code, p.title[words.tongue()]) for code, p in packs.items()),
        found=found,
        rules=len({each.rule for each in found}),
        same=before == after,
    )


def _side(query: Mapping[str, str], name: str, *, usual: str, today: date) -> Side:
    which = query.get(f"{name}_book", usual)
    which = which if which in {LAW, OURS} else usual
    return Side(
        which,
        read_day(query.get(name, "")) or today,
        queries.base() if which == LAW else queries.lawbook(),
    )


def differences(
    before: Side, after: Side, *, rule: str = "", pack: str = ""
) -> Iterator[Difference]:
    """Yield what is different, rule by rule, in words of the reader."""
    found = law_words.difference(before.book, after.book, before.on, after.on)
    for each in found:
        if rule not in {"", each["rule"]} or pack not in {"", each["jurisdiction"]}:
            continue
        yield _difference(each, before, after)


def _difference(each: Mapping[str, Any], before: Side, after: Side) -> Difference:
    kinds = {
        "begins": gettext("is in force on the second side alone"),
        "ends": gettext("is in force on the first side alone"),
        "text": gettext("its text is another"),
    }
    first, second = (
        before.book.on(each["rule"], before.on),
        after.book.on(each["rule"], after.on),
    )
    name = was = now = ""
    said = kinds.get(each["kind"], "")
    if each["kind"] == "value":
        name = each["name"][words.tongue()]
        was, now = (_said(side, each["value"]) for side in (first, second))
        told = {"name": name, "was": was, "now": now}
        said = gettext("%(name)s was %(was)s, is %(now)s") % told
    elif each["kind"] in ("begins", "ends"):
        was, now = _text(first), _text(second)
    return Difference(
        rule=each["rule"],
        title=each["title"][words.tongue()],
        jurisdiction=each["jurisdiction"],
        said=said,
        name=name,
        was=was,
        now=now,
        pieces=_pieces(first, second) if each["kind"] == "text" else (),
    )


def _text(side: InForce | None) -> str:
    return side.version.text[words.tongue()] if side else ""


def _said(side: InForce | None, name: str) -> str:
    if side is None or name not in side.rule.terms:
        return gettext("not known")
    return words.value(side.values.get(name), side.rule.terms[name])


def _pieces(
    first: InForce | None, second: InForce | None
) -> tuple[tuple[str, str], ...]:
    """The two texts as one, cut where they part."""
    if first is None or second is None:
        return ()
    was, now = (side.version.text[words.tongue()] for side in (first, second))
    left, right = _words_of(was), _words_of(now)
    pieces: list[tuple[str, str]] = []
    matcher = SequenceMatcher(a=left, b=right, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("same", "".join(left[a:b])))
            continue
        pieces += [("gone", "".join(left[a:b]))] if b > a else []
        pieces += [("new", "".join(right[c:d]))] if d > c else []
    return tuple(pieces)


def _words_of(text: str) -> list[str]:
    """Chinese by the character, everything else by the word."""
    parts: list[str] = []
    for letter in text:
        joins = parts and letter.isascii() and letter.isalnum()
        if joins and parts[-1][-1].isascii() and parts[-1][-1].isalnum():
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts
