"""What to do next and because of what, two other ways, and the eight actions below."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext

from daihou.kit import numbers
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.queries import legal
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.desk import ItemLine, PromiseLine
from daihou.rooms.contact import door as contact


@dataclass(frozen=True, slots=True)
class Other:
    """Another way, and what the page does for it."""

    title: str
    act: str


@dataclass(frozen=True, slots=True)
class Next:
    """One suggestion, who makes it, because of what, and two others."""

    title: str
    because: str
    act: str
    others: Sequence[Other]
    origin: str


@dataclass(frozen=True, slots=True)
class Button:
    """One action of the bar: what is left of it, or why it is off.

    `ask` is the channel the gate is asked about, `act` what the page opens itself,
    `url` another page.
    """

    key: str
    word: str
    small: str
    off: bool = False
    ask: str = ""
    act: str = ""
    url: str = ""


def next_of(
    case: CaseLine,
    *,
    standing: contact.Standing,
    promises: Sequence[PromiseLine],
    items: Sequence[ItemLine],
    today: date,
    at: datetime,
    decision: bool,
    legal_wait: legal.Wait | None = None,
    paid_up: bool = False,
) -> Next:
    """The one thing to do: what was agreed goes before what the strategy says."""
    live = next(
        (each for each in promises if each.state == "active" and each.pauses), None
    )
    call = standing.call
    may = bool(call and call.may) or decision
    others = _others(standing, case)
    if case.held:
        return Next(
            gettext("Leave this case in peace"),
            gettext("Because it is held; it comes back by itself."),
            "",
            (),
            gettext("hold"),
        )
    if paid_up:
        return _paid_up()
    if live and live.due_on >= today:
        return _wait_for(live, others, today=today)
    due = _callback(items, at)
    if due is not None:
        title = gettext("Call back as agreed at %(time)s") % {
            "time": f"{timezone.localtime(due.due_at):%H:%M}"
        }
        because = gettext("Because: the borrower asked for this time.")
        return Next(title, because, "call" if may else "", others, gettext("agreed"))
    if legal_wait is not None:
        return _with_legal(legal_wait, today=today)
    if case.action == legal.LEGAL_REVIEW:
        return _prepare(case)
    if call is not None and not may:
        return _later(call, others, at=at)
    act = {"message": "sms", "offer": "plan"}.get(case.action, "call")
    said = words.said(case.because)
    because = gettext("Because: %(why)s") % {"why": said} if said else _by_value(case)
    title = words.action_word(case.action)
    left = tuple(each for each in others if each.act != act)[:2]
    return Next(title, because, act, left, gettext("suggested by the strategy"))


def _paid_up() -> Next:
    """Nobody is contacted about money that came."""
    return Next(
        gettext("Contact nobody: what was late is paid"),
        gettext("Because: the money came in; the case ends when the day closes."),
        "",
        (),
        pgettext("origin", "payment"),
    )


def _wait_for(live: PromiseLine, others: Sequence[Other], *, today: date) -> Next:
    money = numbers.money_text(live.amount - live.appropriated, currency=live.currency)
    day = words.day_near(live.due_on, today=today)
    if live.due_on == today:
        title = gettext("Wait for the money promised for today")
    else:
        title = gettext("Wait for the promise of %(day)s") % {"day": day}
    because = gettext(
        "Because: %(money)s is promised for %(day)s; contact before is not needed."
    )
    text = because % {"money": money, "day": day}
    return Next(title, text, "", tuple(others)[:2], gettext("promise"))


def _prepare(case: CaseLine) -> Next:
    """Papers for the legal officer; whoever oversees the case hands them on."""
    because = gettext(
        "Put the papers together and escalate the case. It leaves your list until"
        " the legal officer has looked at it."
    )
    title = words.action_word(case.action)
    return Next(title, because, "escalate", (), gettext("suggested by the strategy"))


def _with_legal(wait: legal.Wait, *, today: date) -> Next:
    """It was handed up; nobody works it meanwhile."""
    if wait.until is None:
        because = gettext("Because: it was handed up and nobody answered yet.")
    else:
        when = words.by_moment(wait.until, today=today)
        because = gettext("Because: it was looked at; it comes back %(when)s.") % {
            "when": when
        }
    return Next(
        gettext("Wait for the legal officer"),
        because,
        "",
        (),
        pgettext("origin", "legal"),
    )


def _later(call: contact.Way, others: Sequence[Other], *, at: datetime) -> Next:
    if call.until is None:
        title = gettext("Do not contact")
    else:
        when = words.by_moment(call.until, today=timezone.localdate(at))
        title = gettext("Wait until %(when)s") % {"when": when}
    because = gettext("Because: %(why)s") % {"why": call.why}
    left = tuple(each for each in others if each.act != "call")[:2]
    return Next(title, because, "", left, gettext("rules of contact"))


def _by_value(case: CaseLine) -> str:
    money = numbers.money_text(case.expected_value, currency=case.currency)
    return str(
        gettext("Because: about %(money)s can be expected of a contact.")
        % {"money": money}
    )


def _callback(items: Sequence[ItemLine], at: datetime) -> ItemLine | None:
    end = timezone.localtime(at).replace(hour=23, minute=59, second=59)
    return next(
        (each for each in items if each.kind == "callback" and each.due_at <= end), None
    )


def _others(standing: contact.Standing, case: CaseLine) -> tuple[Other, ...]:
    found = []
    for channel, title in (
        ("sms", gettext("send the payment link now")),
        ("call", gettext("call now")),
    ):
        way = standing.ways.get(channel)
        if way is not None and way.may:
            found.append(Other(title, channel))
    if case.overdue_total:
        found.append(Other(gettext("reckon a plan"), "plan"))
    return tuple(found)


def bar_of(
    case: CaseLine,
    *,
    standing: contact.Standing,
    promises: Sequence[PromiseLine],
    may_record: bool,
    may_ask_relief: bool,
    barred: str,
    paid_up: bool = False,
) -> Sequence[Button]:
    """The eight actions, always these, always here."""
    own = barred or ("" if may_record else gettext("not your task"))
    leave = own or (gettext("nothing is late") if paid_up else "")
    promise = ngettext("%(n)s so far", "%(n)s so far", len(promises))
    return [
        _asking("C", pgettext("desk", "Call"), "call", standing, leave),
        _asking("S", pgettext("desk", "SMS"), "sms", standing, leave),
        Button(
            "P",
            pgettext("desk", "Promise"),
            own or promise % {"n": len(promises)},
            bool(own),
            act="promise",
        ),
        Button("L", pgettext("desk", "Plan"), gettext("reckon it"), act="plan"),
        _relief(case, may=may_ask_relief),
        Button(
            "H",
            pgettext("desk", "Pause"),
            barred or gettext("with a reason"),
            bool(barred),
            act="pause",
        ),
        Button(
            "D",
            pgettext("desk", "Dispute"),
            own or gettext("stops contact"),
            bool(own),
            act="dispute",
        ),
        Button(
            "E",
            pgettext("desk", "Escalate"),
            barred or gettext("to the supervisor"),
            bool(barred),
            act="escalate",
        ),
    ]


def _asking(
    key: str, word: str, channel: str, standing: contact.Standing, barred: str
) -> Button:
    way = standing.ways.get(channel)
    if barred or way is None:
        return Button(key, word, barred or gettext("no number"), off=True)
    if not way.may:
        return Button(key, word, way.why or gettext("not now"), off=True)
    if way.left is None:
        return Button(key, word, gettext("allowed"), ask=channel)
    small = ngettext("%(n)s left", "%(n)s left", way.left) % {"n": way.left}
    return Button(key, word, small, ask=channel)


def _relief(case: CaseLine, *, may: bool) -> Button:
    """The way to ask for a waiver, where there is a room that hears it."""
    word = pgettext("desk", "Waive")
    if not may:
        return Button("W", word, gettext("not your task"), off=True)
    try:
        url = reverse("relief:ask_waiver", args=[case.number])
    except NoReverseMatch:
        return Button("W", word, gettext("through an approval"), off=True)
    return Button("W", word, gettext("needs approval"), url=url)
