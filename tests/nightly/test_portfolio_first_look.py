"""Months of a book whose last day alone was classified: no figure of classes yet."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from daihou.kit import grades, portfolio
from daihou.kit.portfolio import Asked
from daihou.nightly.grading.grader import Grader
from daihou.nightly.portfolio.book import PortfolioBook
from daihou.rooms.grading import actions
from tests.nightly import world

pytestmark = pytest.mark.django_db(transaction=True)
LEAP = date(2024, 2, 29)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[PortfolioBook]:
    """Days closed into March, of which a first look has classified the last."""
    world.build()
    night = world.a_night(tmp_path)
    list(night.close(world.FIRST))
    list(night.close(through=LEAP + timedelta(days=1)))
    night.shut()
    grades.bind_grader(Grader(url=world.url(), home=tmp_path))
    assert actions.grade_last(at=world.AT) is not None
    yield PortfolioBook(url=world.url(), home=tmp_path, now=lambda: world.AT)
    grades.unbind_grader()


def _count(book: PortfolioBook) -> list[str]:
    done: list[portfolio.Month] = []
    while due := book.due():
        done.append(book.count(due[0]))
    return [each.name for each in done]


def _known(book: PortfolioBook) -> list[bool]:
    return [point.known for point in book.series(Asked("npl_ratio")).points]


def test_bad_loans_are_blank_until_every_day_was_classified(
    book: PortfolioBook,
) -> None:
    assert _count(book) == ["2024-02", "2024-03"]
    assert _known(book) == [False, False]
    grader = grades.grader()
    assert grader is not None
    while grader.due():
        actions.grade_due(at=world.AT)
    assert _count(book) == ["2024-02", "2024-03"]
    assert _known(book) == [True, True]
