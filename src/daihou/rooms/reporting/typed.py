"""What people type about targets and costs, and files of costs, read without trust."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.kit.refusal import Refused
from daihou.rooms.people import door as people
from daihou.rooms.reporting.queries.targets import first_day
from daihou.rooms.reporting.states import CostKind

MOST_LINES = 5_000  # of a file
CHANNELS = ("", "call", "robot_call", "sms", "wechat", "email", "letter", "visit")
_COLUMNS = ("month", "kind", "currency", "amount")
_DIGITS = 9
_MOST = 10**16  # minor units: a line above it is a slip


@dataclass(frozen=True, slots=True)
class CostWish:
    """One line of costs in minor units; None takes back what was written."""

    month: str
    kind: str
    channel: str
    currency: str
    amount: int | None


def month_of(text: str) -> str:
    """A month YYYY-MM as it was typed, or Refused."""
    plain = text.strip()
    try:
        found = first_day(plain)
    except ValueError:
        found = None
    if found is None or f"{found:%Y-%m}" != plain or not 1990 <= found.year <= 2199:
        raise Refused("month_unread", _("Write a month like 2026-03."), field="month")
    return plain


def amount_of(text: str, currency: str) -> int | None:
    """An amount of the main unit in minor units; nothing typed is None."""
    plain = text.replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    try:
        found = to_minor(plain, currency) if plain.isascii() else -1
    except (MoneyError, ValueError):
        found = -1
    if not 0 <= found <= _MOST:
        raise Refused(
            "amount_unread",
            _("%(text)s is no amount. Write digits and at most a decimal point.")
            % {"text": plain[:20]},
            field="amount",
        )
    return found


def number_of(text: str) -> int | None:
    """A number of cases as it was typed; nothing is None."""
    plain = text.replace(",", "").strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS):
        raise Refused(
            "number_unread",
            _("%(text)s is no number of cases.") % {"text": plain[:20]},
            field="cured",
        )
    return int(plain)


def may_keep_costs(person: people.Person) -> bool:
    """Whether somebody may write costs down: of the house, so they see all of it."""
    return person.may(people.Permission.POST_PAYMENT) and person.scope.everything


def read_costs(content: bytes) -> Sequence[CostWish]:
    """The lines of a CSV file: month, kind, currency, amount, and perhaps channel.

    Several lines of one month, kind, channel and currency add up. Refused names the
    first line that cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("file_not_text", _("The file is no text in UTF-8.")) from None
    sums: dict[tuple[str, str, str, str], int] = {}
    for place, row in enumerate(_rows(text), start=2):
        if place > MOST_LINES:
            raise Refused(
                "file_too_long",
                _("The file has more than %(n)s lines.") % {"n": MOST_LINES},
            )
        key, amount = _line(row, place)
        sums[key] = sums.get(key, 0) + amount
    if not sums:
        raise Refused("file_empty", _("The file has no line of costs."))
    return [CostWish(*key, amount) for key, amount in sorted(sums.items())]


def _rows(text: str) -> Iterator[Mapping[str, str | None]]:
    try:
        yield from csv.DictReader(io.StringIO(text.replace("\x00", "")))
    except csv.Error:
        raise Refused(
            "file_not_csv", _("The file is no CSV: a field of it has no end.")
        ) from None


def _line(
    row: Mapping[str, str | None], place: int
) -> tuple[tuple[str, str, str, str], int]:
    month, kind, currency, amount = ((row.get(n) or "").strip() for n in _COLUMNS)
    channel = (row.get("channel") or "").strip()
    try:
        minor = amount_of(amount, currency)
        found = (month_of(month), kind, channel, currency)
    except (Refused, LookupError):
        minor, found = None, ("", "", "", "")
    if minor is None or kind not in set(CostKind) or channel not in CHANNELS:
        raise Refused(
            "cost_line",
            _(
                "Line %(line)s cannot be read. A line is month (YYYY-MM), kind"
                " (%(kinds)s), currency, an amount of 0 or more, and perhaps channel."
            )
            % {"line": place, "kinds": ", ".join(CostKind)},
            line=place,
        )
    return found, minor
