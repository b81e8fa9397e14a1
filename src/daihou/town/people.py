"""The customers of a town: borrowers, their families, guarantors and firms."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from daihou.town import draws, names
from daihou.town.book import Book
from daihou.town.draws import Array
from daihou.town.facts import days, words
from daihou.town.products import OFFERS, OFFICES

AGAIN: Final = 0.10  # loans that go to somebody who already had one
ROLES: Final = ("guarantor", "spouse", "contact_person", "legal_representative")
GUARANTOR, SPOUSE, CONTACT, REPRESENTATIVE = range(4)


@dataclass(frozen=True, slots=True)
class People:
    """Customers in order of their number, and what ties them to loans.

    `borrower[i]` is the customer of loan i. `party_*` are the other people on
    loans; `guarantee[i]` is the position of the loan's guarantee in its offer's
    list, as words.
    """

    borrower: Array
    organisation: Array  # bool, by customer
    office: Array  # by customer
    met_on: Array  # day number, by customer
    party_loan: Array
    party_customer: Array
    party_role: Array
    guarantee: pa.Array

    def __len__(self) -> int:
        """Number of customers."""
        return len(self.organisation)


def draw_people(book: Book) -> People:
    """Find a customer for every loan and people to stand by them."""
    rng = draws.stream(book.seed, "people")
    terms, count = book.terms, len(book)
    borrower = _borrowers(rng, terms.organisation)
    first = np.unique(borrower, return_index=True)[1]
    organisation, office = terms.organisation[first], terms.office[first]
    met_on = terms.disbursed_on[first]
    guarantee = words(
        draws.choose(
            rng,
            [[_GUARANTEES.index(g) for g in o.guarantees] for o in OFFERS],
            terms.offer,
        ),
        _GUARANTEES,
    )
    asked = [
        _true(pc.equal(guarantee, "保证")),
        ~terms.organisation
        & _one_of(book, ("decoration_loan", "farmer_loan"), rng, 0.45),
        ~terms.organisation
        & _one_of(book, ("consumer_loan", "vehicle_loan"), rng, 0.8),
        terms.organisation,
    ]
    loan = np.concatenate([np.flatnonzero(which) for which in asked])
    role = np.concatenate([np.full(int(w.sum()), r) for r, w in enumerate(asked)])
    new = np.arange(len(loan)) + len(first)
    circle_loan, circle_customer = _circles(rng, guarantee, terms.office, borrower)
    assert len(borrower) == count
    return People(
        borrower=borrower,
        organisation=np.concatenate([organisation, np.zeros(len(loan), bool)]),
        office=np.concatenate([office, terms.office[loan]]),
        met_on=np.concatenate([met_on, terms.disbursed_on[loan]]),
        party_loan=np.concatenate([loan, circle_loan]),
        party_customer=np.concatenate([new, circle_customer]),
        party_role=np.concatenate([role, np.full(len(circle_loan), GUARANTOR)]),
        guarantee=guarantee,
    )


_GUARANTEES: Final = ("信用", "保证", "联保", "抵押")


def _true(flags: pa.Array) -> Array:
    return np.asarray(flags.to_numpy(zero_copy_only=False), bool)


def _one_of(
    book: Book, products: tuple[str, ...], rng: np.random.Generator, share: float
) -> Array:
    listed = [OFFERS.index(o) for o in OFFERS if o.product in products]
    drawn: Array = np.isin(book.terms.offer, listed) & (rng.random(len(book)) < share)
    return drawn


def _borrowers(rng: np.random.Generator, organisation: Array) -> Array:
    """Number of the customer of each loan, counted in order of their first loan."""
    count = len(organisation)
    again = rng.random(count) < AGAIN
    owner = np.arange(count)
    draw = rng.random(count)
    for kind in (False, True):
        group = np.flatnonzero(organisation == kind)
        new = group[~again[group]]
        known = np.searchsorted(new, group)
        repeat = again[group] & (known > 0)
        picked = (draw[group] * known).astype(np.int64)
        owner[group[repeat]] = new[picked[repeat]]
    numbers: Array = np.unique(owner, return_inverse=True)[1]
    return numbers


def _circles(
    rng: np.random.Generator, guarantee: pa.Array, office: Array, borrower: Array
) -> tuple[Array, Array]:
    """Joint guarantee (联保): borrowers of one branch stand for one another."""
    joint = _true(pc.equal(guarantee, "联保"))
    loans, customers = [], []
    for place in range(len(OFFICES)):
        group = np.flatnonzero(joint & (office == place))
        group = group[rng.permutation(len(group))]
        for shift in (1, 2):  # circles of three, as they come
            size = len(group) // 3 * 3
            rows = group[:size].reshape(-1, 3)
            loans.append(rows.ravel())
            customers.append(borrower[np.roll(rows, -shift, axis=1).ravel()])
    loan, customer = np.concatenate(loans), np.concatenate(customers)
    other = borrower[loan] != customer
    return loan[other], customer[other]


def customers(book: Book, people: People) -> pa.Table:
    """The table `customers` of the data contract."""
    rng = draws.stream(book.seed, "customers")
    count, organisation = len(people), people.organisation
    firm = pa.array(organisation)
    born = people.met_on - rng.integers(22 * 365, 58 * 365, count)
    region = (people.office + 1) * 100 + rng.integers(1, 30, count)
    number, male = names.resident_numbers(region, born, rng.integers(0, 1000, count))
    code = names.credit_codes(region, np.arange(count) % 1_000_000)
    firm_name, industry = names.firms(rng, count)
    income = np.exp(rng.normal(np.where(organisation, 14.4, 11.4), 0.5, count))
    nothing = pa.scalar(None, pa.string())
    return pa.table(
        {
            "customer_id": customer_ids(np.arange(count)),
            "kind": words(organisation, ["person", "organisation"]),
            "name": pc.if_else(firm, firm_name, names.personal(rng, count)),
            "id_type": words(organisation, ["resident_id", "credit_code"]),
            "id_no": pc.if_else(firm, code, number),
            "birth_on": days(born, mask=organisation),
            "gender": pc.if_else(firm, nothing, words(male, ["female", "male"])),
            "region": words(people.office, [o.name for o in OFFICES]),
            "address": _addresses(rng, people),
            "employer": pc.if_else(
                firm,
                nothing,
                names.take(
                    names.EMPLOYERS, rng.integers(0, len(names.EMPLOYERS), count)
                ),
            ),
            "industry": pc.if_else(firm, industry, nothing),
            "annual_income": yuan((income // 100).astype(np.int64) * 10_000),
            "language": words(np.zeros(count), ["zh-Hans"]),
        }
    )


def customer_ids(places: Array) -> pa.Array:
    """C and a number from 1."""
    return names.join("C", names.padded(places + 1, 7))


def yuan(fen: Array) -> pa.Array:
    """Money in major units with two decimals, from whole fen."""
    return scaled(fen, digits=18, scale=2)


def scaled(numbers: Array, *, digits: int, scale: int) -> pa.Array:
    """Exact decimals from integers that count 10**-scale."""
    wide = np.empty((len(numbers), 2), np.int64)
    wide[:, 0] = numbers
    wide[:, 1] = numbers >> 63
    kind = pa.decimal128(digits, scale)
    return pa.Array.from_buffers(
        kind, len(numbers), [None, pa.py_buffer(wide.tobytes())]
    )


def _addresses(rng: np.random.Generator, people: People) -> pa.Array:
    count = len(people)
    street = names.take(names.STREETS, rng.integers(0, len(names.STREETS), count))
    house = pa.array(rng.integers(1, 300, count)).cast(pa.string())
    part = words(people.office, [o.name for o in OFFICES])
    return names.join(names.CITY, part, street, house, "号")


def contact_points(people: People) -> pa.Table:
    """The table `contact_points`: one mobile number each."""
    count = len(people)
    return pa.table(
        {
            "customer_id": customer_ids(np.arange(count)),
            "kind": words(np.zeros(count), ["mobile"]),
            "value": names.mobiles(np.arange(count) + 1),
            "owner_role": words(np.zeros(count), ["self"]),
            "verified_on": days(people.met_on),
        }
    )


def parties(book: Book, people: People) -> pa.Table:
    """The table `parties`: who stands beside the borrower."""
    role, loan = people.party_role, people.party_loan
    guarantor = role == GUARANTOR
    last_due = book.demands.due_on[book.demands.bounds[loan + 1] - 1]
    none = pa.scalar(None, pa.string())
    bound = pa.array(guarantor)
    return pa.table(
        {
            "loan_id": loan_ids(book).take(pa.array(loan)),
            "customer_id": customer_ids(people.party_customer),
            "role": words(role, ROLES),
            "liability": pc.if_else(bound, "连带责任保证", none),
            "guarantee_kind": pc.if_else(
                bound, people.guarantee.take(pa.array(loan)), none
            ),
            "guarantee_until": days(last_due + 3 * 365, mask=~guarantor),
        }
    )


def loan_ids(book: Book) -> pa.Array:
    """JD, the day of pay-out and a number: JD25060401873."""
    paid_out = names.compact_dates(book.terms.disbursed_on)
    serial = names.padded(np.arange(1, len(book) + 1), 5)
    return names.join("JD", paid_out, serial)
