"""What of relief is proposed by one person and decided by others, by the matrix."""

from collections.abc import Mapping
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.relief import actions, queries, words
from daihou.rooms.relief.states import Kind

POLICY: Final = "relief_policy"
_NAMES: Final[Mapping[Kind, object]] = {
    Kind.WAIVER: _("Waiver"),
    Kind.PLAN: _("Payment plan"),
    Kind.SETTLEMENT: _("Settlement"),
    Kind.TERMS: _("Change of terms"),
}


def register() -> None:
    """Make the kinds known; called once at start-up."""
    for kind, name in _NAMES.items():
        approvals.register(
            approvals.Kind(
                code=kind.value,
                name=name,  # type: ignore[arg-type]
                permission=people.Permission.DECIDE_RELIEF,
                proposes=people.Permission.REQUEST_RELIEF,
                handler=actions.carry_out,
                ended=actions.turned_down,
                seen=queries.seen_among,
                describe=_field,
                address=lambda subject: reverse("relief:request", args=[subject]),
                hours=24,
            )
        )
    approvals.register(
        approvals.Kind(
            code=POLICY,
            name=_("Relief policy"),
            permission=people.Permission.DECIDE_LAW,
            proposes=people.Permission.PROPOSE_LAW,
            handler=actions.carry_out_policy,
            describe=_policy_field,
            address=lambda _subject: reverse("relief:policy"),
            hours=72,
        )
    )


def _field(name: str) -> approvals.Field:
    known = {
        "kind": gettext("What is asked for"),
        "loan": gettext("Number of the loan"),
        "parts": gettext("Given up"),
        "receive": gettext("Has to come in"),
        "until": gettext("Until"),
        "difficulty": gettext("Financial difficulty"),
        "re_age": gettext("Lateness begins anew"),
        "interest_freeze": gettext("Penalty given up at the end"),
        "terms": gettext("Terms"),
        "effect": gettext("Before and after"),
        "settlement": gettext("Worth today"),
        "rules": gettext("Rows of the matrix"),
    }
    return approvals.Field(
        word=known.get(name, name), say=lambda value: words.said(name, value)
    )


def _policy_field(name: str) -> approvals.Field:
    known = {
        "changes": gettext("What is different"),
        "content": gettext("Policy"),
        "from_on": pgettext("start", "Since"),
    }
    return approvals.Field(
        word=known.get(name, name), say=lambda value: words.said(name, value)
    )
