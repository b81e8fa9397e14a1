"""What must hold of a floor after every day, counted anew from the tables themselves.

The rooms have laws of their own (`casework.working.broken`); these look across rooms, or
at what a room itself decides, without asking it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from daihou.engine.rulebook.article import Article
from daihou.rooms.casework import door as casework
from daihou.rooms.rulebooks import door as rulebooks
from daihou.town import reading
from daihou.town.floor import Floor

_LOCAL: Final = "(a.at at time zone 'Asia/Shanghai')::date"
# Each finds what breaks it; %(day)s is the open day.
LAWS: Final[Mapping[str, str]] = {
    "no contact without an answer of the gate that allowed it": """
        select a.id from contact_attempt a
        left join contact_decision d on d.id = a.decision_id
        where a.fact_id is null and (d.id is null or d.verdict <> 'allow'
          or a.at < d.asked_at or a.at > d.asked_at + interval '15 minutes'
          or (d.held_at is not null and a.at > d.held_at))""",
    "an outward result rests on its own contact": """
        select r.id from casework_result r
        left join contact_attempt a on a.id = r.attempt_id
        where r.action not in ('INBOUND', 'PORTAL', 'REVIEW')
          and (a.id is null or a.decision_id is distinct from r.decision_id
               or a.customer_id <> r.customer_id)""",
    "a held person is not contacted about the case that holds them": """
        select a.id from contact_attempt a
        join casework_result r on r.attempt_id = a.id
        join casework_hold h on h.case_id = r.case_id and h.amount is null
        where a.at > h.from_at and (h.released_at is null or a.at < h.released_at)""",
    "nobody else gets a case while a promise on it lives": """
        select n.case_id from casework_assignment n
        join lateral (select o.collector from casework_assignment o
                      where o.case_id = n.case_id and o.id < n.id
                      order by o.id desc limit 1) before on true
        join casework_promise p on p.case_id = n.case_id
        where n.business_date = %(day)s and n.collector <> ''
          and before.collector <> '' and before.collector <> n.collector
          and p.taken_at < n.from_at
          and (select v.after from casework_verdict v where v.promise_id = p.id
               and v.at <= n.from_at order by v.id desc limit 1) is null
          and (p.judged_at is null or p.state = 'active' or p.judged_at > n.from_at)
          """,
    "how a promise stands is its last verdict": """
        select p.id from casework_promise p
        left join lateral (select v.after from casework_verdict v
                           where v.promise_id = p.id
                           order by v.id desc limit 1) v on true
        where p.state <> coalesce(v.after, 'active')""",
    "what a promise got is the money that counts for it": """
        select p.id from casework_promise p left join lateral (
          select sum(t.amount) as got from casework_appropriation t
          where t.promise_id = p.id and t.undone_at is null) t on true
        where p.ended_at is null and p.appropriated <> coalesce(t.got, 0)""",
    "money counts for promises once": """
        select y.id from ledger_payment y join (
          select payment_id, sum(t.amount) as got from casework_appropriation t
          join casework_promise p on p.id = t.promise_id
          where t.undone_at is null and p.state <> 'superseded'
          group by payment_id) t on t.payment_id = y.id
        where t.got > y.amount""",
    "who asked for it decides nothing": """
        select d.id from approvals_decision d
        join approvals_proposal p on p.id = d.proposal_id
        where d.decided_by in (p.proposed_by, p.proposed_for)""",
    "nobody decides two levels of one request": """
        select proposal_id from approvals_decision
        group by proposal_id, decided_by having count(*) > 1""",
    "what is posted of a request was approved": """
        select r.id from relief_relief r
        left join approvals_proposal p on p.id = r.proposal_id
        where r.posted and r.verdict <> 'auto'
          and (p.id is null or p.state <> 'approved')""",
    "every waiver of the ledger belongs to a request that was posted": """
        select w.id from ledger_waiver w
        left join relief_relief r on r.number = w.ref
        where w.recorded_at >= %(since)s and (r.id is null or not r.posted)
          and w.ends_on is null""",
    "a case is open as its events say": """
        select c.id from casework_case c join (
          select subject_id, count(*) filter (where type in
                   ('case.opened', 'case.reopened'))
                 - count(*) filter (where type = 'case.closed') as stands
          from audit_event where subject_type = 'case' group by subject_id) e
        on e.subject_id = c.id::text
        where e.stands <> case when c.lifecycle = 'closed' then 0 else 1 end""",
    "a case is held as its events say": """
        select c.id from casework_case c join (
          select subject_id, count(*) filter (where type = 'case.hold.placed')
                 - count(*) filter (where type = 'case.hold.released') as stands
          from audit_event where subject_type = 'case' group by subject_id) e
        on e.subject_id = c.id::text
        where e.stands <> (select count(*) from casework_hold h
                           where h.case_id = c.id and h.released_at is null)""",
    "no loan owes less than nothing": """
        select loan_id from ledger_position
        where least(overdue_total, outstanding_total, outstanding_principal,
                    unapplied_credit) < 0""",
}
# The house's own counts by natural person: rule, its number, who, what is counted.
_CAPS: Final = (
    (("COL-02", "POL-07"), "most_connected_a_day", "a.person", "a.connected"),
    (("COL-03", "POL-08"), "most_dials_a_day", "a.point", "not a.failed"),
)
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Broken:
    """A law that does not hold on a day, and some of what breaks it."""

    law: str
    day: date
    found: tuple[object, ...]


class LawBroken(AssertionError):
    """The town lived a day on which a law did not hold: a fault of the product."""


def check(floor: Floor, *, after_a_morning: bool) -> None:
    """Raise LawBroken with everything that does not hold now."""
    found: list[Broken] = [
        Broken(each.law, floor.day, each.cases)
        for each in casework.working.broken(after_a_morning=after_a_morning)
    ]
    if not after_a_morning:
        found += [*_laws(floor), *_caps(floor), *_cash(floor)]
    if found:
        raise LawBroken("\n".join(map(str, found)))


def _laws(floor: Floor) -> Sequence[Broken]:
    values = {"day": floor.day, "since": floor.outside.since}
    found = []
    for law, statement in LAWS.items():
        rows = reading.rows(f"select * from ({statement}) x limit {_SHOWN}", values)
        if rows:
            found.append(Broken(law, floor.day, tuple(row[0] for row in rows)))
    return found


def caps_on(day: date) -> Sequence[tuple[str, int, str, str]]:
    """The daily counts in force: rule, number, by whom, what counts."""
    book = rulebooks.lawbook()
    country = rulebooks.jurisdiction().upper()
    found = []
    for rules, name, who, what in _CAPS:
        for rule in rules:  # the standard, else the house's own
            article = Article.of(
                book, f"{country}-{rule}", day, licence=rulebooks.licence()
            )
            if article is not None:
                found.append((article.rule, article.whole(name), who, what))
                break
    return found


def _caps(floor: Floor) -> Sequence[Broken]:
    found = []
    for rule, most, who, what in caps_on(floor.day):
        over = reading.rows(
            f"select {who}, {_LOCAL}, count(*) from contact_attempt a"
            f" where a.channel in ('call', 'robot_call') and {what} and {who} <> ''"
            " and not a.failed and a.at >= %(day)s::date - 1"
            " group by 1, 2 having count(*) > %(most)s",
            {"day": floor.day, "most": most},
        )
        if over:
            found.append(Broken(f"{rule}: at most {most}", floor.day, tuple(over[:5])))
    return found


def _cash(floor: Floor) -> Sequence[Broken]:
    """What the town paid in and took back is what the ledger has, day by day."""
    ledger: dict[date, Any] = dict(reading.cash_by_day(floor.outside.since))
    days = {day for day in (*ledger, *floor.cash) if day <= floor.day}
    wrong = [
        (str(day), floor.cash[day], ledger.get(day, 0))
        for day in sorted(days)
        if floor.cash[day] != ledger.get(day, 0)
    ]
    if not wrong:
        return []
    return [Broken("cash is the ledger's cash", floor.day, tuple(wrong[:_SHOWN]))]
