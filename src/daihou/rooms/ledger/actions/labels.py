"""Labels on many loans at once."""

from collections.abc import Collection
from datetime import date, datetime

from django.utils.translation import gettext

from daihou.kit.refusal import Refused
from daihou.rooms.ledger.queries import seen
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people


def label_loans(
    loan_ids: Collection[int],
    *,
    word: str,
    on: str,
    by: people.Person,
    at: datetime,
    business_date: date | None,
    request_id: str,
) -> int:
    """Put the label `word` on these loans (`on` is "label") or take it off ("unlabel").

    Loans outside the scope of `by` stay as they are. Returns how many changed.
    Refused when none is named; NotAllowed to who may not label loans.
    """
    assert on in {"label", "unlabel"}, on
    people.require(by, people.Permission.LABEL_LOANS)
    ours = seen.loans(by.scope, ids=loan_ids).values_list("pk", flat=True)
    ids = list(ours)
    if not ids:
        raise Refused("bulk_nothing", gettext("Nothing was changed: no loan is left."))
    act = lists.put_label if on == "label" else lists.take_label
    return act(
        subject_type="loan",
        ids=ids,
        word=word,
        by=by,
        at=at,
        business_date=business_date,
        request_id=request_id,
    )
