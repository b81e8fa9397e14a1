"""A version of a strategy as a kind of proposal: who asks, who decides, how it reads."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from daihou.kit import numbers
from daihou.rooms.approvals import door as approvals
from daihou.rooms.people import door as people
from daihou.rooms.strategy import actions, differences, words
from daihou.rooms.strategy.actions import releasing
from daihou.rooms.strategy.triggers import KIND


def register() -> None:
    """Make the kind known; called once at start-up."""
    approvals.register(
        approvals.Kind(
            code=KIND,
            name=_("Version of a strategy"),
            permission=people.Permission.DECIDE_STRATEGY,
            proposes=people.Permission.DRAFT_STRATEGY,
            handler=actions.carry_out,
            current=actions.current,
            describe=_field,
            address=lambda subject: reverse("strategy:version", args=[subject]),
            hours=72,
        )
    )


def _field(name: str) -> approvals.Field:
    known = {
        releasing.CONTENT: (gettext("Fingerprint of what holds"), _short),
        releasing.BEGINS: (gettext("Holds from"), _day),
        releasing.CHANGES: (gettext("What is different"), _changes),
        releasing.REHEARSED: (gettext("Rehearsal"), rehearsal_words),
        releasing.DRAFT: (gettext("Fingerprint of the draft"), _short),
    }
    word, say = known.get(name, (name, str))
    return approvals.Field(word=word, say=say)


def _short(value: object) -> str:
    return numbers.fingerprint(str(value)) if value else ""


def _day(value: object) -> str:
    return day_words(date.fromisoformat(str(value))) if value else ""


def day_words(on: date) -> str:
    """A day in full in the reader's language."""
    return numbers.day_text(on, language="zh" if words.chinese() else "en")


def _changes(value: object) -> str:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ""
    return "; ".join(differences.told(each) for each in value)


def rehearsal_words(value: object) -> str:
    """What a rehearsal came to, in a sentence."""
    if not isinstance(value, Mapping) or "moved" not in value:
        return ""
    told: str = ngettext(
        "on %(day)s: %(moved)s of %(all)s customer would be at another step",
        "on %(day)s: %(moved)s of %(all)s customers would be at another step",
        int(value.get("customers", 0)),
    ) % {
        "day": day_words(date.fromisoformat(str(value["as_of"]))),
        "moved": f"{value['moved']:,}",
        "all": f"{value.get('customers', 0):,}",
    }
    for name, word in (
        ("capacity", gettext("queues beyond their capacity: %(n)s")),
        ("capped", gettext("customers who would run into a cap of the law: %(n)s")),
        ("held", gettext("customers on hold who would be contacted: %(n)s")),
        ("promise", gettext("live promises that would be pressed: %(n)s")),
    ):
        if value.get(name):
            told += "; " + word % {"n": f"{value[name]:,}"}
    return told
