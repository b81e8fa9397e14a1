"""Limitation 诉讼时效 and the time to apply for enforcement 申请执行时效.

Both restart with what interrupts them and is proved. Sources: 民法典 188-195, 203,
诉讼时效规定 8-19 (rules CN-LIM-01 to CN-LIM-04), 民事诉讼法 250 (CN-LIT-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from daihou.engine.basics.dates import add_period
from daihou.engine.clocks.counting import Draft, counted
from daihou.engine.clocks.rules import (
    COURT,
    EVIDENCE,
    INTERRUPTION,
    LIKE_A_SUIT,
    LIMITATION,
    MORTGAGE,
    ClockRules,
)
from daihou.engine.clocks.values import Calendar, Clock, Happened, Heard, State
from daihou.engine.clocks.weighing import OBSTACLE, SUIT, Weighed, weigh
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Flip, Said

APPLIED = "enforcement_application"


@dataclass(frozen=True, slots=True)
class Runs:
    """Where a clock counts from and how long: an article and its number of years."""

    begins_on: date
    article: Article
    years: str
    most_years: str | None = None


def limitation(
    begins_on: date,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
    has_mortgage: bool = False,
) -> Clock:
    """Return the limitation of a claim: three years, anew with every interruption.

    `begins_on` is the due date of the last instalment of the debt (民法典 189), or
    the day the lender knew of the breach and the debtor. Events after `as_of` are
    not known yet. A mortgage falls with the claim.
    """
    draft = _draft("limitation", subject, as_of, rules, calendar)
    draft.inputs.append(("begins_on", begins_on))
    draft.at_end = "time_barred"
    article = rules.get(LIMITATION)
    if article is None:
        return draft.no_rule(LIMITATION)
    runs = Runs(begins_on, article, "years", "most_years")
    clock = _run(draft, runs, events)
    mortgage = rules.get(MORTGAGE)
    if not has_mortgage or mortgage is None:
        return clock
    draft = _draft("mortgage", subject, as_of, rules, calendar)
    draft.inputs.append(("begins_on", begins_on))
    draft.at_end = "mortgage_lost"
    draft.path.append(mortgage.step("mortgage_falls"))
    return _run(draft, runs, events)


def enforcement(
    begins_on: date,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
) -> Clock:
    """Return the time to apply for enforcement: two years from `begins_on`.

    That is the last day on which the judgment let the debtor perform. Applying meets
    it; what interrupts limitation interrupts it.
    """
    draft = _draft("enforcement", subject, as_of, rules, calendar)
    draft.inputs.append(("begins_on", begins_on))
    draft.at_end = "enforcement_lost"
    draft.stops = (APPLIED,)
    article = rules.get(COURT)
    if article is None:
        return draft.no_rule(COURT)
    applied = [each for each in events if each.kind == APPLIED and each.on <= as_of]
    others = [each for each in events if each.kind != APPLIED]
    if not article.flag("interrupted_as_limitation"):
        others = []
    runs = Runs(begins_on, article, "enforcement_years")
    if not applied:
        return _run(draft, runs, others)
    first = min(applied, key=lambda each: each.on)
    before = [_as_known(each, as_of) for each in others if each.on <= first.on]
    counter = _Counter(draft, runs)
    counter.obstacles = [each for each in before if each.kind == OBSTACLE]
    for each in sorted(before, key=lambda one: one.on):
        counter.hear(each)
    end = counter.end
    in_time = end is None or first.on <= end
    why = "applied" if in_time else "applied_late"
    draft.events.append(Heard(first, why, end, counts=in_time))
    draft.path.append(article.step(why, on=first.on))
    state = State.MET if in_time else State.LATE
    return draft.close(
        state, begins_on=begins_on, counted_to=counter.counted_to, ends_on=end
    )


def _draft(
    kind: str, subject: str, as_of: date, rules: ClockRules, calendar: Calendar | None
) -> Draft:
    ladder = "limitation" if kind == "mortgage" else kind
    draft = Draft(kind, ladder, subject, as_of, rules, calendar)
    draft.stops = (SUIT, OBSTACLE)
    like = rules.get(LIKE_A_SUIT)
    evidence = rules.get(EVIDENCE)
    draft.restarts = (
        *(() if evidence is None else evidence.names("evidence")),
        *(() if like is None else like.names("acknowledged_by")),
        SUIT,
        *(() if like is None else like.names("equals_suit")),
        *(() if like is None else like.names("reaching_notice")),
    )
    return draft


def _run(draft: Draft, runs: Runs, events: Sequence[Happened]) -> Clock:
    """Count from the beginning through every event that is known by the day."""
    begins_on, as_of = runs.begins_on, draft.as_of
    counter = _Counter(draft, runs)
    known = [_as_known(each, as_of) for each in events if each.on <= as_of]
    counter.obstacles = [each for each in known if each.kind == OBSTACLE]
    for each in sorted(known, key=lambda one: (one.on, one.kind != OBSTACLE)):
        counter.hear(each)
    end, to = counter.end, counter.counted_to
    if end is None:
        return draft.close(
            State.STOPPED, begins_on=begins_on, counted_to=None, ends_on=None
        )
    assert to is not None
    draft.tell_move(to, runs.article)
    if as_of < begins_on:
        state = State.NOT_BEGUN
    else:
        state = State.EXPIRED if as_of > end else State.RUNNING
    _add_flips(draft, counter, state)
    return draft.close(state, begins_on=begins_on, counted_to=to, ends_on=end)


def _as_known(event: Happened, as_of: date) -> Happened:
    """Return an event as it is known on a day: what lasts has no end yet."""
    if event.until is not None and event.until > as_of:
        return replace(event, until=None)
    return event


def _add_flips(draft: Draft, counter: "_Counter", state: State) -> None:
    if state is State.RUNNING:
        proved = counter.after(draft.as_of)
        flip = Flip("demand_proved", None, draft.as_of, proved, on=draft.as_of)
        draft.flips.append(flip)
    elif state is State.EXPIRED:
        like = draft.rules.get(LIKE_A_SUIT)
        for kind in () if like is None else like.names("waives_after_expiry"):
            draft.flips.append(Flip(kind, None, draft.as_of, State.RUNNING.value))


class _Counter:
    """The end of a limitation while it hears events in order of time."""

    def __init__(self, draft: Draft, runs: Runs) -> None:
        self._draft, self._runs = draft, runs
        article = runs.article
        self._years = article.whole(runs.years)
        self._to: date | None = counted(runs.begins_on, self._years, "years")
        self._most: date | None = None
        if runs.most_years is not None:
            most = article.whole(runs.most_years)
            self._most = counted(runs.begins_on, most, "years")
        self.obstacles: list[Happened] = []
        names = [runs.years, *([runs.most_years] if runs.most_years else [])]
        said: dict[str, Said] = {"begins_on": runs.begins_on}
        said |= {"amount": self._years, "to": self._to}
        draft.path.append(article.step("begins", *names, **said))

    @property
    def counted_to(self) -> date | None:
        """The last day by the count; None while it is stopped."""
        if self._to is None:
            return None
        return self._past_obstacles(self._to)

    @property
    def end(self) -> date | None:
        """The last day, moved off holidays; None while it is stopped."""
        to = self.counted_to
        return None if to is None else self._draft.moved(to, self._runs.article)

    def after(self, base: date) -> date:
        """Return the end if it restarted on a day."""
        to = counted(base, self._years, "years")
        to = to if self._most is None else min(to, self._most)
        return self._draft.moved(to, self._runs.article)

    def hear(self, event: Happened) -> None:
        """Take in one event: weigh it, and restart where it interrupts."""
        found = weigh(event, self._draft.rules)
        end = self.end
        if event.kind == OBSTACLE:
            self._hear_obstacle(event, found, end)
            return
        late = end is not None and event.on > end
        if found.ground == "waiver" and not late:
            found = replace(found, ground="demand", why="demand_proved")
        if found.counts and late and found.ground != "waiver":
            found = replace(found, counts=False, why="after_expiry")
        elif found.counts and self._is_over_before(event, found):
            found = replace(found, counts=False, why="before_begin")
        if found.counts:
            self._restart(event, found)
        self._tell(event, found)

    def _is_over_before(self, event: Happened, found: Weighed) -> bool:
        """Tell whether an event is past before there is anything to interrupt."""
        begins_on = self._runs.begins_on
        if found.ground == "suit" and event.on < begins_on:
            return event.until is not None and event.until <= begins_on
        return event.on < begins_on

    def _restart(self, event: Happened, found: Weighed) -> None:
        base: date | None = event.on
        rule = self._draft.rules.get(INTERRUPTION)
        waits = rule is not None and rule.flag("waits_for_procedure")
        if found.ground == "suit" and waits:
            base = event.until
        if base is None or self._to is None:
            self._to = None
            return
        to = max(self._to, counted(base, self._years, "years"))
        if found.ground == "waiver":
            to = counted(base, self._years, "years")
        self._to = to if self._most is None else min(to, self._most)

    def _tell(self, event: Happened, found: Weighed) -> None:
        end = self.end
        self._draft.events.append(Heard(event, found.why, end, counts=found.counts))
        said: dict[str, Said] = {"on": event.on, "kind": event.kind, "ends_on": end}
        said |= {"evidence": event.evidence}
        self._draft.path.append(found.said(said))

    def _hear_obstacle(self, event: Happened, found: Weighed, end: date | None) -> None:
        rule = self._draft.rules.get(INTERRUPTION)
        touches = self._to is not None and self._touches(event, self._to)
        counts = rule is not None and touches
        why = "obstacle" if counts else "obstacle_too_early"
        self._draft.events.append(Heard(event, why, end, counts=counts))
        if rule is not None:
            names = ("suspension_months", "months_after_obstacle")
            said: dict[str, Said] = {"on": event.on, "until": event.until}
            step = rule.step(why, *names, **said, ends_on=end)
            self._draft.path.append(step)

    def _touches(self, obstacle: Happened, to: date) -> bool:
        """Tell whether an obstacle lies in the last months before an end (194)."""
        rule = self._draft.rules.get(INTERRUPTION)
        if rule is None or obstacle.on > to:
            return False
        opens = add_period(to, -rule.whole("suspension_months"), "months")
        return obstacle.until is None or obstacle.until > opens

    def _past_obstacles(self, to: date) -> date | None:
        """Return the end with every obstacle of its last months; None while one lasts."""
        rule = self._draft.rules.get(INTERRUPTION)
        for each in sorted(self.obstacles, key=lambda one: one.on):
            if rule is None or not self._touches(each, to):
                continue
            if each.until is None:
                return None
            months = rule.whole("months_after_obstacle")
            to = max(to, add_period(each.until, months, "months"))
        return to
