"""Prometheus metrics: how requests go, and how the night, worker and disk are."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily

from daihou.config import condition, health

if TYPE_CHECKING:
    from datetime import datetime

Respond = Callable[[HttpRequest], HttpResponse]

SHARED: Final = "PROMETHEUS_MULTIPROC_DIR"  # where the processes of a site count
_SECONDS: Final = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 1, 2, 5, 10)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})

_own = CollectorRegistry()
_REQUESTS = Counter(
    "daihou_requests_total",
    "Requests answered",
    ("method", "route", "status"),
    registry=_own,
)
_TOOK = Histogram(
    "daihou_request_seconds",
    "Time to answer a request",
    ("method", "route"),
    buckets=_SECONDS,
    registry=_own,
)


def counted(respond: Respond) -> Respond:
    """Count every request by its route; addresses of nobody's are one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = respond(request)
        found = request.resolver_match
        route = f"/{found.route}" if found else "none"
        method = request.method if request.method in _METHODS else "other"
        _REQUESTS.labels(method, route, str(response.status_code)).inc()
        _TOOK.labels(method, route).observe(time.perf_counter() - began)
        return response

    return middleware


@require_safe
@never_cache
@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    """The metrics, for this machine itself and for who has the token."""
    if not health.is_known(request):
        return HttpResponseForbidden("DAIHOU_METRICS_TOKEN\n", "text/plain")
    requests = _own
    if SHARED in os.environ:
        requests = CollectorRegistry()
        multiprocess.MultiProcessCollector(requests)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_Condition(Path(settings.DAIHOU_HOME), request.at))
    told = generate_latest(requests) + generate_latest(now)
    return HttpResponse(told, content_type=CONTENT_TYPE_LATEST)


class _Condition:
    """The state of the system at the instant of asking."""

    def __init__(self, home: Path, at: "datetime") -> None:
        self._home, self._at = home, at

    def describe(self) -> list[Any]:
        """Nothing is looked at for being registered."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One gauge for the states, one for each fact that is a number."""
        parts = condition.look(home=self._home, at=self._at)
        up = GaugeMetricFamily(
            "daihou_ok", "1: as it should be; 0.5: degraded; 0: not", labels=["part"]
        )
        grades = {condition.OK: 1.0, condition.DEGRADED: 0.5, condition.BAD: 0.0}
        for part in parts:
            up.add_metric([part.name], grades[part.state])
        yield up
        for part in parts:
            for name, value in part.facts.items():
                if isinstance(value, int | float):
                    told = f"{name} of {part.name}".replace("_", " ")
                    yield GaugeMetricFamily(
                        f"daihou_{part.name}_{name}", told, value=value
                    )
