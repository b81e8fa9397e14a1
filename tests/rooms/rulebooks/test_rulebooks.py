"""A lender's changes of rules: stricter only, by two people, from their day on."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from daihou.engine.gate.book import GateBook
from daihou.kit.refusal import NotFound, Refused
from daihou.packs import law
from daihou.rooms.approvals import door as approvals
from daihou.rooms.audit import door as audit
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, drafting, queries, rehearsing
from daihou.rooms.rulebooks import door as rulebooks
from daihou.rooms.rulebooks.models import PolicyChange
from tests.rooms import ruling
from tests.rooms.approving import deed
from tests.rooms.cast import AT, TODAY, Cast
from tests.rooms.ruling import (
    CALLS,
    CHAT,
    LATER,
    MOST,
    TOMORROW,
    agreed,
    most_calls,
    propose,
    wish,
)

Two = tuple[people.Person, people.Person]
two = ruling.two


def refused(by: people.Person, **other: object) -> Refused:
    """What is said to a wish that may not be."""
    with pytest.raises(Refused) as said:
        propose(by, **other)
    assert PolicyChange.objects.count() == 0
    return said.value


def test_without_changes_the_book_is_the_one_that_ships(cast: Cast) -> None:
    assert rulebooks.lawbook() is law.known()
    assert rulebooks.licence() == "consumer_finance"
    assert rulebooks.jurisdiction() == "cn"


def test_a_licence_nobody_knows_is_said_at_once(settings: object, cast: Cast) -> None:
    settings.LICENCE = "pawnshop"  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="consumer_finance"):
        rulebooks.licence()


def test_an_approved_change_holds_from_its_day_and_not_before(two: Two) -> None:
    propose(two[0])
    assert most_calls(TOMORROW) == 3  # proposed is not decided
    waits = approvals.open_on("rule", CALLS, person=two[1], at=AT)
    approvals.decide(
        proposal_id=waits[0].id, verdict="approve", deed=deed(two[1], reason="")
    )
    assert most_calls(TODAY) == 3
    assert most_calls(TOMORROW) == 2
    assert most_calls(TOMORROW + timedelta(days=400)) == 2


def test_what_is_refused_changes_nothing(two: Two) -> None:
    made = propose(two[0])
    approvals.decide(
        proposal_id=made.id,
        verdict="refuse",
        note="too strict",
        deed=deed(two[1], reason=""),
    )
    assert most_calls(TOMORROW) == 3
    assert PolicyChange.objects.count() == 0


def test_the_gate_asks_with_the_lenders_number(two: Two) -> None:
    agreed(*two, values={MOST: 1})
    checks = GateBook(rulebooks.lawbook()).checks(TOMORROW, "cn", "bank")
    caps = [each.most for each in checks if each.rule == CALLS]  # type: ignore[attr-defined]
    assert caps == [1]


def test_the_same_changes_give_the_same_book_and_others_another(two: Two) -> None:
    agreed(*two)
    first = rulebooks.lawbook()
    assert rulebooks.lawbook() is first
    agreed(*two, begins_on=LATER, values={MOST: 1})
    assert rulebooks.lawbook().digest != first.digest


def test_the_book_of_an_older_decision_can_be_had_again(two: Two) -> None:
    agreed(*two)
    before = TODAY - timedelta(days=1)
    assert rulebooks.lawbook(before).on(CALLS, TOMORROW).values[MOST] == 3  # type: ignore[union-attr]
    assert rulebooks.lawbook(TODAY).on(CALLS, TOMORROW).values[MOST] == 2  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rule", "values", "field"),
    [
        (CALLS, {MOST: 4}, MOST),
        ("CN-COL-01", {"opens_at": "07:00"}, "opens_at"),
        ("CN-COL-01", {"closes_at": "23:00"}, "closes_at"),
        ("CN-COL-07", {"least_staff": 1}, "least_staff"),
    ],
)
def test_a_rule_that_binds_is_only_made_stricter(
    two: Two, rule: str, values: dict[str, object], field: str
) -> None:
    said = refused(two[0], rule=rule, values=values)
    assert said.code == "loosened"
    assert said.params["field"] == field


def test_a_word_nothing_would_recognise_is_refused(two: Two) -> None:
    name = next(iter(law.known().rules[CHAT].terms))
    said = refused(two[0], rule=CHAT, values={name: ["wechat", "wechatt"]})
    assert (said.code, said.params["field"]) == ("word_unknown", name)
    assert "wechatt" in str(said)


def test_a_value_the_rules_cannot_be_asked_with_is_refused(two: Two) -> None:
    """A word of the gate among the signs of a class: classification knows no such."""
    rule = law.known().rules["CN-CLS-03"]
    version = rule.on(TOMORROW)
    assert version is not None
    signs = [*version.values["signs"], "sms"]  # type: ignore[misc]
    said = refused(two[0], rule=rule.id, values={"signs": signs})
    assert said.code == "unusable" and "sms" in str(said)


def test_looking_tells_which_cases_would_be_answered_otherwise(two: Two) -> None:
    made = actions.look(wish(values={MOST: 1}), deed=deed(two[0]))
    told = rehearsing.otherwise(made)
    assert all(each.ours and each.ours != each.answered for each in told)
    off = actions.look(wish(rule=CHAT, step="off", values={}), deed=deed(two[0]))
    assert {each.ours for each in rehearsing.otherwise(off)} >= {"allow"}


def test_the_refusal_names_the_law_and_a_way_out(two: Two) -> None:
    said = str(refused(two[0], values={MOST: 4}))
    assert "3" in said and ("更严" in said or "stricter" in said)


def test_a_fixed_value_of_a_binding_rule_stays(two: Two) -> None:
    said = refused(
        two[0], rule="CN-CLS-01", values={"transition_ends_on": "2027-12-31"}
    )
    assert (said.code, said.params["field"]) == ("loosened", "transition_ends_on")


def test_a_rule_that_binds_is_not_switched_off(two: Two) -> None:
    said = refused(two[0], step="off", values={})
    assert (said.code, said.params["field"]) == ("switched_off", "step")


def test_an_unverified_rule_switched_off_is_not_asked(two: Two) -> None:
    asked = {
        each.rule
        for each in GateBook(rulebooks.lawbook()).checks(TOMORROW, "cn", "bank")
    }
    assert CHAT in asked
    agreed(*two, rule=CHAT, step="off", values={})
    book = rulebooks.lawbook()
    assert book.on(CHAT, TODAY) is not None
    assert book.on(CHAT, TOMORROW) is None
    asked = {each.rule for each in GateBook(book).checks(TOMORROW, "cn", "bank")}
    assert CHAT not in asked
    assert CHAT in {each.rule for each in GateBook(book).checks(TODAY, "cn", "bank")}


@pytest.mark.parametrize(
    ("other", "code", "field"),
    [
        ({"begins_on": None}, "begins_missing", "begins_on"),
        ({"begins_on": TODAY}, "begins_past", "begins_on"),
        ({"begins_on": TODAY - timedelta(days=1)}, "begins_past", "begins_on"),
        ({"ends_on": TOMORROW}, "ends_early", "ends_on"),
        ({"ends_on": date.min}, "ends_early", "ends_on"),
        ({"step": "maybe"}, "step_unknown", "step"),
        ({"values": {}}, "same_as_law", "step"),
        ({"values": {MOST: 3}}, "same_as_law", "step"),
        ({"values": {"other": 3}}, "value_unknown", "other"),
        ({"values": {MOST: "two"}}, "value_unreadable", MOST),
        ({"values": {MOST: -1}}, "value_unreadable", MOST),
        ({"values": {MOST: True}}, "value_unreadable", MOST),
        ({"values": {MOST: 10**9}}, "value_unreadable", MOST),
        ({"values": {MOST: {"a": 1}}}, "value_unreadable", MOST),
        ({"values": {MOST: "\ud800"}}, "value_unreadable", MOST),
        ({"step": "law", "values": {}}, "nothing_changes", "step"),
        ({"source": " "}, "source_missing", "source"),
        ({"reason": " "}, "reason_missing", "reason"),
    ],
)
def test_a_wish_that_may_not_be_says_which_field(
    two: Two, other: dict[str, object], code: str, field: str
) -> None:
    said = refused(two[0], **other)
    assert (said.code, said.params.get("field")) == (code, field)


def test_a_rule_nobody_wrote_is_not_there(two: Two) -> None:
    with pytest.raises(NotFound):
        propose(two[0], rule="CN-NO-99")


def test_a_day_on_which_the_rule_does_not_hold_is_refused(two: Two) -> None:
    rule = next(
        rule
        for rule in law.known().rules.values()
        if rule.versions[0].begins_on > LATER
    )
    said = refused(two[0], rule=rule.id, begins_on=LATER, step="off", values={})
    assert said.code == "rule_not_in_force"


def test_a_change_ends_where_the_next_begins(two: Two) -> None:
    agreed(*two, values={MOST: 2})
    agreed(*two, begins_on=LATER, values={MOST: 1})
    assert most_calls(LATER - timedelta(days=1)) == 2
    assert most_calls(LATER) == 1


def test_days_that_overlap_another_change_or_leave_a_gap_are_refused(two: Two) -> None:
    agreed(*two, begins_on=LATER, values={MOST: 1})
    for ends_on, code in (
        (LATER + timedelta(days=1), "overlap"),
        (LATER - timedelta(days=1), "gap"),
    ):
        with pytest.raises(Refused) as said:
            propose(two[0], ends_on=ends_on)
        assert (said.value.code, said.value.params["field"]) == (code, "ends_on")
    agreed(*two, ends_on=LATER)
    assert most_calls(TOMORROW) == 2 and most_calls(LATER) == 1


def test_a_change_with_an_end_leaves_the_rule_as_it_was(two: Two) -> None:
    agreed(*two, ends_on=LATER)
    assert most_calls(LATER - timedelta(days=1)) == 2
    assert most_calls(LATER) == 3


def test_going_back_is_another_proposal_and_both_stay_on_record(two: Two) -> None:
    agreed(*two)
    agreed(*two, step="law", values={}, begins_on=LATER)
    assert most_calls(LATER - timedelta(days=1)) == 2
    assert most_calls(LATER) == 3
    assert [each.step for each in queries.newest_first(limit=9)] == ["law", "values"]


def test_of_two_changes_planned_for_one_day_the_newer_counts(two: Two) -> None:
    agreed(*two, begins_on=LATER, values={MOST: 1})
    made = actions.look(wish(begins_on=LATER, values={MOST: 2}), deed=deed(two[0]))
    assert made.takes is not None
    agreed(*two, begins_on=LATER, values={MOST: 2})
    assert most_calls(LATER) == 2
    assert PolicyChange.objects.count() == 2


def test_an_approval_after_the_first_day_came_is_refused(two: Two) -> None:
    made = propose(two[0])
    late = replace(
        deed(two[1], reason=""),
        business_date=TOMORROW,
        at=AT + timedelta(days=1),
    )
    with pytest.raises(Refused) as said:
        approvals.decide(proposal_id=made.id, verdict="approve", deed=late)
    assert said.value.code == "begins_past"
    assert PolicyChange.objects.count() == 0
    assert approvals.find(made.id, person=two[0], at=AT).undecided


def test_what_was_built_on_another_change_is_overtaken(two: Two) -> None:
    waits = propose(two[0], begins_on=LATER, values={MOST: 1})
    book = queries.base()
    found = queries.lines(rule=CALLS)
    assert drafting.draft(wish(), day=TODAY, book=book, found=found)
    _sneak_in(two)
    with pytest.raises(Refused) as said:
        approvals.decide(
            proposal_id=waits.id, verdict="approve", deed=deed(two[1], reason="")
        )
    assert said.value.code == "proposal_overtaken"
    assert most_calls(LATER) == 2


def _sneak_in(two: Two) -> None:
    """A change of the same rule that was agreed meanwhile, as another desk would."""
    gone = agreed(*two, rule=CHAT, step="off", values={})
    with connection.cursor() as cursor:
        cursor.execute("alter table rulebooks_change disable trigger all")
        cursor.execute(
            "update rulebooks_change set rule = %s, step = 'values',"
            " values = '{\"most_connected_a_day\": 2}' where proposal_id = %s",
            [CALLS, gone.id],
        )
        cursor.execute("alter table rulebooks_change enable trigger all")


def test_who_agreed_and_what_changed_is_in_the_log(two: Two) -> None:
    made = agreed(*two)
    told = audit.latest(type="rule.changed")
    assert [(each.subject_id, each.by, each.reason) for each in told] == [
        (CALLS, "cora", "fewer complaints")
    ]
    assert told[0].before == {MOST: 3} and told[0].after == {MOST: 2}
    assert told[0].payload["proposal"] == made.id


def test_a_stricter_law_of_a_new_rule_book_beats_an_old_change(two: Two) -> None:
    """The lender chose 2; a new version of the standard says 1 from a later day."""
    book = law.known()
    rule = book.rules[CALLS]
    last = rule.versions[-1]
    stricter = replace(
        last, begins_on=LATER, ends_on=None, values={**last.values, MOST: 1}
    )
    newer = replace(
        rule, versions=(*rule.versions[:-1], replace(last, ends_on=LATER), stricter)
    )
    agreed(*two)
    book = replace(book, rules={**book.rules, CALLS: newer})
    changes = queries.changes_of(queries.lines(), book)
    from daihou.packs import law_policy

    joined = law_policy.with_changes(book, changes)
    assert joined.on(CALLS, TOMORROW).values[MOST] == 2  # type: ignore[union-attr]
    assert joined.on(CALLS, LATER).values[MOST] == 1  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rule", "name", "given", "kept"),
    [
        ("CN-PRV-01", "provision_share", "0.0300", Decimal("0.03")),
        ("CN-COL-01", "opens_at", "09:00", "09:00"),
    ],
)
def test_values_keep_their_units(
    two: Two, rule: str, name: str, given: str, kept: object
) -> None:
    agreed(*two, rule=rule, values={name: given})
    found = rulebooks.lawbook().on(rule, TOMORROW)
    assert found is not None and found.values[name] == kept
