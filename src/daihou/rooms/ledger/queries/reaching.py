"""Who would be reached about a loan, where, and as what: facts for whoever must ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from daihou.kit.refusal import NotFound
from daihou.kit.scope import Scope
from daihou.rooms.ledger import sealing
from daihou.rooms.ledger.models import ContactPoint, Party
from daihou.rooms.ledger.queries import seen

ZONE = "time_zone"  # the name of the attribute that says a person's time zone


@dataclass(frozen=True, slots=True)
class Reached:
    """A loan, a customer, and a way to reach them (0: the registered address).

    `role` is the customer's part in the loan as the ledger has it, '' for none;
    `point_owner` whose the contact point is ('' and self: the customer's own). `zone`
    is the name of their time zone where a sender told it, `digest` the blind index of
    the number or address. `debtor_id` is the customer whose loan it is.
    """

    loan_id: int
    number: str
    branch: str
    product: str
    officer: str
    licence: str
    debtor_id: int
    customer_id: int
    role: str
    zone: str
    point_id: int
    point_kind: str
    point_owner: str
    digest: str


_SQL = """
select l.id, l.external_id, l.branch, l.product, l.officer, l.licence, l.customer_id,
       c.id, coalesce((select p.role from ledger_party p where p.loan_id = l.id
                       and p.customer_id = c.id order by p.id limit 1),
                      case when c.id = l.customer_id then 'borrower' else '' end),
       c.attributes ->> '{zone}', coalesce(k.id, 0), coalesce(k.kind, ''),
       coalesce(k.owner_role, ''), coalesce(k.value_digest, '')
from ledger_loan l
join ledger_customer c on c.id = coalesce(%s, l.customer_id)
left join ledger_contact_point k on k.id = %s and k.customer_id = c.id
where l.id = %s and {within}
"""


def reached(
    loan_id: int, *, customer_id: int | None, point_id: int, scope: Scope
) -> Reached:
    """The facts in one query; NotFound outside the scope or for another's number."""
    within, values = scope.sql(
        branch="l.branch", product="l.product", officer="l.officer"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL.format(within=within, zone=ZONE),
            [customer_id, point_id or None, loan_id, *values],
        )
        row = cursor.fetchone()
    if row is None:
        raise seen.no_such_loan(loan_id)
    values_of: list[Any] = ["" if value is None else value for value in row]
    found = Reached(*values_of)
    if point_id and not found.point_id:
        raise NotFound(
            "contact_point_unknown",
            _("There is no such way to reach this person."),
            contact_point=point_id,
        )
    return found


# What files told of people, for a later room to take over by a statement of its own:
# fact_id, batch_id, kind, loan_id, customer_id, content, point_id, point_owner and the
# scope of a loan (branch, product, officer).
TOLD = """
select f.id as fact_id, f.batch_id, f."table" as kind, f.loan_id, f.customer_id,
       f.content, coalesce(k.id, 0) as point_id, coalesce(k.owner_role, '') as point_owner,
       coalesce(l.branch, '') as branch, coalesce(l.product, '') as product,
       coalesce(l.officer, '') as officer
from ledger_side_fact f
left join lateral (select p.id, p.owner_role from ledger_contact_point p
   where p.customer_id = f.customer_id
     and p.value_digest = f.content ->> 'contact_point_digest'
   order by p.id limit 1) k on true
left join lateral (select o.branch, o.product, o.officer from ledger_loan o
   where o.id = f.loan_id or (f.loan_id is null and o.customer_id = f.customer_id)
   order by o.id limit 1) l on true
where f.customer_id is not null
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach a customer, masked, with the kind and whose it is."""

    point_id: int
    kind: str
    owner_role: str
    masked: str
    digest: str


def ways(customer_id: int) -> Sequence[Way]:
    """Every way to reach a customer whom the reader may see, in the order sent."""
    rows = ContactPoint.objects.filter(customer_id=customer_id).order_by("pk")
    return [
        Way(
            row.pk,
            row.kind,
            row.owner_role,
            sealing.masked(row.value, about=sealing.CONTACT, kind=row.kind),
            row.value_digest,
        )
        for row in rows
    ]


def loans_of(customer_id: int, *, scope: Scope) -> Sequence[tuple[int, str]]:
    """Live loans of the scope in which a customer has a part: our number, theirs."""
    rows = seen.loans(scope).filter(status__in=("active", "written_off"))
    own = rows.filter(customer_id=customer_id)
    parts = Party.objects.filter(customer_id=customer_id).values("loan_id")
    both = own.union(rows.filter(pk__in=parts))
    found = [(row.pk, row.external_id) for row in both]
    return sorted(found, key=lambda each: each[1])
