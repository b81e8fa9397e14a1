"""What a changed rule would do to the classes of a closed day."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from daihou.engine.rulebook.law import Lawbook
from daihou.kit import grades
from daihou.kit.scope import EVERYTHING
from daihou.rooms.grading import queries, words
from daihou.rooms.ledger import door as ledger
from daihou.rooms.rulebooks import door as rulebooks

KIND = "classes"
SHOWN = 300


def register() -> None:
    """Let the rules ask, when one is to change, which loans change class."""
    rulebooks.register_impact(kind=KIND, name=_("Class of loans"), handler=reckon)


def reckon(before: Lawbook, after: Lawbook, as_of: date) -> rulebooks.Impact:
    """The loans that would be in another class at the end of `as_of`, worst first."""
    grader = grades.grader()
    last = queries.shown_run()
    if grader is None or last is None:
        note = gettext("No day has been classified yet.")
        return rulebooks.Impact(looked_at=0, changes=0, note=note)
    day = min(as_of, last.as_of)
    was, becomes = (queries.rules(as_of, book=book) for book in (before, after))
    found = grader.rehearse(was, becomes, as_of=day)
    turns = sorted(found.turns, key=lambda turn: (-turn.becomes, turn.loan_id))
    worse = sum(turn.becomes > turn.was for turn in turns)
    return rulebooks.Impact(
        looked_at=found.loans,
        changes=len(turns),
        counts=(
            (gettext("to a worse class"), worse),
            (gettext("to a better class"), len(turns) - worse),
        ),
        moved=_moved(turns[:SHOWN]),
    )


def _moved(turns: Sequence[grades.Turn]) -> tuple[rulebooks.Moved, ...]:
    lines = ledger.reading.lines_of([t.loan_id for t in turns], scope=EVERYTHING)
    return tuple(
        rulebooks.Moved(
            loan=turn.loan_id,
            number=lines[turn.loan_id].number,
            was=words.class_word(turn.was),
            becomes=words.class_word(turn.becomes),
            why=", ".join(words.cause_words(turn.causes)),
            branch=lines[turn.loan_id].branch,
        )
        for turn in turns
        if turn.loan_id in lines
    )
