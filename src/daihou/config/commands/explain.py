"""Explain a loan on a day: its class, its days past due and its cap, with reasons."""

from typing import Any

import click

from daihou.config.commands import _language, _night
from daihou.kit import speech
from daihou.kit.speech import gettext


@click.command()
@click.argument("loan")
@click.argument("day", type=_night.DATE)
@click.option("--source", default="", help="Which sender's, where two share a number.")
@_language.option
def command(loan: str, day: Any, *, source: str) -> None:
    """Say why LOAN (its number at the sender) stood as it did at the end of DAY."""
    from daihou.config import wiring
    from daihou.engine.basics.errors import UserError

    wiring.start()
    from daihou.kit.scope import EVERYTHING
    from daihou.rooms.ledger import door as ledger

    as_of = _night.day(day)
    assert as_of is not None
    number = ledger.reading.loan_id_of(loan, source=source, scope=EVERYTHING)
    try:
        page = ledger.reading.loan_page(number, as_of=as_of, scope=EVERYTHING)
        lines = _days(page, loan, as_of)
    except UserError as error:
        raise click.ClickException(error.say(speech.language())) from None
    for line in [
        *lines,
        "",
        *_cap(page, loan, as_of),
        "",
        *_class(page, number, as_of),
        "",
        _book(),
    ]:
        click.echo(line)


def _book() -> str:
    """Which law book was asked."""
    from daihou.rooms.rulebooks import door as rulebooks

    book = rulebooks.lawbook()
    words = gettext("Rule book as it ships, version %(version)s")
    if book.changes:
        words = gettext(
            "Rule book of this lender with %(count)s approved changes, version"
            " %(version)s"
        )
    return words % {"version": book.digest[:12], "count": len(book.changes)}


def _days(page: Any, loan: str, as_of: Any) -> list[str]:
    """The derivation of the days past due, and what the cap cuts off."""
    from daihou.engine.basics.money import format_minor
    from daihou.engine.delinquency.phrases import say

    said = [say(line, speech.language()) for line in page.state.derivation]
    words = gettext("%(loan)s at the end of %(day)s: %(dpd)s days past due")
    lines = [words % {"loan": loan, "day": as_of, "dpd": page.state.dpd}]
    lines += [
        f"  {each.title}: {each.value}" + (f"  [{each.note}]" if each.note else "")
        for each in said
    ]
    over = format_minor(sum(page.state.over_cap.values()), page.terms.currency)
    words = gettext("Cut off by the cap on its cost: %(over)s %(currency)s")
    return [*lines, words % {"over": over, "currency": page.terms.currency}]


def _cap(page: Any, loan: str, as_of: Any) -> list[str]:
    """What the loan may cost by the rules of the day it was paid out."""
    from decimal import Decimal

    from daihou.config.home import home
    from daihou.engine.caps.price import check_price
    from daihou.engine.caps.rules import CapRules
    from daihou.engine.caps.values import Lending, Price
    from daihou.engine.caps.words import PHRASES
    from daihou.engine.rulebook.decision import words
    from daihou.packs import lpr
    from daihou.rooms.rulebooks import door as rulebooks

    licence = page.terms.licence or rulebooks.licence()
    lending = Lending(licence, page.terms.disbursed_on)
    rules = CapRules.of(
        rulebooks.lawbook(), lending, lpr.known(home() / "lpr" / "cn.yaml")
    )
    nano = page.loan.penalty_rate_nano
    overdue = Decimal(nano).scaleb(-9) if nano else None
    price = Price(rate=page.terms.annual_rate, overdue_rate=overdue)
    found = check_price(price, rules, subject=loan, as_of=as_of)
    head, *rest = words(found.decision, speech.language(), PHRASES)
    return [head, *(f"  {line}" for line in rest)]


def _class(page: Any, loan_id: int, as_of: Any) -> list[str]:
    """The class of the loan with the rules asked, what would change it, who approved."""
    from daihou.engine.basics.errors import UserError
    from daihou.engine.classification.words import words
    from daihou.kit.scope import EVERYTHING
    from daihou.rooms.grading import door as grading

    try:
        found = grading.decision(loan_id, as_of=as_of, scope=EVERYTHING)
    except UserError as error:
        return [error.say(speech.language())]
    if found is None:
        return [gettext("It was not open on that day, or no rule classifies it.")]
    head, *rest = words(found, speech.language())
    rest += _approved(page.terms.customer_id, loan_id, as_of, str(found.answer))
    return [head, *(f"  {line}" for line in rest)]


def _approved(customer_id: int, loan_id: int, as_of: Any, answer: str) -> list[str]:
    """Who approved what makes the class better than it would be."""
    from daihou.engine.classification.codes import BY_CODE
    from daihou.rooms.grading import door as grading

    found = grading.approved_for(
        loan_id, customer_id, as_of=as_of, asset_class=BY_CODE[answer]
    )
    begins = gettext("Approved: %(fact)s since %(day)s, by %(names)s (approval %(n)s)")
    ends = gettext("Approved: %(fact)s until %(day)s, by %(names)s (approval %(n)s)")
    return [
        (ends if each.ended else begins)
        % {
            "fact": grading.fact_word(each.kind),
            "day": each.on,
            "names": ", ".join(f"{login} ({on})" for login, on in each.by),
            "n": each.proposal_id,
        }
        for each in found
    ]
