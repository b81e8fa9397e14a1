"""Why a case is closed, in the reader's language: the codes and what they have in common."""

from collections.abc import Sequence

from django.utils.translation import pgettext

from daihou.rooms.casework.states import CLOSE_GROUPS


def close_word(code: str) -> str:
    """Why a case was closed."""
    words: dict[str, str] = {
        "PAID_FULL": pgettext("closing", "Paid in full"),
        "PAID_PARTIAL_SETTLED": pgettext("closing", "Settled for a part"),
        "CURED": pgettext("closing", "Not late any more"),
        "ARRANGEMENT_COMPLETED": pgettext("closing", "Plan completed"),
        "INVALID_DATA": pgettext("closing", "Wrong data"),
        "DECEASED_NO_ESTATE": pgettext("closing", "Died, no estate"),
        "BANKRUPT": pgettext("closing", "Bankrupt"),
        "UNTRACEABLE": pgettext("closing", "Cannot be found"),
        "LIMITATION_EXPIRED": pgettext("closing", "Limitation has run out"),
        "DISPUTE_UPHELD": pgettext("closing", "The dispute was right"),
        "ID_FRAUD": pgettext("closing", "Borrowed in another's name"),
        "WITHDRAWN": pgettext("closing", "Withdrawn by the owner"),
        "WRITTEN_OFF_NO_CLAIM": pgettext("closing", "Written off, claim given up"),
        "SOLD": pgettext("closing", "Sold"),
        "UNECONOMIC": pgettext("closing", "Costs more than it brings"),
        "MERGED": pgettext("closing", "Joined with another case"),
        "DUPLICATE": pgettext("closing", "Opened twice"),
    }
    return words.get(code, code)


def groups() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """The codes as choices of a form, by what they have in common."""
    heads: dict[str, str] = {
        "success": pgettext("closing", "Success"),
        "no_fault": pgettext("closing", "Cannot go on"),
        "owner": pgettext("closing", "The owner's will"),
        "technical": pgettext("closing", "Technical"),
    }
    return [
        (
            heads.get(group, group),
            [(each.value, close_word(each.value)) for each in codes],
        )
        for group, codes in CLOSE_GROUPS.items()
    ]
