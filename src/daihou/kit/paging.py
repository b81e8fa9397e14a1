"""Cutting a list into pages that are addressed by number."""

from dataclasses import dataclass

PAGE_SIZE = 50
_LONGEST = 15  # digits; more is out of range, and is never read as a whole


@dataclass(frozen=True)
class Paging:
    """Which rows of `total` a page shows; `first` and `last` count from 1."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one empty page."""
        return max(1, -(-self.total // self.size))

    @property
    def start(self) -> int:
        """Offset of the first row, from 0."""
        return (self.number - 1) * self.size

    @property
    def stop(self) -> int:
        """Offset behind the last row."""
        return min(self.total, self.start + self.size)

    @property
    def first(self) -> int:
        """Number of the first row, 0 when there is none."""
        return self.start + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row."""
        return self.stop

    @property
    def previous(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number < self.pages else None


def paging(asked: str | None, *, total: int, size: int = PAGE_SIZE) -> Paging:
    """The page asked for in an address; one out of range or unreadable is moved in."""
    told = asked or ""
    number = int(told[:_LONGEST]) if told.isascii() and told.isdigit() else 1
    pages = Paging(number=1, total=total, size=size).pages
    return Paging(number=min(max(1, number), pages), total=total, size=size)
