"""The rules for programs: read, and a change proposed as the page proposes it."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from daihou.engine.rulebook.law import Lawbook, Rule, Version
from daihou.kit.api.paging import Page, Paging, begins_after, cut
from daihou.kit.api.router import Router
from daihou.kit.api.values import Day, Given, Schema, Word
from daihou.rooms.approvals.door import Deed
from daihou.rooms.gateway.door import ApiScope
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, drafting, queries
from daihou.rooms.rulebooks.drafting import Wish
from daihou.rooms.rulebooks.pages import listing
from daihou.rooms.rulebooks.states import Step

router = Router(tags=["Rules"])


class RuleLine(Schema):
    """A rule and the version in force; texts by language (`zh-Hans`, `en`)."""

    id: str
    title: dict[str, str]
    jurisdiction: str
    licences: list[str]
    force: list[str]
    begins_on: date
    ends_on: date | None
    status: Literal["verified", "unverified"]
    switched_on: bool
    changed: list[str]


class RuleValue(Schema):
    """One value as the rule file has it; `ours` is what holds for this lender.

    `asserted`: it may be stated as what the law says. Null is a number not known.
    """

    name: str
    title: dict[str, str]
    unit: str
    stricter: str
    law: Any
    ours: Any
    asserted: bool


class RuleSource(Schema):
    """A text the version rests on; P read, S second hand, M from memory, H our own."""

    text: str
    place: str
    evidence: Literal["P", "S", "M", "H"]


class RuleVersion(Schema):
    """What the rule says on [begins_on, ends_on); `binding`: only to be tightened."""

    begins_on: date
    ends_on: date | None
    dates_stated: bool
    text: dict[str, str]
    status: Literal["verified", "unverified"]
    binding: bool
    sources: list[RuleSource]


class RuleChange(Schema):
    """An approved change of this lender, on the days on which it counts."""

    begins_on: date
    ends_on: date | None
    step: Step
    values: dict[str, Any]
    reason: str
    source: str
    proposal: int
    proposed_by: str
    decided_by: str


class RuleWhole(Schema):
    """A rule with its versions, its values on `on`, and this lender's changes.

    `in_force` is the first day of the version whose values these are, or null.
    """

    id: str
    title: dict[str, str]
    jurisdiction: str
    licences: list[str]
    force: list[str]
    verbs: list[str]
    enforcement: dict[str, str]
    on: date
    in_force: date | None
    switched_on: bool
    values: list[RuleValue]
    versions: list[RuleVersion]
    changes: list[RuleChange]
    digest: str


class RuleFilter(Schema):
    """Which rules: of a jurisdiction (empty: all), for a licence, in force on a day."""

    jurisdiction: Word = ""
    licence: Word = ""
    status: Literal["", "verified", "unverified"] = ""
    q: Word = ""
    on: Day | None = None


class RuleDay(Schema):
    """On which day; without it on the open one."""

    on: Day | None = None


class RuleChangeIn(Given):
    """How the rule is to hold from a day on: own values, off, or as the rule book says.

    `values` as a rule file has them: whole numbers, shares as text ("0.24"), true or
    false, lists of words. What is left out is as the rule says.
    """

    step: Literal["values", "off", "law"] = "values"
    begins_on: Day
    ends_on: Day | None = None
    values: Annotated[dict[str, Any], Field(max_length=50, default_factory=dict)]
    source: Annotated[str, Field(min_length=1, max_length=300)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class RuleChangeAsked(Schema):
    """The proposal, which another person decides, and every value before and after."""

    proposal: int
    rule: str
    step: str
    begins_on: date
    ends_on: date | None
    before: dict[str, Any]
    after: dict[str, Any]
    dry_run: bool


def _reader(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.VIEW_LAW)


def _proposer(request: HttpRequest) -> None:
    people.require(request.person, people.Permission.PROPOSE_LAW)


def _today(request: HttpRequest) -> date:
    day = request.business_day()
    return day.on if day else timezone.localdate(request.at)


@router.read("/rules", scope=ApiScope.RULES_READ, returns=Page[RuleLine], allow=_reader)
def list_rules(
    request: HttpRequest, paging: Query[Paging], wanted: Query[RuleFilter]
) -> Page[RuleLine]:
    """List the rules in force on a day

    In order of their ids, with what this lender changed of them.
    """
    book, on = queries.lawbook(), wanted.on or _today(request)
    asked = listing.Asked(
        q=wanted.q,
        pack=wanted.jurisdiction,
        licence=wanted.licence,
        force="",
        status=wanted.status,
        area="",
        on=on,
        own=False,
    )
    after = begins_after(paging, of="rules")
    numbers = {rule_id: n for n, rule_id in enumerate(book.rules, start=1)}
    found = [
        (numbers[rule.id], rule, version)
        for rule, version in listing.found(book, asked)
        if numbers[rule.id] > after
    ]
    return cut(
        found[: paging.limit + 1],
        paging,
        of="rules",
        key=lambda row: row[0],
        show=lambda row: _line(row[1], row[2], book, on),
    )


def _line(rule: Rule, version: Version, book: Lawbook, on: date) -> RuleLine:
    held = book.on(rule.id, on)
    return RuleLine(
        id=rule.id,
        title=dict(rule.title),
        jurisdiction=rule.jurisdiction,
        licences=sorted(rule.licences),
        force=[str(each) for each in rule.force],
        begins_on=version.begins_on,
        ends_on=version.ends_on,
        status=version.status.value,
        switched_on=held is not None,
        changed=sorted(held.changed) if held else [],
    )


@router.read(
    "/rules/{rule}", scope=ApiScope.RULES_READ, returns=RuleWhole, allow=_reader
)
def get_rule(request: HttpRequest, rule: str, wanted: Query[RuleDay]) -> RuleWhole:
    """Read a rule

    Its versions with their sources, its values on a day, and this lender's changes.
    """
    book = queries.lawbook()
    found, on = drafting.rule_of(rule, book), wanted.on or _today(request)
    version, held = found.on(on), book.on(found.id, on)
    own = queries.own_versions(queries.lines(rule=found.id))
    return RuleWhole(
        id=found.id,
        title=dict(found.title),
        jurisdiction=found.jurisdiction,
        licences=sorted(found.licences),
        force=[str(each) for each in found.force],
        verbs=list(found.verbs),
        enforcement=dict(found.enforcement),
        on=on,
        in_force=version.begins_on if version else None,
        switched_on=version is not None and held is not None,
        values=_values(found, version, own, on) if version else [],
        versions=[_version(found, each) for each in found.versions],
        changes=[_change(each) for each in own],
        digest=book.digest,
    )


def _values(
    rule: Rule, version: Version, own: list[queries.OwnVersion], on: date
) -> list[RuleValue]:
    line = next((each.line for each in own if each.holds(on)), None)
    ours = drafting.in_force(rule, version, line, queries.base())
    return [
        RuleValue(
            name=name,
            title=dict(term.title),
            unit=term.unit,
            stricter=term.stricter.value,
            law=drafting.written_of(rule, version, name),
            ours=ours[name],
            asserted=version.is_asserted(name),
        )
        for name, term in rule.terms.items()
    ]


def _version(rule: Rule, version: Version) -> RuleVersion:
    return RuleVersion(
        begins_on=version.begins_on,
        ends_on=version.ends_on,
        dates_stated=version.dates_stated,
        text=dict(version.text),
        status=version.status.value,
        binding=rule.is_binding(version),
        sources=[
            RuleSource(text=each.text, place=each.place, evidence=each.evidence.value)
            for each in version.sources
        ],
    )


def _change(own: queries.OwnVersion) -> RuleChange:
    return RuleChange(
        begins_on=own.begins_on,
        ends_on=own.ends_on,
        step=Step(own.line.step),
        values=own.line.values,
        reason=own.line.reason,
        source=own.line.source,
        proposal=own.line.proposal_id,
        proposed_by=own.line.proposed_by,
        decided_by=own.line.decided_by,
    )


@router.write(
    "/rules/{rule}/changes",
    scope=ApiScope.RULES_WRITE,
    returns=RuleChangeAsked,
    allow=_proposer,
)
def propose_rule_change(
    request: HttpRequest, rule: str, body: RuleChangeIn
) -> RuleChangeAsked:
    """Propose a change of a rule

    Another person decides. A rule that binds may only be made stricter; days may not
    overlap another change.
    """
    day = request.business_day()
    wish = Wish(
        rule=rule,
        step=body.step,
        begins_on=body.begins_on,
        ends_on=body.ends_on,
        values=body.values,
        source=body.source,
    )
    deed = Deed(
        by=request.person,
        at=request.at,
        business_date=day.on if day else None,
        reason=body.reason,
        request_id=request.request_id,
    )
    made = actions.look(wish, deed=deed)
    asked = actions.propose_change(
        wish, deed=deed, as_of=day.closed_on if day else None
    )
    return RuleChangeAsked(
        proposal=asked.id,
        rule=made.rule.id,
        step=body.step,
        begins_on=made.begins_on,
        ends_on=body.ends_on,
        before=made.now,
        after=made.then,
        dry_run=request.dry_run,
    )
