"""What of an address could not be taken as it was written, said in words."""

from collections.abc import Sequence

from django.http import QueryDict
from django.utils.translation import gettext

from daihou.kit.portfolio import Month
from daihou.kit.scope import Scope
from daihou.rooms.reporting.pages import months as chosen
from daihou.rooms.reporting.queries import lab
from daihou.rooms.reporting.question import NO_CUT, Question, View

_LONGEST = 20  # characters of what was written that are said again


def doubts(query: QueryDict, question: Question, *, scope: Scope) -> Sequence[str]:
    """A sentence for each field that was left aside; none for a plain address."""
    taken = {
        "by": str(question.by or NO_CUT),
        "view": str(question.view),
        "of": str(question.of),
        "month": question.month,
        "since": question.since,
        "until": question.until,
    }
    lines = question.view is View.CHART
    looked_at = {
        *("by", "view"),
        *(("since", "until") if lines else ("month", "of")),
    }
    found = [
        gettext("“%(value)s” is not known here and was left aside.")
        % {"value": written[:_LONGEST]}
        for name in sorted(looked_at)
        if (written := query.get(name, "")) and written != taken[name]
    ]
    for cut, kept in question.only.items():
        unknown = kept - {*lab.values(cut, scope=scope), ""}
        found += [
            gettext("No loan you may see has “%(value)s”.") % {"value": each[:_LONGEST]}
            for each in sorted(unknown)
        ]
    return found


def unanswerable(question: Question, months: Sequence[Month]) -> str:
    """Why the months asked for give no answer; "" where they may."""
    if question.view is View.CHART:
        if question.since and question.until and question.since > question.until:
            return gettext("%(since)s is after %(until)s: ask the other way round.") % {
                "since": question.since,
                "until": question.until,
            }
        return ""
    if chosen.chosen(question, months) is None:
        return gettext(
            "%(month)s is not counted; counted are %(first)s to %(last)s."
        ) % {
            "month": question.month,
            "first": months[0].name,
            "last": months[-1].name,
        }
    return ""
