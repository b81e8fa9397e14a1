"""The desk among others: whose hands, what waits, what is passed over and forgotten."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from daihou.kit.refusal import Refused
from daihou.rooms.audit.models import Event
from daihou.rooms.casework import door
from daihou.rooms.casework.actions import assigning
from daihou.rooms.casework.actions import desk as acting
from daihou.rooms.casework.models import (
    Assignment,
    CaseLoan,
    Draft,
    Presence,
    Result,
    Skip,
)
from daihou.rooms.casework.queries import bulletin, floor, money
from daihou.rooms.casework.states import CloseCode
from daihou.rooms.contact.models import Decision, Twin
from daihou.rooms.contact.queries import persons
from daihou.rooms.ledger import door as ledger
from daihou.rooms.ledger.actions import standing
from daihou.rooms.ledger.models import Loan, Position
from daihou.rooms.ledger.queries.retention_rows import rows_of
from daihou.rooms.people import door as people
from tests.rooms import desking
from tests.rooms.cast import AT, TODAY, Cast, make_loan, pay
from tests.rooms.desking import SECOND, called, desk_of, give, outcome
from tests.rooms.promising import NOON, Worked, deed, late_case, promised
from tests.rooms.test_pages import signed_in


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Noon of the open day; called with another instant, that one from then on."""
    return desking.clock_at_noon(monkeypatch)


@pytest.fixture
def worked(cast: Cast, now: Any) -> Worked:
    """One late case that is Mei's."""
    return desking.a_case()


def test_who_asks_anew_has_what_they_saved_written_first(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{number}/save/", given)
    client.post(f"/desk/{number}/ask/", {"channel": "call"})
    assert Result.objects.get().code == "NEGO"
    draft = Draft.objects.get()
    assert draft.due_at is None and Decision.objects.count() == 2


def test_what_was_saved_is_not_replaced_by_another_result(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{number}/save/", given)
    again = client.post(f"/desk/{number}/save/", given)
    assert again.status_code == 200  # the same twice is the same
    other = client.post(f"/desk/{number}/save/", given | {"code": "REFUSE"})
    assert other.status_code == 422
    assert "saved already" in other.context["page"].case.out.problem
    acting.keep_due(at=NOON + 10 * SECOND)
    assert Result.objects.get().code == "NEGO"


def test_the_gate_is_not_asked_for_a_case_in_other_hands(worked: Worked) -> None:
    case, client = worked.case, signed_in("mei")
    door.take(case.pk, deed=deed(worked.boss))
    page = client.post(f"/desk/{case.number}/ask/", {"channel": "call"}).context["page"]
    assert "su" in page.notes[0].text and not Decision.objects.exists()
    client.post(f"/desk/{case.number}/over/")
    assert called(client, worked)


def test_the_gate_is_not_asked_for_a_closed_case(worked: Worked) -> None:
    case, client = worked.case, signed_in("mei")
    by = deed(worked.boss)
    door.close_case(case.pk, code=CloseCode.DUPLICATE, reason="twice", deed=by)
    client.post(f"/desk/{case.number}/ask/", {"channel": "call"})
    assert not Decision.objects.exists()


def test_a_contact_is_about_a_loan_of_the_case(worked: Worked) -> None:
    other = make_loan("L9")
    Loan.objects.filter(pk=other.pk).update(customer=worked.loan.customer)
    late_case("L8", boss=worked.boss)
    other.refresh_from_db()
    standing.settle_at_once(other, business_date=TODAY)
    Position.objects.filter(loan=worked.loan).update(dpd=1, overdue_total=1)
    called(signed_in("mei"), worked)
    assert Decision.objects.get().loan_id == worked.loan.pk


def test_a_draft_nobody_can_read_keeps_no_other_waiting(worked: Worked) -> None:
    client = signed_in("mei")
    other = late_case("L2", boss=worked.boss)
    give(other, "mei")
    given = outcome(other, called(client, other), "NEGO")
    client.post(f"/desk/{other.case.number}/save/", given)
    kept = {"content": "", "kept_at": NOON, "due_at": NOON}
    Draft.objects.create(case=worked.case, by="mei", **kept)
    broken = {**kept, "content": '{"outcome": {"code": 5}}', "by": "su"}
    Draft.objects.create(case=worked.case, **broken)
    lost = acting.keep_due(at=NOON + 10 * SECOND)
    assert [each.number for each in lost] == [worked.case.number] * 2
    assert Result.objects.get().case_id == other.case.pk
    assert not Draft.objects.filter(problem="").exists()
    assert not acting.keep_due(at=NOON + 11 * SECOND)


def test_who_goes_on_writes_at_that_moment_not_after(worked: Worked) -> None:
    client = signed_in("mei")
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{worked.case.number}/save/", given)
    client.post("/desk/take/")
    assert Result.objects.get().at == NOON


def test_who_goes_on_has_everything_written_whatever_a_clock_said(
    worked: Worked,
) -> None:
    """Saved by a server whose clock is ahead, it must not come back again and again."""
    client = signed_in("mei")
    other = late_case("L2", boss=worked.boss)
    give(other, "mei")
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{worked.case.number}/save/", given)
    Draft.objects.filter(case=worked.case).update(due_at=NOON + timedelta(hours=2))
    page = client.post("/desk/take/").context["page"]
    assert Result.objects.get().case_id == worked.case.pk
    assert not Draft.objects.exists() and page.case.number == other.case.number


def test_a_case_whose_result_waits_is_not_handed_out_again(worked: Worked) -> None:
    client = signed_in("mei")
    given = outcome(worked, called(client, worked), "NEGO")
    client.post(f"/desk/{worked.case.number}/save/", given)
    assert door.take_next(deed=deed(people.person("mei", at=NOON))) is None


def test_one_passed_over_leaves_the_list_of_that_person_today(
    worked: Worked, now: Any
) -> None:
    client, number = signed_in("mei"), worked.case.number
    assert desk_of(client).case.number == number
    client.post(f"/desk/{number}/pass/", {"reason": "she asked for tomorrow"})
    assert desk_of(client).case is None
    skipped = Skip.objects.get()
    assert (skipped.by, skipped.case_id) == ("mei", worked.case.pk)
    assert desk_of(client, f"?case={number}").case.number == number


def test_who_went_away_is_forgotten(worked: Worked) -> None:
    client, number = signed_in("mei"), worked.case.number
    client.post(f"/desk/{number}/pulse/", {"since": NOON.isoformat(), "version": "1"})
    scope = worked.boss.scope
    start = timezone.localtime(NOON).replace(hour=0, minute=0)
    for minutes, here in ((0, True), (5, False)):
        at = NOON + timedelta(minutes=minutes)
        rows = floor.people(scope=scope, today=TODAY, midnight=start, at=at)
        assert [row.present for row in rows if row.login == "mei"] == [here]
    acting.keep_all_due(at=NOON + timedelta(minutes=59))
    assert Presence.objects.exists()
    acting.keep_all_due(at=NOON + timedelta(minutes=61))
    assert not Presence.objects.exists()


@pytest.mark.parametrize("digits", ["9" * 5_000, "٣", "9" * 19])
def test_numbers_nobody_has_are_no_error(worked: Worked, digits: str) -> None:
    mei, boss = signed_in("mei"), signed_in("su")
    called(mei, worked)
    given = outcome(worked, 0, "") | {"decision": digits}
    number = worked.case.number
    assert mei.post(f"/desk/{number}/save/", given).status_code == 422
    assert mei.post(f"/desk/{number}/save/", given | {"decision": "abc"})
    assert boss.post("/cases/bulk/", {"case": digits}).status_code < 500
    assert boss.post("/floor/move/", {"ids": digits, "target": "su"}).status_code < 500
    for page in ("/markers/", "/persons/"):
        sent = {"show": "decided", "before": digits}
        assert boss.get(page, sent).status_code == 200


def test_reasons_in_the_log_and_with_a_case_show_no_number(worked: Worked) -> None:
    by, case = deed(worked.boss), worked.case
    said = "she asks for su, call 13800010001"
    assigning.assign([case.pk], collector="su", reason=said, key="k", deed=by)
    given = Assignment.objects.order_by("-pk")[0].reason
    assert "she asks" in given and "13800010001" not in given
    door.close_case(case.pk, code=CloseCode.DUPLICATE, reason=said, deed=by)
    told = Event.objects.get(type="case.closed").reason
    assert "she asks" in told and "13800010001" not in told


def test_reasons_of_hands_and_drafts_go_by_the_schedule(worked: Worked) -> None:
    by, case = deed(worked.boss), worked.case
    assigning.assign([case.pk], collector="su", reason="she asks", key="k", deed=by)
    typed = {"code": "NEGO", "note": "paid on the 5th"}
    signed_in("mei").post(f"/desk/{case.number}/draft/", typed)
    due = {}
    for table, rows in rows_of("contact_history", "record"):
        if table not in ("casework_assignment", "casework_draft"):
            continue
        ended = (
            "with ended as (select %s::bigint as customer_id, %s::date as closed_on)"
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"{ended} select h.id from {rows}",
                [case.customer_id, date(2020, 1, 1), TODAY],
            )
            due[table] = [row[0] for row in cursor.fetchall()]
    assert due == {
        "casework_assignment": [Assignment.objects.get(reason="she asks").pk],
        "casework_draft": [Draft.objects.get().pk],
    }


def test_money_of_a_loan_that_changed_cases_counts_once(worked: Worked) -> None:
    other = late_case("L2", boss=worked.boss)
    pay(worked.loan, "P-1", amount=50_000)
    inside = CaseLoan.objects.filter(loan_id=worked.loan.pk)
    inside.update(since=TODAY - timedelta(days=3), until=TODAY)
    row = inside.get()
    CaseLoan.objects.create(
        case=other.case,
        loan_id=row.loan_id,
        since=TODAY,
        joined_at=NOON,
        outstanding=row.outstanding,
    )
    asked = {"scope": worked.boss.scope, "since": TODAY, "until": TODAY}
    assert bulletin.flow(**asked, currency="CNY").paid == 50_000
    assert bulletin.flow(**asked, currency="USD").paid == 0


def test_a_closed_case_still_shows_its_money_the_newest_first(worked: Worked) -> None:
    for place, amount in enumerate((1_000, 2_000, 3_000)):
        at = NOON + place * SECOND
        pay(worked.loan, f"P-{place}", amount=amount, at=at)
    case, by = worked.case, deed(worked.boss)
    door.close_case(case.pk, code=CloseCode.DUPLICATE, reason="twice", deed=by)
    scope = worked.boss.scope
    newest = money.payments_of(case.pk, scope=scope, most=2)
    assert [each.amount for each in newest] == [3_000, 2_000]
    page = signed_in("su").get(f"/cases/{case.number}/").context["page"]
    assert [each.kind for each in page.stream].count("payment") == 3


def test_pairs_of_others_do_not_hide_those_of_a_branch(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persons, "SHOWN", 1)
    pairs = []
    for place in range(12):
        branch = "south" if place < 11 else "north"
        one = make_loan(f"A{place}", branch=branch).customer_id
        two = make_loan(f"B{place}", branch=branch).customer_id
        pairs.append(Twin(first_id=one, second_id=two, reason="id_no", found_at=AT))
    Twin.objects.bulk_create(pairs)
    assert len(persons.twins(scope=cast.mei.scope)) == 1
    assert persons.twins(scope=cast.mei.scope)[0].first_id == pairs[-1].first_id


def test_a_promise_is_not_taken_while_somebody_has_the_case(worked: Worked) -> None:
    door.take(worked.case.pk, deed=deed(worked.boss))
    with pytest.raises(Refused) as told:
        promised(_mei(), worked, (3, 100))
    assert told.value.code == "case_taken"


def _mei() -> Any:
    return people.person("mei", at=NOON)


def test_the_list_is_read_anew_by_itself(worked: Worked) -> None:
    """What was given meanwhile stands in it; the case that is open stays marked."""
    client, number = signed_in("mei", language="en"), worked.case.number
    text = client.get("/desk/").content.decode()
    assert 'data-list="/desk/list/"' in text
    other = late_case("L2", boss=worked.boss)
    give(other, "mei")
    answer = client.get(f"/desk/list/?case={number}")
    page = answer.context["page"]
    rows = [item for group in page.list.groups for item in group.items]
    assert {(item.number, item.current) for item in rows} == {
        (number, True),
        (other.case.number, False),
    }
    text = answer.content.decode()
    assert text.lstrip().startswith("<aside") and "<html" not in text
    assert signed_in("sam").get("/desk/list/").status_code == 403
    assert 'hx-trigger="every 60s"' in client.get("/desk/day/").content.decode()


def test_beside_money_and_promises_stands_what_was_overdue_then(
    worked: Worked,
) -> None:
    """After part of it was paid, less; a promise has what was overdue when it was made."""
    client, case = signed_in("mei"), worked.case
    before = case.overdue_total
    given = outcome(worked, called(client, worked), "PTP")
    given |= {"amount": f"{before / 100:.2f}", "due_on": str(TODAY + timedelta(days=2))}
    client.post(f"/desk/{case.number}/save/", given)
    acting.keep_due(at=NOON + 10 * SECOND)
    pay(worked.loan, "P-then", amount=50_000, paid_on=TODAY)
    page = client.get(f"/cases/{case.number}/").context["page"]
    (paid,) = [each for each in page.stream if each.kind == "payment"]
    (said,) = [each for each in page.stream if each.kind == "promise"]
    assert said.balance == before
    assert paid.balance is not None and before - 50_000 <= paid.balance < before
    later = ledger.reading.owed_then(
        [worked.loan.pk],
        days=[TODAY, worked.loan.disbursed_on, date(2020, 1, 1)],
        currency="CNY",
        scope=worked.boss.scope,
    )
    assert later == {
        TODAY: paid.balance,
        worked.loan.disbursed_on: 0,
        date(2020, 1, 1): 0,
    }
    assert not ledger.reading.owed_then(
        [], days=[TODAY], currency="CNY", scope=worked.boss.scope
    )
