"""Post a payment to a loan and show what it did."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from daihou.rooms.ledger.door import Posted


@click.command()
@click.argument("loan")
@click.argument("amount")
@click.option("--id", "external_id", required=True, help="Its id at the source.")
@click.option("--source", default="counter", show_default=True)
@click.option("--on", "paid_on", type=click.DateTime(["%Y-%m-%d"]), help="Day paid.")
@click.option(
    "--kind",
    default="payment",
    type=click.Choice(["payment", "recovery", "refund", "chargeback"]),
)
@click.option("--channel", default="")
@click.option("--payer", default="")
def command(
    loan: str,
    amount: str,
    external_id: str,
    source: str,
    paid_on: datetime | None,
    kind: str,
    channel: str,
    payer: str,
) -> None:
    """Post AMOUNT (in major units, such as 1000.50) to the loan numbered LOAN.

    The same --source and --id again change nothing, so a broken connection is
    mended by sending it once more. Without --on it is paid on the business date.
    """
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
        loan_id = ledger.loan_id_of(loan, scope=EVERYTHING)
        terms, _ = ledger.load_loan(loan_id, as_of=day.on)
        posted = ledger.post_payment(
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
        )
    except (Refused, UserError) as refused:
        raise click.ClickException(str(refused)) from None
    _show(posted, terms.currency)


def _show(posted: "Posted", currency: str) -> None:
    from daihou.engine.basics.money import format_minor

    if not posted.new:
        click.echo("Posted before; nothing was changed.")
    for component, amount in posted.shares.items():
        click.echo(f"  {component}: {format_minor(amount, currency)}")
    before, after = posted.before, posted.after
    click.echo(f"  dpd: {before.dpd} -> {after.dpd} ({after.bucket})")
    overdue = [format_minor(each.overdue_total, currency) for each in (before, after)]
    click.echo(f"  overdue: {overdue[0]} -> {overdue[1]} {currency}")
