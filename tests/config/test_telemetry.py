"""Traces: off by default, sent where the lender says, with nothing personal in them."""

import gzip
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import connection
from django.test import Client
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from daihou.config import complaints, telemetry
from daihou.kit.rounds import Rounds
from daihou.rooms.people.models import User
from tests.rooms.cast import make_cast


@pytest.fixture
def spans():
    """Everything this process traces, sent at once into a list."""
    kept = InMemorySpanExporter()
    begun = telemetry.begin("site", kept, at_once=True)
    connection.close()  # so that the next one is traced
    yield kept
    begun.end()
    connection.close()


class Collector:
    """A collector on this machine: keeps what is posted to it."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.got = []
        got = self.got

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                got.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *said):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    @property
    def address(self):
        """Where it listens."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def end(self):
        """Listen no more."""
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def signed_in(login):
    client = Client()
    client.force_login(User.objects.get(username=login))
    client.cookies["django_language"] = "en"
    return client


def test_nothing_is_traced_unless_the_lender_says_where_to(monkeypatch):
    monkeypatch.delenv(telemetry.ENDPOINT, raising=False)
    telemetry.start("site")
    assert telemetry._begun == []
    with telemetry.span("round x"):
        pass


def test_without_the_packages_it_says_what_to_install(monkeypatch):
    monkeypatch.setenv(telemetry.ENDPOINT, "http://127.0.0.1:4318")
    monkeypatch.setenv("DAIHOU_LANGUAGE", "en")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk", None)
    with pytest.raises(complaints.SetUpError) as refused:
        telemetry.start("site")
    assert "pip install '.[telemetry]'" in str(refused.value)
    assert complaints.line_of(refused.value) == str(refused.value)
    assert telemetry._begun == []


@pytest.mark.django_db(transaction=True)
def test_a_request_is_one_span_with_its_statements_below(spans):
    make_cast()
    client = signed_in("arun")
    spans.clear()
    answer = client.get("/notices/")
    assert answer.status_code == 200
    found = spans.get_finished_spans()
    (page,) = [each for each in found if each.parent is None]
    assert page.name == "GET notices/"
    told = page.attributes["daihou.request_id"]
    assert told == answer.headers["X-Request-ID"]
    statements = [each for each in found if each.attributes.get("db.system")]
    assert statements
    # Other names of the same: what a statement stands under is the page, or below it.
    assert {each.context.trace_id for each in found} == {page.context.trace_id}
    assert all("%s" in each.attributes["db.statement"] for each in statements[:1])


@pytest.mark.django_db(transaction=True)
def test_what_was_searched_for_and_who_asked_from_where_stay_here(spans):
    make_cast()
    client = signed_in("arun")
    spans.clear()
    client.get("/search/?q=13800000007", headers={"user-agent": "Spy/1.0"})
    client.get("/people/login/13800000007/")
    assert spans.get_finished_spans()
    written = "".join(each.to_json() for each in spans.get_finished_spans())
    assert "/search/" in written
    for secret in ("13800000007", "Spy/1.0", "?q="):
        assert secret not in written


def test_numbers_of_people_are_masked_wherever_they_stand():
    given = {
        "http.url": "http://localhost/search/?q=x",
        "http.target": "/a/13800000007",
        "client.address": "203.0.113.7",
        "exception.message": "no customer 990000198001010023",
        "http.status_code": 200,
    }
    assert telemetry.clean_attributes(given) == {
        "http.url": "http://localhost/search/",
        "http.target": "/a/138****0007",
        "exception.message": "no customer 990000********0023",
        "http.status_code": 200,
    }


def test_an_error_is_a_mark_and_its_text_is_masked(spans):
    with pytest.raises(ValueError), telemetry.span("night next"):
        raise ValueError("call 13800000007")
    (span,) = spans.get_finished_spans()
    assert span.status.status_code.name == "ERROR"
    assert "13800000007" not in span.to_json()
    assert "138****0007" in span.status.description


def test_a_round_is_a_span_and_an_idle_look_is_none(spans, monkeypatch):
    from daihou.kit import rounds

    done = []
    monkeypatch.setattr(rounds, "_rounds", {})
    rounds.register("try", every=60.0, do=lambda *, at: done.append(at))
    going = Rounds(
        seconds=lambda: 0.0,
        now=lambda: "now",
        failed=lambda name, error: None,
        around=lambda name: telemetry.span(f"round {name}"),
    )
    going.go()
    assert done == ["now"]
    tracer = telemetry._begun[0].provider.get_tracer("test")
    with tracer.start_as_current_span("SELECT", attributes={"db.system": "postgresql"}):
        pass
    assert [each.name for each in spans.get_finished_spans()] == ["round try"]


def test_a_collector_gets_them_over_http(monkeypatch):
    collector = Collector()
    monkeypatch.setenv(telemetry.ENDPOINT, collector.address + "/")
    monkeypatch.setenv(telemetry.SERVICE, "")
    telemetry.start("worker")
    (begun,) = telemetry._begun
    try:
        with telemetry.span("night next"):
            pass
    finally:
        begun.end()
        collector.end()
    ((path, body),) = collector.got
    assert path == "/v1/traces"
    sent = ExportTraceServiceRequest()
    sent.ParseFromString(body)
    (resource,) = sent.resource_spans
    named = {each.key: each.value.string_value for each in resource.resource.attributes}
    assert named["service.name"] == "daihou-worker"
    names = [each.name for scope in resource.scope_spans for each in scope.spans]
    assert names == ["night next"]
