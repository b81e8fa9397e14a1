"""Acts that must not be: found in any text, however it is written.

The list is closed and nothing switches it off; the words come from the rule book
(`packs.refused`). A text is folded first: half and full width, traditional characters,
look-alike letters, signs and gaps between characters make no difference.
"""

import html
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """The acts no action, template, tag or outcome can express."""

    PUBLIC_SHAMING = "X_PUBLIC_SHAMING"
    INTIMIDATE = "X_INTIMIDATE"
    IMPERSONATE = "X_IMPERSONATE"
    THIRD_PARTY_PRESSURE = "X_THIRD_PARTY_PRESSURE"
    RESTRAIN = "X_RESTRAIN"
    TRESPASS = "X_TRESPASS"
    SEIZE = "X_SEIZE"
    DATA_TRADE = "X_DATA_TRADE"
    SUB_OUTSOURCE = "X_SUB_OUTSOURCE"
    FALSE_CONSEQUENCE = "X_FALSE_CONSEQUENCE"


@dataclass(frozen=True, slots=True)
class Basis:
    """An article that forbids an act, and how it was attested (P, S, M)."""

    text: str
    place: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its name, what forbids it, what is done instead, and its words.

    A phrase is a row of slots, each a set of words; they stand in this order with
    little between them. `whole` are words that say it when they are all of a text,
    as a tag or a code is. `unless` are phrases of what is lawful and looks like it.
    """

    code: Refusal
    title: Mapping[str, str]
    instead: Mapping[str, str]
    basis: tuple[Basis, ...]
    phrases: tuple[tuple[str, ...], ...]
    whole: frozenset[str]
    unless: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words about words: what denies, what reports, and characters that mean another.

    `denials` before the words turn them round ("never threaten"), in the same sentence
    and with nothing but `connectors` between; one that is itself denied does not, nor
    does one with a comma after it ("no, threaten him"). `reports` make the rest of
    their sentence one about somebody else's deed.
    """

    denials: tuple[str, ...]
    connectors: tuple[str, ...]
    double_denials: tuple[str, ...]
    reports: tuple[str, ...]
    characters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Finding:
    """An act found in a text: the words as they stand there, from `start` to `end`.

    `reported`: the text tells of somebody else's deed, such as a complaint does.
    """

    code: Refusal
    words: str
    start: int
    end: int
    reported: bool = False


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text as it is looked at, and where each character of it came from.

    `stops` are the characters that begin a sentence, ascending; `pauses` those that
    follow a comma or a dash.
    """

    text: str
    places: tuple[int, ...]
    stops: tuple[int, ...]
    pauses: frozenset[int]

    def sentence(self, place: int) -> int:
        """Where the sentence of a character begins."""
        before = bisect_right(self.stops, place)
        return self.stops[before - 1] if before else 0

    def is_one(self, start: int, end: int) -> bool:
        """Whether a stretch lies within one sentence."""
        return bisect_right(self.stops, start) == bisect_left(self.stops, end)


class RefusedActs:
    """Every act with its words made ready to be looked for; it never changes."""

    def __init__(self, acts: Sequence[Act], vocabulary: Vocabulary) -> None:
        """Take the whole registry; every code must be there, once."""
        assert sorted(each.code for each in acts) == sorted(Refusal), acts
        self.acts: Mapping[Refusal, Act] = {each.code: each for each in acts}
        self._characters = {**_LOOK_ALIKES, **vocabulary.characters}
        self._ready = [
            (
                each.code,
                re.compile("|".join(map(self._phrase, each.phrases))),
                frozenset(map(self.key, each.whole)),
                self._any(each.unless),
            )
            for each in acts
        ]
        between = f"(?: ?(?:{self._words(vocabulary.connectors)}))*"
        self._denied = re.compile(
            f"(?:{self._words(vocabulary.denials)})(?P<rest> ?){between} ?$"
        )
        self._not_denied = re.compile(
            f"(?:{self._words(vocabulary.double_denials)}){between} ?$"
        )
        self._reported = self._any([(word,) for word in vocabulary.reports])

    def key(self, text: str) -> str:
        """A text as it is compared whole: folded, nothing but letters and digits."""
        return _fold(_plain(text), self._characters).text.replace(" ", "")

    def coarse(self) -> str:
        """An expression that is in every folded text with a finding, and in few others.

        For columns of many values, in syntax every engine reads; entities of mark-up
        and letters put for others within it are met by classes of characters.
        """
        firsts = {
            word.rstrip("*")
            for act in self.acts.values()
            for each in (*(phrase[0] for phrase in act.phrases), *act.whole)
            for word in each.split("|")
        }
        others: dict[str, list[str]] = {}
        for char, plain in self._characters.items():
            others.setdefault(plain, []).append(char)
        return "|".join(
            sorted(
                "".join(
                    f"[{char}{''.join(others.get(char, ()))}]"
                    for char in self.key(word)
                )
                for word in firsts
            )
            + [r"&#?\w"]
        )

    def find(self, text: str) -> tuple[Finding, ...]:
        """Return every act in a text, each code once, in order of the registry."""
        if text.isascii() and sum(map(str.isalpha, text)) < _FEWEST_LETTERS:
            return ()  # amounts, days, numbers of things
        ways = [_plain(text)]
        if _TAG.search(text):
            ways.append(_inside_tags(text))
        spaced = [_fold(each, self._characters) for each in ways]
        tight = [_tight(each) for each in spaced]
        found = []
        for code, pattern, whole, unless in self._ready:
            hit = None
            for folded in (*spaced, *tight):
                if hit is None or hit.reported:
                    hit = self._hit(code, pattern, unless, folded, text) or hit
            if hit is None and any(each.text in whole for each in tight):
                hit = Finding(code, text.strip(), 0, len(text))
            if hit is not None:
                found.append(hit)
        return tuple(found)

    def _hit(
        self,
        code: Refusal,
        pattern: re.Pattern[str],
        unless: re.Pattern[str] | None,
        folded: _Folded,
        text: str,
    ) -> Finding | None:
        """The first that is no report, or else the first."""
        spans = [each.span() for each in unless.finditer(folded.text)] if unless else []
        spared = [each for each in spans if folded.is_one(*each)]
        first_report = None
        match = pattern.search(folded.text)
        while match is not None:
            start, end = match.span()
            is_spared = any(first < end and start < last for first, last in spared)
            if not is_spared and not self._is_denied(folded, start):
                first, last = folded.places[start], folded.places[end - 1] + 1
                reported = self._is_reported(folded, start)
                hit = Finding(code, text[first:last], first, last, reported)
                if not reported:
                    return hit
                first_report = first_report or hit
            match = pattern.search(folded.text, start + 1)
        return first_report

    def _is_denied(self, folded: _Folded, start: int) -> bool:
        begin = max(folded.sentence(start), start - _DENIAL_REACH)
        before = folded.text[begin:start]
        if self._not_denied.search(before):
            return False
        match = self._denied.search(before)
        while match is not None:
            if begin + match.end("rest") not in folded.pauses:
                return True
            match = self._denied.search(before, match.start() + 1)
        return False

    def _is_reported(self, folded: _Folded, start: int) -> bool:
        before = folded.text[folded.sentence(start) : start]
        return self._reported is not None and bool(self._reported.search(before))

    def _any(self, phrases: Sequence[tuple[str, ...]]) -> re.Pattern[str] | None:
        return re.compile("|".join(map(self._phrase, phrases))) if phrases else None

    def _phrase(self, slots: Sequence[str]) -> str:
        """The expression of a phrase: its slots in order, a few characters between."""
        made = [self._slot(each) for each in slots]
        latin = any(word.isascii() for each in slots for word in each.split("|"))
        gap = f".{{0,{_LATIN_GAP if latin else _HAN_GAP}}}?"
        return f"(?:{gap.join(made)})"

    def _slot(self, slot: str) -> str:
        return f"(?:{self._words(slot.split('|'))})"

    def _words(self, words: Sequence[str]) -> str:
        return "|".join(map(self._word, sorted(words, key=len, reverse=True)))

    def _word(self, word: str) -> str:
        """A word; a Latin one is whole, unless it ends in `*`."""
        stem, starts = word.rstrip("*"), word.endswith("*")
        plain = _fold(_plain(stem), self._characters).text.strip()
        assert plain, word
        made = re.escape(plain).replace(r"\ ", " ?")
        if not plain.isascii():
            return " ?".join(map(re.escape, plain.replace(" ", "")))
        return rf"(?<![a-z]){made}" + ("[a-z]*" if starts else "(?![a-z])")


_FEWEST_LETTERS = 4
_HAN_GAP = 6  # characters between the slots of a phrase
_LATIN_GAP = 28
_DENIAL_REACH = 60
_TAG = re.compile(r"<[^<>]{0,200}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
# What ends a sentence, once widths are one; a full stop between digits does not.
_STOPS = frozenset("。!?;.\n\r\v\f\x85\u2028\u2029")
_PAUSES = frozenset(",—–―")
_SPELT = re.compile(r"(?<![a-z0-9])(?:[a-z0-9] ){2,}[a-z0-9](?![a-z0-9])")
# Letters by their kind, but they show nothing; and places kept free for such.
FILLERS = (
    ("\u115f", "\u1160"),
    ("\u2065", "\u2065"),
    ("\ufff0", "\ufff8"),
    ("\U000e0000", "\U000e0fff"),
)
# Letters of other alphabets that look the same, and signs put for letters.
_LOOK_ALIKES = {
    **dict(zip("аеорсухіјѕԁɡ", "aeopcyxijsdg", strict=True)),
    **dict(zip("αοερτιν", "aoeptiv", strict=True)),
    **dict(zip("@$€", "ase", strict=True)),
}


def _plain(text: str) -> Iterator[tuple[int, str]]:
    """Every character with its place: one width, small, no accents, no mark-up."""
    hidden = [(each.start(), each.end(), "") for each in _TAG.finditer(text)]
    hidden += [
        (each.start(), each.end(), html.unescape(each.group()))
        for each in _ENTITY.finditer(text)
    ]
    skipped = {start: (end, put) for start, end, put in hidden}
    place = 0
    while place < len(text):
        end, put = skipped.get(place, (place + 1, text[place]))
        for char in unicodedata.normalize("NFKD", put).casefold():
            if not unseen(char):
                yield place, char
        place = max(end, place + 1)


def _inside_tags(text: str) -> Iterator[tuple[int, str]]:
    """What stands within tags, where words can hide that a page shows as they are."""
    for tag in _TAG.finditer(text):
        yield tag.start(), "\n"
        for place, char in _plain(tag.group()[1:-1]):
            yield tag.start() + 1 + place, char


def unseen(char: str) -> bool:
    """Whether a character shows nothing and takes no room: accents, fillers, controls.

    Between two letters it is as if it were not there.
    """
    kind = unicodedata.category(char)
    if kind == "Cc":
        return not char.isspace()
    return kind in {"Mn", "Me", "Cf"} or any(
        first <= char <= last for first, last in FILLERS
    )


def _fold(
    chars_of: Iterable[tuple[int, str]], characters: Mapping[str, str]
) -> _Folded:
    """Signs become one space, letters small and plain."""
    chars: list[str] = []
    places: list[int] = []
    stops: list[int] = []
    pauses: set[int] = set()
    signs = ""  # since the last letter
    for place, char in chars_of:
        for each in characters.get(char, char):
            if not each.isalnum():
                signs += each
                if chars and chars[-1] != " ":
                    chars.append(" ")
                    places.append(place)
                continue
            if signs:
                last = chars[-2] if len(chars) > 1 else ""
                is_point = signs == "." and last.isdigit() and each.isdigit()
                if _STOPS.intersection(signs) and not is_point:
                    stops.append(len(chars))
                if _PAUSES.intersection(signs) or " -" in signs:
                    pauses.add(len(chars))
                signs = ""
            chars.append(characters.get(each, each))
            places.append(place)
    return _Folded("".join(chars), tuple(places), tuple(stops), frozenset(pauses))


def _tight(folded: _Folded) -> _Folded:
    """Letters spelt one by one put together, and no gaps between Han characters."""
    keep = [True] * len(folded.text)
    for each in _SPELT.finditer(folded.text):
        for place in range(*each.span()):
            keep[place] = folded.text[place] != " "
    for place, char in enumerate(folded.text):
        if char == " " and 0 < place < len(folded.text) - 1:
            sides = folded.text[place - 1], folded.text[place + 1]
            keep[place] = keep[place] and all(each.isascii() for each in sides)
    kept = [place for place, stays in enumerate(keep) if stays]
    return _Folded(
        "".join(folded.text[place] for place in kept).strip(),
        tuple(folded.places[place] for place in kept),
        tuple(bisect_left(kept, place) for place in folded.stops),
        frozenset(bisect_left(kept, place) for place in folded.pauses),
    )
