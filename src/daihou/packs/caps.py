"""Questions about the caps on cost as JSON, and their answers."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

from daihou.engine.basics.money import to_major
from daihou.engine.caps.claim import check_claim
from daihou.engine.caps.lpr import LprTable
from daihou.engine.caps.price import check_price
from daihou.engine.caps.rules import CapRules
from daihou.engine.caps.values import Charge, Claim, Lending, Price, Stretch
from daihou.engine.caps.words import PHRASES
from daihou.engine.rulebook.law import Lawbook
from daihou.packs.questions import Fields, QuestionError, explained

_COMMON = ("id", "ask", "licence", "originator", "originated_on", "facilitated")
_PRICE = ("rate", "fee_rate", "overdue_rate", "misuse_rate")
_CLAIM = ("currency", "stretches", "charges", "days_in_year", "kept_back")
_FIELDS = (*_COMMON, "as_of", *_PRICE, *_CLAIM, "first_principal")
_STRETCH = ("begins_on", "ends_on", "principal")
QUESTIONS = ("price", "claim")
DAYS_IN_YEAR = (360, 365, 366)


def answer(
    content: dict[str, Any], law: Lawbook, lpr: LprTable, *, language: str
) -> dict[str, Any]:
    """Answer one question, or raise QuestionError naming the field.

    `ask` is `price` (rates against the caps) or `claim` (sums, and what is above).
    """
    asked = Fields(content, "", _FIELDS)
    licences = tuple(law.packs["cn"].licences)
    kind = asked.word("ask", QUESTIONS)
    lending = Lending(
        licence=asked.word("licence", licences),
        originated_on=asked.day("originated_on"),
        originator=(
            asked.word("originator", licences) if asked.has("originator") else None
        ),
        facilitated=asked.truth("facilitated"),
    )
    rules = CapRules.of(law, lending, lpr)
    if kind == "price":
        return _price(asked, rules, language)
    return _claim(asked, rules, language)


def _price(asked: Fields, rules: CapRules, language: str) -> dict[str, Any]:
    price = Price(
        rate=asked.share("rate"),
        fee_rate=asked.share_or_none("fee_rate") or Decimal(0),
        overdue_rate=asked.share_or_none("overdue_rate"),
        misuse_rate=asked.share_or_none("misuse_rate"),
    )
    subject, as_of = asked.name("id", usual="price"), asked.day("as_of")
    found = check_price(price, rules, subject=subject, as_of=as_of)
    return {
        "standing": found.standing.value,
        "cap": _plain(found.cap),
        "all_in": _plain(found.all_in),
        "excess": _plain(found.excess),
        "overdue_most": _plain(found.overdue_most),
        "warnings": list(found.warnings),
        **explained(found.decision, PHRASES, language=language),
    }


def _claim(asked: Fields, rules: CapRules, language: str) -> dict[str, Any]:
    currency = asked.word("currency", ("CNY",), usual="CNY")
    claim = Claim(
        currency=currency,
        stretches=tuple(
            _stretch(row, currency) for row in asked.rows("stretches", _STRETCH)
        ),
        charges=_charges(asked, currency),
        days_in_year=_days_in_year(asked),
        kept_back=asked.amount("kept_back", currency, usual=0),
        first_principal=(
            asked.amount("first_principal", currency)
            if asked.has("first_principal")
            else None
        ),
    )
    if not claim.stretches:
        raise QuestionError("missing", field="stretches")
    _check_apart(claim)
    subject, as_of = asked.name("id", usual="claim"), asked.day("as_of")
    found = check_claim(claim, rules, subject=subject, as_of=as_of)

    def money(minor: int | None) -> str | None:
        return None if minor is None else f"{to_major(minor, currency):f}"

    return {
        "standing": found.standing.value,
        "cap": _plain(found.cap),
        "allowance": money(found.allowance),
        "claimed": money(found.claimed),
        "excess": money(found.excess),
        "cut": {each.value: money(part) for each, part in found.cut.items()},
        "claimable": {
            each.value: money(part) for each, part in found.claimable.items()
        },
        **explained(found.decision, PHRASES, language=language),
    }


def _days_in_year(asked: Fields) -> int:
    days = asked.count("days_in_year", least=1)
    if days not in DAYS_IN_YEAR:
        known = ", ".join(map(str, DAYS_IN_YEAR))
        raise QuestionError("word", field="days_in_year", given=days, known=known)
    return days


def _charges(asked: Fields, currency: str) -> dict[Charge, int]:
    row = asked.inside("charges", tuple(Charge))
    return {
        each: row.amount(each.value, currency) for each in Charge if row.has(each.value)
    }


def _stretch(row: Fields, currency: str) -> Stretch:
    begins_on, ends_on = row.day("begins_on"), row.day("ends_on")
    if ends_on < begins_on:
        field = row.place + "ends_on"
        raise QuestionError("order", field=field, given=ends_on, other=begins_on)
    return Stretch(begins_on, ends_on, row.amount("principal", currency))


def _check_apart(claim: Claim) -> None:
    """Refuse stretches that overlap: a day's principal would be counted twice."""
    rows = claim.stretches
    for place, (one, two) in enumerate(pairwise(rows)):
        if two.begins_on < one.ends_on:
            field = f"stretches[{place + 1}].begins_on"
            said = {"given": two.begins_on, "other": one.ends_on}
            raise QuestionError("order", field=field, **said)


def _plain(share: Decimal | None) -> str | None:
    return None if share is None else f"{share.normalize():f}"
