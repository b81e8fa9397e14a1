"""Take a payment back; both rows stay."""

from datetime import datetime

import click

from daihou.config.commands import _language, _night


@click.command()
@click.argument("payment")
@click.option("--reason", required=True, help="Why it is taken back.")
@click.option("--source", default="counter", show_default=True)
@click.option("--on", "reversed_on", type=_night.DATE, help="Day it is taken back.")
@_language.option
def command(
    payment: str,
    reason: str,
    source: str,
    reversed_on: datetime | None,
) -> None:
    """Reverse the payment that has the id PAYMENT at its source.

    Without --on it is taken back on the business date. The same reversal again
    changes nothing.
    """
    from daihou.config import clock, wiring

    wiring.start()
    from daihou.config.commands import pay
    from daihou.kit.refusal import Refused
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.people import door as people

    try:
        day = dayend.open_day()
        posted = ledger.posting.reverse_payment(
            payment_id=ledger.reading.payment_id_of(payment, source=source),
            reversed_on=reversed_on.date() if reversed_on else day.on,
            reason=reason,
            by=people.process("command line"),
            at=clock.now(),
            business_date=day.on,
        )
        terms, _ = ledger.reading.load_loan(posted.loan_id, as_of=day.on)
    except Refused as refused:
        raise click.ClickException(str(refused)) from None
    pay.show(posted, terms.currency)
