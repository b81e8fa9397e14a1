"""A town with collectors lives its days: nights, mornings, calls, money, laws."""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from daihou.kit import rounds
from daihou.kit.speech import gettext
from daihou.packs import products
from daihou.rooms.audit import door as audit
from daihou.rooms.casework import door as casework
from daihou.rooms.people import door as people
from daihou.rooms.strategy import door as strategy
from daihou.town import contract, door, laws, overseeing, paying, told, working
from daihou.town.book import make_book
from daihou.town.floor import Floor, at_hour, hire
from daihou.town.outside import Outside
from daihou.town.products import OFFICES

DAY: Final = timedelta(days=1)
# The worker's own rounds: these two until the day is judged, then all others by name
# as the worker goes them, but for what leaves the house (nobody listens outside).
FIRST: Final = ("classification", "strategy")
OUTWARD: Final = frozenset({"webhooks", "gateway.sweep", "notices.mail"})
_TRIES: Final = 1_000  # a round classifies some days at once; the past has many


@dataclass(frozen=True, slots=True)
class Size:
    """How large a life is: the book, the staff, the days, and the seed of all of it.

    `most`: cases one collector takes in a day; `past` the months lived before.
    """

    loans: int
    days: int
    collectors: int
    seed: int
    until: date
    past: int = 4
    most: int = 12

    @property
    def since(self) -> date:
        """The first day on which collectors work."""
        return self.until - self.days * DAY


def live(size: Size, *, say: Callable[[str], None]) -> told.Report:
    """Fill an empty lender and live `size.days` business days before `size.until`.

    After every morning and every evening all laws are asked; the first day on which
    one does not hold ends the life with LawBroken. The same size tells the same.
    """
    floor = _begun(size, say=say)
    for place in range(size.days):
        day = size.since + place * DAY
        _one_day(floor, day, size)
        line = gettext("%(day)s: %(worked)s results, %(money)s yuan came in")
        say(
            line
            % {
                "day": day,
                "worked": floor.counts[day, "worked"],
                "money": f"{floor.cash[day] / 100:,.2f}",
            }
        )
    verified = floor.timed("verify the log", audit.verify)
    if verified.findings:
        raise laws.LawBroken(str(verified.findings[:5]))
    return told.report(floor, size_of=size, events=verified.events)


def _begun(size: Size, *, say: Callable[[str], None]) -> Floor:
    """The book as it was before the first day, closed up to there, and the staff."""
    book = make_book(
        size.loans,
        months=size.past + size.days // 30 + 1,
        seed=size.seed,
        policies=products.policies(on=size.until),
        until=size.until,
    )
    opened = door.opening(book.span.begin)
    people.save_branches(
        [(o.code, o.name, o.name_en) for o in OFFICES], by=door.BY, at=opened
    )
    outside = Outside(contract.tables(book), size.since)
    door.take_in(outside.past(), business_date=book.span.begin, at=opened)
    say(gettext("%(loans)s loans are taken in.") % {"loans": f"{len(book):,}"})
    for _closed in door.live(
        book.span.begin, through=size.since - DAY, today=size.until
    ):
        pass
    say(gettext("Every day before %(day)s is closed.") % {"day": size.since})
    staff = hire(collectors=size.collectors, at=at_hour(size.since, 8))
    return Floor(seed=size.seed, staff=staff, outside=outside, day=size.since)


def _one_day(floor: Floor, day: date, size: Size) -> None:
    floor.new_day(day)
    _morning(floor)
    floor.timed("laws", lambda: laws.check(floor, after_a_morning=True))
    _sent(floor)
    _oversee(floor, at_hour(day, 9))
    _work(floor, size)
    _others(floor, at_hour(day, 22, 30))
    floor.timed("laws", lambda: laws.check(floor, after_a_morning=False))
    told.keep(floor)

    def close() -> None:
        for _closed in door.live(day, through=day, today=size.until):
            pass

    floor.timed("night", close)


def _morning(floor: Floor) -> None:
    """Classes, the strategy's steps, the morning of the cases: until nothing waits."""
    at, closed = at_hour(floor.day, 8, 5), floor.day - DAY
    for _try in range(_TRIES):
        _rounds(floor, FIRST, at)
        last = strategy.steps_run()
        if last is not None and last.as_of == closed:
            break
    _others(floor, at)
    done = casework.morning(closed, at=at)
    if done.waits or done.counts:
        raise laws.LawBroken(f"the morning of {floor.day} is not over: {done}")


def _rounds(floor: Floor, names: Sequence[str], at: datetime) -> None:
    known = {each.name: each for each in rounds.registered()}
    for name in names:
        floor.timed(f"round {name}", lambda do=known[name].do: do(at=at))  # type: ignore[misc]


def _others(floor: Floor, at: datetime) -> None:
    left_out = OUTWARD.union(FIRST)
    names = [each.name for each in rounds.registered() if each.name not in left_out]
    _rounds(floor, names, at)


def _sent(floor: Floor) -> None:
    """The file of the day from the lender's own system, then what the bank takes back."""
    tables = floor.outside.of(floor.day)
    if tables:
        at = at_hour(floor.day, 8, 30)
        floor.timed(
            "take in a file",
            lambda: door.take_in(tables, business_date=floor.day, at=at),
        )
        if "payments" in tables:
            for row in tables["payments"].to_pylist():
                fen = int(row["amount"] * 100)
                back = row["reversal_of"] is not None
                floor.cash[floor.day] += -fen if back else fen
    paying.goes_back(floor)


def _oversee(floor: Floor, at: datetime) -> None:
    overseeing.leave_and_return(floor, at)
    overseeing.share_out(floor, at)
    overseeing.decide(floor, at)
    paying.follow_offers(floor)
    overseeing.look_into_holds(floor, at)
    overseeing.look_into_markers(floor, at)
    overseeing.clear_items(floor, at)
    overseeing.tries_their_own(floor, at)


def _work(floor: Floor, size: Size) -> None:
    """Collectors and payers act through the day, each in their turn by the clock."""
    day = floor.day
    turns: list[tuple[datetime, int, str, object]] = []
    for place, login in enumerate(overseeing.on_duty(floor)):
        begins = at_hour(day, 9, 10) + timedelta(seconds=7 * place)
        heapq.heappush(turns, (begins, place, "call", login))
    for place, pledge in enumerate(paying.due(floor)):
        chance = floor.draw("hour", day, place)
        at = at_hour(day, 9) + timedelta(minutes=chance.randint(0, 700))
        heapq.heappush(turns, (at, 10_000 + place, "money", pledge))
    for hour in (12, 17):
        heapq.heappush(turns, (at_hour(day, hour), 90_000 + hour, "rounds", None))
    heapq.heappush(turns, (at_hour(day, 16), 90_000, "decide", None))
    taken: dict[str, int] = {}
    while turns:
        at, place, what, who = heapq.heappop(turns)
        if what == "money":
            paying.comes_in(floor, who, at)  # type: ignore[arg-type]
        elif what == "rounds":
            _others(floor, at)
        elif what == "decide":
            overseeing.decide(floor, at)
        else:
            assert isinstance(who, str), who
            spent = _one_more(floor, who, at, taken, size)
            if spent is not None:
                heapq.heappush(turns, (at + spent, place, what, who))


def _one_more(
    floor: Floor, login: str, at: datetime, taken: dict[str, int], size: Size
) -> timedelta | None:
    """Work one more case; None when this collector goes home.

    Some stay on after eight: what the gate says to that late in the evening is counted.
    """
    late, night = at >= at_hour(floor.day, 20), at_hour(floor.day, 22, 5)
    stays = floor.draw("stays", login, floor.day).random() < floor.rates.stays_on
    if late and not stays:
        return None
    if at >= night:
        working.asks_late(floor, login, at)
        return None
    if taken.get(login, 0) >= size.most and not stays:
        return None
    spent = working.next_one(floor, login, at)
    if spent is None:
        # Nothing may be worked now: look again in two hours and a half.
        return night - at if stays and late else timedelta(minutes=150)
    taken[login] = taken.get(login, 0) + 1
    # Somebody who works few cases a day in this town takes longer for each.
    return max(spent, timedelta(minutes=500 // max(1, size.most)))
