"""One sum over several loans of a customer, and why each gets what it gets."""

from datetime import date

from daihou.engine.basics.money import format_minor, to_minor
from daihou.engine.ledger.fixed.several import Claim, spread
from daihou.engine.ledger.life.words import say_life
from tests.golden.cases import CURRENCY
from tools.worked.cases import find
from tools.worked.tables import table


def lines(day: str, amount: str, *loans: str) -> list[str]:
    """`loans` are `letter = security = golden case`; security in yuan."""
    claims, given = [], []
    for told in loans:
        number, security, name = (word.strip() for word in told.split("=", 2))
        case = find(name).case
        value = to_minor(security, CURRENCY)
        claims.append(Claim(number, case.loan, case.policy, security=value))
        given.append((number, name, format_minor(value, CURRENCY)))
    on = date.fromisoformat(day)
    found = spread(claims, to_minor(amount, CURRENCY), on=on)
    steps = []
    for line in found.because:
        english, chinese = say_life(line, "en"), say_life(line, "zh")
        why = f"{english.note}<br>{chinese.note}"
        steps.append((f"{english.title}<br>{chinese.title}", english.value, why))
    return [
        *table(("loan 借据", "the case of", "security 担保"), given),
        "",
        *table((f"{amount} paid on {day} goes to", "amount", "why 为何"), steps),
    ]
