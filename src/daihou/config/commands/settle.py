"""Settle one loan sent as JSON: what it owes, how late it is, and why.

Needs no database and no server: enough is the package without its extras.
"""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import click

from daihou.config.commands import _language
from daihou.kit import speech

if TYPE_CHECKING:
    from daihou.engine.basics.errors import UserError
    from daihou.packs.loan_json import LoanFile


@click.command()
@click.argument("loan", type=click.File(encoding="utf-8"))
@click.option("--json", "as_json", is_flag=True, help="Print the state as JSON.")
@click.option("--as-of", metavar="DATE", help="Another day than the file's.")
@click.option(
    "--before",
    metavar="INSTANT",
    help="Also say what was recorded after this instant, and what it changed.",
)
@click.option("--pay", metavar="AMOUNT", help="If so much came in that day.")
@_language.option
def command(
    loan: TextIO,
    as_of: str | None,
    before: str | None,
    pay: str | None,
    *,
    as_json: bool,
) -> None:
    """Read one loan as JSON from the file LOAN (- for standard input); settle it.

    Its form is in docs/how-to/settle.md; a field that is not known is an error.
    """
    from daihou.engine.basics.errors import UserError
    from daihou.packs import loan_form, loan_json

    language = speech.language()
    try:
        file = loan_json.read(_text(loan))
        day = loan_form.day("--as-of", as_of) if as_of else file.as_of
        moment = loan_form.instant("--before", before) if before else None
    except UserError as error:
        raise click.ClickException(error.say(language)) from None
    try:
        content = _settled(file, day, moment, language)
        if pay is not None:
            content["trial"] = _trial(file, day, pay)
    except UserError as error:
        asked = "--as-of" if as_of else "$.as_of"
        line = _placed(file, error, language, asked=asked)
        raise click.ClickException(line) from None
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_table(content, language)))


def _text(loan: TextIO) -> str:
    try:
        return loan.read()
    except UnicodeDecodeError:
        line = _WORDS[speech.language()]["not_text"].format(name=loan.name)
        raise click.ClickException(line) from None


def _settled(
    file: "LoanFile", as_of: date, before: datetime | None, language: str
) -> dict[str, Any]:
    from daihou.engine.ledger.life.difference import difference
    from daihou.engine.ledger.life.front import payoff_life, settle_life
    from daihou.packs import state_json

    asked: dict[str, Any] = {
        "known_at": file.known_at,
        "calendar": file.closed_days or None,
    }
    life = settle_life(file.contract, file.events, as_of=as_of, **asked)
    payoff = payoff_life(file.contract, file.events, on=as_of, **asked)
    found = None
    if before is not None:
        found = difference(
            *(file.contract, file.events),
            as_of=as_of,
            known_at=before,
            known_now=file.known_at,
            calendar=file.closed_days or None,
        )
    return state_json.state(file, life, payoff, language=language, difference=found)


def _trial(file: "LoanFile", as_of: date, pay: str) -> dict[str, Any]:
    """Return where a payment of that day would go, and how late it leaves the loan."""
    from daihou.engine.basics.errors import MoneyError
    from daihou.engine.basics.money import to_minor
    from daihou.engine.ledger.errors import LoanError
    from daihou.engine.ledger.life.trial import preview_life
    from daihou.packs.loan_errors import PlacedError
    from daihou.packs.loan_form import outside
    from daihou.packs.state_json import Writer

    money = Writer(file.contract.terms.currency)
    try:
        amount = to_minor(pay, money.currency)
        if amount <= 0:
            raise outside("--pay", pay, "above", 0)
        found = preview_life(
            *(file.contract, file.events, amount),
            on=as_of,
            known_at=file.known_at,
            calendar=file.closed_days or None,
        )
    except (MoneyError, LoanError) as error:
        raise PlacedError("--pay", error) from None
    return {
        "amount": money(sum(found.split.values()) + found.held),
        "split": money.each(found.split),
        "held": money(found.held),
        "dpd": found.after.dpd,
        "bucket": found.after.bucket,
    }


def _placed(file: "LoanFile", error: "UserError", language: str, *, asked: str) -> str:
    """Say where in the file what cannot be settled stands."""
    from daihou.engine.ledger.errors import LoanError, TermsError
    from daihou.engine.ledger.life.errors import LifeError
    from daihou.packs.loan_errors import LoanFileError, PlacedError
    from daihou.packs.loan_json import place_of_event, place_of_terms

    if isinstance(error, PlacedError | LoanFileError):
        return error.say(language)
    place = asked
    if isinstance(error, TermsError):
        place = place_of_terms(file, error.field, error.params.get("value"))
    elif isinstance(error, LifeError) and "event" in error.params:
        place = place_of_event(file, int(str(error.params["event"])))
    elif error.code.startswith("running_"):
        place = f"$.terms.{error.params.get('field', 'method')}"
    elif error.code == "mirror":
        place = "$.product" if file.contract.policy.product != "custom" else "$.policy"
    elif isinstance(error, LoanError) and "loan_id" in error.params and file.name:
        error = LoanError(error.code, **error.params | {"loan_id": file.name})
    mark = "：" if language == "zh" else ": "
    return f"{place}{mark}{error.say(language)}"


_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "head": "Loan {loan} at the end of {as_of}: {dpd} days late, bucket {bucket}",
        "original": "By the rows before restructuring: {dpd_original} days",
        "sums": (
            "Overdue {overdue_total}   outstanding {outstanding_total}   "
            "pays off today {payoff}   held {unapplied_credit} {currency}"
        ),
        "rows": (
            "No.",
            "due on",
            "principal",
            "interest",
            "fee",
            "penalty",
            "paid",
            "off",
            "left",
        ),
        "late": "late",
        "capped": "Above the cost cap, not claimed: {over}   claimable {claimable}",
        "trial": "If {amount} came in: {split}, held {held}; then {dpd} days, {bucket}",
        "parts": {
            "fee": "fee",
            "penalty": "penalty",
            "compound": "compound",
            "interest": "interest",
            "principal": "principal",
        },
        "change": "What would change",
        "not_text": "{name}: not UTF-8 text; save it as UTF-8.",
        "why": "Why",
        "story": "What became of the rows",
        "difference": "What was recorded later, and what it changed",
    },
    "zh": {
        "head": "借据 {loan} {as_of} 日终：逾期 {dpd} 天，账龄 {bucket}",
        "original": "按重组前的期次：{dpd_original} 天",
        "sums": (
            "逾期金额 {overdue_total}   未还余额 {outstanding_total}   "
            "当日结清 {payoff}   溢缴款 {unapplied_credit} {currency}"
        ),
        "rows": (
            *("期", "应还日", "本金", "利息", "费用", "罚息复利"),
            *("已还", "减免转出", "未还"),
        ),
        "late": "逾期",
        "capped": "超过成本上限、不主张：{over}   可主张 {claimable}",
        "trial": "若还 {amount}：{split}，溢缴 {held}；此后 {dpd} 天，{bucket}",
        "parts": {
            "fee": "费用",
            "penalty": "罚息",
            "compound": "复利",
            "interest": "利息",
            "principal": "本金",
        },
        "change": "什么会改变",
        "not_text": "{name}：不是 UTF-8 文本；请另存为 UTF-8。",
        "why": "为什么",
        "story": "各期的变化",
        "difference": "后来登记了什么，改变了什么",
    },
}
_PARTS = (
    *(("why", "derivation"), ("change", "what_would_change")),
    *(("story", "story"), ("difference", "difference")),
)
_SHARES = ("paid", "waived", "moved", "unpaid")
_WIDTHS = (4, 10, 14, 12, 10, 10, 14, 14, 14)


def _table(content: dict[str, Any], language: str) -> list[str]:
    words = _WORDS[language]
    named = {"loan": content["loan"] or "-"}
    said = [words["head"].format(**content | named)]
    if content["dpd_original"] != content["dpd"]:
        said.append(words["original"].format(**content))
    said.append(words["sums"].format(**content))
    over = _sum(content["over_cap"])
    if Decimal(over):
        said.append(words["capped"].format(**content | {"over": over}))
    said += ["", _columns(words["rows"])]
    for row in content["instalments"]:
        parts = (row["seq"] or "-", row["due_on"], row["principal"])
        sums = (_sum(row["paid"]), _sum(row["waived"], row["moved"]))
        arisen = _sum(*(_penal(row[each]) for each in _SHARES))
        rest = (row["interest"], row["fee"], arisen, *sums, _sum(row["unpaid"]))
        line = _columns((*parts, *rest))
        said.append(f"{line}  {words['late'] if row['late'] else ''}".rstrip())
    if "trial" in content:
        trial = content["trial"]
        shares = " + ".join(
            f"{words['parts'][name]} {amount}"
            for name, amount in trial["split"].items()
            if Decimal(amount)
        )
        said += ["", words["trial"].format(**trial | {"split": shares or "0"})]
    for name, key in _PARTS:
        if content.get(key):
            said += ["", words[name]]
            said += [f"  {_sentence(each)}" for each in content[key]]
    return said


def _columns(cells: tuple[object, ...]) -> str:
    """Set cells right-aligned; a Chinese character is two columns wide."""
    texts = [str(cell) for cell in cells]
    wide = [sum(ord(letter) > 0x2E80 for letter in text) for text in texts]
    return " ".join(
        text.rjust(width - extra)
        for text, width, extra in zip(texts, _WIDTHS, wide, strict=True)
    )


def _penal(amounts: dict[str, str]) -> dict[str, str]:
    return {name: amounts[name] for name in ("penalty", "compound")}


def _sum(*amounts: dict[str, str]) -> str:
    return f"{sum(Decimal(text) for each in amounts for text in each.values()):f}"


def _sentence(line: dict[str, str]) -> str:
    head = f"{line['title']}: {line['value']}" if line["value"] else line["title"]
    source = f" [{line['source']}]" if line["source"] else ""
    return f"{head} ({line['note']}){source}" if line["note"] else f"{head}{source}"
