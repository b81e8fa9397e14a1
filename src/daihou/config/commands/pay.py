"""Post a payment to a loan and show what it did."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language, _night
from daihou.kit import speech
from daihou.kit.speech import gettext, gettext_noop

if TYPE_CHECKING:
    from daihou.engine.basics.errors import UserError
    from daihou.kit.refusal import Refused
    from daihou.rooms.ledger.door import posting


_COMPONENTS = {
    "principal": gettext_noop("principal"),
    "interest": gettext_noop("interest"),
    "fee": gettext_noop("fee"),
    "penalty": gettext_noop("penalty interest"),
    "compound": gettext_noop("compound interest"),
}
# The option that is the way out of a refusal.
_WAYS = {"loan_number_shared": "--loan-source", "payment_far_beyond": "--credit"}


@click.command()
@click.argument("loan")
@click.argument("amount")
@click.option(
    "--id",
    "external_id",
    required=True,
    help="Its id at the source. The same again changes nothing: when in doubt, repeat.",
)
@click.option("--source", default="counter", show_default=True)
@click.option(
    "--loan-source", default="", help="Who sent the loan, if two share its number."
)
@click.option("--on", "paid_on", type=_night.DATE, help="Day paid; else the open day.")
@click.option(
    "--kind",
    default="payment",
    type=click.Choice(["payment", "recovery", "refund", "chargeback"]),
)
@click.option("--channel", default="")
@click.option("--payer", default="")
@click.option("--credit", is_flag=True, help="Hold what is far beyond the loan.")
@_language.option
def command(
    loan: str,
    amount: str,
    external_id: str,
    source: str,
    loan_source: str,
    paid_on: datetime | None,
    kind: str,
    channel: str,
    payer: str,
    *,
    credit: bool,
) -> None:
    """Post AMOUNT (in major units, such as 1000.50) to the loan numbered LOAN."""
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.engine.basics.errors import UserError
    from daihou.engine.basics.money import to_minor
    from daihou.kit.refusal import Refused
    from daihou.kit.scope import EVERYTHING
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.people import door as people

    try:
        day = dayend.open_day()
        loan_id = ledger.reading.loan_id_of(loan, source=loan_source, scope=EVERYTHING)
        terms, _ = ledger.reading.load_loan(loan_id, as_of=day.on)
        posted = ledger.posting.post_payment(
            source=source,
            external_id=external_id,
            loan_id=loan_id,
            paid_on=paid_on.date() if paid_on else day.on,
            amount=to_minor(amount, terms.currency),
            kind=kind,
            channel=channel,
            payer=payer,
            by=people.process("command line"),
            at=clock.now(),
            business_date=day.on,
            keep_credit=credit,
        )
    except (Refused, UserError) as refused:
        raise click.ClickException(_line(refused)) from None
    show(posted, terms.currency)


def _line(refused: "Refused | UserError") -> str:
    """What stands in the way, and the option that is the way out, if there is one."""
    from daihou.engine.basics.errors import UserError

    if isinstance(refused, UserError):
        return refused.say(speech.language())
    way = _WAYS.get(refused.code)
    if way is None:
        return str(refused)
    return gettext("%(refusal)s (%(option)s)") % {"refusal": refused, "option": way}


def show(posted: "posting.Posted", currency: str) -> None:
    """Print a receipt: where the money went, and how the loan stands now."""
    from daihou.engine.basics.money import format_minor
    from daihou.engine.delinquency.buckets import shown

    if not posted.new:
        click.echo(gettext("Posted before; nothing was changed."))
    for component, amount in posted.shares.items():
        word = gettext(_COMPONENTS.get(component, component))
        click.echo(f"  {word}: {format_minor(amount, currency)}")
    before, after = posted.before, posted.after
    held = after.unapplied_credit - before.unapplied_credit
    if held:
        click.echo(f"  {gettext('held as credit')}: {format_minor(held, currency)}")
    bucket = shown(after.bucket)
    click.echo(f"  {gettext('days late')}: {before.dpd} -> {after.dpd} ({bucket})")
    owed = [format_minor(each.overdue_total, currency) for each in (before, after)]
    click.echo(f"  {gettext('overdue')}: {owed[0]} -> {owed[1]} {currency}")
