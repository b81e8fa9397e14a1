"""The API: every room's operations under one address, one reference, one language."""

import functools
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext, override
from django.views.decorators.http import require_GET
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from daihou.engine.basics.errors import UserError
from daihou.kit.api import invalid, problems, reference, spec
from daihou.kit.refusal import Refused
from daihou.rooms.gateway import door as gateway

TITLE = "Daihou 贷后"
VERSION = "1"


def _make() -> NinjaAPI:
    api = NinjaAPI(
        title=TITLE,
        version=VERSION,
        openapi_url=None,
        docs_url=None,
        urls_namespace="api",
    )
    api.add_exception_handler(Refused, problems.of_refusal)
    api.add_exception_handler(UserError, problems.of_user_error)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _unreadable)
    api.add_exception_handler(Exception, _broken)
    for room in settings.ROOMS:
        if find_spec(f"daihou.rooms.{room}.api"):
            api.add_router("", import_module(f"daihou.rooms.{room}.api").router)
    return api


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    faults = invalid.faults_of(error.errors)
    return problems.of_refusal(request, problems.BadFields(*faults))


def _unreadable(request: HttpRequest, error: Any) -> HttpResponse:
    """The framework only refuses by itself what is no JSON."""
    detail = gettext("The content is not JSON in UTF-8. Check what is sent.")
    status = error.status_code
    return problems.answer(request, status=status, code="unreadable", detail=detail)


def _broken(_request: HttpRequest, error: Any) -> HttpResponse:
    raise error


_api = _make()


@functools.cache
def specification() -> dict[str, Any]:
    """The OpenAPI 3.1 document, in English; nobody changes it."""
    with override("en"):
        return spec.completed(_api, prefix="api/v1/")


@require_GET
@login_not_required
def openapi(_request: HttpRequest) -> JsonResponse:
    """The specification for programs; it says nothing of anybody's data."""
    return JsonResponse(specification(), json_dumps_params={"ensure_ascii": False})


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """The reference as a page, drawn here: nothing is fetched from elsewhere."""
    context = {
        "page": reference.page_of(specification()),
        "may_manage": gateway.may_manage(request.person),
    }
    return render(request, "gateway/reference.html", context)


def _open(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """No session counts at these addresses: the guard asks for a token itself.

    The framework's own root, which says nothing, is left out.
    """
    ours = [each for each in patterns if each.pattern.regex.pattern != r"^\Z"]
    for pattern in ours:
        if isinstance(pattern, URLPattern):
            pattern.callback = login_not_required(pattern.callback)
    return ours


urlpatterns: list[URLPattern | URLResolver] = [
    path("api/docs", docs, name="api_docs"),
    path("api/v1/openapi.json", openapi, name="openapi"),
    path("api/v1/", include((_open(_api.urls[0]), "api"))),
]
