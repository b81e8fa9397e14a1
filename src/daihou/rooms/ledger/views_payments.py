"""The list of payments, with saved views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from daihou.rooms.ledger.pages import payments_page
from daihou.rooms.lists import door as lists
from daihou.rooms.people import door as people


@require_GET
def payments(request: HttpRequest) -> HttpResponse:
    """Payments on the loans this person sees, what was recorded last first."""
    people.require(request.person, people.Permission.VIEW_LOANS)
    bar = lists.bar(payments_page.LIST, request.GET, person=request.person)
    if bar.first:
        return redirect(bar.first)
    day = request.business_day()
    today = day.on if day else timezone.localtime(request.at).date()
    page = payments_page.page(request.GET, scope=request.person.scope, on=today)
    return render(request, "ledger/payments.html", {"page": page, "bar": bar})
