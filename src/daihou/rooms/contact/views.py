"""A person's contact page, the answers of the gate, and the list for compliance."""

from collections.abc import Callable
from datetime import datetime, time

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.contact import asking, door
from daihou.rooms.contact.pages import items as items_page
from daihou.rooms.contact.pages.decision import decision_page
from daihou.rooms.contact.pages.items import template_lines
from daihou.rooms.contact.pages.person import choices, person_page
from daihou.rooms.people import door as people

_P = people.Permission


@require_GET
def person(request: HttpRequest, customer_id: int) -> HttpResponse:
    """When this person may be contacted, what counts, what was done, what holds."""
    by = request.person
    people.require(by, _P.VIEW_LOANS)
    page = person_page(customer_id, request.GET, by=by, at=request.at)
    context = {
        "page": page,
        "choices": choices(),
        "may_record": by.may(_P.RECORD_CONTACT),
        "may_flag": by.may(_P.FLAG_PERSON),
        "may_lift": by.may(_P.LIFT_FLAG),
        "login": by.username,
        "timeline": audit.panel_of({"customer": [customer_id]}),
    }
    return render(request, "contact/person.html", context)


def _done(
    request: HttpRequest, customer_id: int, act: Callable[[], object], said: str
) -> HttpResponse:
    """Do it, and say on the page what came of it."""
    try:
        act()
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("contact:person", customer_id)


@require_POST
def ask(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ask the gate about one contact; the answer opens."""
    given = request.POST
    wish = asking.Wish(
        loan_id=_whole(given.get("loan")),
        customer_id=customer_id,
        point_id=_whole(given.get("point")),
        channel=given.get("channel", ""),
        purpose=given.get("purpose", ""),
        staff_count=_whole(given.get("staff_count")) or None,
    )
    people.require(request.person, _P.RECORD_CONTACT)
    try:
        kept = door.may_contact(wish, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("contact:person", customer_id)
    return redirect("contact:decision", kept.id)


@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, decision_id: int) -> HttpResponse:
    """One answer of the gate and why; what came of the contact is recorded here."""
    people.require(request.person, _P.VIEW_LOANS)
    problem = ""
    if request.method == "POST":
        try:
            door.record_attempt(
                decision_id,
                result=request.POST.get("result", ""),
                note=request.POST.get("note", ""),
                deed=door.Deed.of(request),
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(request, _("The contact is recorded."))
            return redirect("contact:decision", decision_id)
    page = decision_page(decision_id, by=request.person, at=request.at)
    context = {"page": page, "problem": problem}
    status = 422 if problem else 200
    return render(request, "contact/decision.html", context, status=status)


@require_POST
def unused(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Record that no contact was made on an answer."""
    people.require(request.person, _P.RECORD_CONTACT)
    try:
        door.mark_unused(decision_id, deed=door.Deed.of(request))
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is recorded that no contact was made."))
    return redirect("contact:decision", decision_id)


@require_POST
def flag(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Hold contact with a person."""
    people.require(request.person, _P.FLAG_PERSON)
    given = request.POST

    def act() -> None:
        door.raise_flag(
            customer_id,
            kind=given.get("kind", ""),
            evidence=given.get("evidence", ""),
            point_id=_whole(given.get("point")),
            until_at=_end_of(given.get("until", "")),
            deed=door.Deed.of(request),
        )

    return _done(request, customer_id, act, _("Contact is held from now on."))


@require_POST
def lift(request: HttpRequest, customer_id: int, flag_id: int) -> HttpResponse:
    """Open contact with a person again."""
    people.require(request.person, _P.LIFT_FLAG)

    def act() -> None:
        evidence = request.POST.get("evidence", "")
        door.lift_flag(flag_id, evidence=evidence, deed=door.Deed.of(request))

    return _done(request, customer_id, act, _("The flag is lifted."))


@require_POST
def restore(request: HttpRequest, customer_id: int, point_id: int) -> HttpResponse:
    """Use a number again that was removed."""
    people.require(request.person, _P.LIFT_FLAG)

    def act() -> None:
        evidence = request.POST.get("evidence", "")
        door.restore_point(
            customer_id,
            point_id=point_id,
            evidence=evidence,
            deed=door.Deed.of(request),
        )

    return _done(request, customer_id, act, _("The number is in use again."))


@require_POST
def confirm_flag(request: HttpRequest, customer_id: int, flag_id: int) -> HttpResponse:
    """Confirm what a colleague found of a person."""
    people.require(request.person, _P.LIFT_FLAG)

    def act() -> None:
        door.confirm_flag(flag_id, deed=door.Deed.of(request))

    return _done(request, customer_id, act, _("The flag is confirmed."))


@require_POST
def confirm_consent(
    request: HttpRequest, customer_id: int, consent_id: int
) -> HttpResponse:
    """Confirm a consent a colleague recorded."""
    people.require(request.person, _P.LIFT_FLAG)

    def act() -> None:
        door.confirm_consent(consent_id, deed=door.Deed.of(request))

    return _done(request, customer_id, act, _("The consent is confirmed."))


@require_POST
def consent(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Record a consent."""
    people.require(request.person, _P.RECORD_CONTACT)
    given = request.POST

    def act() -> None:
        door.give_consent(
            customer_id,
            kind=given.get("kind", ""),
            channel=given.get("channel", ""),
            evidence=given.get("evidence", ""),
            deed=door.Deed.of(request),
        )

    return _done(request, customer_id, act, _("The consent is recorded."))


@require_POST
def withdraw(request: HttpRequest, customer_id: int, consent_id: int) -> HttpResponse:
    """Record that a consent is taken back."""
    people.require(request.person, _P.RECORD_CONTACT)

    def act() -> None:
        door.withdraw_consent(consent_id, deed=door.Deed.of(request))

    return _done(request, customer_id, act, _("The consent is withdrawn."))


def _require_compliance(person: people.Person) -> None:
    """Who closes items, or reads the whole log; nobody of a branch alone."""
    if not person.may(_P.HANDLE_COMPLIANCE):
        people.require(person, _P.VIEW_AUDIT)
    if not person.scope.everything:
        raise NotFound("items_unknown", _("There is nothing here for you."))


@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """What compliance looks into."""
    _require_compliance(request.person)
    context = {
        "page": items_page.items_page(request.GET),
        "may_close": request.person.may(_P.HANDLE_COMPLIANCE),
        "login": request.person.username,
    }
    return render(request, "contact/items.html", context)


@require_POST
def close(request: HttpRequest, item_id: int) -> HttpResponse:
    """Close one item for a reason."""
    _require_compliance(request.person)
    deed = door.Deed.of(request)
    try:
        door.close_item(
            item_id,
            reason=request.POST.get("reason", ""),
            by=deed.by,
            at=deed.at,
            business_date=deed.business_date,
            request_id=deed.request_id,
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The item is closed."))
    return redirect("contact:items")


@require_http_methods(["GET", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """What messages and calls say; a new wording is a new version."""
    people.require(request.person, _P.VIEW_LOANS)
    given, problem = request.POST, ""
    if request.method == "POST":
        try:
            version = door.save_template(
                given.get("code", "").strip(),
                channel=given.get("channel", ""),
                language=given.get("language", ""),
                body=given.get("body", ""),
                deed=door.Deed.of(request),
            )
        except (NotAllowed, NotFound):
            raise
        except Refused as refused:
            problem = str(refused)
        else:
            said = _("The wording is kept as version %(version)s.")
            messages.success(request, said % {"version": version})
            return redirect("contact:templates")
    context = {
        "templates": template_lines(),
        "channels": choices()["channels"],
        "given": given,
        "problem": problem,
        "may_write": request.person.may(_P.HANDLE_COMPLIANCE),
    }
    status = 422 if problem else 200
    return render(request, "contact/templates.html", context, status=status)


def _whole(text: str | None) -> int:
    """A whole number that may name a row; 0 for anything else."""
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else 0


def _end_of(text: str) -> datetime | None:
    """The end of a day, by the lender's clock; None for none."""
    try:
        day = parse_date(text.strip())
    except ValueError:
        day = None
    if day is None:
        return None
    zone = timezone.get_default_timezone()
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)
