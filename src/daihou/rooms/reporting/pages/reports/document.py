"""A document as a value: what the page, the PDF and the Word file all print."""

from collections.abc import Sequence
from dataclasses import dataclass

Cells = Sequence[str]


@dataclass(frozen=True, slots=True)
class Section:
    """One part: a heading, facts as pairs, sentences, then a table.

    `numeric` are the columns of the table that stand to the right.
    """

    title: str
    facts: Sequence[tuple[str, str]] = ()
    sentences: Sequence[str] = ()
    heads: Cells = ()
    rows: Sequence[Cells] = ()
    numeric: frozenset[int] = frozenset()
    empty: str = ""  # said where there is nothing

    @property
    def bare(self) -> bool:
        """Whether it has nothing to say."""
        return not (self.facts or self.sentences or self.rows)


@dataclass(frozen=True, slots=True)
class Document:
    """The whole: title, lines under it, parts, and what stands at the end."""

    title: str
    about: Sequence[str]
    sections: Sequence[Section]
    foot: Sequence[str] = ()
