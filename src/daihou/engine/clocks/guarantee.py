"""The period of a guarantee 保证期间, for each guarantor.

It is never suspended, interrupted or extended; what was done against another
guarantor, or said to the debtor, does not save it. Sources: 民法典 686, 692-694,
担保制度解释 29, 32, 34 (rules CN-GUA-01, CN-GUA-02).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from daihou.engine.clocks.counting import Draft, counted
from daihou.engine.clocks.rules import GUARANTEE, SAVED_BY, ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened, Heard, State
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Flip, Said

GENERAL, JOINT = "general", "joint"
FORMS = (GENERAL, JOINT)
# How senders say it; what names both forms is not clear.
_SAID = (
    (JOINT, ("连带", "joint", "several")),
    (GENERAL, ("一般", "general", "simple")),
)


def form_of(said: str) -> str | None:
    """Return the form that a sender's words name; None where they are not clear."""
    words = said.strip().lower()
    named = [form for form, marks in _SAID if any(mark in words for mark in marks)]
    return named[0] if len(named) == 1 else None


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What a guarantor promised.

    `form` None: the contract does not say, or not clearly. `due_on`: the due date of
    the debt, or the day it was called in. At most one of `agreed_until` and
    `agreed_months` is set; `until_paid`: the contract says "until the debt is paid".
    """

    guarantor: str
    due_on: date
    form: str | None = None
    agreed_until: date | None = None
    agreed_months: int | None = None
    until_paid: bool = False

    def __post_init__(self) -> None:
        """Refuse two agreed periods and unknown forms."""
        assert self.agreed_until is None or self.agreed_months is None, self
        assert self.form in {None, *FORMS}, self


def guarantee(
    facts: Guarantee,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    as_of: date,
    calendar: Calendar | None,
) -> Clock:
    """Return the guarantee's clock: what saves it must happen within the period.

    A general guarantee is saved by suing the debtor, a joint one by claiming against
    that very guarantor; afterwards limitation begins. Else the guarantor is released.
    """
    draft = Draft("guarantee", "guarantee", facts.guarantor, as_of, rules, calendar)
    draft.inputs += [
        ("form", facts.form),
        ("due_on", facts.due_on),
        ("agreed_until", facts.agreed_until),
        ("agreed_months", facts.agreed_months),
        ("until_paid", facts.until_paid),
    ]
    draft.at_end = "guarantor_released"
    article, saving = rules.get(GUARANTEE), rules.get(SAVED_BY)
    if article is None or saving is None:
        return draft.no_rule(GUARANTEE)
    form = facts.form
    if form is None:
        form = str(article.values["unclear_form_is"])
        draft.path.append(article.step("form_unclear", "unclear_form_is", form=form))
    draft.stops = saving.names(f"{form}_saved_by")
    draft.path.append(
        saving.step("to_save", f"{form}_saved_by", form=form, acts=draft.stops)
    )
    to = _end(facts, article, draft)
    end = draft.moved(to, article)
    draft.tell_move(to, article)
    saved_on = _hear(events, facts, saving, draft, end)
    if saved_on is not None:
        began: dict[str, Said] = {"on": saved_on, "form": form}
        draft.path.append(saving.step(f"saved_{form}", **began))
        state = State.MET
    elif as_of > end:
        draft.path.append(saving.step("released", end=end))
        state = State.EXPIRED
    else:
        state = State.NOT_BEGUN if as_of < facts.due_on else State.RUNNING
        for each in draft.stops:
            flip = Flip(each, None, as_of, State.MET.value, on=end)
            draft.flips.append(flip)
    return draft.close(state, begins_on=facts.due_on, counted_to=to, ends_on=end)


def _end(facts: Guarantee, article: Article, draft: Draft) -> date:
    """Return the last day of the period by the count alone."""
    due, agreed = facts.due_on, facts.agreed_until
    if facts.agreed_months is not None:
        agreed = counted(due, facts.agreed_months, "months")
    months = article.whole("months_if_silent")
    silent = counted(due, months, "months")
    said: dict[str, Said] = {"due_on": due, "to": silent}
    if facts.until_paid:
        draft.path.append(article.step("until_paid", "months_if_silent", **said))
        return silent
    if agreed is None:
        draft.path.append(article.step("period_silent", "months_if_silent", **said))
        return silent
    if agreed <= due and article.flag("silent_if_not_after_due"):
        names = ("silent_if_not_after_due", "months_if_silent")
        step = article.step("not_after_due", *names, agreed=agreed, **said)
        draft.path.append(step)
        return silent
    draft.path.append(article.step("period_agreed", agreed=agreed, due_on=due))
    return agreed


def _hear(
    events: Sequence[Happened],
    facts: Guarantee,
    saving: Article,
    draft: Draft,
    end: date,
) -> date | None:
    """Weigh each event; return the first day on which one saved the guarantee."""
    saved_on = None
    known = [each for each in events if each.on <= draft.as_of]
    for each in sorted(known, key=lambda one: one.on):
        why = _why(each, facts, draft, end)
        counts = why == "saves"
        if counts and saved_on is None:
            saved_on = each.on
        draft.events.append(Heard(each, why, end, counts=counts))
        said: dict[str, Said] = {"on": each.on, "kind": each.kind}
        said |= {"guarantor": facts.guarantor, "party": each.party}
        draft.path.append(saving.step(f"guarantee_{why}", **said))
    return saved_on


def _why(event: Happened, facts: Guarantee, draft: Draft, end: date) -> str:
    if event.kind not in draft.stops:
        return "does_not_save"
    directed = event.kind.endswith("_guarantor")
    if directed and event.party != facts.guarantor:
        return "other_guarantor"
    if event.on < facts.due_on:
        return "before_due"
    if event.on > end:
        return "too_late"
    if event.kind == "claim_on_guarantor" and event.evidence is None:
        return "not_proved"
    return "saves"
