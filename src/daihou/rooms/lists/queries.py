"""The only reader of saved views and labels."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.rooms.lists import kinds
from daihou.rooms.lists.models import FirstView, Label, SavedView
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as its reader sees it; `fields` is the question part."""

    id: int
    list: str
    owner: str
    name: str
    fields: str
    shared: bool
    saved_at: datetime
    first: bool
    mine: bool

    @property
    def query(self) -> QueryDict:
        """The conditions, parsed."""
        return QueryDict(self.fields)


def _seen(login: str) -> "QuerySet[SavedView]":
    first = FirstView.objects.filter(login=login, view_id=OuterRef("pk"))
    ours = SavedView.objects.filter(Q(owner=login) | Q(shared=True))
    return ours.annotate(first=Exists(first)).order_by("name", "pk")


def _view(row: SavedView, login: str) -> View:
    return View(
        id=row.pk,
        list=row.list,
        owner=row.owner,
        name=row.name,
        fields=row.fields,
        shared=row.shared,
        saved_at=row.saved_at,
        first=row.first,
        mine=row.owner == login,
    )


def views_of(code: str, *, person: people.Person) -> tuple[View, ...]:
    """The person's own views of a list and those shared with all; own ones first."""
    rows = [
        _view(row, person.username) for row in _seen(person.username).filter(list=code)
    ]
    return tuple(sorted(rows, key=lambda view: not view.mine))


def all_views(*, person: people.Person) -> tuple[View, ...]:
    """Every view the person may open, of the lists they may see."""
    open_to = [
        code for code, kind in kinds.kinds().items() if person.may(kind.permission)
    ]
    rows = _seen(person.username).filter(list__in=open_to)
    return tuple(_view(row, person.username) for row in rows)


def view_of(view_id: int, *, person: people.Person) -> View:
    """One view the person may open, or NotFound."""
    row = _seen(person.username).filter(pk=view_id).first()
    kind = kinds.kinds().get(row.list) if row else None
    if row is None or kind is None or not person.may(kind.permission):
        raise no_such_view()
    return _view(row, person.username)


def no_such_view() -> NotFound:
    """The refusal for a view that is not there, or not shared with the asker."""
    return NotFound(
        "view_unknown",
        _("There is no such view among your own and the shared ones."),
    )


def labels_of(subject_type: str, ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    """The labels of these things, by id, in order of the words; one query."""
    found: dict[int, list[str]] = {}
    if ids:
        rows = Label.objects.filter(subject_type=subject_type, subject_id__in=ids)
        for subject_id, word in rows.order_by("word").values_list("subject_id", "word"):
            found.setdefault(subject_id, []).append(word)
    return found


def words_of(subject_type: str) -> Mapping[str, Sequence[int]]:
    """Every label of a kind of thing with the ids that carry it; one query.

    Whose they are is not asked here: the caller cuts the ids to what may be seen.
    """
    rows = Label.objects.filter(subject_type=subject_type).values("word")
    rows = rows.annotate(ids=ArrayAgg("subject_id", order_by="subject_id"))
    return dict(rows.order_by("word").values_list("word", "ids"))


def carriers(subject_type: str, word: str) -> Sequence[int]:
    """The ids of the things that carry this label."""
    rows = Label.objects.filter(subject_type=subject_type, word=word)
    return list(rows.order_by("subject_id").values_list("subject_id", flat=True))
