"""A complaint 消费投诉: 15 days, 30 if it is complex, 60 with approval from above.

Source: 银行业保险业消费投诉处理管理办法 (rule CN-CMP-01). Calendar days, until the kind
of day is read in the text: the earlier day is the safe one.
"""

from collections.abc import Sequence
from datetime import date

from daihou.engine.clocks.counting import Draft, counted
from daihou.engine.clocks.rules import COMPLAINT, ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened, Heard, State
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Flip, Said

COMPLEX, EXTENDED, ANSWERED = "marked_complex", "extended", "answered"
KINDS = (COMPLEX, EXTENDED, ANSWERED)
# Each step must be taken before the limit of the one before it has passed.
_STEPS = ((COMPLEX, "complex_days"), (EXTENDED, "extended_days"))


def complaint(
    received_on: date,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
) -> Clock:
    """Return the clock of a complaint; a step taken too late extends nothing."""
    draft = Draft("complaint", "complaint", subject, as_of, rules, calendar)
    draft.inputs.append(("received_on", received_on))
    draft.at_end, draft.stops = "answer_overdue", (ANSWERED,)
    article = rules.get(COMPLAINT)
    if article is None:
        return draft.no_rule(COMPLAINT)
    days = article.whole("simple_days")
    to = counted(received_on, days, "days")
    names = ("simple_days", "calendar_days")
    said: dict[str, Said] = {"received_on": received_on, "to": to}
    draft.path.append(article.step("complaint_simple", *names, **said))
    known = [each for each in events if each.on <= as_of]
    known.sort(key=lambda one: (one.on, KINDS.index(one.kind)))
    taken, to, done = _hear(known, received_on, article, draft, to)
    if done is not None:
        state = State.MET if done.on <= to else State.LATE
    elif as_of < received_on:
        state = State.NOT_BEGUN
    else:
        state = State.EXPIRED if as_of > to else State.RUNNING
    if state is State.RUNNING and taken < len(_STEPS):
        kind, value = _STEPS[taken]
        then = counted(received_on, article.whole(value), "days")
        draft.flips.append(Flip(kind, None, as_of, then, on=to))
    return draft.close(state, begins_on=received_on, counted_to=to, ends_on=to)


def _hear(
    known: Sequence[Happened],
    received_on: date,
    article: Article,
    draft: Draft,
    to: date,
) -> tuple[int, date, Happened | None]:
    """Hear the events in order; return the steps taken, the end and the answer."""
    taken, done = 0, None
    for each in known:
        if each.kind == ANSWERED:
            done = done or each
            why = "answered" if each.on <= to else "answered_late"
            draft.events.append(Heard(each, why, to, counts=True))
            draft.path.append(article.step(why, on=each.on, to=to))
            continue
        step = [kind for kind, _ in _STEPS].index(each.kind)
        value = _STEPS[step][1]
        counts = step == taken and each.on <= to and done is None
        why = each.kind if counts else "step_out_of_turn"
        why = "step_too_late" if not counts and each.on > to else why
        if counts:
            taken += 1
            to = counted(received_on, article.whole(value), "days")
        draft.events.append(Heard(each, why, to, counts=counts))
        draft.path.append(article.step(why, value, on=each.on, kind=each.kind, to=to))
    return taken, to, done
