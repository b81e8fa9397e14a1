"""The words of tokens and deliveries in the reader's language."""

from django.utils.translation import gettext, pgettext

from daihou.rooms.gateway.permissions import ApiScope
from daihou.rooms.gateway.states import DeliveryState


def scope_word(scope: str) -> str:
    """What a scope lets a token do; an unknown one is shown as it came."""
    words: dict[str, str] = {
        ApiScope.CUSTOMERS_READ: gettext("see customers"),
        ApiScope.LOANS_READ: gettext("see loans"),
        ApiScope.LOANS_WRITE: gettext("record charges and new plans"),
        ApiScope.PAYMENTS_READ: gettext("see payments"),
        ApiScope.PAYMENTS_WRITE: gettext("post and reverse payments"),
        ApiScope.POSITIONS_READ: gettext("read the positions of closed days"),
        ApiScope.INTAKE_READ: gettext("see what was taken in"),
        ApiScope.INTAKE_WRITE: gettext("take in files and rows"),
        ApiScope.DAY_END_READ: gettext("see the day-ends"),
        ApiScope.DAY_END_WRITE: gettext("ask for a day-end"),
        ApiScope.EVENTS_READ: gettext("read the log of changes"),
        ApiScope.WEBHOOKS_READ: gettext("see receivers of events"),
        ApiScope.WEBHOOKS_WRITE: gettext("manage receivers of events"),
        ApiScope.RULES_READ: gettext("read the rules"),
        ApiScope.CLASSES_READ: gettext("read the classes of loans"),
        ApiScope.CLASSES_WRITE: gettext("tell facts of a class"),
        ApiScope.CASES_READ: gettext("see cases, promises and what is to be done"),
        ApiScope.CASES_WRITE: gettext("work cases and take promises"),
        ApiScope.STRATEGIES_READ: gettext("read strategies and the step of customers"),
        ApiScope.STRATEGIES_WRITE: gettext("draft, rehearse and propose strategies"),
        ApiScope.RELIEF_READ: gettext("see waivers, plans and settlements"),
        ApiScope.RELIEF_WRITE: gettext("ask for waivers, plans and settlements"),
        ApiScope.CLOCKS_READ: gettext("read the clocks of law"),
        ApiScope.CLOCKS_WRITE: gettext("start clocks of law and tell their events"),
        ApiScope.RULES_WRITE: gettext("propose changes of the rules"),
        ApiScope.CONTACT_READ: gettext("see contacts, flags and consents"),
        ApiScope.CONTACT_WRITE: gettext("ask for contact and record it"),
        ApiScope.APPROVALS_READ: gettext("see what is proposed and decided"),
        ApiScope.APPROVALS_WRITE: gettext("decide what is proposed"),
        ApiScope.PORTFOLIO_READ: gettext("read the figures of the portfolio"),
        ApiScope.CALC: gettext("reckon without a book"),
    }
    return words.get(scope, scope)


def delivery_words(state: str) -> tuple[str, str, str]:
    """Colour, shape and word for the state of a delivery."""
    words = {
        DeliveryState.WAITING: ("info", "ring", pgettext("delivery", "Waiting")),
        DeliveryState.DELIVERED: ("good", "tick", pgettext("delivery", "Delivered")),
        DeliveryState.DEAD: ("bad", "cross", pgettext("delivery", "Given up")),
    }
    return words.get(DeliveryState(state), ("mute", "ring", state))


def token_words(state: str) -> tuple[str, str, str]:
    """Colour, shape and word for the state of a token."""
    words = {
        "valid": ("good", "tick", pgettext("token", "Valid")),
        "expired": ("mute", "ring", pgettext("token", "Expired")),
        "revoked": ("bad", "cross", pgettext("token", "Revoked")),
    }
    return words[state]


def problem_word(problem: str) -> str:
    """Why a message did not arrive; what a library said stays as it said it."""
    words = {
        "private address": gettext("an address inside a network"),
        "name not found": gettext("no such name on the network"),
        "timed out": gettext("no answer in time"),
        "redirected; give the address itself": gettext("sent on to another address"),
        "ConnectionRefusedError": gettext("nobody listens there"),
        "ConnectionResetError": gettext("hung up"),
        "RemoteDisconnected": gettext("hung up"),
        "key": gettext("its key cannot be opened"),
        "webhook_address": gettext("no usable address"),
        "webhook_private": gettext("an address inside a network"),
    }
    return words.get(problem, problem)
