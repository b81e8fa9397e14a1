"""One loan as JSON: contract, product or policy, versions of rows, events, a day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from daihou.engine.basics.errors import UserError
from daihou.engine.basics.money import to_major, to_minor
from daihou.engine.ledger.life.events import KINDS, Event
from daihou.engine.ledger.life.front import Contract, Interest
from daihou.engine.ledger.values import (
    Demand,
    LoanTerms,
    RateChange,
    Row,
    Tranche,
)
from daihou.engine.rulebook.policy import Policy
from daihou.packs import products
from daihou.packs.loan_errors import LoanFileError, PlacedError
from daihou.packs.loan_form import (
    MONEY,
    RATES,
    day,
    instant,
    outside,
    parse,
    policy_schema,
    schema,
    texts,
    validate,
)

# What a policy of one's own need not say.
USUAL: Mapping[str, Any] = {
    "mode": "own",
    "methods": ["custom"],
    "day_count": "30/360",
    "rounding": "half_even",
    "allocation": {
        "order": ["fee", "penalty", "compound", "interest", "principal"],
        "direction": "horizontal",
        "advance": "hold",
    },
    "dpd": {"id": "DPD-CN-01"},
    "bucket_set": "M0_M7",
}
# What a penalty need not say: by the day on principal, compound on interest, over 360.
USUAL_PENALTY: Mapping[str, Any] = {
    "on_principal": True,
    "on_interest": True,
    "days_in_year": 360,
}
DATES = frozenset({"disbursed_on", "first_due_on", "due_on", "until"})
# Names of the engine where the file leaves the unit out.
MINOR = {
    "principal": "principal_minor",
    "instalment": "instalment_minor",
    "balloon": "balloon_minor",
    "down_payment": "down_payment_minor",
}


@dataclass(frozen=True, slots=True)
class LoanFile:
    """A loan as it was sent, in values of the engine."""

    name: str
    contract: Contract
    events: tuple[Event, ...]
    as_of: date
    known_at: datetime | None
    closed_days: frozenset[date]


def read(text: str) -> LoanFile:
    """Read one loan, or raise a UserError that names the field and the way out."""
    content = parse(text)
    validate(content, schema(), "$")
    currency, policy = _policy(content)
    versions = tuple(_versions(content, currency))
    contract = Contract(
        loan_id=1,
        terms=_placed("$.terms", _terms, content["terms"], currency, policy),
        policy=policy,
        interest=Interest(content.get("interest", Interest.FIXED)),
        demands=versions,
    )
    return LoanFile(
        name=content.get("loan", ""),
        contract=contract,
        events=tuple(_events(content.get("events", ()), currency)),
        as_of=day("$.as_of", content["as_of"]),
        known_at=_moment("$.known_at", content.get("known_at")),
        closed_days=frozenset(
            day(f"$.closed_days[{place}]", each)
            for place, each in enumerate(content.get("closed_days", ()))
        ),
    )


def place_of_event(file: LoanFile, event_id: int) -> str:
    """Return the path of an event in the file: of two with one id, the later one."""
    ids = [each.event_id for each in file.events]
    return f"$.events[{len(ids) - 1 - ids[::-1].index(event_id)}]"


def place_of_terms(file: LoanFile, field: str, value: object) -> str:
    """Return the path of a field of the contract, or of the event that says it anew."""
    name = next((short for short, long in MINOR.items() if long == field), field)
    if getattr(file.contract.terms, field, None) != value:
        for number, each in enumerate(file.events):
            if value is not None and getattr(each, name, None) == value:
                return f"$.events[{number}].{name}"
    return f"$.terms.{name}"


def _placed(place: str, make: Callable[..., Any], *given: Any) -> Any:
    try:
        return make(*given)
    except UserError as error:
        if isinstance(error, LoanFileError | PlacedError):
            raise
        raise PlacedError(place, error) from None


def _moment(place: str, text: str | None) -> datetime | None:
    return instant(place, text) if text is not None else None


# --- Values -----------------------------------------------------------------------


def _policy(content: Mapping[str, Any]) -> tuple[str, Policy]:
    """Return the currency and the policy: a product's on the day of payout, or own."""
    if ("product" in content) == ("policy" in content):
        raise LoanFileError("product_or_policy")
    paid_out = day("$.terms.disbursed_on", content["terms"]["disbursed_on"])
    if "product" in content:
        version = _placed(
            "$.product",
            lambda: products.version(content["product"], on=paid_out),
        )
        if content.get("currency", version.currency) != version.currency:
            raise LoanFileError(
                "product_currency",
                product=content["product"],
                known=version.currency,
                currency=content["currency"],
            )
        return version.currency, version.policy
    validate(content["policy"], policy_schema(), "$.policy")
    if "currency" not in content:
        raise LoanFileError("currency")
    return content["currency"], _placed("$.policy", _own_policy, content, paid_out)


def _own_policy(content: Mapping[str, Any], paid_out: date) -> Policy:
    given = texts(content["policy"])
    terms = content["terms"]
    row = {**USUAL, "currency": content["currency"]}
    for name in ("day_count", "rounding"):
        row[name] = terms.get(name, row[name])
    row |= given
    for name in ("allocation", "dpd"):
        row[name] = {**USUAL[name], **given.get(name, {})}
    if "penalty" in given:
        row["penalty"] = {**USUAL_PENALTY, **given["penalty"]}
    for place, cap in enumerate(given.get("cost_caps", ())):
        here = f"$.policy.cost_caps[{place}]"
        day(f"{here}.begins_on", cap["begins_on"])
        if Decimal(cap["annual_rate"]) > products.MOST_RATE:
            raise outside(
                f"{here}.annual_rate", cap["annual_rate"], "share", products.MOST_RATE
            )
    for place, rule in enumerate(row["allocation"].get("rules", ())):
        if "begins_on" in rule:
            here = f"$.policy.allocation.rules[{place}].begins_on"
            day(here, rule["begins_on"])
    row["sources"] = [
        {"rule": cap["rule"], "of": "cost", "text": "", "evidence": "C"}
        for cap in given.get("cost_caps", ())
    ]
    return products.policy_of("custom", paid_out, row, name="policy")


def _terms(given: Mapping[str, Any], currency: str, policy: Policy) -> LoanTerms:
    values: dict[str, Any] = {"period_unit": "months", "day_count": policy.day_count}
    values["rounding"] = policy.rounding
    for name, value in texts(given).items():
        values[MINOR.get(name, name)] = _value(f"$.terms.{name}", name, value, currency)
    values["tranches"] = tuple(
        Tranche(
            day(f"$.terms.tranches[{place}].on", each["on"]),
            to_minor(each["amount"], currency),
        )
        for place, each in enumerate(texts(given.get("tranches", [])))
    )
    values["rate_changes"] = tuple(
        RateChange(
            on=day(f"$.terms.rate_changes[{place}].on", each["on"]),
            annual_rate=Decimal(each["annual_rate"]),
            **{name: each[name] for name in ("applies", "keeps") if name in each},
        )
        for place, each in enumerate(texts(given.get("rate_changes", [])))
    )
    return LoanTerms(currency=currency, **values)


def _value(place: str, name: str, value: Any, currency: str) -> Any:
    """Return one field of a contract or event as the engine has it."""
    if name in MONEY or name == "amount":
        return _placed(place, to_minor, value, currency)
    if name in RATES:
        return Decimal(value)
    if name in DATES:
        return day(place, value)
    if name == "rows":
        return tuple(_rows(value, currency, place))
    return value


def _rows(rows: Iterable[Any], currency: str, place: str) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        here = f"{place}[{number - 1}]"
        money = {
            name: _placed(f"{here}.{name}", to_minor, row.get(name, "0"), currency)
            for name in ("principal", "interest", "fee")
        }
        due_on = day(f"{here}.due_on", row["due_on"])
        yield Row(seq=row.get("seq", number), due_on=due_on, **money)


def _versions(content: Mapping[str, Any], currency: str) -> Iterator[Demand]:
    """Yield the rows of each version, in force until the next one begins."""
    versions = list(texts(content.get("versions", ())))
    begins = [
        day(f"$.versions[{place}].begins_on", each["begins_on"])
        for place, each in enumerate(versions)
    ]
    if begins != sorted(set(begins)):
        raise LoanFileError("order")
    number = 0
    for place, each in enumerate(versions):
        ends_on = begins[place + 1] if place + 1 < len(begins) else None
        here = f"$.versions[{place}].rows"
        rows = list(_rows(each["rows"], currency, here))
        _check_rows(rows, content["terms"], currency, here, first=place == 0)
        for row in rows:
            number += 1
            yield Demand(
                *(number, row.seq, row.due_on, row.principal, row.interest, row.fee),
                begins_on=begins[place],
                ends_on=ends_on,
            )


def _check_rows(
    rows: Sequence[Row],
    terms: Mapping[str, Any],
    currency: str,
    place: str,
    *,
    first: bool,
) -> None:
    """Hold given rows to the payout, to one number each, and to what was lent."""
    paid_out = day("$.terms.disbursed_on", terms["disbursed_on"])
    known: set[int] = set()
    for number, row in enumerate(rows):
        here = f"{place}[{number}]"
        if row.due_on < paid_out:
            raise LoanFileError(
                "early", place=f"{here}.due_on", value=row.due_on, disbursed_on=paid_out
            )
        if row.seq in known:
            raise LoanFileError("row_twice", place=f"{here}.seq", value=row.seq)
        known.add(row.seq)
    total = sum(row.principal for row in rows)
    lent = _value("$.terms.principal", "principal", texts(terms)["principal"], currency)
    if first and total != lent:  # a later version may leave out or capitalise some
        raise LoanFileError(
            "rows_sum",
            place=place,
            value=f"{to_major(total, currency):f}",
            principal=f"{to_major(lent, currency):f}",
        )


def _events(events: Iterable[Any], currency: str) -> Iterator[Event]:
    for number, given in enumerate(events):
        place = f"$.events[{number}]"
        kind = given["kind"]
        if kind not in KINDS:
            known = ", ".join(KINDS)
            raise LoanFileError(
                "choice", place=f"{place}.kind", value=f'"{kind}"', known=known
            )
        form = {"$defs": schema()["$defs"], "$ref": f"#/$defs/event_{kind}"}
        validate(given, form, place)
        values = {
            name: _value(f"{place}.{name}", name, value, currency)
            for name, value in texts(given).items()
            if name not in ("kind", "id", "happened_on", "recorded_at")
        }
        on = day(f"{place}.happened_on", given["happened_on"])
        recorded = _moment(f"{place}.recorded_at", given.get("recorded_at"))
        yield KINDS[kind](
            event_id=given["id"],
            happened_on=on,
            recorded_at=recorded or datetime.combine(on, time(0), tzinfo=UTC),
            **values,
        )
