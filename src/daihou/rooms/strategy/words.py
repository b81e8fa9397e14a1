"""Strategies in words: states, columns, fields, actions, and the chips of a page."""

from collections.abc import Mapping

from django.utils.translation import get_language, gettext, pgettext

from daihou.engine.strategy.inputs import INPUTS, OUTPUT_WORDS
from daihou.engine.strategy.journey import Do, Step
from daihou.kit import numbers

Chip = tuple[str, str, str]


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return numbers.is_chinese(get_language() or "zh-hans")


def tongue() -> str:
    """`zh` or `en`, as texts of a strategy are kept."""
    return "zh" if chinese() else "en"


def text(texts: Mapping[str, str]) -> str:
    """A text of a strategy in the reader's language, else the other one."""
    other = "en" if tongue() == "zh" else "zh"
    return texts.get(tongue(), "") or texts.get(other, "")


def state_chip(state: str) -> Chip:
    """A state of a version: colour, shape, word."""
    chips: dict[str, Chip] = {
        "draft": ("mute", "ring", pgettext("version", "Draft")),
        "reviewed": ("info", "half", pgettext("version", "Approved, without a day")),
        "scheduled": ("info", "dia", pgettext("version", "Scheduled")),
        "live": ("good", "dot", pgettext("version", "In force")),
        "retired": ("mute", "cross", pgettext("version", "Retired")),
    }
    return chips[state]


def origin(code: str) -> str:
    """Where the content of a version came from."""
    names: dict[str, str] = {
        "drawn": pgettext("origin", "drawn here"),
        "workbook": pgettext("origin", "from a workbook"),
        "yaml": pgettext("origin", "from a YAML file"),
        "api": pgettext("origin", "by the interface"),
        "shipped": pgettext("origin", "shipped with the house"),
        "rollback": pgettext("origin", "put back"),
    }
    return names.get(code, code)


def rehearsing_chip(state: str) -> Chip:
    """A state of a rehearsal."""
    chips: dict[str, Chip] = {
        "asked": ("mute", "ring", pgettext("rehearsal", "Waits for the worker")),
        "running": ("info", "half", pgettext("rehearsal", "Running")),
        "done": ("good", "tick", pgettext("rehearsal", "Done")),
        "failed": ("bad", "cross", pgettext("rehearsal", "Failed")),
    }
    return chips[state]


def hit(code: str) -> str:
    """A hit policy with what it means."""
    names: dict[str, str] = {
        "first": gettext("the first row that matches"),
        "unique": gettext("one row alone may match"),
        "any": gettext("several may match if they answer the same"),
        "collect": gettext("all rows that match"),
        "priority": gettext("of those that match the one with the highest priority"),
    }
    return names.get(code, code)


def input_title(name: str) -> str:
    """What a column asks."""
    return INPUTS[name].title(get_language() or "zh-hans") if name in INPUTS else name


def input_about(name: str) -> str:
    """How it is counted."""
    return INPUTS[name].about(get_language() or "zh-hans") if name in INPUTS else ""


def output_title(name: str) -> str:
    """What a column answers."""
    words = OUTPUT_WORDS.get(name, (name, name))
    return words[0] if chinese() else words[1]


def column(name: str) -> str:
    """A column of either kind."""
    return output_title(name) if name in OUTPUT_WORDS else input_title(name)


def action(code: str) -> str:
    """What a step does."""
    names: dict[str, str] = {
        "none": pgettext("action", "nothing"),
        "message": pgettext("action", "message"),
        "call": pgettext("action", "call"),
        "visit": pgettext("action", "visit"),
        "letter": pgettext("action", "letter"),
        "offer": pgettext("action", "offer"),
        "assign": pgettext("action", "assign"),
        "pause": pgettext("action", "pause"),
        "stop": pgettext("action", "stop"),
        "legal_review": pgettext("action", "legal review"),
        "wait": pgettext("action", "wait"),
        "deadline": pgettext("action", "until so many days late"),
        "condition": pgettext("action", "if"),
        "set": pgettext("action", "set"),
    }
    return names.get(code, code)


def alarm(code: str) -> str:
    """What is wrong with where a customer stands."""
    names: dict[str, str] = {
        "finished_with_debt": gettext("the journey has ended and something is overdue"),
        "conflict": gettext("several rows match where one may"),
        "no_row": gettext("late, and no row matches"),
        "no_step": gettext("the step of the journey is gone"),
        "goes_round": gettext("the journey goes round without an end"),
    }
    return names.get(code, code)


def part(code: str) -> str:
    """What a difference is about."""
    names: dict[str, str] = {
        "strategy": gettext("Strategy"),
        "table": gettext("Table"),
        "column": pgettext("difference", "Column"),
        "row": pgettext("difference", "Row"),
        "journey": gettext("Journey"),
        "queue": gettext("Queue"),
        "experiment": gettext("Experiment"),
        "arm": gettext("Arm"),
    }
    return names.get(code, code)


def field(name: str) -> str:
    """A field of a difference: `when.dpd`, `steps.2.days`, `because.zh`."""
    first, _dot, rest = name.partition(".")
    if first in ("when", "then") and rest:
        return column(rest)
    if first == "because":
        return str(gettext("reason (%(tongue)s)") % {"tongue": rest})
    if first in ("title_zh", "title_en") or (first == "title" and rest):
        spoken = rest or first[-2:]
        return str(gettext("title (%(tongue)s)") % {"tongue": spoken})
    if first == "steps":
        place, _dot, inner = rest.partition(".")
        told = {"n": place, "field": _simple(inner)}
        return str(gettext("step %(n)s, %(field)s") % told)
    if first == "interrupts":
        place, _dot, inner = rest.partition(".")
        told = {"n": place, "field": _simple(inner)}
        return str(gettext("event %(n)s, %(field)s") % told)
    if first == "changes":
        row, _dot, inner = rest.rpartition(".")
        told = {"row": row, "field": column(inner)}
        return str(gettext("row %(row)s, %(field)s") % told)
    return _simple(name)


def _simple(name: str) -> str:
    names: dict[str, str] = {
        "hit": gettext("hit policy"),
        "note": gettext("note"),
        "do": gettext("what it does"),
        "code": gettext("code"),
        "days": gettext("days"),
        "event": gettext("event"),
        "aim": gettext("step or journey it goes on at"),
        "working": gettext("working days"),
        "dpd": gettext("days past due"),
        "then": gettext("then"),
        "otherwise": gettext("else"),
        "id": gettext("code"),
        "skill": gettext("skill"),
        "capacity": gettext("capacity"),
        "capacity_mode": gettext("how it is limited"),
        "redistribute_days": gettext("redistributed after days"),
        "share": gettext("share, per mille"),
        "hold_out": gettext("hold-out"),
        "salt": gettext("salt"),
        "rows": gettext("rows that take part"),
    }
    return names.get(name, name)


def capacity_mode(code: str) -> str:
    """How a queue treats more customers than it can hold."""
    names: dict[str, str] = {
        "hard": pgettext("capacity", "none beyond it"),
        "soft": pgettext("capacity", "a tenth more, with an alarm"),
        "unlimited": pgettext("capacity", "not limited"),
    }
    return names.get(code, code)


def step(one: Step) -> str:
    """One step of a journey as a short sentence."""
    return _sentence(one) % _places(one)


def _places(one: Step) -> dict[str, object]:
    return {
        "do": action(one.do.value),
        "code": one.code,
        "days": one.days,
        "dpd": one.dpd,
        "then": one.then or gettext("the next step"),
        "otherwise": one.otherwise or gettext("the next step"),
        "when": ", ".join(f"{input_title(name)} {test}" for name, test in one.when),
        "name": column(one.name),
        "value": one.value,
    }


def _sentence(one: Step) -> str:
    texts: dict[Do, str] = {
        Do.WAIT: gettext("wait %(days)s working days")
        if one.working
        else gettext("wait %(days)s days"),
        Do.PAUSE: gettext("pause for %(days)s days: %(code)s"),
        Do.DEADLINE: gettext("until %(dpd)s days past due"),
        Do.CONDITION: gettext("if %(when)s: %(then)s, else %(otherwise)s"),
        Do.ASSIGN: gettext("to the queue %(code)s"),
        Do.SET: gettext("%(name)s becomes %(value)s"),
        Do.STOP: gettext("stop: %(code)s"),
    }
    return texts.get(one.do, gettext("%(do)s: %(code)s") if one.code else "%(do)s")
