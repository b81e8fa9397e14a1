"""Post a payment to a loan and show what it did."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from daihou.config.commands import _language, _night

if TYPE_CHECKING:
    from daihou.engine.basics.errors import UserError
    from daihou.kit.refusal import Refused
    from daihou.rooms.ledger.door import Posted


_WORDS = {
    "en": {
        "known": "Posted before; nothing was changed.",
        "overdue": "overdue",
        "dpd": "days late",
        "credit": "held as credit",
        "shared": " (--loan-source)",
        "credit_way": " (--credit)",
    },
    "zh": {
        "known": "此前已入账，没有任何变动。",
        "overdue": "逾期金额",
        "dpd": "逾期天数",
        "credit": "转为溢缴款",
        "shared": "（--loan-source）",
        "credit_way": "（--credit）",
    },
}
_AGAIN = "Its id at the source. The same again changes nothing: when in doubt, repeat."
_HINTS = {"loan_number_shared": "shared", "payment_far_beyond": "credit_way"}
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
@click.option("--id", "external_id", required=True, help=_AGAIN)
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
    language: str,
    *,
    credit: bool,
) -> None:
    """Post AMOUNT (in major units, such as 1000.50) to the loan numbered LOAN."""
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
                keep_credit=credit,
            )
    except (Refused, UserError) as refused:
        raise click.ClickException(_line(refused, language)) from None
    show(posted, terms.currency, language=language)


def _line(refused: "Refused | UserError", language: str) -> str:
    """What stands in the way, and the option that is the way out, if there is one."""
    from daihou.engine.basics.errors import UserError

    if isinstance(refused, UserError):
        return refused.say(language)
    return f"{refused}{_WORDS[language].get(_HINTS.get(refused.code, ''), '')}"


def show(posted: "Posted", currency: str, *, language: str) -> None:
    """Print a receipt: where the money went, and how the loan stands now."""
    from daihou.engine.basics.money import format_minor
    from daihou.engine.delinquency.buckets import shown

    words = _WORDS[language]
    if not posted.new:
        click.echo(words["known"])
    for component, amount in posted.shares.items():
        word = _COMPONENTS.get(component, component) if language == "zh" else component
        click.echo(f"  {word}: {format_minor(amount, currency)}")
    before, after = posted.before, posted.after
    held = after.unapplied_credit - before.unapplied_credit
    if held:
        click.echo(f"  {words['credit']}: {format_minor(held, currency)}")
    click.echo(f"  {words['dpd']}: {before.dpd} -> {after.dpd} ({shown(after.bucket)})")
    overdue = [format_minor(each.overdue_total, currency) for each in (before, after)]
    click.echo(f"  {words['overdue']}: {overdue[0]} -> {overdue[1]} {currency}")
