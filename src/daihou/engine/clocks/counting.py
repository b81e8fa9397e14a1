"""Ends, alarms and days left: what every clock counts alike."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from daihou.engine.basics.dates import DAY, add_period
from daihou.engine.clocks.rules import ClockRules
from daihou.engine.clocks.values import Alarm, Calendar, Clock, Heard, State
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Decision, Flip, Said, Step

QUESTION = "clock"


def counted(start: date, amount: int, unit: str) -> date:
    """Return the last day of a period; its first day is not counted (民法典 201, 202).

    Three years from 2024-03-31 end on 2027-03-31; a month without that day ends on
    its last day.
    """
    if unit == "years":
        return add_period(start, 12 * amount, "months")
    return add_period(start, amount, unit)


def off_holidays(day: date, calendar: Calendar | None) -> tuple[date, bool]:
    """Return the first day from `day` on that is not off, and whether that is known.

    民法典 203. In a year whose days off are not known nothing moves: the earlier day
    is the safe one.
    """
    if calendar is None:
        return day, False
    while day.year in calendar.years and calendar.is_off(day):
        day += DAY
    return day, day.year in calendar.years


@dataclass
class Draft:
    """A clock while it is worked out: its path grows, then it is closed into a Clock."""

    kind: str
    ladder: str
    subject: str
    as_of: date
    rules: ClockRules
    calendar: Calendar | None
    inputs: list[tuple[str, Said]] = field(default_factory=list)
    path: list[Step] = field(default_factory=list)
    flips: list[Flip] = field(default_factory=list)
    events: list[Heard] = field(default_factory=list)
    stops: Sequence[str] = ()
    restarts: Sequence[str] = ()
    at_end: str = ""

    def moved(self, day: date, article: Article) -> date:
        """Return a last day, moved off holidays where the article says so."""
        if not article.flag("moves_off_holidays"):
            return day
        return off_holidays(day, self.calendar)[0]

    def tell_move(self, day: date, article: Article) -> None:
        """Say that a last day moved, or that its year's days off are not known."""
        if not article.flag("moves_off_holidays"):
            return
        to, known = off_holidays(day, self.calendar)
        if to != day:
            self.path.append(
                article.step("moved", "moves_off_holidays", day=day, to=to)
            )
        elif not known:
            self.path.append(Step("", None, "calendar_unknown", {"day": day}))

    def no_rule(self, rule: str) -> Clock:
        """Close a clock that no rule sets: nothing is asserted."""
        said: dict[str, Said] = {"rule_id": rule, "licence": self.rules.licence}
        self.path.append(Step("", None, "no_rule", said))
        return self.close(State.NO_RULE, begins_on=None, counted_to=None, ends_on=None)

    def close(
        self,
        state: State,
        *,
        begins_on: date | None,
        counted_to: date | None,
        ends_on: date | None,
    ) -> Clock:
        """Return the clock; a running one says what would end it."""
        left = None if ends_on is None else (ends_on - self.as_of).days
        if ends_on is not None:
            said: dict[str, Said] = {"ends_on": ends_on, "days": abs(left or 0)}
            code = "over_since" if (left or 0) < 0 else "ends"
            self.path.append(Step("", None, code, said))
        if state is State.RUNNING and ends_on is not None:
            after = ends_on + DAY
            flip = Flip("as_of", self.as_of, after, State.EXPIRED.value, on=after)
            self.flips.insert(0, flip)
        return Clock(
            kind=self.kind,
            subject=self.subject,
            state=state,
            begins_on=begins_on,
            counted_to=counted_to,
            ends_on=ends_on,
            days_left=left,
            events=tuple(self.events),
            alarms=self._alarms(counted_to, state),
            stops=tuple(self.stops),
            restarts=tuple(self.restarts),
            at_end=self.at_end,
            decision=Decision(
                question=QUESTION,
                subject=self.subject,
                as_of=self.as_of,
                answer=state.value,
                inputs=(("clock", self.kind), *self.inputs),
                path=tuple(self.path),
                flips=tuple(self.flips),
            ),
        )

    def _alarms(self, counted_to: date | None, state: State) -> tuple[Alarm, ...]:
        if counted_to is None or state not in {State.RUNNING, State.EXPIRED}:
            return ()
        days = self.rules.ladder(self.ladder)
        return tuple(
            Alarm(each, on, on <= self.as_of)
            for each in days
            if (on := counted_to - timedelta(days=each))
        )
