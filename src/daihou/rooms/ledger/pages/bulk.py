"""One step for many loans of the list, shown before it is done: labels and export."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from daihou.kit.ports import BookReader
from daihou.rooms.ledger.pages import overdue_page
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people

MOST: Final = 5_000  # loans of one step
SHOWN: Final = 10  # rows of the preview
STEPS: Final = ("label", "unlabel", "export")


@dataclass(frozen=True)
class Wish:
    """What was asked for: the step, on which loans of which list, with which word."""

    step: str
    whole: bool  # every row of the list, not those picked
    picked: Sequence[int]
    address: str
    word: str
    sure: str = ""  # what the preview promised, sent back with the yes


@dataclass(frozen=True)
class Left:
    """How many are left out, and why."""

    loans: int
    why: str


@dataclass(frozen=True)
class Preview:
    """What would be done: to which loans, and which are left out for what reason."""

    wish: Wish
    title: str
    rows: Sequence[Mapping[str, object]] = ()
    ids: Sequence[int] = ()
    left: Sequence[Left] = ()
    listed: int = 0  # rows of the whole list
    words: Sequence[str] = field(default_factory=tuple)  # labels there are
    wrong: str = ""

    @property
    def promise(self) -> str:
        """What the yes is said to; another promise asks again."""
        return f"{self.wish.step}:{len(self.ids)}:{sum(self.ids)}"

    @property
    def only(self) -> str:
        """The loans as an address names them."""
        return ",".join(map(str, self.ids))


def read(form: QueryDict) -> Wish:
    """Read the form of the list or of the preview; what is no number is left out."""
    picked = {
        int(each)
        for each in form.getlist("loan")[: MOST + 1]
        if each.isascii() and each.isdigit() and len(each) < 19
    }
    step = form.get("action", "")
    return Wish(
        step=step if step in STEPS else STEPS[0],
        whole=form.get("reach") == "whole",
        picked=sorted(picked),
        address=form.get("address", "")[:4000],
        word=form.get("word", "").strip(),
        sure=form.get("sure", ""),
    )


def title_of(step: str) -> str:
    """The name of a step."""
    titles = {
        "label": gettext("Put a label on loans"),
        "unlabel": gettext("Take a label off loans"),
        "export": gettext("Export the selected loans"),
    }
    return titles[step]


def permission_of(step: str) -> people.Permission:
    """What one must be allowed for a step."""
    if step == "export":
        return people.Permission.EXPORT_LEDGER
    return people.Permission.LABEL_LOANS


def preview(reader: BookReader, wish: Wish, *, person: people.Person) -> Preview:
    """Look what the step would do to the loans this person sees on that list."""
    made = _look(reader, wish, person)
    if wish.step == "export" or not made.ids or not wish.word:
        return made
    word = lists.label_word(wish.word)
    have = set(lists.carriers("loan", word))
    puts = wish.step == "label"
    fit = [loan_id for loan_id in made.ids if (loan_id in have) != puts]
    why = (
        gettext("carry the label “%(word)s” already")
        if puts
        else gettext("do not carry the label “%(word)s”")
    ) % {"word": word}
    left = [*made.left, *_left(len(made.ids) - len(fit), why)]
    keep = set(fit)
    rows = [row for row in made.rows if row["loan_id"] in keep]
    return Preview(
        wish=wish,
        title=made.title,
        rows=rows,
        ids=fit,
        left=left,
        listed=made.listed,
        words=made.words,
    )


def _look(reader: BookReader, wish: Wish, person: people.Person) -> Preview:
    """The loans meant, in the order of the list, before the label is asked about."""
    title = title_of(wish.step)
    query = QueryDict(wish.address)
    found = overdue_page.whole_ledger(reader, query, scope=person.scope)
    if found is None:
        return Preview(wish, title, wrong=gettext("No day has been closed yet"))
    wanted = set(wish.picked)
    rows = [row for row in found.rows if wish.whole or row["loan_id"] in wanted]
    gone = 0 if wish.whole else len(wanted) - len(rows)
    left = _left(gone, gettext("are not on this list, or not among those you may see"))
    left += _left(
        len(rows) - MOST,
        gettext("are more than one step takes (%(most)s)") % {"most": f"{MOST:,}"},
    )
    rows = rows[:MOST]
    return Preview(
        wish=wish,
        title=title,
        rows=rows,
        ids=[int(str(row["loan_id"])) for row in rows],
        left=left,
        listed=found.total.loans,
        words=found.choices["label"],
    )


def _left(loans: int, why: str) -> list[Left]:
    return [Left(loans, why)] if loans > 0 else []


def done_text(step: str, loans: int) -> str:
    """What was done, in words."""
    told = (
        ngettext("%(n)s loan is labelled.", "%(n)s loans are labelled.", loans)
        if step == "label"
        else ngettext(
            "The label is off %(n)s loan.", "The label is off %(n)s loans.", loans
        )
    )
    return told % {"n": f"{loans:,}"}
