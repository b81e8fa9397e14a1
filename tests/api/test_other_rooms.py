"""Intake, day-end, events and reckoning by programs."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from daihou.rooms.audit import door as audit
from daihou.rooms.dayend.models import Request, Run
from daihou.rooms.gateway.actions import feed
from daihou.rooms.intake.models import Batch
from daihou.rooms.ledger.models import Customer
from daihou.rooms.people import door as people
from daihou.rooms.people.models import RoleGrant
from tests.api.calls import AT, Api, api_of, refused
from tests.api.conftest import World
from tests.rooms.cast import TODAY

CUSTOMERS = [
    {"customer_id": "K1", "kind": "person", "name": "王小明", "id_type": "passport"},
    {"customer_id": "K2", "kind": "organisation", "name": "甲公司"},
]
LOAN = {
    "loan": "L-1",
    "product": "consumer_loan",
    "terms": {
        "principal": "12000.00",
        "annual_rate": "0.12",
        "method": "equal_instalment",
        "periods": 12,
        "disbursed_on": "2026-01-10",
        "first_due_on": "2026-02-10",
    },
    "events": [
        {"kind": "payment", "id": 1, "happened_on": "2026-02-10", "amount": "1066.19"}
    ],
    "as_of": "2026-03-20",
}


@pytest.fixture
def chief(world: World) -> Api:
    """A program of an administrator's, who takes in files and reads the log."""
    people.create_user(
        username="ada",
        password="correct-horse-9",
        role="admin",
        by="test",
        at=AT,
    )
    return api_of("ada")


def test_rows_are_taken_in_once(chief: Api) -> None:
    body = {"source": "core2", "tables": {"customers": CUSTOMERS}}
    tried = chief.post("/intakes:rows", body, dry_run="true").json()
    assert tried["tables"]["customers"]["added"] == 2 and tried["id"] is None
    assert not Batch.objects.exists()
    told = chief.post("/intakes:rows", body).json()
    assert told["state"] == "applied" and told["tables"] == tried["tables"]
    assert Customer.objects.filter(source="core2").count() == 2
    again = chief.post("/intakes:rows", body).json()
    assert again["state"] == "known" and again["id"] is None
    read = chief.get(f"/intakes/{told['id']}").json()
    assert read["files"][0]["table"] == "customers" and read["by"] == "ada"
    assert [each["id"] for each in chief.get("/intakes").json()["items"]] == [
        told["id"]
    ]


def test_bad_rows_are_told_and_masked(chief: Api) -> None:
    wrong = {"customer_id": "K3", "kind": "person", "name": "张三", "birth_on": "1999"}
    body = {"source": "core2", "tables": {"customers": [*CUSTOMERS, wrong]}}
    told = chief.post("/intakes:rows", body).json()
    assert told["state"] == "refused" and told["codes"]
    found = next(each for each in told["findings"] if each["column"] == "birth_on")
    assert found["line"] and found["problem"] and "1999" not in found["value"]
    assert not Customer.objects.filter(source="core2").exists()
    good = chief.post("/intakes:rows", body | {"accept_good": True}).json()
    assert good["refused"] == {"customers": 1}
    assert Customer.objects.filter(source="core2").count() == 2


def test_files_are_taken_in(chief: Api) -> None:
    text = "customer_id,kind,name\nK9,person,李四\n".encode()

    def send(key: str, **wish: object) -> object:
        return chief.client.post(
            "/api/v1/intakes",
            {"files": SimpleUploadedFile("customers.csv", text), "source": "core3"}
            | wish,
            headers=chief.headers | {"idempotency-key": key},
        )

    told = send("f-1").json()
    assert told["state"] == "applied" and told["tables"]["customers"]["added"] == 1
    # Another boundary, the same fields and files: the same request.
    again = send("f-1")
    assert again.json() == told and again.headers["Idempotent-Replayed"] == "true"
    refused(send("f-1", source="core4"), 409, "idempotency_key_reused")
    problem = refused(send("f-2", mapping="../../etc/passwd"), 422, "invalid")
    assert problem["errors"][0]["field"] == "mapping"


def test_a_file_that_is_none_of_ours_is_refused(chief: Api) -> None:
    response = chief.client.post(
        "/api/v1/intakes",
        {"files": SimpleUploadedFile("run.exe", b"MZ"), "source": "core3"},
        headers=chief.headers | {"idempotency-key": "x"},
    )
    assert refused(response, 422, "invalid")["errors"][0]["field"] == "files"


def test_who_may_not_take_in_does_not(world: World, arun: Api) -> None:
    body = {"source": "core2", "tables": {"customers": CUSTOMERS}}
    refused(arun.post("/intakes:rows", body), 403, "not_allowed")
    refused(api_of("bola").get("/intakes"), 404, "intake_unknown")
    RoleGrant.objects.filter(code="collector").update(
        permissions=["view_loans", "run_intake", "use_api"]
    )
    refused(api_of("bola").post("/intakes:rows", body), 404, "intake_unknown")


def test_tables_that_are_not_in_the_contract_are_refused(chief: Api) -> None:
    body = {"source": "core2", "tables": {"passwords": [{"a": "b"}]}}
    told = refused(chief.post("/intakes:rows", body), 422, "invalid")
    assert told["errors"][0]["code"] == "unknown_table"


def test_the_business_date_and_the_instant_are_two(world: World, arun: Api) -> None:
    told = arun.get("/business-date").json()
    assert (told["on"], told["closed_on"]) == ("2026-03-20", "2026-03-19")
    assert "T" in told["at"] and not told["at"].startswith("2026-03-20")


def test_a_day_end_is_asked_for(world: World, arun: Api) -> None:
    tried = arun.post("/day-end-requests", {"kind": "next"}, dry_run="true").json()
    assert tried["dry_run"] and not Request.objects.exists()
    told = arun.post("/day-end-requests", {"kind": "next"}).json()["request"]
    assert (told["as_of"], told["state"]) == ("2026-03-20", "waiting")
    assert arun.get(f"/day-end-requests/{told['id']}").json() == told
    other = arun.post("/day-end-requests", {"kind": "plan"})
    refused(other, 422, "request_waiting")
    mei = api_of("mei").post("/day-end-requests", {"kind": "next"})
    refused(mei, 403, "not_allowed")
    listed = arun.get("/day-end-requests").json()["items"]
    assert [each["id"] for each in listed] == [told["id"]]
    refused(arun.get("/day-end-requests/99999"), 404, "request_unknown")


def test_day_ends_are_read(world: World, arun: Api) -> None:
    run = Run.objects.create(
        as_of=date(2026, 3, 19), kind="first", state="done", current=True,
        started_at=AT, finished_at=AT, fingerprint="ab", by="night", loans=2,
    )  # fmt: skip
    told = arun.get("/day-ends").json()["items"]
    assert [(each["as_of"], each["loans"]) for each in told] == [("2026-03-19", 2)]
    assert arun.get(f"/day-ends/{run.pk}").json() == told[0]
    refused(arun.get("/day-ends/99999"), 404, "run_unknown")


def post(api: Api, number: str) -> None:
    body = {
        "source": "bank",
        "number": number,
        "loan": "ext:N1",
        "paid_on": TODAY.isoformat(),
        "amount": "1.00",
        "currency": "CNY",
    }
    assert api.post("/payments", body).status_code == 200


def test_events_are_read_from_one_on(world: World, arun: Api, chief: Api) -> None:
    for number in ("A", "B", "C"):
        post(arun, number)
    page = chief.get("/events", type="payment.", limit=2).json()
    assert [each["data"]["external_id"] for each in page["items"]] == ["A", "B"]
    assert page["has_more"] and page["items"][0]["subject"]["type"] == "loan"
    rest = chief.get("/events", type="payment.", cursor=page["next_cursor"]).json()
    assert [each["data"]["external_id"] for each in rest["items"]] == ["C"]
    last = rest["items"][0]["id"].removeprefix("evt_")
    nothing = chief.get("/events", after=last, type="payment.").json()
    assert nothing == {"items": [], "has_more": False, "next_cursor": None}
    post(arun, "D")
    newer = chief.get("/events", type="payment.", cursor=rest["next_cursor"]).json()
    assert [each["data"]["external_id"] for each in newer["items"]] == ["D"]


def test_events_are_for_who_reads_the_log(world: World, arun: Api) -> None:
    refused(api_of("mei").get("/events"), 403, "not_allowed")


def test_who_sees_a_branch_reads_its_events_alone(world: World, arun: Api) -> None:
    post(arun, "A")
    RoleGrant.objects.filter(code="collector").update(
        permissions=["view_loans", "view_audit", "use_api"]
    )
    mine = api_of("mei").get("/events").json()["items"]
    assert [each["subject"]["id"] for each in mine] == [str(world.north.pk)]
    assert api_of("bola").get("/events").json()["items"] == []


def test_events_hide_personal_data(world: World, chief: Api) -> None:
    audit.record(
        type="customer.corrected",
        subject_type="customer",
        subject_id="1",
        by="ada",
        at=AT,
        business_date=TODAY,
        before={
            "name": "王小明",
            "phone": "13800000007",
            "address": "北京市海淀区一号",
        },
        after={"id_no": "990000198001010023", "note": "call 13800000007", "rate": 3},
    )
    told = chief.get("/events", type="customer.corrected").json()["items"][0]
    assert told["before"]["name"] == "王**"
    assert told["before"]["phone"] == "138****0007"
    assert told["after"]["id_no"] == "990000********0023"
    assert told["after"] == told["after"] | {"note": "call 138****0007", "rate": 3}


def test_a_plan_and_a_standing_are_reckoned(world: World, arun: Api) -> None:
    plan = arun.post("/calc/schedule", LOAN).json()
    assert len(plan["rows"]) == 12 and plan["currency"] == "CNY"
    assert sum(float(row["principal"]) for row in plan["rows"]) == 12000
    told = arun.post("/calc/settle", LOAN).json()
    assert told["dpd"] == 10 and told["bucket"] == "M1"
    payoff = arun.post("/calc/payoff", LOAN).json()
    assert payoff["total"] == told["payoff"]
    wrong = arun.post("/calc/settle", LOAN | {"surprise": 1})
    assert wrong.status_code == 422 and "surprise" in wrong.json()["detail"]


def test_reckoning_needs_no_key_and_is_not_endless(world: World, arun: Api) -> None:
    response = arun.client.post(
        "/api/v1/calc/settle",
        json.dumps(LOAN | {"loan": "x" * 300_000}),
        content_type="application/json",
        headers=arun.headers,
    )
    refused(response, 413, "loan_too_large")


INSERT = (
    "insert into audit_event (type, subject_type, subject_id, actor, recorded_at,"
    " reason, request_id, payload) values ('t.t', 's', %s, 'x', now(), '', '', '{}')"
    " returning id"
)


@pytest.mark.django_db(transaction=True)
def test_an_event_under_way_holds_back_those_after_it() -> None:
    """Two write side by side: the later number is not told before the earlier one."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute(INSERT, ["1"])
            (early,) = cursor.fetchone()
        with connection.cursor() as cursor:
            cursor.execute(INSERT, ["2"])
            (late,) = cursor.fetchone()
        assert early < late
        assert feed.settled() < early
        # What is written meanwhile does not hold it up for ever.
        with connection.cursor() as cursor:
            cursor.execute(INSERT, ["3"])
        assert feed.settled() < early
        with other.cursor() as cursor:
            cursor.execute("commit")
    finally:
        other.close()
    assert feed.settled() >= late
