"""What interrupts a journey, and what stands over one, in words."""

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.strategy.interrupts import ON_WORDS, Interrupt, On, Then
from daihou.kit import numbers
from daihou.rooms.strategy.states import PERSON


def event(code: str) -> str:
    """What happened, as a clause: a payment comes in."""
    if code == PERSON:
        return str(pgettext("cause", "by hand"))
    chinese = numbers.is_chinese(get_language() or "zh-hans")
    zh, en = ON_WORDS.get(code, (code, code))
    return zh if chinese else en


def does(code: str) -> str:
    """What a journey does about it, in a word or two."""
    names: dict[str, str] = {
        "pause": pgettext("interrupt", "pauses"),
        "resume": pgettext("interrupt", "goes on after a pause"),
        "jump": pgettext("interrupt", "goes on at a step"),
        "start": pgettext("interrupt", "gives way to a journey"),
        "stop": pgettext("interrupt", "stops"),
    }
    return names.get(code, code)


def sentence(one: Interrupt) -> str:
    """An interrupt as a sentence: when a payment comes in, pause for 2 days."""
    texts: dict[Then, str] = {
        Then.PAUSE: gettext("when %(event)s: pause for %(days)s days"),
        Then.RESUME: gettext("when %(event)s: a pause of before ends"),
        Then.JUMP: gettext("when %(event)s: go on at the step %(aim)s"),
        Then.START: gettext("when %(event)s: the journey %(aim)s instead"),
        Then.STOP: gettext("when %(event)s: stop"),
    }
    known = {"event": event(one.on.value), "days": one.days, "aim": one.aim}
    return str(texts[one.do] % known)


def events() -> list[tuple[str, str]]:
    """Every event with its word, for a list to choose from."""
    return [(each.value, event(each.value)) for each in On]


def doings() -> list[tuple[str, str]]:
    """Everything a journey may do about one, for a list to choose from."""
    return [(each.value, does(each.value)) for each in Then]
