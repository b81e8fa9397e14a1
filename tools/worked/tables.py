"""Tables of one loan: what happened, what is said of it, where each cent went."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from daihou.engine.basics.money import format_minor
from daihou.engine.ledger.fixed.settle import settle
from daihou.engine.ledger.values import LoanState
from daihou.engine.rulebook.policy import Component
from tools.worked import words
from tools.worked.cases import Worked, find

Cells = Sequence[str]
WIDE = 6  # figures; more than this read better from top to bottom


def table(head: Cells, rows: Iterable[Cells]) -> list[str]:
    """A Markdown table; figures to the right, words to the left."""
    rows = [list(row) for row in rows]
    assert all(len(row) == len(head) for row in rows), (head, rows)
    sides = [_side([row[place] for row in rows]) for place in range(len(head))]
    return [
        _row(head),
        _row(sides),
        *(_row(row) for row in rows),
    ]


def _row(cells: Cells) -> str:
    return "| " + " | ".join(each.replace("|", "\\|") for each in cells) + " |"


def _side(cells: Cells) -> str:
    number = all(not each or each.strip("*")[:1] in "-0123456789" for each in cells)
    return "--:" if number and any("." in each for each in cells) else "---"


def money(case: Worked, minor: int) -> str:
    return format_minor(minor, case.case.loan.currency)


def case_lines(name: str) -> list[str]:
    """What happened, and what is said at the end of each day asked for."""
    found = find(name)
    rules = list(words.rules(found.given.get("policy", {})))
    return [
        f"**{name}.** *{source(found)}*",
        "",
        *([f"Agreed 约定: {'; '.join(rules)}.", ""] if rules else []),
        *table(("day", "what happened", "amount"), sorted(_happened(found))),
        "",
        *said_on_days(found.given["expect"]),
    ]


def source(found: Worked) -> str:
    """Where a case comes from, without the numbers of our own notes."""
    return re.sub(r";? ?LAW vector \d+[,;]? ?", "; ", found.given["source"]).strip("; ")


def _happened(found: Worked) -> Iterator[Cells]:
    given, loan = found.given, found.case.loan
    yield (
        loan.disbursed_on.isoformat(),
        _paid_out(found),
        money(found, loan.principal),
    )
    for row in given.get("demands", ()):
        yield _demand(row)
    for row in given.get("payments", ()):
        yield from _payment(row)
    for row in given.get("waivers", ()):
        yield from _waiver(row)
    for row in given.get("rate_steps", ()):
        rate = words.percent(Decimal(row["penalty_rate"]))
        said = f"penalty rate for the days after 罚息利率调整: {rate}"
        yield (row["begins_on"], said, "")
    for first, past in given["loan"].get("pauses", ()):
        yield (first, f"paused 停计 until {past}", "")
    if "status_on" in given["loan"]:
        status = words.STATUSES[given["loan"]["status"]]
        yield (given["loan"]["status_on"], status, "")
    closed = given.get("closed", ())
    if closed:
        yield (closed[0], f"closed days 节假日, to {closed[-1]}", "")


def _paid_out(found: Worked) -> str:
    said = ["paid out 放款"]
    terms = found.given.get("terms")
    if terms:
        rate = words.percent(Decimal(terms["annual_rate"]))
        method = words.METHODS[terms["method"]]
        said += [f"{terms['periods']} months, {rate} a year, {method}"]
        said += [f"first due {terms['first_due_on']}"]
    rate = found.given["loan"].get("penalty_rate")
    if rate:
        said += [f"penalty rate 罚息利率 {words.percent(Decimal(rate))}"]
    return "; ".join(said)


def _demand(row: Mapping[str, Any]) -> Cells:
    parts = [
        f"{words.PARTS[name]} {_amount(row[name])}"
        for name in ("principal", "interest", "fee")
        if name in row
    ]
    paid = [
        f"{words.PARTS[name]} {_amount(row[f'paid_{name}'])}"
        for name in ("principal", "interest", "fee", "penalty")
        if f"paid_{name}" in row
    ]
    said = "charged 收费: " if row.get("seq") == 0 else "due 应还: "
    said += ", ".join(parts)
    if paid:
        said += f"; paid, says the core system: {', '.join(paid)}"
    if "begins_on" in row:
        said += f"; in force from {row['begins_on']}"
    if "ends_on" in row:
        said += f"; in force until {row['ends_on']}"
    total = sum(Decimal(row.get(name, 0)) for name in ("principal", "interest", "fee"))
    return (row["due_on"], said, f"{total:,.2f}")


def _payment(row: Mapping[str, Any]) -> Iterator[Cells]:
    said = "money back 退款" if row["amount"].startswith("-") else "paid 还款"
    if row.get("times", 1) > 1:
        said += f", and so each month, {row['times']} times"
    yield (row["paid_on"], said, _amount(row["amount"]))
    if "reversed_on" in row:
        back = f"the payment of {row['paid_on']} is reversed 冲正"
        yield (row["reversed_on"], back, _amount(f"-{row['amount']}"))


def _waiver(row: Mapping[str, Any]) -> Iterator[Cells]:
    said = f"waived 减免: {words.PARTS[row['component']]}"
    if "demand" in row:
        said += f" of no. {row['demand']}"
    yield (row["given_on"], said, _amount(row["amount"]))
    if "ended_on" in row:
        back = f"the waiver of {row['given_on']} is taken back 减免撤销"
        yield (row["ended_on"], back, "")


def _amount(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def said_on_days(expect: Mapping[str, Mapping[str, Any]]) -> list[str]:
    names: list[str] = []
    rows = {day: dict(_flat(values)) for day, values in expect.items()}
    for values in rows.values():
        names += [name for name in values if name not in names]
    cells = [
        [words.heading(n), *(_figure(v[n]) if n in v else "" for v in rows.values())]
        for n in names
    ]
    if len(names) > WIDE and len(rows) < len(names):
        return table(["at the end of 日终", *rows], cells)
    heads = ["at the end of 日终", *(row[0] for row in cells)]
    turned = zip(*(row[1:] for row in cells), strict=True)
    return table(heads, ([day, *row] for day, row in zip(rows, turned, strict=True)))


def _flat(values: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value


def _figure(value: Any) -> str:
    if value is None:
        return "—"
    text = str(value)
    if isinstance(value, str) and text.replace(".", "").lstrip("-").isdigit():
        return _amount(text) if "." in text else text
    return words.STATUSES.get(text, text)


def state_on(found: Worked, on: date) -> LoanState:
    case = found.case
    return settle(case.loan, case.policy, as_of=on, calendar=case.closed_days or None)


def money_lines(name: str, day: str | None = None) -> list[str]:
    """Where each cent of each payment went, as known on `day` (the last by default)."""
    found = find(name)
    on = date.fromisoformat(day) if day else max(found.case.expect)
    state = state_on(found, on)
    parts = [each for each in found.case.policy.order]
    went: dict[tuple[date, int, int], dict[str, int]] = {}
    seqs = {each.demand.demand_id: each.demand.seq for each in state.demands}
    for each in state.allocations:
        key = (each.on, each.payment_id, each.demand_id)
        row = went.setdefault(key, dict.fromkeys(Component, 0))
        row[Component(each.component)] += each.amount
    rows = [
        [
            on.isoformat(),
            f"no. {seqs[demand]}" if seqs[demand] else "charge 费用",
            *(money(found, row[part]) if row[part] else "" for part in parts),
            money(found, sum(row.values())),
        ]
        for (on, _, demand), row in went.items()
    ]
    head = ["day", "to 冲抵", *(words.PARTS[part] for part in parts), "together"]
    said = table(head, rows)
    if state.unapplied_credit:
        held = money(found, state.unapplied_credit)
        said += ["", f"Held for later at the end of {state.as_of}: {held}."]
    return said
