"""Post a payment to a loan and show what it did."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language

if TYPE_CHECKING:
    from daihou.rooms.ledger.door import Posted


_WORDS = {
    "en": {
        "known": "Posted before; nothing was changed.",
        "overdue": "overdue",
        "dpd": "days late",
    },
    "zh": {
        "known": "此前已入账，没有任何变动。",
        "overdue": "逾期金额",
        "dpd": "逾期天数",
    },
}
_COMPONENTS = {
    "principal": "本金",
    "interest": "利息",
    "fee": "费用",
    "penalty": "罚息",
    "compound": "复利",
}


@click.command()
@click.argument("loan")
@click.argument("amount")
@click.option("--id", "external_id", required=True, help="Its id at the source.")
@click.option("--source", default="counter", show_default=True)
@click.option(
    "--loan-source", default="", help="Who sent the loan, if two share its number."
)
@click.option("--on", "paid_on", type=click.DateTime(["%Y-%m-%d"]), help="Day paid.")
@click.option(
    "--kind",
    default="payment",
    type=click.Choice(["payment", "recovery", "refund", "chargeback"]),
)
@click.option("--channel", default="")
@click.option("--payer", default="")
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
    language: str,
) -> None:
    """Post AMOUNT (in major units, such as 1000.50) to the loan numbered LOAN.

    The same --source and --id again change nothing, so a broken connection is
    mended by sending it once more. Without --on it is paid on the business date.
    """
    from daihou.config import clock, wiring

    wiring.start()
    from django.utils import translation

    from daihou.engine.basics.errors import UserError
    from daihou.engine.basics.money import to_minor
    from daihou.kit.refusal import Refused
    from daihou.kit.scope import EVERYTHING
    from daihou.rooms.dayend import door as dayend
    from daihou.rooms.ledger import door as ledger
    from daihou.rooms.people import door as people

    try:
        with translation.override("zh-hans" if language == "zh" else "en"):
            day = dayend.open_day()
            loan_id = ledger.loan_id_of(loan, source=loan_source, scope=EVERYTHING)
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
    except Refused as refused:
        hint = " (--loan-source)" if refused.code == "loan_number_shared" else ""
        raise click.ClickException(f"{refused}{hint}") from None
    except UserError as refused:
        raise click.ClickException(refused.say(language)) from None
    _show(posted, terms.currency, language=language)


def _show(posted: "Posted", currency: str, *, language: str) -> None:
    from daihou.engine.basics.money import format_minor

    words = _WORDS[language]
    if not posted.new:
        click.echo(words["known"])
    for component, amount in posted.shares.items():
        word = _COMPONENTS.get(component, component) if language == "zh" else component
        click.echo(f"  {word}: {format_minor(amount, currency)}")
    before, after = posted.before, posted.after
    click.echo(f"  {words['dpd']}: {before.dpd} -> {after.dpd} ({after.bucket})")
    overdue = [format_minor(each.overdue_total, currency) for each in (before, after)]
    click.echo(f"  {words['overdue']}: {overdue[0]} -> {overdue[1]} {currency}")
