"""The observation of a restructured loan 重组观察期, as a clock.

The count is that of classification (`classification.observation`); here it gets its
events, days left and alarms.
"""

from collections.abc import Sequence
from datetime import date

from daihou.engine.classification.codes import Event
from daihou.engine.classification.facts import Happened as Changed
from daihou.engine.classification.observation import Watch, observe
from daihou.engine.classification.rules import Observing
from daihou.engine.clocks.counting import Draft
from daihou.engine.clocks.rules import ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened, Heard, State
from daihou.engine.rulebook.decision import Flip, Said, Step


def observation(
    events: Sequence[Changed],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
) -> Clock:
    """Return the observation a loan is in, or was last in.

    On its earliest end it is due, not over: only an assessment that the difficulty
    is solved ends it. A missed payment starts it again on that day.
    """
    draft = Draft("observation", "observation", subject, as_of, rules, calendar)
    draft.at_end = "assessment_due"
    draft.stops = (Event.SOLVED.code,)
    draft.restarts = tuple(
        each.code
        for each in (Event.RESTRUCTURED, Event.MISSED, Event.TURNED_BAD, Event.UNSOLVED)
    )
    observing = rules.classification.observing
    if observing is None:
        return draft.no_rule("CN-CLS-14")
    known = [each for each in events if each.on <= as_of]
    known.sort(key=lambda one: (one.on, one.event))
    watch: Watch | None = None
    last: Watch | None = None
    for place, each in enumerate(known):
        found = observe(known[: place + 1], observing, as_of=as_of)
        counts = found != watch
        watch, last = found, found or last
        _tell(draft, each, watch, observing, counts=counts)
    if watch is None:
        if last is None:
            draft.path.append(Step("", None, "nothing_observed"))
        state = State.NOT_BEGUN if last is None else State.MET
        since = None if last is None else last.since
        return draft.close(state, begins_on=since, counted_to=None, ends_on=None)
    state = State.DUE if as_of >= watch.until else State.RUNNING
    if as_of < watch.since:
        state = State.NOT_BEGUN
    draft.flips.append(Flip("missed", None, as_of, _missed(known, observing, as_of)))
    return draft.close(
        state, begins_on=watch.since, counted_to=watch.until, ends_on=watch.until
    )


def _missed(known: Sequence[Changed], rules: Observing, as_of: date) -> date:
    """Return the end of the observation if a payment were missed on the day."""
    then = observe([*known, Changed(Event.MISSED, as_of)], rules, as_of=as_of)
    assert then is not None
    return then.until


def _tell(
    draft: Draft,
    changed: Changed,
    watch: Watch | None,
    rules: Observing,
    *,
    counts: bool,
) -> None:
    end = None if watch is None else watch.until
    event = Happened(changed.on, changed.event.code)
    why = f"observation_{changed.event.code}" if counts else "observation_unmoved"
    draft.events.append(Heard(event, why, end, counts=counts))
    said: dict[str, Said] = {"on": changed.on, "kind": changed.event.code}
    said |= {"first_due_on": changed.first_due_on, "until": end}
    said |= {"times": None if watch is None else watch.times}
    months = rules.months
    periods = rules.periods
    said |= {
        "months": months.value,
        "periods": None if periods is None else periods.value,
    }
    doubted = months.unverified or (periods is not None and periods.unverified)
    draft.path.append(Step(months.rule, months.version, why, said, doubted))
