"""What else has to be told of a fact: the figures of its kind, within bounds."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.kit.refusal import Refused
from daihou.tables.grades import CONTENT, Fact

# Larger is a slip of the keyboard, and what is reckoned from it must fit the tables:
# amounts in minor units, the length of a period in months, days around the fact.
MOST_AMOUNT: Final = 10**15
MOST_MONTHS: Final = 120
_YEARS: Final = 30


def checked(kind: Fact, told: Mapping[str, Any], *, begins_on: date) -> dict[str, Any]:
    """The figures a kind of fact needs, and nothing more; Refused without them."""
    wanted = CONTENT.get(kind, {})
    known: dict[str, Any] = {name: told.get(name) for name in wanted}
    for name, of in wanted.items():
        if not _is_told(known[name], of):
            raise Refused(
                "fact_incomplete",
                _("This kind of fact needs one thing more: %(name)s.") % {"name": name},
                field=name,
            )
        if not _is_within(known[name], of, begins_on=begins_on):
            raise Refused(
                "figure_out_of_bounds",
                _(
                    "This figure cannot be right: %(name)s. Check its digits, or its year."
                )
                % {"name": name},
                field=name,
            )
    if kind is Fact.MARKET and known["late"] > known["total"]:
        raise Refused(
            "market_share",
            _("What is late at all banks cannot be more than all of it."),
            field="late",
        )
    if kind is Fact.JUDGED and BY_CODE[known["to"]] is AssetClass.NORMAL:
        raise Refused(
            "judged_normal",
            _("A finding lowers a class. To raise one, ask for a better class."),
            field="to",
        )
    return known


def _is_told(value: Any, of: str) -> bool:
    """Whether a figure is there and one of its kind."""
    if of == "class":
        return value in BY_CODE
    if of == "date":
        return _day(value) is not None
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_within(value: Any, of: str, *, begins_on: date) -> bool:
    if of == "class":
        return True
    if of == "date":
        found = _day(value)
        return found is not None and abs(found.year - begins_on.year) <= _YEARS
    return bool(value <= (MOST_AMOUNT if of == "amount" else MOST_MONTHS))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
