"""Traces by OpenTelemetry, where the lender names a collector; nothing personal in them.

Off unless DAIHOU_OTLP_ENDPOINT says where to (`http://collector:4318`). What else there
is to choose has OpenTelemetry's own names: OTEL_EXPORTER_OTLP_HEADERS,
OTEL_TRACES_SAMPLER, OTEL_RESOURCE_ATTRIBUTES. The packages are the extra `telemetry`.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from daihou.config.complaints import SetUpError
from daihou.kit import masking
from daihou.kit.speech import gettext

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

ENDPOINT: Final = "DAIHOU_OTLP_ENDPOINT"
SERVICE: Final = "OTEL_SERVICE_NAME"
_NEEDED: Final = (
    "opentelemetry.sdk",
    "opentelemetry.exporter.otlp.proto.http",
    "opentelemetry.instrumentation.django",
    "opentelemetry.instrumentation.psycopg",
)
# Attributes that say where somebody sits or what they searched for.
_DROPPED: Final = frozenset(
    {
        "http.user_agent",
        "user_agent.original",
        "net.peer.ip",
        "client.address",
        "network.peer.address",
        "http.client_ip",
        "url.query",
    }
)
_ADDRESSES: Final = frozenset({"http.url", "http.target", "url.full", "url.path"})
_begun: list["Telemetry"] = []


def endpoint(environment: Mapping[str, str] = os.environ) -> str:
    """Where traces are sent to; empty when they are not."""
    return environment.get(ENDPOINT, "").strip().rstrip("/")


def is_installed() -> bool:
    """Whether the packages of the extra are there."""
    try:
        return all(find_spec(name) is not None for name in _NEEDED)
    except (ModuleNotFoundError, ValueError):  # a package above is missing or barred
        return False


def start(part: str) -> None:
    """Begin to send traces from this process, if the lender wants them.

    `part` is site or worker. Raises SetUpError when the packages are missing. To be
    called once Django is set up and before its first request.
    """
    if not endpoint() or _begun:
        return
    if not is_installed():
        raise SetUpError(
            gettext(
                "%(name)s is set, but the packages that send traces are not installed."
                " Run in the checkout: pip install '.[telemetry]', or unset it."
            )
            % {"name": ENDPOINT}
        )
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(endpoint=f"{endpoint()}/v1/traces")
    begin(part, exporter, requests=part == "site")


@dataclass(frozen=True, slots=True)
class Telemetry:
    """What was begun: `end` sends what is left and lets go of Django and the driver."""

    provider: "TracerProvider"

    def end(self) -> None:
        """Send what is left and trace nothing more."""
        from opentelemetry.instrumentation.django import DjangoInstrumentor
        from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor

        if DjangoInstrumentor().is_instrumented_by_opentelemetry:
            DjangoInstrumentor().uninstrument()
        PsycopgInstrumentor().uninstrument()
        self.provider.shutdown()
        _begun.remove(self)


def begin(
    part: str, exporter: "SpanExporter", *, requests: bool = True, at_once: bool = False
) -> Telemetry:
    """Trace `requests` and the statements of this process into an exporter.

    `at_once` sends each span as it ends; else they go in batches from a thread, which
    is begun anew in processes that are forked later.
    """
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SimpleSpanProcessor

    assert not _begun, "traces are sent already"
    name = os.environ.get(SERVICE) or f"daihou-{part}"
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    sent = _clean_exporter(exporter)
    processor = SimpleSpanProcessor(sent) if at_once else BatchSpanProcessor(sent)
    provider.add_span_processor(processor)
    if requests:
        DjangoInstrumentor().instrument(
            tracer_provider=provider, response_hook=_answered
        )
    PsycopgInstrumentor().instrument(tracer_provider=provider)
    begun = Telemetry(provider)
    _begun.append(begun)
    return begun


def _answered(span: Any, request: Any, _response: Any) -> None:
    """The id that also stands in the log lines and in the answer."""
    if span is not None and span.is_recording():
        span.set_attribute("daihou.request_id", getattr(request, "request_id", ""))


@contextlib.contextmanager
def span(name: str) -> Iterator[None]:
    """What is done inside is one span, if traces are sent; an error marks it."""
    if not _begun:
        yield
        return
    tracer = _begun[0].provider.get_tracer("daihou")
    with tracer.start_as_current_span(name):
        yield


def _clean_exporter(inner: "SpanExporter") -> "SpanExporter":
    """The one door through which spans leave: what is personal stays here."""
    from opentelemetry.sdk.trace.export import SpanExporter

    class Clean(SpanExporter):
        def export(self, spans: Sequence["ReadableSpan"]) -> Any:
            return inner.export([cleaned(span) for span in spans if not _idle(span)])

        def shutdown(self) -> None:
            inner.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return inner.force_flush(timeout_millis)

    return Clean()


def _idle(span: "ReadableSpan") -> bool:
    """Whether it is a statement outside of everything: the worker looks for work."""
    return span.parent is None and "db.system" in (span.attributes or {})


def cleaned(span: "ReadableSpan") -> "ReadableSpan":
    """A span without addresses of machines, questions asked and numbers of people."""
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import Status

    status = span.status
    if status.description:
        status = Status(status.status_code, masking.scrubbed(status.description))
    return ReadableSpan(
        name=masking.scrubbed(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=clean_attributes(span.attributes or {}),
        events=[
            Event(each.name, clean_attributes(each.attributes or {}), each.timestamp)
            for each in span.events
        ],
        links=span.links,
        kind=span.kind,
        status=status,
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def clean_attributes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as they may leave: addresses without their question part."""
    kept = {}
    for name, value in given.items():
        if name in _DROPPED:
            continue
        if isinstance(value, str):
            if name in _ADDRESSES:
                value = value.partition("?")[0]
            value = masking.scrubbed(value)
        kept[name] = value
    return kept
