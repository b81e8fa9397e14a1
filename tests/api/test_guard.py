"""Around every operation: tokens, scopes, keys, dry runs, limits, languages."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from daihou.config import clock
from daihou.kit import secret
from daihou.rooms.audit import door as audit
from daihou.rooms.gateway import door as gateway
from daihou.rooms.gateway.models import Reply, Token
from daihou.rooms.ledger.models import Payment
from daihou.rooms.people import door as people
from tests.api.calls import Api, api_of, refused, token
from tests.api.conftest import World
from tests.rooms.cast import TODAY


def payment(**wish: object) -> dict[str, object]:
    return {
        "source": "bank",
        "number": "P1",
        "loan": "ext:N1",
        "paid_on": TODAY.isoformat(),
        "amount": "100.00",
        "currency": "CNY",
    } | wish


def test_a_token_says_who_it_is(arun: Api) -> None:
    told = arun.get("/me").json()
    assert told["login"] == "arun" and "payments:write" in told["scopes"]
    assert told["business_date"] == TODAY.isoformat()


@pytest.mark.parametrize(
    "header", ["", "Basic YXJ1bjp4", "Bearer", "Bearer nonsense", "Bearer dh_x_y"]
)
def test_without_a_token_nothing_is_answered(world: World, header: str) -> None:
    headers = {"authorization": header, "accept-language": "en"}
    response = Client().get("/api/v1/loans", headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] in {"token_missing", "token_invalid"}


def test_a_session_is_no_token(world: World) -> None:
    from daihou.rooms.people.models import User

    client = Client()
    client.force_login(User.objects.get(username="arun"))
    assert client.get("/api/v1/loans").status_code == 401


def test_a_secret_with_one_letter_wrong_is_no_token(world: World) -> None:
    right = token("arun")
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    refused(Api(wrong).get("/me"), 401, "token_invalid")
    assert Api(right).get("/me").status_code == 200


def test_the_secret_is_kept_nowhere(world: World) -> None:
    made = token("arun")
    row = Token.objects.get()
    kept = json.dumps([str(value) for value in vars(row).values()])
    assert made.rpartition("_")[2] not in kept and made not in kept


def test_a_token_ends_by_its_date_by_revoking_and_with_its_person(
    world: World,
) -> None:
    with clock.standing_at(clock.now() - timedelta(days=3)):
        old = token("arun", days=2)
    refused(Api(old).get("/me"), 401, "token_ended")
    made = token("arun")
    line = gateway.tokens(username="arun")[0]
    gateway.revoke_token(public_id=line.public_id, by=world.cast.arun, at=clock.now())
    refused(Api(made).get("/me"), 401, "token_ended")
    last = token("arun")
    people.change_user(
        username="arun", active=False, by=people.process("test"), at=clock.now()
    )
    refused(Api(last).get("/me"), 401, "token_ended")


def test_a_scope_that_is_missing_is_named(world: World) -> None:
    api = api_of("arun", scopes=(gateway.ApiScope.LOANS_READ,))
    assert api.get("/loans").status_code == 200
    told = refused(api.post("/payments", payment()), 403, "scope_missing")
    assert "payments:write" in told["detail"]
    assert not Payment.objects.exists()


def test_a_scope_gives_no_more_than_the_person_may(world: World) -> None:
    refused(api_of("mei").post("/payments", payment()), 403, "not_allowed")
    refused(api_of("sam").post("/payments", payment()), 403, "not_allowed")


def test_a_post_without_a_key_is_refused(arun: Api) -> None:
    response = arun.client.post(
        "/api/v1/payments",
        json.dumps(payment()),
        content_type="application/json",
        headers=arun.headers,
    )
    refused(response, 400, "idempotency_key_missing")


def test_the_same_key_does_it_once_and_answers_the_same(arun: Api) -> None:
    first = arun.post("/payments", payment(), key="k-1")
    again = arun.post("/payments", payment(), key="k-1")
    assert first.status_code == again.status_code == 200
    assert first.json() == again.json() and first.json()["new"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Payment.objects.count() == 1


def test_the_order_of_fields_makes_no_other_request(arun: Api) -> None:
    first = arun.post("/payments", payment(), key="k-1")
    again = arun.post("/payments", dict(reversed(payment().items())), key="k-1")
    assert first.json() == again.json()


@pytest.mark.parametrize(
    ("path", "body", "asked"),
    [
        ("/payments", payment(amount="100.01"), {}),
        ("/payments", payment(), {"dry_run": "true"}),
        ("/payments:batch", {"items": [payment()]}, {}),
    ],
)
def test_the_same_key_for_another_request_is_a_conflict(
    arun: Api, path: str, body: object, asked: dict[str, str]
) -> None:
    arun.post("/payments", payment(), key="k-1")
    refused(arun.post(path, body, key="k-1", **asked), 409, "idempotency_key_reused")
    assert Payment.objects.count() == 1


def test_keys_of_two_tokens_are_two(world: World, arun: Api) -> None:
    arun.post("/payments", payment(), key="k-1")
    other = api_of("arun").post("/payments", payment(number="P2"), key="k-1")
    assert other.status_code == 200 and Payment.objects.count() == 2


def test_what_was_refused_may_be_tried_again_with_its_key(arun: Api) -> None:
    refused(
        arun.post("/payments", payment(loan="ext:none"), key="k-1"), 404, "loan_unknown"
    )
    assert arun.post("/payments", payment(), key="k-1").status_code == 200


def test_a_kept_answer_is_sealed(arun: Api) -> None:
    arun.post("/payments", payment(), key="k-1")
    body = Reply.objects.get().body
    assert secret.is_sealed(body) and "shares" not in body


def test_kept_answers_are_swept_after_two_days(arun: Api) -> None:
    arun.post("/payments", payment(), key="k-1")
    gateway.sweep(at=clock.now() + timedelta(hours=47))
    assert Reply.objects.count() == 1
    gateway.sweep(at=clock.now() + timedelta(hours=49))
    assert not Reply.objects.exists()


def test_a_dry_run_says_what_it_would_do_and_leaves_nothing(arun: Api) -> None:
    events = len(audit.latest())
    told = arun.post("/payments", payment(), key="k-1", dry_run="true").json()
    assert told["dry_run"] and told["new"] and told["id"] is None
    assert sum(float(each) for each in told["shares"].values()) == 100
    assert not Payment.objects.exists() and not Reply.objects.exists()
    assert len(audit.latest()) == events
    # Nothing was done under that key, so the deed itself may have it.
    real = arun.post("/payments", payment(), key="k-1").json()
    assert real["shares"] == told["shares"] and real["after"] == told["after"]


def test_dry_run_is_true_or_false(arun: Api) -> None:
    response = arun.post("/payments", payment(), dry_run="maybe")
    told = refused(response, 422, "invalid")
    assert told["errors"][0]["field"] == "dry_run"
    assert not Payment.objects.exists()


def test_a_token_has_so_many_requests_a_minute(world: World, settings: object) -> None:
    settings.API_PER_MINUTE = 2
    now = clock.now().replace(second=15, microsecond=0)
    with clock.standing_at(now):
        api = api_of("arun")
        left = [api.get("/me").headers["RateLimit-Remaining"] for _ in range(2)]
        assert left == ["1", "0"]
        response = api.get("/me")
        refused(response, 429, "too_many_requests")
        assert response.headers["Retry-After"] == "45"
        assert api_of("arun").get("/me").status_code == 200
    with clock.standing_at(now + timedelta(minutes=1)):
        assert api.get("/me").status_code == 200


def test_problems_speak_the_language_that_is_asked_for(world: World) -> None:
    secret_ = token("arun")
    said = {
        language: Api(secret_, language=language).get("/loans/999").json()
        for language in ("en", "zh-CN", "fr")
    }
    assert said["en"]["title"] == "Not found" and "no loan 999" in said["en"]["detail"]
    assert said["zh-CN"]["code"] == said["en"]["code"] == "loan_unknown"
    assert said["fr"]["detail"] == said["zh-CN"]["detail"] != said["en"]["detail"]


def test_wrong_fields_are_named_one_by_one(arun: Api) -> None:
    body = payment(amount=100, paid_on="2026-02-30", loan="x", surprise=1)
    del body["currency"]
    told = refused(arun.post("/payments", body), 422, "invalid")
    wrong = {each["field"]: each["code"] for each in told["errors"]}
    assert wrong == {
        "amount": "string_type",
        "paid_on": "day",
        "loan": "string_pattern_mismatch",
        "surprise": "extra_forbidden",
        "currency": "missing",
    }
    assert all(each["message"] and each["in"] == "body" for each in told["errors"])


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        ("{", "application/json", 400, "unreadable"),
        ("\xff", "application/json", 400, "unreadable"),
        ("[" * 100_000, "application/json", 400, "unreadable"),
        ("{}", "text/plain", 415, "media_type"),
        ('{"source": "a\\u0000b"}', "application/json", 400, "nul_character"),
        ('"text"', "application/json", 422, "invalid"),
        ("x", "multipart/form-data", 400, "unreadable"),
    ],
)
def test_what_cannot_be_read_is_a_problem_too(
    arun: Api, content: str, kind: str, status: int, code: str
) -> None:
    response = arun.client.post(
        "/api/v1/payments",
        content.encode("latin-1"),
        content_type=kind,
        headers=arun.headers | {"idempotency-key": "k"},
    )
    refused(response, status, code)


def test_no_address_below_the_api_answers_anything_but_json(arun: Api) -> None:
    refused(arun.get("/nowhere"), 404, "not_found")
    response = arun.client.delete("/api/v1/loans", headers=arun.headers)
    refused(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET"


def test_answers_are_not_kept_by_anything_on_the_way(arun: Api) -> None:
    headers = arun.get("/loans").headers
    assert headers["Cache-Control"] == "no-store"
    assert "Authorization" in headers["Vary"]
