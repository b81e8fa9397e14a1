"""Law books that never were: a change or another first day, put under yesterday."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.rulebook.law import Lawbook, Rule
from daihou.kit.refusal import Refused
from daihou.packs import law_policy, law_turned
from daihou.packs.law_errors import LawError
from daihou.rooms.rulebooks import cases, impact, queries, words
from daihou.rooms.rulebooks.cases import Told
from daihou.rooms.rulebooks.drafting import Draft
from daihou.rooms.rulebooks.impact import Impact

Impacts = Mapping[str, tuple[str, Impact]]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What a change would have done to the closed day `as_of`.

    `known` tells whether any room can say it at all; `impacts` by kind.
    """

    as_of: date
    known: bool
    same: bool
    impacts: Impacts


def as_if(change: Draft, *, as_of: date) -> Lawbook:
    """The law book of this lender as if a change had held on `as_of` already."""
    book = queries.base()
    found = [each for each in queries.lines() if each.rule != change.rule.id]
    moved = replace(change.change, begins_on=as_of, ends_on=None)
    return law_policy.with_changes(book, [*queries.changes_of(found, book), moved])


def rehearse(change: Draft, *, as_of: date) -> Rehearsal:
    """What a change would have done to the closed day `as_of`."""
    return _rehearsal(queries.lawbook(), as_if(change, as_of=as_of), as_of)


def otherwise(change: Draft) -> list[Told]:
    """The cases of the rule that would be answered otherwise under a change.

    Refused when one cannot be answered at all: the value is none the rules can use.
    """
    after = as_if(change, as_of=date.min)
    try:
        told = cases.under(after, change.rule.id, tongue=words.tongue())
    except UserError as error:
        raise Refused(
            "unusable", error.say(get_language() or "zh-hans"), field="step"
        ) from None
    return [each for each in told if each.ours]


def turn(rule: Rule, begins_on: date, to: date, *, as_of: date) -> Rehearsal:
    """What another first day of a version would have done to the closed day `as_of`.

    Only to look at: no version of the law is moved by it. Refused where the version is
    not there or the new day lies beyond its neighbours.
    """
    before = queries.lawbook()
    try:
        after = law_turned.turned(before, rule.id, begins_on, to)
    except LawError as error:
        raise Refused(
            "turn_order",
            _(
                "A version stays between its neighbours: choose a day from %(first)s "
                "on%(last)s."
            )
            % {
                "first": words.day(_date(error.params["first"])),
                "last": _until(error.params["last"]),
            },
            field="to",
        ) from None
    return _rehearsal(before, after, as_of)


def _date(found: object) -> date:
    assert isinstance(found, date), found
    return found


def _until(last: object) -> str:
    return _(" and before %(day)s") % {"day": words.day(_date(last))} if last else ""


def _rehearsal(before: Lawbook, after: Lawbook, as_of: date) -> Rehearsal:
    return Rehearsal(
        as_of=as_of,
        known=bool(impact.known()),
        same=before.digest == after.digest,
        impacts=impact.reckon(before, after, as_of),
    )
