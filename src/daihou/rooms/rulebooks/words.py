"""The words for what a rule is made of, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext, pgettext

from daihou.engine.basics.money import DIGITS, format_minor
from daihou.engine.rulebook.law import ANY, Lawbook, Rule, Scalar, Term, Value, Version
from daihou.kit import currencies, numbers
from daihou.packs import law
from daihou.packs.law_errors import LawError
from daihou.rooms.rulebooks.states import Step

Chip = tuple[str, str, str]  # colour, shape, word


def tongue() -> str:
    """The language of a rule's texts that the reader is shown first."""
    return "zh-Hans" if chinese() else "en"


def chinese() -> bool:
    """Whether the reader reads Chinese."""
    return (get_language() or "zh-hans").startswith("zh")


def day(value: date) -> str:
    """A day as the reader writes it."""
    return numbers.day_text(value, language=get_language() or "zh-hans")


def force(code: str) -> str:
    """What kind of text a rule comes from."""
    words = {
        "law": gettext("statute"),
        "regulation": gettext("regulation"),
        "judicial_interpretation": gettext("judicial interpretation"),
        "standard": gettext("national standard"),
        "self_regulation": gettext("self-regulation"),
        "practice": gettext("usual practice"),
        "draft": gettext("draft text"),
        "policy": gettext("policy of the house"),
    }
    return words.get(code, code)


def forces(codes: tuple[str, ...]) -> str:
    """All of them."""
    return listed([force(str(code)) for code in codes])


def verb(code: str) -> str:
    """How software enforces a rule."""
    words = {
        "block": pgettext("enforcement", "refuses"),
        "floor": pgettext("enforcement", "sets a lowest class"),
        "cap": pgettext("enforcement", "caps an amount"),
        "clock": pgettext("enforcement", "starts a clock"),
        "require": pgettext("enforcement", "asks for evidence"),
        "warn": pgettext("enforcement", "warns"),
        "data": pgettext("enforcement", "sets a value"),
        "refuse_type": pgettext("enforcement", "does not exist as an act"),
    }
    return words.get(code, code)


def evidence(code: str) -> str:
    """How a source was attested."""
    words = {
        "P": gettext("the text itself was read"),
        "S": gettext("seen at second hand"),
        "M": gettext("from memory, to be checked"),
        "H": gettext("a choice of the house"),
    }
    return words.get(code, code)


def status_chip(status: str) -> Chip:
    """Whether a version may be stated as what the law says."""
    if status == "verified":
        return "good", "tick", pgettext("rule", "verified")
    return "warn", "tri", pgettext("rule", "unverified")


def stricter(code: str) -> str:
    """Which way a value may be moved by a lender."""
    words = {
        "lower_is_stricter": gettext("lower is stricter"),
        "higher_is_stricter": gettext("higher is stricter"),
        "smaller_set_is_stricter": gettext("fewer is stricter"),
        "larger_set_is_stricter": gettext("more is stricter"),
        "true_is_stricter": gettext("yes is stricter"),
        "false_is_stricter": gettext("no is stricter"),
        "fixed": gettext("not to be changed"),
    }
    return words.get(code, code)


def step(code: str) -> str:
    """What a lender did to a rule."""
    words = {
        Step.VALUES: gettext("values of our own"),
        Step.OFF: gettext("switched off"),
        Step.LAW: gettext("as the rule book says"),
    }
    return words[Step(code)] if code in set(Step) else code


def planned() -> str:
    """Said of a rule with a change of ours that does not hold on the day shown."""
    return gettext("a change of ours on other days")


def how_it_holds() -> str:
    """The name of what a lender did to a rule, as a field of a difference."""
    return gettext("How the rule holds")


def unit(code: str) -> str:
    """What a value is counted in, for the label of a field."""
    words = {
        "count": pgettext("unit of a value", "number"),
        "days": gettext("days"),
        "hours": gettext("hours"),
        "months": gettext("months"),
        "years": gettext("years"),
        "share": gettext("share, like 0.24 or 24%"),
        "multiple": gettext("multiple, like 1.5"),
        "local_time": gettext("time of day, like 08:00"),
        "date": gettext("day, like 2026-12-01"),
        "set": gettext("words, parted by commas"),
        "yes_no": gettext("yes or no"),
        "text": gettext("text"),
    }
    return words.get(code, code)


def standing(code: str) -> Chip:
    """Whether a change of ours counts on the day shown."""
    words = {
        "now": ("good", "tick", pgettext("change of a rule", "holds")),
        "later": ("info", "ring", pgettext("change of a rule", "to come")),
        "over": ("mute", "ring", pgettext("change of a rule", "over")),
        "replaced": ("mute", "cross", pgettext("change of a rule", "replaced")),
    }
    return words[code]


def area_of(rule_id: str) -> str:
    """The middle of a rule's id: CN-COL-02 is of COL; empty where it has none."""
    parts = rule_id.split("-")
    return parts[1] if len(parts) == 3 else ""


def area(code: str) -> str:
    """What an area of the rule book is about."""
    words = {
        "": gettext("general"),
        "ABS": gettext("securitisation"),
        "ACC": gettext("accounting"),
        "ASG": gettext("assignment of claims"),
        "CLS": gettext("classification"),
        "CMP": gettext("complaints"),
        "COL": gettext("collection conduct"),
        "COLL": gettext("collateral"),
        "CRD": gettext("credit reporting"),
        "DPD": gettext("days past due"),
        "GUA": gettext("guarantees"),
        "INS": gettext("instalments and extensions"),
        "INT": gettext("interest and caps"),
        "LIM": gettext("limitation"),
        "LIT": gettext("litigation"),
        "NPLT": gettext("transfer of bad loans"),
        "PAY": gettext("order of payments"),
        "PI": gettext("personal information"),
        "POL": gettext("policies of the house"),
        "PRV": gettext("provisions"),
        "WO": gettext("write-off"),
    }
    return words.get(code, code)


def licences(rule: Rule, book: Lawbook) -> str:
    """To which lenders a rule speaks."""
    if ANY in rule.licences:
        return gettext("every licence")
    known = book.packs[rule.jurisdiction].licences
    return listed([known[each][tongue()] for each in known if each in rule.licences])


def way(term: Term, version: Version) -> str:
    """Which way a lender may move a value, and how far where a supervisor's range says."""
    least = version.values.get(term.least) if term.least else None
    if least is None:
        return stricter(term.stricter.value)
    return gettext("a figure set for this lender, from %(least)s on") % {
        "least": value(least, term)
    }


def value(found: Value | None, term: Term) -> str:
    """A value with its unit, as a sentence has it; an unknown one says so."""
    if found is None:
        return gettext("not known")
    if isinstance(found, tuple):
        return listed([str(each) for each in found]) or gettext("none")
    if isinstance(found, Mapping):
        return "; ".join(
            f"{row}: {_scalar(each, term.unit)}" for row, each in found.items()
        )
    return _scalar(found, term.unit)


def _scalar(found: Scalar, unit: str) -> str:
    if isinstance(found, bool):
        return gettext("yes") if found else gettext("no")
    if isinstance(found, date):
        return day(found)
    if unit in DIGITS and isinstance(found, int):
        return f"{currencies.sign(unit)}{format_minor(found, unit)}"
    if isinstance(found, int):
        return _counted(found, unit)
    if isinstance(found, Decimal):
        return _exact(found, unit)
    return str(found)


def _exact(found: Decimal, unit: str) -> str:
    """A share as percent, a multiple with its sign; no digit is rounded away."""
    if unit == "share":
        shown = format((found * 100).normalize(), "f")
        return f"{shown}%"
    shown = format(found.normalize(), "f")
    return f"{shown} ×" if unit == "multiple" else shown


def _counted(number: int, unit: str) -> str:
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", number) % {"n": number}
    if unit == "hours":
        return ngettext("%(n)s hour", "%(n)s hours", number) % {"n": number}
    if unit == "months":
        return ngettext("%(n)s month", "%(n)s months", number) % {"n": number}
    if unit == "years":
        return ngettext("%(n)s year", "%(n)s years", number) % {"n": number}
    return f"{number:,}"


def listed(parts: list[str]) -> str:
    """Words one after the other, parted as the reader parts them."""
    return ("、" if chinese() else ", ").join(parts)


def written(given: object, term: Term) -> str:
    """A value in the form of a rule file as a sentence has it."""
    if given is None:
        return gettext("not known")
    try:
        place = {"file": "", "rule": ""}
        return value(law.value_of(given, term, name="", place=place), term)
    except LawError:  # the unit changed since
        return plain_text(given)


def plain_text(given: object) -> str:
    """A value in the form of a rule file, as a field of a form holds it."""
    if given is None:
        return ""
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, list | tuple):
        return ", ".join(map(str, given))
    if isinstance(given, Mapping):
        return "\n".join(f"{row}: {plain_text(each)}" for row, each in given.items())
    return str(given)
