"""Drawing: a draft is begun, kept again and again, and dropped; nothing follows yet."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from daihou.kit.refusal import Conflict, NotAllowed, Refused
from daihou.kit.turns import in_turn
from daihou.rooms.approvals import door as approvals
from daihou.rooms.approvals.door import Deed
from daihou.rooms.people import door as people
from daihou.rooms.strategy import document, queries
from daihou.rooms.strategy.actions.recording import record
from daihou.rooms.strategy.models import Strategy, Version
from daihou.rooms.strategy.queries import VersionLine
from daihou.rooms.strategy.states import Origin, State
from daihou.rooms.strategy.triggers import SUBJECT

_CODE = re.compile(r"[a-z][a-z0-9_-]{1,39}")


def may_draft(deed: Deed) -> None:
    """Refuse who may not draw."""
    people.require(deed.by, people.Permission.DRAFT_STRATEGY)
    if deed.by.reads_only:
        raise NotAllowed("reads_only", _("You read only; nothing was written."))


@transaction.atomic
def make_strategy(
    *, code: str, title_zh: str, title_en: str, deed: Deed
) -> VersionLine:
    """Begin a strategy with an empty table; it is a draft until two people want it.

    Refused: a code that is none or is taken, a title missing in one language.
    """
    may_draft(deed)
    code = code.strip().lower()
    titles = {
        tongue: " ".join(each.replace("\x00", "").split())[:120]
        for tongue, each in (("zh", title_zh), ("en", title_en))
    }
    if not _CODE.fullmatch(code):
        raise Refused(
            "code_unreadable",
            _("Write a code of small letters, digits and - such as small-loans."),
            field="code",
        )
    if not all(titles.values()):
        raise Refused(
            "title_missing", _("Write the title in both languages."), field="title"
        )
    in_turn("strategy", code)
    if Strategy.objects.filter(code=code).exists():
        raise Conflict(
            "code_taken", _("There is a strategy with this code."), field="code"
        )
    last = Strategy.objects.aggregate(last=Max("place"))["last"] or 0
    row = Strategy.objects.create(
        code=code,
        title_zh=titles["zh"],
        title_en=titles["en"],
        place=last + 1,
        made_by=deed.by.username,
        made_at=deed.at,
    )
    content = document.empty(code, titles)
    made = _begun(row, content, origin=Origin.DRAWN, based_on=None, deed=deed)
    record("made", row.pk, deed=deed, payload={"code": code, "version": made.number})
    return queries.version(made.pk)


@transaction.atomic
def begin_draft(
    *,
    strategy_id: int,
    deed: Deed,
    based_on: int | None = None,
    content: Mapping[str, Any] | None = None,
    origin: Origin = Origin.DRAWN,
) -> VersionLine:
    """Begin a draft: of `content`, else as `based_on` is, else as the live one is."""
    may_draft(deed)
    in_turn("strategy", str(strategy_id))
    row = queries.strategy_row(strategy_id)
    source = queries.basis_of(row, based_on)
    if content is None:
        assert source is not None or based_on is None, based_on
        titles = {"zh": row.title_zh, "en": row.title_en}
        content = source.content if source else document.empty(row.code, titles)
    content = document.tidy(content, code=row.code)
    made = _begun(row, content, origin=origin, based_on=source, deed=deed)
    record(
        "draft_begun",
        row.pk,
        deed=deed,
        payload={
            "version": made.number,
            "based_on": source.number if source else None,
            "origin": str(origin),
        },
    )
    return queries.version(made.pk)


def _begun(
    row: Strategy,
    content: Mapping[str, Any],
    *,
    origin: Origin,
    based_on: Version | None,
    deed: Deed,
) -> Version:
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    made: Version = Version.objects.create(
        strategy=row,
        number=last + 1,
        state=State.DRAFT,
        origin=origin,
        content=content,
        digest=document.digest(content),
        based_on=based_on,
        authors=[deed.by.username],
        changed_by=deed.by.username,
        changed_at=deed.at,
    )
    return made


@transaction.atomic
def keep_draft(
    *,
    version_id: int,
    rev: int,
    content: Mapping[str, Any],
    deed: Deed,
    origin: Origin | None = None,
) -> VersionLine:
    """Keep a draft as it is now; half-typed cells are kept too.

    `rev` is the one the writer has seen. Conflict where somebody else kept it since:
    nothing of theirs is lost, and the writer is told who and when.
    """
    may_draft(deed)
    row = locked_draft(version_id)
    if row.rev != rev:
        raise Conflict(
            "draft_moved",
            _(
                "%(who)s kept this draft meanwhile (%(n)s times since you opened it). "
                "Nothing of yours was kept over it: reload, or keep yours as a draft "
                "of its own."
            )
            % {"who": row.changed_by, "n": max(1, row.rev - rev)},
            rev=row.rev,
            by=row.changed_by,
        )
    content = document.tidy(content, code=row.strategy.code)
    found = document.digest(content)
    if found == row.digest:
        return queries.version(row.pk)
    who = deed.by.username
    row.content, row.digest, row.rev = content, found, row.rev + 1
    row.changed_by, row.changed_at = who, deed.at
    row.authors = sorted({*row.authors, who})
    if origin is not None:
        row.origin = origin
        record(
            "imported",
            row.strategy_id,
            deed=deed,
            payload={"version": row.number, "origin": str(origin), "rev": row.rev},
        )
    row.save()
    return queries.version(row.pk)


@transaction.atomic
def drop_draft(*, version_id: int, rev: int, deed: Deed) -> None:
    """Drop a draft nobody proposed; refused when it was kept since it was looked at."""
    may_draft(deed)
    row = locked_draft(version_id)
    if row.rev != rev:
        raise Conflict(
            "draft_moved",
            _("%(who)s kept this draft meanwhile; look at it before it is dropped.")
            % {"who": row.changed_by},
        )
    if approvals.open_on(SUBJECT, row.pk, person=deed.by, at=deed.at):
        raise Refused(
            "draft_proposed",
            _("It is proposed and waits for a decision; take the proposal back first."),
        )
    record("draft_dropped", row.strategy_id, deed=deed, payload={"version": row.number})
    row.delete()


def locked_draft(version_id: int) -> Version:
    """The row of a draft, held until the end; refused when it is none any more."""
    row = queries.version_row(version_id, hold=True)
    if row.state != State.DRAFT:
        raise Conflict(
            "no_draft",
            _("This version was decided already. Begin a new draft from it."),
        )
    return row
