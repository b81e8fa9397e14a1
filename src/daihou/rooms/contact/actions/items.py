"""What compliance looks into: opened by every attempt at a refused act, closed by hand."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from daihou.kit.refusal import Conflict, NotFound, Refused
from daihou.kit.wording import Attempt as Tried
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import sealing
from daihou.rooms.contact.models import ComplianceItem
from daihou.rooms.contact.states import ItemState
from daihou.rooms.notices import door as notices
from daihou.rooms.people import door as people

NOTICE = "contact.refused"
_MOST_WORDS = 300


@transaction.atomic
def open_items(tried: Tried) -> None:
    """Write an attempt down: an event for each act, and an item, or one time more."""
    for found in tried.findings:
        words = found.words[:_MOST_WORDS]
        item = _item(tried, found.code.value, words)
        audit.record(
            type="act.reported" if tried.let_in else "act.refused",
            subject_type="compliance",
            subject_id=item.pk,
            by=tried.by or "unknown",
            at=tried.at,
            business_date=tried.business_date,
            payload={
                "act": found.code.value,
                "way": tried.channel,
                "place": tried.place,
                "field": tried.name,
                **dict(tried.payload),
            },
            request_id=tried.request_id,
        )


def _item(tried: Tried, code: str, words: str) -> ComplianceItem:
    same = {
        "code": code,
        "way": tried.channel,
        "place": tried.place[:300],
        "field": tried.name[:200],
        "by": tried.by,
        "let_in": tried.let_in,
        "words_digest": sealing.same_words(words),
        "state": ItemState.OPEN.value,
    }
    rows = ComplianceItem.objects.select_for_update().filter(**same)
    found: ComplianceItem | None = rows.order_by("pk").first()
    if found is not None:
        found.times += 1
        found.last_at = tried.at
        found.save(update_fields=["times", "last_at"])
        return found
    made: ComplianceItem = ComplianceItem.objects.create(
        **same,
        words=sealing.seal(words, about=sealing.WORDS),
        customer_id=tried.customer_id,
        loan_id=tried.loan_id,
        first_at=tried.at,
        last_at=tried.at,
    )
    notices.notify(
        kind=NOTICE,
        text=gettext_noop("Compliance: %(act)s, tried by %(by)s"),
        params={"act": code, "by": tried.by or "–"},
        permission=people.Permission.HANDLE_COMPLIANCE.value,
        url=f"/compliance/?item={made.pk}",
        level="warn" if tried.let_in else "bad",
        at=tried.at,
        key=f"{code}:{tried.by}",
    )
    return made


@transaction.atomic
def close_item(
    item_id: int,
    *,
    reason: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str = "",
) -> None:
    """Close an item with what was found and done; not by who is in it."""
    people.require(by, people.Permission.HANDLE_COMPLIANCE)
    item = ComplianceItem.objects.select_for_update().filter(pk=item_id).first()
    if item is None:
        raise NotFound("item_unknown", _("There is no such item."))
    if item.state != ItemState.OPEN.value:
        raise Conflict("item_closed", _("Somebody closed it before. Reload the page."))
    if item.by == by.username:
        raise Conflict("item_own", _("It is about yourself: a colleague closes it."))
    text = reason.replace("\0", "").strip()
    if not text or len(text) > 1_000:
        raise Refused("item_reason", _("Say what was found and done."))
    item.state = ItemState.CLOSED.value
    item.reason = sealing.seal(text, about=sealing.REASON)
    item.closed_by, item.closed_at = by.username, at
    item.save(update_fields=["state", "reason", "closed_by", "closed_at"])
    audit.record(
        type="act.closed",
        subject_type="compliance",
        subject_id=item.pk,
        by=by.username,
        at=at,
        business_date=business_date,
        payload={"act": item.code},
        request_id=request_id,
    )
