"""Mappings: which there are, and the editor with its preview."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.intake import mapping_actions, mapping_page, upload
from daihou.rooms.intake.forms import SampleForm
from daihou.rooms.intake.mapping import MappingError, files
from daihou.rooms.people import door as people


@require_http_methods(["GET", "POST"])
def mappings(request: HttpRequest) -> HttpResponse:
    """Every mapping there is; a new one begins with a name and a sample."""
    mapping_actions.require(request.person)
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        kept = upload.keep(form.cleaned_data["files"], at=request.at)
        address = reverse("intake:mapping", args=[form.cleaned_data["name"]])
        return redirect(f"{address}?sample={kept.token}")
    language = get_language() or "zh-hans"
    listed = files.listed(settings.INTAKE_MAPPINGS)
    context = {
        "form": form,
        "mappings": [
            (each, each.problem.say(language) if each.problem else "")
            for each in listed
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "intake/mappings.html", context, status=status)


@require_http_methods(["GET", "POST"])
def mapping(request: HttpRequest, name: str) -> HttpResponse:
    """One mapping in the editor: tried on a sample, or saved as a new version."""
    mapping_actions.require(request.person)
    if not files.is_name(name):
        raise NotFound("mapping_unknown", _("There is no such mapping."))
    given = request.POST if request.method == "POST" else request.GET
    sample = _sample(request)
    problem = ""
    if request.method == "POST" and given.get("step") == "save":
        problem = _saved(request, name)
        if not problem:
            address = reverse("intake:mapping", args=[name])
            kept = f"?sample={sample.token}" if sample else ""
            return redirect(f"{address}{kept}")
    try:
        whole = request.person.may(people.Permission.REVEAL_PERSONAL)
        page = mapping_page.editor(name, given=given, sample=sample, whole=whole)
    except MappingError as error:
        raise NotFound(
            "mapping_broken", error.say(get_language() or "zh-hans")
        ) from error
    if not page.rules and sample is None and not page.basis:
        return redirect("intake:mappings")
    context = {"page": page, "problem": problem, "whole": whole}
    status = 422 if problem else 200
    return render(request, "intake/mapping.html", context, status=status)


def _sample(request: HttpRequest) -> upload.Kept | None:
    """The files it is tried on: sent now, or kept since a moment ago."""
    if request.FILES:
        form = SampleForm({"name": "sample"}, request.FILES)
        if form.is_valid():
            return upload.keep(form.cleaned_data["files"], at=request.at)
        messages.error(request, " ".join(text for _label, text in form.problems()))
    token = request.POST.get("sample") or request.GET.get("sample", "")
    return upload.find(token, at=request.at)


def _saved(request: HttpRequest, name: str) -> str:
    """Save what the form says; return what stands in the way, or nothing."""
    given, day = request.POST, request.business_day()
    content = mapping_page.content_of(
        name,
        mapping_page.read_form(given),
        source=given.get("source", ""),
        description=given.get("description", ""),
    )
    if told := mapping_page.not_begun(content):
        return told
    doing = mapping_actions.Doing(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        request_id=request.request_id,
    )
    try:
        version = mapping_actions.save_mapping(
            content, basis=given.get("basis", ""), doing=doing
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        return str(refused)
    except MappingError as error:
        return error.say(get_language() or "zh-hans")
    said = _("Saved as version %(version)s. Files that name it are read like this.")
    messages.success(request, said % {"version": version})
    return ""
