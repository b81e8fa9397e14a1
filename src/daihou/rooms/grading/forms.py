"""What the forms of the room send, read into values."""

from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import to_minor
from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.kit.refusal import Refused
from daihou.rooms.grading import words
from daihou.rooms.grading.actions import PROOFS, Told
from daihou.tables.grades import CONTENT, NOT_ENTERED, Fact


def day(sent: QueryDict, name: str) -> date:
    """A date of the form, or Refused."""
    try:
        return date.fromisoformat(sent.get(name, ""))
    except ValueError:
        raise Refused(
            "day_unread", _("Write the date as YYYY-MM-DD."), field=name
        ) from None


def told(sent: QueryDict, *, currency: str) -> Told:
    """A fact as the form tells it; amounts are in major units there."""
    kind = sent.get("kind", "")
    if kind not in set(Fact) - NOT_ENTERED:
        raise Refused("kind_unknown", _("Choose a kind of fact."), field="kind")
    known = Fact(kind)
    content: dict[str, Any] = {
        name: _value(sent.get(name, ""), of, currency=currency, name=name)
        for name, of in CONTENT.get(known, {}).items()
    }
    return Told(
        kind=known,
        begins_on=day(sent, "begins_on"),
        content=content,
        evidence=sent.get("evidence", ""),
    )


def _value(text: str, of: str, *, currency: str, name: str) -> object:
    text = text.strip()
    if of == "amount":
        try:
            return to_minor(text, currency)
        except MoneyError as error:
            raise Refused(
                "amount_unread", error.say(words.language()), field=name
            ) from None
    if of == "number":
        return (
            int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None
        )
    return text


def upgrade(sent: QueryDict) -> tuple[AssetClass, dict[str, str]]:
    """The class that is asked for and the three proofs."""
    to = sent.get("to", "")
    if to not in BY_CODE:
        raise Refused("class_unknown", _("Choose a class."), field="to")
    return BY_CODE[to], {name: sent.get(name, "") for name in PROOFS}
