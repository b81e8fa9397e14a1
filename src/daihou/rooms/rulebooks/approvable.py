"""A change of a rule as a kind of proposal: who asks, who decides, how it is read."""

from collections.abc import Callable, Mapping
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from daihou.engine.rulebook.law import Term
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.rulebooks import actions, impact, queries, words
from daihou.rooms.rulebooks.models import KIND


def register() -> None:
    """Make the kind known; called once at start-up."""
    approvals.register(
        approvals.Kind(
            code=KIND,
            name=_("Change of a rule"),
            permission=people.Permission.DECIDE_LAW,
            proposes=people.Permission.PROPOSE_LAW,
            handler=actions.carry_out,
            current=actions.current,
            describe=_field,
            address=lambda subject: reverse("rulebooks:rule", args=[subject]),
            hours=72,
        )
    )


def _field(name: str) -> approvals.Field:
    fixed: dict[str, tuple[str, Callable[[object], str]]] = {
        actions.BEGINS: (gettext("Holds from"), _day),
        actions.ENDS: (gettext("Ends on"), _day),
        actions.SOURCE: (gettext("Decided where"), _text),
        actions.IMPACT: (gettext("Impact when it was proposed"), impact_words),
        actions.BOOK: (gettext("The rule in the rule book"), _text),
        actions.OTHERS: (gettext("Other changes of this rule"), _text),
    }
    if name in fixed:
        word, say = fixed[name]
        return approvals.Field(word=word, say=say)
    parts = actions.parts_of(name)
    rule = queries.base().rules.get(parts[0]) if parts else None
    if parts is None or rule is None or parts[1] not in rule.terms:
        return approvals.Field(word=words.how_it_holds(), say=_step)
    term = rule.terms[parts[1]]
    return approvals.Field(word=term.title[words.tongue()], say=_value(term))


def _day(value: object) -> str:
    return words.day(date.fromisoformat(str(value))) if value else ""


def _text(value: object) -> str:
    return str(value or "")


def _step(value: object) -> str:
    return words.step(str(value)) if value else ""


def _value(term: Term) -> Callable[[object], str]:
    def say(value: object) -> str:
        return words.written(value, term)

    return say


def impact_words(value: object) -> str:
    """What was known of an impact, as one sentence for each kind."""
    if not isinstance(value, Mapping):
        return ""
    names = {each.kind: str(each.name) for each in impact.known()}
    day = words.day(date.fromisoformat(str(value["as_of"])))
    told = [
        ngettext(
            "%(name)s: %(n)s of %(all)s would change",
            "%(name)s: %(n)s of %(all)s would change",
            int(each["changes"]),
        )
        % {
            "name": names.get(kind, kind),
            "n": f"{each['changes']:,}",
            "all": f"{each['looked_at']:,}",
        }
        for kind, each in value["kinds"].items()
    ]
    if not told:
        return gettext("on %(day)s: no impact is known of this kind") % {"day": day}
    return gettext("on %(day)s: %(told)s") % {"day": day, "told": "; ".join(told)}
