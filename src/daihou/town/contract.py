"""A town as the tables of the data contract (`tables.intake`), and as files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from daihou.columnar import layout
from daihou.packs import products
from daihou.town import calendar, draws, names, payers
from daihou.town.book import Book
from daihou.town.facts import days, words
from daihou.town.people import (
    GUARANTOR,
    People,
    contact_points,
    customer_ids,
    customers,
    draw_people,
    loan_ids,
    parties,
    scaled,
    yuan,
)
from daihou.town.products import CHANNELS, FUNDERS, METHODS, OFFERS, OFFICES

KINDS: Final = ("payment", "payment", "reversal", "recovery")
PAY_CHANNELS: Final = ("代扣", "手机银行", "银行转账", "柜面")
FORMS: Final = ("parquet", "csv")
# Beijing is eight hours ahead; offices write payments down from 8 to 20 o'clock.
_OPENS_SECONDS: Final = 0
_OPEN_SECONDS: Final = 12 * 3600


def tables(book: Book) -> dict[str, pa.Table]:
    """Every table of the contract that the town fills, in the order of intake."""
    people = draw_people(book)
    known = customers(book, people)
    ids = loan_ids(book)
    return {
        "customers": known,
        "contact_points": contact_points(people),
        "loans": _loans(book, people, ids),
        "instalments": _instalments(book, ids),
        "payments": _payments(book, people, known, ids),
        "charges": _charges(book, ids),
        "parties": parties(book, people),
        "collateral": _collateral(book, people, known, ids),
    }


def write(made: Mapping[str, pa.Table], folder: Path, *, form: str) -> list[Path]:
    """Write each table as a file of its own (`parquet` or `csv`, UTF-8)."""
    assert form in FORMS, form
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in made.items():
        path = folder / f"{name}.{form}"
        if form == "parquet":
            pa.parquet.write_table(table, path, compression="zstd")
        else:
            pa.csv.write_csv(table, path)
        paths.append(path)
    return paths


def _officers(book: Book) -> pa.Array:
    """A name for each officer of each branch."""
    most = max(office.officers for office in OFFICES)
    rng = draws.stream(book.seed, "officers")
    staff = names.personal(rng, len(OFFICES) * most)
    return staff.take(pa.array(book.terms.office * most + book.terms.officer))


def _loans(book: Book, people: People, ids: pa.Array) -> pa.Table:
    terms = book.terms
    rng = draws.stream(book.seed, "purposes")
    purposes = sorted({purpose for offer in OFFERS for purpose in offer.purposes})
    places = [[purposes.index(p) for p in offer.purposes] for offer in OFFERS]
    licences = [products.find(offer.product).licence for offer in OFFERS]
    owed = book.demands
    first_plan = owed.version == 1
    last_due = np.zeros(len(book), np.int64)
    np.maximum.at(last_due, owed.loan[first_plan], owed.due_on[first_plan])
    multiplier = np.array(
        [int(book.policies[o.product].penalty.multiplier * 1000) for o in OFFERS]
    )
    return pa.table(
        {
            "loan_id": ids,
            "customer_id": customer_ids(people.borrower),
            "product": words(terms.offer, [o.product for o in OFFERS]),
            "currency": words(np.zeros(len(book)), ["CNY"]),
            "principal": yuan(terms.principal),
            "annual_rate": scaled(terms.rate_millionths, digits=9, scale=6),
            "method": words(terms.method, METHODS),
            "periods": pa.array(terms.periods.astype(np.int32)),
            "period_unit": words(np.zeros(len(book)), ["months"]),
            "disbursed_on": days(terms.disbursed_on),
            "first_due_on": days(terms.first_due_on),
            "maturity_on": days(last_due),
            "branch": words(terms.office, [o.code for o in OFFICES]),
            "officer": _officers(book),
            "channel": words(terms.channel, CHANNELS),
            "funder": words(terms.funder, FUNDERS),
            "purpose": words(draws.choose(rng, places, terms.offer), purposes),
            "guarantee_kind": people.guarantee,
            "licence": words(terms.offer, licences),
            "penalty_multiplier": scaled(multiplier[terms.offer], digits=6, scale=3),
            "status": words(book.status, layout.STATUSES),
            "closed_on": days(book.closed_on, mask=book.closed_on < 0),
        }
    )


def _instalments(book: Book, ids: pa.Array) -> pa.Table:
    """Both plans of the loans settled early; all others follow from their terms."""
    owed = book.demands
    again = np.unique(owed.loan[owed.version == 2])
    rows = np.flatnonzero(np.isin(owed.loan, again) & (owed.version > 0))
    rows = rows[np.lexsort((owed.seq[rows], owed.version[rows], owed.loan[rows]))]
    return pa.table(
        {
            "loan_id": ids.take(pa.array(owed.loan[rows])),
            "seq": pa.array(owed.seq[rows].astype(np.int32)),
            "version": pa.array(owed.version[rows].astype(np.int32)),
            "effective_on": days(owed.begins_on[rows]),
            "due_on": days(owed.due_on[rows]),
            "principal": yuan(owed.principal[rows]),
            "interest": yuan(owed.interest[rows]),
            "fee": yuan(owed.fee[rows]),
        }
    )


def _payments(book: Book, people: People, known: pa.Table, ids: pa.Array) -> pa.Table:
    paid = book.payments
    order = np.arange(len(paid))
    numbers = names.join(
        "HK", names.compact_dates(paid.day), names.padded(order + 1, 7)
    )
    seconds = _OPENS_SECONDS + order * 7919 % _OPEN_SECONDS
    written = (paid.day + paid.lag_days) * 86_400 + seconds
    return pa.table(
        {
            "payment_id": numbers,
            "loan_id": ids.take(pa.array(paid.loan)),
            "paid_on": days(paid.day),
            "amount": yuan(paid.fen),
            "recorded_at": pa.array(written).cast(pa.timestamp("s", "UTC")),
            "channel": words(paid.channel, PAY_CHANNELS),
            "payer": _payers(book, people, known),
            "kind": words(paid.kind, KINDS),
            "reversal_of": numbers.take(pa.array(paid.of, mask=paid.of < 0)),
        }
    )


def _payers(book: Book, people: People, known: pa.Table) -> pa.Array:
    paid = book.payments
    customer = people.borrower[paid.loan]
    guarantor = np.full(len(book), -1, np.int64)
    stands = people.party_role == GUARANTOR
    guarantor[people.party_loan[stands]] = people.party_customer[stands]
    by_guarantor = (paid.payer == payers.GUARANTOR) & (guarantor[paid.loan] >= 0)
    customer = np.where(by_guarantor, guarantor[paid.loan], customer)
    other = pa.array((paid.payer != payers.SELF) & ~by_guarantor)
    name = known["name"].combine_chunks().take(pa.array(customer))
    return pc.if_else(other, "亲属代还", name)


def _charges(book: Book, ids: pa.Array) -> pa.Table:
    owed = book.demands
    rows = np.flatnonzero(owed.seq == 0)
    numbers = names.padded(np.arange(1, len(rows) + 1), 6)
    return pa.table(
        {
            "charge_id": names.join(
                "FY", names.compact_dates(owed.due_on[rows]), numbers
            ),
            "loan_id": ids.take(pa.array(owed.loan[rows])),
            "kind": words(np.zeros(len(rows)), ["late_fee"]),
            "due_on": days(owed.due_on[rows]),
            "amount": yuan(owed.fee[rows]),
        }
    )


def _collateral(book: Book, people: People, known: pa.Table, ids: pa.Array) -> pa.Table:
    rng = draws.stream(book.seed, "collateral")
    terms = book.terms
    secured = np.array([bool(o.collateral) for o in OFFERS])[terms.offer]
    loans = np.flatnonzero(secured)
    house = np.array([o.collateral == "房产" for o in OFFERS])[terms.offer[loans]]
    share = np.where(house, rng.uniform(0.45, 0.7, len(loans)), 0.0)
    share = np.where(house, share, rng.uniform(0.55, 0.85, len(loans)))
    value = (terms.principal[loans] / share).astype(np.int64) // 100_000 * 100_000
    paid_out = terms.disbursed_on[loans]
    until = calendar.day_number(book.span.until)
    years = np.maximum(1, (until - paid_out) // 365 + (rng.random(len(loans)) < 0.93))
    serial = names.padded(np.arange(1, len(loans) + 1), 6)
    return pa.table(
        {
            "collateral_id": names.join("YP", serial),
            "loan_id": ids.take(pa.array(loans)),
            "kind": words(house, ["车辆", "房产"]),
            "owner": known["name"]
            .combine_chunks()
            .take(pa.array(people.borrower[loans])),
            "value": yuan(value),
            "valued_on": days(paid_out - rng.integers(3, 20, len(loans))),
            "registration_no": names.join(
                words(house, ["清江车抵", "清江房抵"]),
                names.compact_dates(paid_out),
                serial,
            ),
            "registration_until": days(paid_out + 5 * 365, mask=~house),
            "insurance_until": days(paid_out + years * 365),
            "rank": pa.array(np.ones(len(loans), np.int32)),
        }
    )
