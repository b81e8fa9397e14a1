"""What must be true of all cases at any time; asked by tests after every deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection


@dataclass(frozen=True, slots=True)
class Broken:
    """A law that does not hold, and some cases of which it does not."""

    law: str
    cases: tuple[int, ...]


# Each finds the cases that break it.
LAWS: Final[dict[str, str]] = {
    "a person has one case at most": """
        select max(id) from casework_case where lifecycle <> 'closed'
        group by customer_id having count(*) > 1""",
    "a loan is in one open case at most, of its own customer": """
        select m.case_id from casework_loan m
        join casework_case c on c.id = m.case_id
        join ledger_loan l on l.id = m.loan_id
        where l.customer_id <> c.customer_id
           or (m.until is null and c.lifecycle = 'closed')""",
    "an open case has a loan": """
        select c.id from casework_case c where c.lifecycle = 'open'
        and not exists (select from casework_loan m
                        where m.case_id = c.id and m.until is null)""",
    "held means a hold of the whole case stands": """
        select c.id from casework_case c where c.held <> exists (
          select from casework_hold h where h.case_id = c.id
          and h.released_at is null and h.amount is null)""",
    "disputed is what holds about amounts say": """
        select c.id from casework_case c where c.disputed <> coalesce((
          select sum(h.amount) from casework_hold h where h.case_id = c.id
          and h.released_at is null), 0)""",
    "a held case is in nobody's hands to be worked": """
        select id from casework_case where held and taken_by <> ''""",
    "whose a case is, is the last line of its history": """
        select c.id from casework_case c
        left join casework_assignment a on a.case_id = c.id and a.until_at is null
        where (c.lifecycle = 'closed' and a.id is not null)
           or (c.lifecycle <> 'closed'
               and (c.assignment, c.collector, c.team, c.cover) is distinct from
                   (coalesce(a.assignment, 'pool'), coalesce(a.collector, ''),
                    coalesce(a.team, ''), coalesce(a.cover, '')))""",
    "closed: no work, promise, hold, commitment or placement is open": """
        select c.id from casework_case c where c.lifecycle = 'closed' and (
          c.placement <> 'in_house'
          or exists (select from casework_hold h where h.case_id = c.id
                     and h.released_at is null)
          or exists (select from casework_commitment m where m.case_id = c.id
                     and m.ended_at is null)
          or exists (select from casework_item w where w.case_id = c.id
                     and w.state = 'open')
          or exists (select from casework_promise p where p.case_id = c.id
                     and p.state = 'active'))""",
    "the resolution is the first of what lives": """
        select c.id from casework_case c where c.lifecycle <> 'closed'
        and c.resolution <> coalesce((
          select m.resolution from casework_commitment m
          where m.case_id = c.id and m.ended_at is null
          order by array_position(array['sold','written_off','paid','restructured',
            'settlement','arrangement','promise'], m.resolution::text), m.id desc
          limit 1), 'none')""",
    "the night is told what is held": """
        select c.id from casework_case c
        left join casework_facts f on f.customer_id = c.customer_id
        where c.lifecycle <> 'closed' and coalesce(f.held, false) <> c.held""",
    "every case has the event of its opening": """
        select c.id from casework_case c where not exists (
          select from audit_event e where e.subject_type = 'case'
          and e.subject_id = c.id::text and e.type = 'case.opened')""",
    "a closed case has the event of its closing": """
        select c.id from casework_case c where c.lifecycle = 'closed' and not exists (
          select from audit_event e where e.subject_type = 'case'
          and e.subject_id = c.id::text and e.type = 'case.closed')""",
}
# True after a morning: in between, payments settle at once and cases follow later.
AFTER_A_MORNING: Final[dict[str, str]] = {
    "the sums of its loans are the sums of a case": """
        select c.id from casework_case c
        left join lateral (
          select sum(p.overdue_total) as overdue, sum(p.outstanding_total) as owed
          from casework_loan m join ledger_position p on p.loan_id = m.loan_id
          join ledger_loan l on l.id = m.loan_id
          where m.case_id = c.id and m.until is null and l.currency = c.currency) n
        on true
        where c.lifecycle = 'open' and (c.overdue_total, c.outstanding_total)
          is distinct from (n.overdue, n.owed)""",
    "cases of one person are in one hand, or a supervisor is told": """
        select max(c.id) from contact_same_person s
        join casework_case c on c.customer_id = s.customer_id
          and c.lifecycle = 'open'
        group by s.person_id
        having count(*) > 1
          and (count(distinct c.collector) > 1 or bool_and(c.collector = ''))
          and not exists (select from casework_item i
            where i.case_id = any(array_agg(c.id)) and i.reason = 'same_person'
              and i.state = 'open')""",
    "a late loan of somebody with a case is in it": """
        select c.id from casework_case c
        join ledger_loan l on l.customer_id = c.customer_id
        join ledger_position p on p.loan_id = l.id
        where c.lifecycle <> 'closed' and p.dpd > 0
          and p.status in ('active', 'written_off')
          and not exists (select from casework_loan m
                          where m.loan_id = l.id and m.until is null)""",
}
_SHOWN: Final = 5


def broken(*, after_a_morning: bool = False) -> Sequence[Broken]:
    """Every law that does not hold, with some of the cases that break it."""
    laws = LAWS | (AFTER_A_MORNING if after_a_morning else {})
    found = []
    with connection.cursor() as cursor:
        for law, statement in laws.items():
            cursor.execute(f"select * from ({statement}) x limit {_SHOWN}")
            cases = tuple(row[0] for row in cursor.fetchall())
            if cases:
                found.append(Broken(law, cases))
    return tuple(found)
