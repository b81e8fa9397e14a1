"""The outcome panel: results on keys, what is filled in, and why one may not save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from daihou.engine.commitments.promise import PromiseRules
from daihou.kit import numbers
from daihou.rooms.casework import codes
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.pages.desk_notes import short_word, template
from daihou.rooms.casework.queries.cases import CaseLine
from daihou.rooms.casework.queries.desk import PromiseLine
from daihou.rooms.contact import door as contact

UNDO: Final = 10  # seconds in which a saved result is taken back
AT_ONCE: Final = frozenset({"NO_ANSWER"})  # one key, nothing else to say


@dataclass(frozen=True, slots=True)
class Key:
    """One result: its digit, what it fills in, whether it asks for money and a day."""

    digit: str
    code: str
    word: str
    next: str
    note: str
    money: bool
    day: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class Check:
    """A fact with a tick, or a sentence that says what to change."""

    kind: str
    shape: str
    text: str


@dataclass(frozen=True, slots=True)
class Out:
    """Everything the panel draws; `amount` as it is typed."""

    of: str
    decision_id: int
    code: str
    keys: Sequence[Key]
    others: Sequence[Key]
    is_other: bool
    money: bool
    amount: str
    amount_default: str
    least: str
    due_on: date
    latest: date
    checks: Sequence[Check]
    note: str
    next_at: str
    problem: str
    may_save: bool
    why_not: str
    undo: int
    came: bool


def out_of(
    case: CaseLine,
    *,
    draft: Mapping[str, object],
    promises: Sequence[PromiseLine],
    rules: PromiseRules | None,
    late: int,
    today: date,
    at: datetime,
    problem: str = "",
    barred: str = "",
) -> Out:
    """The panel as the draft left it; `barred` says why nothing may be saved at all.

    `late` is what is overdue by now, minor units.
    """
    decision = _whole(draft.get("decision"))
    came = draft.get("came") == "1"
    code = str(draft.get("code") or "")
    known = codes.BY_CODE.get(code)
    due_on = _day(draft.get("due_on")) or today + timedelta(days=1)
    keys = [_key(each, today=today, at=at) for each in codes.TEN]
    rest = [each for each in codes.CODES if not each.key and not each.own]
    asked_at = str(draft.get("asked_at") or "")
    return Out(
        of=_of(str(draft.get("channel") or ""), asked_at, today=timezone.localdate(at)),
        decision_id=decision,
        code=code if known else "",
        keys=keys,
        others=[_key(each, today=today, at=at) for each in rest],
        is_other=bool(known and not known.key),
        money=bool(known and known.promise),
        amount=str(draft.get("amount") or ""),
        amount_default=plain(max(0, late - case.disputed), case.currency),
        least=plain(rules.least(late), case.currency) if rules else "",
        due_on=due_on,
        latest=today + timedelta(days=rules.horizon_days if rules else 30),
        checks=[*checks_of(promises, rules), *_least(rules, late, case.currency)],
        note=str(draft.get("note") or ""),
        next_at=str(draft.get("next_at") or ""),
        problem=problem or str(draft.get("problem") or ""),
        may_save=not barred and bool(decision or came),
        why_not=barred or _first(),
        undo=UNDO,
        came=came,
    )


def _first() -> str:
    return str(
        gettext("Call or write first: C or S asks the gate. Or say that they came.")
    )


def _of(channel: str, asked_at: str, *, today: date) -> str:
    if not asked_at:
        return ""
    when = words.moment(datetime.fromisoformat(asked_at), today=today)
    return f"{contact.channel_word(channel)} {when}"


def plain(minor: int, currency: str) -> str:
    """An amount as a field takes it."""
    return str(numbers.money_parts(minor, currency=currency)).replace(",", "")


def _least(rules: PromiseRules | None, late: int, currency: str) -> Sequence[Check]:
    """From which amount on a promise stops collection until its day."""
    least = rules.least(late) if rules else 0
    if not least:
        return []
    money = numbers.money_text(least, currency=currency)
    text = gettext("Less than %(money)s is recorded, but collection goes on")
    return [Check("mute", "ring", text % {"money": money})]


def _key(code: codes.Code, *, today: date, at: datetime) -> Key:
    return Key(
        digit=code.key,
        code=code.code,
        word=short_word(code, contact.result_word(code.code)),
        next=_next(code, at=at),
        note=template(code),
        money=code.promise,
        day=(today + timedelta(days=1)).isoformat() if code.promise else "",
        at_once=code.code in AT_ONCE,
    )


def _next(code: codes.Code, *, at: datetime) -> str:
    """When the case is looked at again, as the field writes it; '' as the house does."""
    if code.when is codes.When.CHOSEN:
        return f"{timezone.localtime(at + timedelta(days=1)):%Y-%m-%dT10:00}"
    if code.when is codes.When.AFTER and code.after:
        return f"{timezone.localtime(at + code.after):%Y-%m-%dT%H:%M}"
    return ""


def checks_of(
    promises: Sequence[PromiseLine], rules: PromiseRules | None
) -> Sequence[Check]:
    """What the lender's policy says of a promise, as facts before anything is typed."""
    if rules is None:
        return [Check("mute", "ring", gettext("No policy on promises is in force"))]
    live = sum(1 for each in promises if each.state == "active")
    broken = promises[0].broken_before if promises else 0
    within = ngettext("Within %(n)s day", "Within %(n)s days", rules.horizon_days)
    found = [Check("good", "tick", within % {"n": rules.horizon_days})]
    counted = {"n": live, "most": rules.most_open}
    open_text = gettext("%(n)s live, limit %(most)s") % counted
    if live < rules.most_open:
        found.append(Check("good", "tick", open_text))
    else:
        found.append(Check("bad", "cross", open_text))
    if broken >= rules.most_broken:
        text = gettext("%(n)s broken lately: a supervisor takes the next")
        found.append(Check("bad", "cross", text % {"n": broken}))
    grace = ngettext(
        "A payment stops contact; %(n)s day of grace",
        "A payment stops contact; %(n)s days of grace",
        rules.grace_days,
    )
    found.append(Check("good", "tick", grace % {"n": rules.grace_days}))
    return found


def _whole(value: object) -> int:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None
