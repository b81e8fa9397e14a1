"""The health pages: for load balancers and monitors, without signing in.

Strangers learn one word; details are for the own machine and for who has the token.
"""

import ipaddress
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from daihou.config import condition


@require_safe
@never_cache
@login_not_required
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": condition.OK})


@require_safe
@never_cache
@login_not_required
def ready(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here: 200 when ok or degraded, else 503."""
    parts = condition.look(home=Path(settings.DAIHOU_HOME), at=request.at)
    state = condition.worst(parts)
    content: dict[str, object] = {"status": state}
    if is_known(request):
        content["parts"] = {
            part.name: {"status": part.state, **part.facts} for part in parts
        }
    return JsonResponse(content, status=503 if state == condition.BAD else 200)


def is_known(request: HttpRequest) -> bool:
    """Whether a request comes from this machine itself or carries the token.

    What a proxy on this machine passes on is not of this machine.
    """
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if token and constant_time_compare(given, f"Bearer {token}"):
        return True
    passed_on = any(
        name in request.headers for name in ("Forwarded", "X-Forwarded-For", "Via")
    )
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR") or "")
    except ValueError:
        return False
    return address.is_loopback and not passed_on
