"""Questions about provisions as JSON, and their answers."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from daihou.engine.basics.money import to_major
from daihou.engine.classification.codes import BY_CODE, AssetClass
from daihou.engine.provision import required
from daihou.engine.provision.movement import Line, Movement, Position, Sheet, movement
from daihou.engine.provision.required import Assessment, Exposure, Total
from daihou.engine.provision.rules import ProvisionRules
from daihou.engine.provision.words import BOOK, LOAN
from daihou.engine.rulebook.law import Lawbook
from daihou.packs.questions import Fields, QuestionError, explained

_COMMON = ("id", "ask", "licence", "as_of", "table", "shares", "currency")
_FIELDS = (
    *(*_COMMON, "asset_class", "balance", "model", "loans", "held"),
    *("opening", "closing", "written_off"),
)
_LOAN = ("loan", "asset_class", "balance", "model")
_POSITION = ("loan", "asset_class", "balance", "allowance")
QUESTIONS = ("loan", "book", "movement")
CLASSES = tuple(BY_CODE)


def answer(content: dict[str, Any], law: Lawbook, *, language: str) -> dict[str, Any]:
    """Answer one question, or raise QuestionError or ProvisionError.

    `ask` is `loan` (what one needs), `book` (is what is held enough) or `movement`
    (from one day to another, class by class).
    """
    asked = Fields(content, "", _FIELDS)
    kind = asked.word("ask", QUESTIONS)
    currency = asked.word("currency", ("CNY",), usual="CNY")
    if kind == "movement":
        return _movement(asked, currency)
    rules = rules_of(asked, law)
    if kind == "loan":
        return _loan(asked, rules, currency, language)
    return _book(asked, rules, currency, language)


def rules_of(asked: Fields, law: Lawbook) -> ProvisionRules:
    """Return the rules that a question names: licence, day, table, own shares."""
    licence = asked.word("licence", tuple(law.packs["cn"].licences))
    row = asked.inside("shares", CLASSES)
    chosen = {at: row.share(code) for code, at in BY_CODE.items() if row.has(code)}
    table = asked.name("table", usual="CN_MOF2012")
    on = asked.day("as_of")
    return ProvisionRules.of(law, licence, on, table=table, chosen=chosen)


def exposures(asked: Fields, currency: str) -> list[Exposure]:
    """Return the loans of a question, each once."""
    rows = [_exposure(each, currency) for each in asked.rows("loans", _LOAN)]
    _check_once([each.loan for each in rows], "loans")
    return rows


def _exposure(row: Fields, currency: str, *, name: str = "loan") -> Exposure:
    return Exposure(
        loan=row.name(name, usual="loan" if name == "id" else None),
        asset_class=BY_CODE[row.word("asset_class", CLASSES)],
        balance=row.amount("balance", currency),
        model=row.amount("model", currency) if row.has("model") else None,
    )


def _check_once(loans: list[str], place: str) -> None:
    seen: set[str] = set()
    for at, each in enumerate(loans):
        if each in seen:
            raise QuestionError("twice", field=f"{place}[{at}].loan", given=each)
        seen.add(each)


def _loan(
    asked: Fields, rules: ProvisionRules, currency: str, language: str
) -> dict[str, Any]:
    exposure = _exposure(asked, currency, name="id")
    as_of = asked.day("as_of")
    found = required.needed(exposure, rules)
    decision = required.decide(exposure, rules, as_of=as_of, currency=currency)
    return {
        "needed": _money(found.amount, currency),
        "by": found.by.value,
        "by_table": _money(found.by_table, currency),
        "share": f"{rules.shares[exposure.asset_class].normalize():f}",
        **explained(decision, LOAN, language=language),
    }


def _book(
    asked: Fields, rules: ProvisionRules, currency: str, language: str
) -> dict[str, Any]:
    rows = required.totals(exposures(asked, currency), rules)
    held = asked.amount("held", currency)
    as_of, subject = asked.day("as_of"), asked.name("id", usual="book")
    found = required.assess(
        rows, rules, held=held, as_of=as_of, subject=subject, currency=currency
    )
    return {
        **book_json(found, rows, currency),
        **explained(found.decision, BOOK, language=language),
    }


def book_json(
    found: Assessment, rows: Mapping[AssetClass, Total], currency: str
) -> dict[str, Any]:
    """Return the figures of a book for JSON; ratios as shares with six decimals."""
    amounts = {
        *("loans", "bad", "held", "by_table", "by_ratio", "by_coverage"),
        *("required", "shortfall", "general_least"),
    }
    return {
        "answer": found.decision.answer,
        "classes": {
            at.code: {
                "loans": row.loans,
                "balance": _money(row.balance, currency),
                "needed": _money(row.needed, currency),
            }
            for at, row in rows.items()
        },
        **{name: _money(getattr(found, name), currency) for name in sorted(amounts)},
        "by": found.by.value,
        "provision_ratio": _ratio(found.provision_ratio),
        "coverage_ratio": _ratio(found.coverage_ratio),
        "adequacy_ratio": _ratio(found.adequacy_ratio),
    }


def _movement(asked: Fields, currency: str) -> dict[str, Any]:
    opening = positions(asked, "opening", currency)
    closing = positions(asked, "closing", currency)
    off = asked.rows("written_off", ("loan", "amount"))
    _check_once([each.name("loan") for each in off], "written_off")
    written_off = {each.name("loan"): each.amount("amount", currency) for each in off}
    return moves_json(movement(opening, closing, written_off=written_off), currency)


def moves_json(found: Movement, currency: str) -> dict[str, Any]:
    """Return a movement for JSON: class by line, in major units."""
    return {
        "balances": _sheet(found.balances, currency),
        "allowances": _sheet(found.allowances, currency),
        "moved": _moved(found, currency),
        "charge": _money(found.charge, currency),
        "foots": found.foots(),
    }


def positions(asked: Fields, name: str, currency: str) -> dict[str, Position]:
    """Return the positions of a day by loan."""
    rows = asked.rows(name, _POSITION)
    _check_once([row.name("loan") for row in rows], name)
    return {
        row.name("loan"): Position(
            asset_class=BY_CODE[row.word("asset_class", CLASSES)],
            balance=row.amount("balance", currency),
            allowance=row.amount("allowance", currency),
        )
        for row in rows
    }


def _sheet(sheet: Sheet, currency: str) -> dict[str, dict[str, str | None]]:
    return {
        at.code: {line.code: _money(sheet[at, line], currency) for line in Line}
        for at in AssetClass
    }


def _moved(found: Movement, currency: str) -> dict[str, dict[str, str | None]]:
    return {
        one.code: {
            two.code: _money(found.moved[one, two], currency) for two in AssetClass
        }
        for one in AssetClass
    }


def _money(minor: int | None, currency: str) -> str | None:
    return None if minor is None else f"{to_major(minor, currency):f}"


def _ratio(ratio: Fraction | None) -> str | None:
    if ratio is None:
        return None
    exact = Decimal(ratio.numerator) / Decimal(ratio.denominator)
    return f"{exact.quantize(Decimal('0.000001')):f}"
