"""Classifying the closed days that are due, for the worker and the command line."""

from datetime import date, datetime

from daihou.kit import grades
from daihou.rooms.grading import queries
from daihou.rooms.rulebooks import door as rulebooks

AT_ONCE = 40  # days of one round, so that the others have their turn


def grade_due(*, at: datetime) -> None:
    """Classify the closed days that are due, some at once; for the worker's rounds."""
    grader = grades.grader()
    if grader is None:
        return
    days = grader.due()
    for day in days[:AT_ONCE]:
        grade_day(day, at=at, by="grading")
    if len(days) <= AT_ONCE:
        grader.show()


def grade_last(*, at: datetime) -> grades.Run | None:
    """Classify the last closed day at once where pages have no class to show yet.

    One look at the whole book, without what the days before it would tell; the
    worker's rounds then classify every day in order, this one again. None where
    there is nothing to do.
    """
    grader = grades.grader()
    if grader is None or queries.shown_run() is not None:
        return None
    days = grader.due()
    if not days:
        return None
    made = grade_day(days[-1], at=at, by="grading", full=True)
    grader.show()
    return made


def grade_day(
    as_of: date, *, at: datetime, by: str, full: bool = False
) -> grades.Run | None:
    """Classify one closed day under the law as it was decided by then."""
    grader = grades.grader()
    if grader is None:
        return None
    book = rulebooks.lawbook(as_of)
    return grader.grade(
        as_of,
        rules=queries.rules(as_of, book=book),
        law=book.digest,
        at=at,
        by=by,
        full=full,
    )
