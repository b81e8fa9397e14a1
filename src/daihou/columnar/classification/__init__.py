"""Classes of the whole book: arrays in, codes out, equal to the plain text."""

from daihou.columnar.classification.book import ClassBook, EventRows, touched
from daihou.columnar.classification.running import Classes, classify_book

__all__ = ["ClassBook", "Classes", "EventRows", "classify_book", "touched"]
