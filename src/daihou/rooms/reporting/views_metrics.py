"""The dictionary of figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daihou.rooms.reporting.asked import reader
from daihou.rooms.reporting.pages import metrics as metrics_page


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Every definition, by family."""
    reader(request)
    page = metrics_page.dictionary(request.GET.get("text", ""))
    return render(request, "reporting/metrics.html", {"page": page})


@require_GET
def metric(request: HttpRequest, id: str) -> HttpResponse:
    """One definition with all it says."""
    reader(request)
    page = metrics_page.one(id)
    return render(request, "reporting/metric.html", {"page": page})
