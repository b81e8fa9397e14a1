"""Talks that can be drawn for a call-back, those drawn, and what was heard."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from daihou.kit.scope import Scope
from daihou.rooms.reporting import sealing
from daihou.rooms.reporting.queries.work.money import rows

_DRAWABLE: Final = """
select r.id, r.case_id, r.customer_id, r.by
from casework_result r join casework_case c on c.id = r.case_id
join contact_attempt a on a.id = r.attempt_id
where r.business_date = %(day)s and a.connected and a.conversation
  and position('.' in a.person) = 0 and a.channel in ('call', 'visit')
  and not exists (select from reporting_callback b where b.result_id = r.id)
  and {within}
"""
_LISTED: Final = """
select b.id, b.of_day, b.hand, c.number, r.code, r.at, b.result, b.satisfied, b.note,
  b.told_by, b.told_at, b.draw
from reporting_callback b join casework_case c on c.id = b.case_id
join casework_result r on r.id = b.result_id
where (b.result = '') = %(waiting)s and {within}
order by case when %(waiting)s then b.of_day end, b.of_day desc, b.draw, b.id
limit %(most)s
"""
_HEARD: Final = """
select b.hand, count(*), count(*) filter (where b.result = 'confirmed'),
  count(*) filter (where b.result = 'differs'),
  count(*) filter (where b.result = 'complained'),
  count(b.satisfied), coalesce(sum(b.satisfied), 0)
from reporting_callback b join casework_case c on c.id = b.case_id
where b.result <> '' and b.of_day > %(since)s and {within}
group by 1 order by 1
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that can be drawn; `draw` is its number in the lot of its day."""

    id: int
    case_id: int
    customer_id: int
    hand: str
    draw: str


@dataclass(frozen=True, slots=True)
class CallbackLine:
    """A call-back: of which talk, and what was heard; `note` as it was written."""

    id: int
    of_day: date
    hand: str
    number: str
    code: str
    talked_at: datetime
    result: str
    satisfied: int | None
    note: str
    told_by: str
    told_at: datetime | None
    draw: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What call-backs heard of one hand; `satisfaction` sums 1 to 5 over `rated`."""

    hand: str
    told: int
    confirmed: int
    differs: int
    complained: int
    rated: int
    satisfaction: int


def number_in_lot(day: date, result_id: int) -> str:
    """The number of a talk in the lot of its day: anybody can reckon it again.

    The first 16 digits of SHA-256 over the day and the number of the talk.
    """
    return hashlib.sha256(f"{day.isoformat()}:{result_id}".encode()).hexdigest()[:16]


def drawn(talks: Sequence[Talk], count: int) -> Sequence[Talk]:
    """So many talks: of each hand its smallest number first, then its second."""
    by_hand: dict[str, list[Talk]] = {}
    for talk in sorted(talks, key=lambda each: each.draw):
        by_hand.setdefault(talk.hand, []).append(talk)
    ranked = [
        (place, talk.draw, talk)
        for mine in by_hand.values()
        for place, talk in enumerate(mine)
    ]
    return [talk for _place, _draw, talk in sorted(ranked, key=lambda e: e[:2])[:count]]


def talks_of(day: date, *, scope: Scope) -> Sequence[Talk]:
    """Talks of a day with the debtor that nobody called back about yet."""
    found = rows(_DRAWABLE, scope, {"day": day})
    return [
        Talk(number, case_id, customer_id, hand, number_in_lot(day, number))
        for number, case_id, customer_id, hand in found
    ]


def listed(*, scope: Scope, waiting: bool, most: int) -> Sequence[CallbackLine]:
    """Call-backs that wait, the oldest day first, or those told, the newest first."""
    found = rows(_LISTED, scope, {"waiting": waiting, "most": most})
    lines = [CallbackLine(*row) for row in found]
    return [replace(line, note=sealing.opened(line.note)) for line in lines]


def heard(*, scope: Scope, since: date) -> Sequence[Heard]:
    """What was heard of each hand about days after `since`."""
    return [Heard(*row) for row in rows(_HEARD, scope, {"since": since})]


def one(callback_id: int, *, scope: Scope) -> Mapping[str, object] | None:
    """The hand and the case of a call-back that may be seen."""
    sql = (
        "select b.hand, c.number, b.result, b.case_id from reporting_callback b"
        " join casework_case c on c.id = b.case_id where b.id = %(id)s and {within}"
    )
    found = rows(sql, scope, {"id": callback_id})
    names = ("hand", "number", "result", "case_id")
    return dict(zip(names, found[0], strict=True)) if found else None
