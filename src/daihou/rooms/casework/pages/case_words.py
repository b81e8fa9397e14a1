"""The words of a case in the reader's language: axes, holds, things to do, moments."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language, gettext, pgettext

from daihou.kit import numbers

Chip = tuple[str, str, str]


def tongue() -> str:
    """The language of words kept in both: zh or en."""
    return "zh" if (get_language() or "zh-hans").startswith("zh") else "en"


def said(words: Mapping[str, str]) -> str:
    """Words kept in both languages, as the reader reads; '' where there are none."""
    return words.get(tongue()) or words.get("zh-Hans", "") or words.get("en", "")


def hold_word(kind: str) -> str:
    """Why a case is left in peace."""
    words: dict[str, str] = {
        "dispute": pgettext("hold", "Dispute"),
        "complaint": pgettext("hold", "Complaint"),
        "hardship": pgettext("hold", "Hardship"),
        "deceased": pgettext("hold", "Death"),
        "bankruptcy": pgettext("hold", "Bankruptcy"),
        "legal": pgettext("hold", "Legal reason"),
        "fraud": pgettext("hold", "Identity fraud"),
        "disaster": pgettext("hold", "Disaster"),
        "technical": pgettext("hold", "Technical fault"),
        "manual": pgettext("hold", "Other reason"),
    }
    return words.get(kind, kind)


def lifecycle_chip(state: str) -> Chip:
    """Whether the case is worked."""
    words: dict[str, Chip] = {
        "pending": ("mute", "ring", pgettext("case", "Pending")),
        "open": ("info", "dot", pgettext("case", "Open")),
        "closed": ("mute", "bars", pgettext("case", "Closed")),
    }
    return words.get(state, ("mute", "ring", state))


def treatment_word(state: str) -> str:
    """What the strategy does with it."""
    words: dict[str, str] = {
        "unassigned": pgettext("treatment", "None yet"),
        "running": pgettext("treatment", "Running"),
        "paused": pgettext("treatment", "Paused"),
        "finished": pgettext("treatment", "Finished"),
        "stopped": pgettext("treatment", "Stopped"),
    }
    return words.get(state, state)


def assignment_word(state: str) -> str:
    """Whose it is."""
    words: dict[str, str] = {
        "pool": pgettext("assignment", "Nobody yet"),
        "team": pgettext("assignment", "A team"),
        "collector": pgettext("assignment", "A collector"),
        "cover": pgettext("assignment", "A cover"),
    }
    return words.get(state, state)


def placement_word(state: str) -> str:
    """Whether an agency has it."""
    words: dict[str, str] = {
        "in_house": pgettext("placement", "In house"),
        "offered": pgettext("placement", "Offered"),
        "placed": pgettext("placement", "Placed"),
        "retained": pgettext("placement", "Retained"),
        "returned": pgettext("placement", "Returned"),
        "recalled": pgettext("placement", "Recalled"),
    }
    return words.get(state, state)


def legal_word(state: str) -> str:
    """How far the courts are."""
    words: dict[str, str] = {
        "none": pgettext("legal axis", "None"),
        "pre_legal": pgettext("legal axis", "Before court"),
        "in_proceeding": pgettext("legal axis", "In proceedings"),
        "enforcing": pgettext("legal axis", "Enforcing"),
        "suspended": pgettext("legal axis", "Suspended"),
        "done": pgettext("legal axis", "Done"),
    }
    return words.get(state, state)


def resolution_word(state: str) -> str:
    """What was agreed."""
    words: dict[str, str] = {
        "none": pgettext("resolution", "Nothing agreed"),
        "promise": pgettext("resolution", "Promise"),
        "arrangement": pgettext("resolution", "Instalment plan"),
        "settlement": pgettext("resolution", "Settlement"),
        "restructured": pgettext("resolution", "Restructured"),
        "written_off": pgettext("resolution", "Written off"),
        "sold": pgettext("resolution", "Sold"),
        "paid": pgettext("resolution", "Paid"),
    }
    return words.get(state, state)


def delinquency_word(state: str) -> str:
    """How late the latest of its loans is."""
    return numbers.bucket_word(state)


def promise_chip(state: str) -> Chip:
    """How a promise stands."""
    words: dict[str, Chip] = {
        "active": ("warn", "half", pgettext("promise", "Live")),
        "kept": ("good", "tick", pgettext("promise", "Kept")),
        "partially_kept": ("warn", "half", pgettext("promise", "Kept in part")),
        "broken": ("bad", "cross", pgettext("promise", "Broken")),
        "invalidated": ("mute", "ring", pgettext("promise", "Without object")),
        "cancelled": ("mute", "bars", pgettext("promise", "Cancelled")),
        "superseded": ("mute", "bars", pgettext("promise", "Replaced")),
    }
    return words.get(state, ("mute", "ring", state))


def item_word(kind: str) -> str:
    """Something to do."""
    words: dict[str, str] = {
        "call": pgettext("to do", "Call"),
        "callback": pgettext("to do", "Call back as agreed"),
        "verify_payment": pgettext("to do", "Check whether it was paid"),
        "promise_due": pgettext("to do", "Remind of the promise"),
        "approval": pgettext("to do", "Put a request together"),
        "complaint": pgettext("to do", "Complaint"),
        "review": pgettext("to do", "Look into it"),
        "manual": pgettext("to do", "To do"),
    }
    return words.get(kind, kind)


def action_word(action: str) -> str:
    """What the strategy says to do, as a heading."""
    words: dict[str, str] = {
        "message": gettext("Send one message"),
        "call": gettext("Call the borrower"),
        "visit": gettext("Prepare a visit"),
        "letter": gettext("Send a letter"),
        "offer": gettext("Offer a plan"),
        "assign": gettext("Hand to another team"),
        "pause": gettext("Wait, no contact"),
        "stop": gettext("Stop contact"),
        "legal_review": gettext("Prepare for the legal officer"),
        "none": gettext("Nothing to do today"),
    }
    return str(words.get(action, gettext("Call the borrower")))


def moment(at: datetime, *, today: date) -> str:
    """An instant as a list tells it: `Today 14:39`, `11-18 18:06`, `18 Nov 18:06`."""
    local = timezone.localtime(at)
    if local.date() == today:
        return str(gettext("Today %(time)s") % {"time": f"{local:%H:%M}"})
    language = get_language() or "zh-hans"
    day = numbers.day_short(local.date(), language=language, year=today.year)
    return f"{day} {local:%H:%M}"


def by_moment(at: datetime, *, today: date) -> str:
    """The same within a sentence: `today 14:39`, `tomorrow 08:00`, `18 Nov 18:06`."""
    local = timezone.localtime(at)
    time = {"time": f"{local:%H:%M}"}
    if local.date() == today:
        return str(gettext("today %(time)s") % time)
    if local.date() == today + timedelta(days=1):
        return str(gettext("tomorrow %(time)s") % time)
    return moment(at, today=today)


def day_near(day: date, *, today: date) -> str:
    """A date as a list tells it, with `today` beside it where it is."""
    language = get_language() or "zh-hans"
    text = numbers.day_short(day, language=language, year=today.year)
    return gettext("%(day)s today") % {"day": text} if day == today else text


def span(seconds: float) -> str:
    """How long: `6 h 18 min`, `42 min`."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    if hours:
        return str(gettext("%(h)s h %(m)s min") % {"h": hours, "m": minutes})
    return str(gettext("%(m)s min") % {"m": minutes})


def language() -> str:
    """The reader's language code."""
    return get_language() or "zh-hans"
