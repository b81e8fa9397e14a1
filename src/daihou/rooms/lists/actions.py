"""The only writer of saved views and labels."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotAllowed, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.lists import kinds, queries
from daihou.rooms.lists.models import FirstView, Label, SavedView
from daihou.rooms.people import door as people

MOST_VIEWS = 100  # of one person in one list
LONGEST_NAME, LONGEST_WORD = 60, 40


def _clean(text: str, longest: int) -> str:
    return " ".join(text.replace("\x00", "").split())[:longest]


def _named(name: str) -> str:
    name = _clean(name, LONGEST_NAME)
    if not name:
        raise Refused("view_name_empty", _("Give the view a name."))
    return name


def _taken(name: str) -> Refused:
    return Refused(
        "view_name_taken",
        _("You have a view “%(name)s” already; choose another name.") % {"name": name},
    )


def _record(
    happened: str,
    view: SavedView,
    *,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        type=f"view.{happened}",
        subject_type="view",
        subject_id=view.pk,
        by=by.username,
        at=at,
        business_date=business_date,
        payload={"list": view.list, "name": view.name},
        before=before,
        after=after,
    )


def _content(view: SavedView) -> dict[str, object]:
    return {"name": view.name, "fields": view.fields, "shared": view.shared}


def _mine(view_id: int, by: people.Person) -> SavedView:
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    if view is None or (view.owner != by.username and not view.shared):
        raise queries.no_such_view()
    if view.owner != by.username:
        raise NotAllowed(
            "view_of_another",
            _(
                "This view belongs to %(owner)s, who alone may change it. Save it under"
                " a name of your own."
            )
            % {"owner": view.owner},
        )
    return view


@transaction.atomic
def save_view(
    *,
    code: str,
    name: str,
    query: QueryDict,
    shared: bool,
    by: people.Person,
    at: datetime,
    business_date: date | None,
) -> int:
    """Keep an address of a list under a name and return the view's number.

    Refused: a name of one's own that is taken or empty, more than 100 views of one
    list, conditions of more than 2,000 characters. NotAllowed who may not see the list.
    """
    kind = kinds.kind_of(code, unknown=queries.no_such_view)
    people.require(by, kind.permission)
    fields = kinds.kept(query, kind)
    if len(fields) > kinds.LONGEST:
        raise Refused("view_too_long", _("These conditions are too many for a view."))
    if SavedView.objects.filter(list=code, owner=by.username).count() >= MOST_VIEWS:
        raise Refused(
            "views_too_many",
            _("You have %(most)s views of this list; delete one first.")
            % {"most": MOST_VIEWS},
        )
    view = SavedView(
        list=code,
        owner=by.username,
        name=_named(name),
        fields=fields,
        shared=shared,
        saved_at=at,
    )
    _keep(view)
    _record(
        "saved", view, by=by, at=at, business_date=business_date, after=_content(view)
    )
    return int(view.pk)


def _keep(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise _taken(view.name) from None


@transaction.atomic
def change_view(
    *,
    view_id: int,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    name: str | None = None,
    shared: bool | None = None,
    query: QueryDict | None = None,
) -> None:
    """Rename, share or keep to oneself, or give other conditions; None keeps."""
    view = _mine(view_id, by)
    before = _content(view)
    if name is not None:
        view.name = _named(name)
    if shared is not None:
        view.shared = shared
    if query is not None:
        kind = kinds.kind_of(view.list, unknown=queries.no_such_view)
        view.fields = kinds.kept(query, kind)[: kinds.LONGEST]
    if (after := _content(view)) == before:
        return
    view.saved_at = at
    _keep(view)
    if before["shared"] and not view.shared:
        others = FirstView.objects.filter(view=view).exclude(login=by.username)
        others.delete()
    _record(
        "changed",
        view,
        by=by,
        at=at,
        business_date=business_date,
        before=before,
        after=after,
    )


@transaction.atomic
def delete_view(
    *, view_id: int, by: people.Person, at: datetime, business_date: date | None
) -> str:
    """Delete an own view and return its name; who opened with it opens with all."""
    view = _mine(view_id, by)
    _record(
        "deleted",
        view,
        by=by,
        at=at,
        business_date=business_date,
        before=_content(view),
    )
    view.delete()
    return str(view.name)


@transaction.atomic
def open_first(
    *,
    view_id: int,
    first: bool,
    by: people.Person,
    at: datetime,
    business_date: date | None,
) -> None:
    """Let a list open with this view, own or shared; or no longer."""
    view = queries.view_of(view_id, person=by)
    if view.first == first:
        return
    FirstView.objects.filter(list=view.list, login=by.username).delete()
    if first:
        FirstView.objects.create(list=view.list, login=by.username, view_id=view.id)
    row = SavedView.objects.get(pk=view.id)
    happened = "put_first" if first else "taken_from_first"
    _record(happened, row, by=by, at=at, business_date=business_date)


def label_word(text: str) -> str:
    """The label somebody typed, spaces tidied; Refused when nothing is left."""
    word = _clean(text, LONGEST_WORD)
    if not word:
        raise Refused("label_empty", _("Write the label."))
    return word


@transaction.atomic
def put_label(
    *,
    subject_type: str,
    ids: Collection[int],
    word: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str = "",
) -> int:
    """Put a label on things that lack it and return on how many; an event each.

    The caller has cut `ids` to what `by` may see and asked for the permission.
    """
    word = label_word(word)
    have = set(
        Label.objects.filter(
            subject_type=subject_type, word=word, subject_id__in=ids
        ).values_list("subject_id", flat=True)
    )
    new = sorted(set(ids) - have)
    Label.objects.bulk_create(
        (
            Label(
                subject_type=subject_type,
                subject_id=subject_id,
                word=word,
                put_by=by.username,
                put_at=at,
            )
            for subject_id in new
        ),
        ignore_conflicts=True,  # somebody else put it on at the same moment
        batch_size=5_000,
    )
    _tell("labelled", subject_type, new, word, by, at, business_date, request_id)
    return len(new)


@transaction.atomic
def take_label(
    *,
    subject_type: str,
    ids: Collection[int],
    word: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str = "",
) -> int:
    """Take a label off things that carry it and return off how many; an event each."""
    word = label_word(word)
    rows = Label.objects.select_for_update().filter(
        subject_type=subject_type, word=word, subject_id__in=ids
    )
    carried = sorted(rows.values_list("subject_id", flat=True))
    Label.objects.filter(
        subject_type=subject_type, word=word, subject_id__in=carried
    ).delete()
    _tell("unlabelled", subject_type, carried, word, by, at, business_date, request_id)
    return len(carried)


def _tell(
    happened: str,
    subject_type: str,
    ids: Collection[int],
    word: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str,
) -> None:
    audit.record_many(
        audit.NewEvent(
            type=f"{subject_type}.{happened}",
            subject_type=subject_type,
            subject_id=subject_id,
            by=by.username,
            at=at,
            business_date=business_date,
            payload={"label": word},
            request_id=request_id,
        )
        for subject_id in ids
    )
