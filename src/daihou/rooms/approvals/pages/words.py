"""Words of states, levels and people, in the reader's language."""

from collections.abc import Mapping

from django.utils.translation import gettext, pgettext

from daihou.rooms.approvals.kinds import kind_of
from daihou.rooms.approvals.own import amount_words, role_word
from daihou.rooms.approvals.queries import Proposal
from daihou.rooms.approvals.states import State
from daihou.rooms.people import door as people


def state_chip(state: str) -> tuple[str, str, str]:
    """Colour, shape and word of a state."""
    words = {
        State.OPEN: ("info", "ring", pgettext("proposal", "Waits")),
        State.ESCALATED: ("warn", "tri", pgettext("proposal", "Waits past its time")),
        State.APPROVED: ("good", "tick", pgettext("proposal", "Approved")),
        State.REFUSED: ("bad", "cross", pgettext("proposal", "Refused")),
        State.WITHDRAWN: ("mute", "bars", pgettext("proposal", "Taken back")),
        State.OVERTAKEN: ("warn", "dia", pgettext("proposal", "Overtaken")),
        State.USED: ("good", "tick", pgettext("proposal", "Used")),
        State.LAPSED: ("mute", "bars", pgettext("proposal", "Lapsed")),
    }
    return words[State(state)]


def verdict_chip(verdict: str) -> tuple[str, str, str]:
    """Colour, shape and word of one decision."""
    if verdict == "approve":
        return "good", "tick", pgettext("verdict", "Approved")
    return "bad", "cross", pgettext("verdict", "Refused")


def kind_word(code: str) -> str:
    """The name of a kind."""
    return str(kind_of(code).name)


def title_of(proposal: Proposal) -> str:
    """What it is about; a table of levels is named by its kind."""
    if proposal.subject_type == "levels":
        kind, _slash, currency = proposal.subject_id.partition("/")
        return f"{kind_word(kind)} {currency}".strip()
    return proposal.title


def amount_of(proposal: Proposal) -> str:
    """How much it is about, or nothing."""
    counts = str(kind_of(proposal.kind).counts)
    return amount_words(proposal.amount, currency=proposal.currency, counts=counts)


def level_word(proposal: Proposal, role: str) -> str:
    """Who decides a level."""
    if role:
        return role_word(role)
    permission = people.permission_word(people.Permission(proposal.permission))
    return gettext("whoever may %(task)s") % {"task": permission}


def names() -> Mapping[str, str]:
    """Login -> name of everybody, as pages call them."""
    return people.names()
