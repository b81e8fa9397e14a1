"""A wish as it is typed: fields of a form read into the form of a rule file."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date

from daihou.engine.rulebook.law import Rule, Term
from daihou.rooms.rulebooks.drafting import Wish, rows_of
from daihou.rooms.rulebooks.states import Step

PREFIX = "v-"  # before the name of a value in a form
LONGEST = 4_000  # characters of one field
_WHOLE = frozenset({"count", "days", "hours", "months", "years"})
_PARTS = re.compile(r"[,，、;；\n]")
_YES_NO = {"yes": True, "no": False}


def read_day(text: str) -> date | None:
    """A day of an address; None when it is none."""
    try:
        found = parse_date(text)
    except ValueError:  # written like a date, but there is no such day
        return None
    return found if found and 1900 < found.year < 2200 else None


def wish(rule: Rule, given: Mapping[str, str]) -> Wish:
    """The wish behind a posted form; an empty value is as the rule has it."""
    values = {
        name: read(given[PREFIX + name], term, table=rows_of(rule, name) is not None)
        for name, term in rule.terms.items()
        if given.get(PREFIX + name, "").strip()
    }
    return Wish(
        rule=rule.id,
        step=given.get("step", Step.VALUES),
        begins_on=read_day(given.get("begins_on", "").strip()),
        ends_on=end(given),
        values=values,
        source=given.get("source", "")[:LONGEST],
    )


def end(given: Mapping[str, str]) -> date | None:
    """The day on which a wish ends; one that cannot be read is before every other."""
    text = given.get("ends_on", "").strip()
    return (read_day(text) or date.min) if text else None


def read(text: str, term: Term, *, table: bool) -> Any:
    """A typed value in the form of a rule file; what cannot be read stays text."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if table:
        rows = [line.replace("：", ":").partition(":") for line in text.splitlines()]
        return {
            row.strip(): _scalar(value.strip(), term.unit)
            for row, _colon, value in rows
            if row.strip()
        }
    if term.unit == "set":
        return [part.strip() for part in _PARTS.split(text) if part.strip()]
    return _scalar(text, term.unit)


def _scalar(text: str, unit: str) -> Any:
    plain = text.replace(",", "").replace(" ", "")
    if unit in _WHOLE and plain.isascii() and plain.isdigit() and len(plain) < 16:
        return int(plain)
    if unit == "yes_no":
        return _YES_NO.get(text.lower(), text)
    if unit == "share" and plain.endswith("%"):
        return _of_percent(plain[:-1])
    return plain if unit not in {"text", "local_time"} else text


def _of_percent(text: str) -> str:
    """`2.5` percent as the share 0.025, exactly."""
    if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", text):
        return text
    return format((Decimal(text) / 100).normalize(), "f")
