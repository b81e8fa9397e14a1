"""The notices of the person signed in: list, open, mark as read, how to be told."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import Refused
from daihou.rooms.notices import actions, kinds, pages, queries
from daihou.rooms.notices.forms import WishForm
from daihou.rooms.notices.states import Mailing


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What this person was told, newest first; the unread unless all are asked."""
    login = request.person.username
    wishes = queries.wishes_of(login)
    context = {
        "page": pages.page(login, request.GET),
        "wishes": wishes,
        "rings": [(kind, kind.code not in wishes.silent) for kind in kinds.kinds()],
        "days": actions.KEPT.days,
        "mails": pages.mails(wishes) if settings.MAIL_SENDS else (),
        "address": request.person.email,
    }
    return render(request, "notices/inbox.html", context)


@require_GET
def opened(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Go where a notice leads; it is read by that.

    Who only looks on (an administrator who views as this person) reads nothing.
    """
    login = request.person.username
    url = queries.address_of(login, notice_id)
    if url is None:
        raise Http404
    if not getattr(request.person, "viewing_as", ""):
        actions.mark_read(login=login, at=request.at, ids=[notice_id])
    return redirect(url or "notices:inbox")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one as read, or all that the list shows the kind of."""
    chosen = [each for each in request.POST.getlist("id") if each.isdecimal()]
    count = actions.mark_read(
        login=request.person.username,
        at=request.at,
        ids=[int(each) for each in chosen if len(each) < 18] if chosen else None,
        kind=request.POST.get("kind", "")[:40].replace("\0", ""),
    )
    if not count:
        messages.info(request, _("There was nothing left to mark as read."))
    return redirect("notices:inbox")


@require_POST
def wishes(request: HttpRequest) -> HttpResponse:
    """Keep how this person wants to be told."""
    form = WishForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The times could not be read. Nothing was kept."))
        return redirect("notices:inbox")
    try:
        actions.wish(
            login=request.person.username,
            silent=form.silent(),
            quiet_from=form.cleaned_data["quiet_from"],
            quiet_until=form.cleaned_data["quiet_until"],
            mail=form.cleaned_data["mail"] or Mailing.NONE,
            address=form.cleaned_data["address"],
            at=request.at,
        )
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Kept. The list shows everything as before."))
    return redirect("notices:inbox")
