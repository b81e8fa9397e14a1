"""Roles as sets of permissions, and which permissions go ill together."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daihou.kit.refusal import NotAllowed, NotFound, Refused
from daihou.rooms.audit import door as audit
from daihou.rooms.people import actions, queries, words
from daihou.rooms.people.permissions import Permission, Reach
from daihou.rooms.people.views._common import (
    deed,
    refused,
    require_sight,
    tabs,
    tell,
)


def _labels() -> list[tuple[str, str]]:
    return [(str(each), words.permission_word(each)) for each in Permission]


@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Every role beside every other: who may do what."""
    require_sight(request.person)
    found = queries.roles()
    matrix = [
        (word, [code in role.permissions for role in found]) for code, word in _labels()
    ]
    context = {
        "tabs": tabs(request.person),
        "roles": [(role, words.reach_word(role.reach)) for role in found],
        "matrix": matrix,
        "may_change": request.person.may(Permission.MANAGE_ROLES),
    }
    return render(request, "people/roles.html", context)


def role(request: HttpRequest, code: str) -> HttpResponse:
    """One role: its permissions, reach and products; saved when they are sent."""
    require_sight(request.person)
    line, problem = queries.role_line(code), ""
    given = _standing(line)
    if request.method == "POST":
        queries.require(request.person, Permission.MANAGE_ROLES)
        given = _given(request)
        try:
            proposal = actions.ask_for_role(code=code, wish=given, deed=deed(request))
        except Refused as refusal:
            problem = str(refusal)
        else:
            if proposal:
                tell(request, "", _("Proposed; a second person decides."))
                return redirect(proposal)
            tell(request, "", _("The role is changed; it counts at once."))
            return redirect("people:role", code=code)
    shipped = queries.shipped_permissions(code)
    context = {
        "tabs": tabs(request.person),
        "role": line,
        "given": given,
        "problem": problem,
        "permissions": [
            (code_, word, code_ in given["permissions"], code_ in shipped)
            for code_, word in _labels()
        ],
        "reaches": [(str(each), words.reach_word(each)) for each in Reach],
        "products": queries.product_choices(language=get_language() or "zh-hans"),
        "may_change": request.person.may(Permission.MANAGE_ROLES)
        and request.person.role != code,
        "own": request.person.role == code,
        "timeline": audit.panel(subject_type="role", subject_id=code),
    }
    status = 422 if problem else 200
    return render(request, "people/role.html", context, status=status)


def _standing(line: queries.RoleLine) -> dict[str, Any]:
    return {
        "permissions": [str(each) for each in line.permissions],
        "reach": line.reach,
        "products": list(line.products),
        "networks": "\n".join(line.networks),
        "reads_only": line.reads_only,
        "name": line.name,
        "name_en": line.name_en,
    }


def _given(request: HttpRequest) -> dict[str, Any]:
    post = request.POST
    return {
        "permissions": [each[:40] for each in post.getlist("permissions")][:200],
        "reach": post.get("reach", "")[:20],
        "products": [each[:60] for each in post.getlist("products")][:100],
        "networks": post.get("networks", "")[:3_000],
        "reads_only": "reads_only" in post,
        "name": post.get("name", "")[:80],
        "name_en": post.get("name_en", "")[:80],
    }


@require_POST
def role_copy(request: HttpRequest, code: str) -> HttpResponse:
    """Make a new role that begins like this one."""
    new = request.POST.get("code", "").strip()[:40]
    try:
        proposal = actions.ask_for_copy(
            source=code,
            code=new,
            name=request.POST.get("name", "")[:80],
            deed=deed(request),
        )
    except (NotAllowed, NotFound):
        raise
    except Refused as refusal:
        tell(request, str(refusal), "")
        return redirect("people:role", code=code)
    if proposal:
        tell(request, "", _("Proposed; a second person decides."))
        return redirect(proposal)
    tell(request, "", _("The role is made; change what it allows."))
    return redirect("people:role", code=new)


@require_POST
def role_remove(request: HttpRequest, code: str) -> HttpResponse:
    """Take a role away that nobody holds."""
    problem = refused(lambda: actions.remove_role(code=code, deed=deed(request)))
    tell(request, problem, _("The role is taken away."))
    if problem:
        return redirect("people:role", code=code)
    return redirect("people:roles")


def duties(request: HttpRequest) -> HttpResponse:
    """The rules of separation of duties, and who breaks one."""
    require_sight(request.person)
    if request.method == "POST":
        problem = refused(
            lambda: actions.add_rule(
                first=request.POST.get("first", "")[:40],
                second=request.POST.get("second", "")[:40],
                deed=deed(request),
            )
        )
        tell(request, problem, _("The rule is in force."))
        return redirect("people:duties")
    labels = dict(_labels())
    names = {role.code: role.shown for role in queries.roles()}
    rules = [
        (
            rule,
            labels[rule.first],
            labels[rule.second],
            [names.get(code, code) for code in rule.roles],
        )
        for rule in queries.rules()
    ]
    context = {
        "tabs": tabs(request.person),
        "rules": rules,
        "permissions": _labels(),
        "broken": sum(1 for rule, *_rest in rules if rule.in_force and rule.logins),
        "may_change": request.person.may(Permission.MANAGE_ROLES),
    }
    return render(request, "people/duties.html", context)


@require_POST
def duty(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Set a rule aside, for a reason, or in force again."""
    in_force = request.POST.get("in_force") == "yes"
    proposal = ""

    def put() -> None:
        nonlocal proposal
        proposal = actions.set_rule(
            rule_id=rule_id, in_force=in_force, deed=deed(request)
        )

    problem = refused(put)
    if proposal:
        words = _(
            "Proposed; a second person decides. Once approved, do the same again."
        )
        tell(request, "", words)
        return redirect(proposal)
    done = _("The rule is in force.") if in_force else _("The rule is set aside.")
    tell(request, problem, done)
    return redirect("people:duties")
