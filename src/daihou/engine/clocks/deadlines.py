"""Deadlines with one beginning, one length and one way to meet them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from daihou.engine.clocks.counting import Draft, counted
from daihou.engine.clocks.rules import COURT, ClockRules
from daihou.engine.clocks.values import Calendar, Clock, Happened, Heard, State
from daihou.engine.rulebook.article import Article
from daihou.engine.rulebook.decision import Said


@dataclass(frozen=True, slots=True)
class Deadline:
    """Which value of which rule sets a deadline, and what meets it.

    `at_end` is what its end means, `ladder` the name of its alarms.
    """

    rule: str
    value: str
    unit: str
    ladder: str
    done: str
    at_end: str


DEADLINES: Mapping[str, Deadline] = MappingProxyType(
    {
        "credit_dispute": Deadline(
            *("CN-CRD-03", "answer_days", "days"),
            *("credit_dispute", "answered", "answer_overdue"),
        ),
        "credit_complaint": Deadline(
            *("CN-CRD-03", "complaint_days", "days"),
            *("credit_dispute", "answered", "answer_overdue"),
        ),
        "adverse_data": Deadline(
            *("CN-CRD-02", "years", "years"),
            *("adverse_data", "deleted", "to_be_deleted"),
        ),
        "blame": Deadline(
            *("CN-WO-07", "blame_years", "years"),
            *("blame", "found", "finding_overdue"),
        ),
        "audit_report": Deadline(
            *("CN-WO-07", "audit_months", "months"),
            *("year_reports", "reported", "report_overdue"),
        ),
        "finance_report": Deadline(
            *("CN-WO-07", "report_months", "months"),
            *("year_reports", "reported", "report_overdue"),
        ),
        "foreclosed": Deadline(
            *("CN-COLL-01", "years", "years"),
            *("foreclosed", "disposed", "disposal_overdue"),
        ),
        "payment_order_accept": Deadline(
            *(COURT, "accept_days", "days"),
            *("payment_order", "accepted", "court_overdue"),
        ),
        "payment_order_issue": Deadline(
            *(COURT, "issue_days", "days"),
            *("payment_order", "issued", "court_overdue"),
        ),
        "payment_order_object": Deadline(
            *(COURT, "object_days", "days"),
            *("payment_order", "objected", "order_enforceable"),
        ),
    }
)
EVALUATED = "evaluated"


def deadline(
    kind: str,
    begins_on: date,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
    asset: str | None = None,
) -> Clock:
    """Return a deadline of DEADLINES, counted from the day after `begins_on`.

    `asset` is the kind of what was foreclosed; the rule speaks to some kinds only.
    """
    spec = DEADLINES[kind]
    draft = Draft(kind, spec.ladder, subject, as_of, rules, calendar)
    draft.inputs.append(("begins_on", begins_on))
    draft.at_end, draft.stops = spec.at_end, (spec.done,)
    article = rules.get(spec.rule)
    if article is None:
        return draft.no_rule(spec.rule)
    if asset is not None:
        draft.inputs.append(("asset", asset))
        if asset not in article.names("kinds"):
            return _not_spoken_of(draft, article, asset)
    amount = article.whole(spec.value)
    to = counted(begins_on, amount, spec.unit)
    end = draft.moved(to, article)
    said: dict[str, Said] = {"begins_on": begins_on, "amount": amount, "to": to}
    draft.path.append(
        article.step("counts", spec.value, **said, unit=f"unit_{spec.unit}")
    )
    draft.tell_move(to, article)
    done = _done(draft, events, spec.done, article, end)
    if done is not None:
        state = State.MET if done.on <= end else State.LATE
    elif as_of < begins_on:
        state = State.NOT_BEGUN
    else:
        state = State.EXPIRED if as_of > end else State.RUNNING
    return draft.close(state, begins_on=begins_on, counted_to=to, ends_on=end)


def _not_spoken_of(draft: Draft, article: Article, asset: str) -> Clock:
    draft.path.append(article.step("asset_not_named", "kinds", asset=asset))
    return draft.close(State.NO_RULE, begins_on=None, counted_to=None, ends_on=None)


def _done(
    draft: Draft, events: Sequence[Happened], kind: str, article: Article, end: date
) -> Happened | None:
    """Hear the events; return the first that meets the deadline."""
    first: Happened | None = None
    known = [each for each in events if each.on <= draft.as_of]
    for each in sorted(known, key=lambda one: one.on):
        counts = each.kind == kind and first is None
        why = "not_listed"
        if each.kind == kind:
            why = "done" if each.on <= end else "done_late"
            first = first or each
        draft.events.append(Heard(each, why, end, counts=counts))
        draft.path.append(
            article.step(why, on=each.on, kind=each.kind, ends_on=end, evidence=None)
        )
    return first


def evaluation(
    begins_on: date,
    events: Sequence[Happened],
    rules: ClockRules,
    *,
    subject: str,
    as_of: date,
    calendar: Calendar | None,
    contract_ends_on: date | None = None,
) -> Clock:
    """Return the clock of an agency's evaluation 外包机构评估 (GB/T 45251-2025).

    At least once in so many months, counted from the contract's first day or the
    last evaluation, and once before the contract ends. When it is over nothing new
    is placed.
    """
    rule = "CN-COL-16"
    draft = Draft("evaluation", "evaluation", subject, as_of, rules, calendar)
    draft.inputs += [("begins_on", begins_on), ("contract_ends_on", contract_ends_on)]
    draft.at_end, draft.restarts = "no_new_placements", (EVALUATED,)
    article = rules.get(rule)
    if article is None:
        return draft.no_rule(rule)
    months = article.whole("months_between")
    to = counted(begins_on, months, "months")
    said: dict[str, Said] = {"begins_on": begins_on, "to": to}
    draft.path.append(article.step("evaluation_counts", "months_between", **said))
    known = [each for each in events if each.on <= as_of]
    for each in sorted(known, key=lambda one: one.on):
        counts = each.kind == EVALUATED
        why = "not_listed"
        if counts:
            why = "evaluated" if each.on <= to else "evaluated_late"
            to = max(to, counted(each.on, months, "months"))
        draft.events.append(Heard(each, why, to, counts=counts))
        step: dict[str, Said] = {"on": each.on, "kind": each.kind}
        step |= {"ends_on": to, "evidence": None}
        draft.path.append(article.step(why, **step))
    to, is_met = _before_contract_end(draft, article, to, contract_ends_on)
    state = State.NOT_BEGUN if as_of < begins_on else State.RUNNING
    if as_of > to:
        state = State.EXPIRED
    elif is_met:
        state = State.MET
    return draft.close(state, begins_on=begins_on, counted_to=to, ends_on=to)


def _before_contract_end(
    draft: Draft, article: Article, to: date, contract_ends_on: date | None
) -> tuple[date, bool]:
    """Return the end, or the day before the contract ends if that is sooner.

    An evaluation inside the last of the periods is the one before the end: then
    nothing more is to be done, which is said beside the end.
    """
    if contract_ends_on is None or not article.flag("before_contract_end"):
        return to, False
    if to < contract_ends_on:
        return to, False
    months = article.whole("months_between")
    opens = counted(contract_ends_on, -months, "months")
    inside = [each for each in draft.events if each.counts and each.event.on >= opens]
    last = contract_ends_on - timedelta(days=1)
    code = "evaluated_before_end" if inside else "before_contract_end"
    draft.path.append(article.step(code, "before_contract_end", on=contract_ends_on))
    return (to, True) if inside else (last, False)


def transfer_pilot(
    rules: ClockRules, *, as_of: date, calendar: Calendar | None
) -> Clock:
    """Return the clock of the pilot of transferring bad loans 不良贷款转让试点."""
    rule = "CN-NPLT-01"
    draft = Draft("transfer_pilot", "transfer_pilot", rule, as_of, rules, calendar)
    draft.at_end = "pilot_over"
    article = rules.get(rule)
    if article is None:
        return draft.no_rule(rule)
    last = article.day("last_day")
    draft.path.append(article.step("pilot_until", "last_day"))
    state = State.EXPIRED if as_of > last else State.RUNNING
    return draft.close(
        state, begins_on=article.begins_on, counted_to=last, ends_on=last
    )
