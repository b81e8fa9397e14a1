"""What a life came to: per day and in total, as text in either language and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from statistics import median
from typing import Any, Final

from daihou.kit.speech import gettext, gettext_noop
from daihou.town import reading
from daihou.town.floor import Floor

_AT: Final = "at time zone 'Asia/Shanghai')::date = %(day)s"
# Each counts one thing of the open day, from the tables of the rooms.
COUNTS: Final[Mapping[str, str]] = {
    "opened": "select count(*) from audit_event where type = 'case.opened'"
    " and business_date = %(day)s",
    "reopened": "select count(*) from audit_event where type = 'case.reopened'"
    " and business_date = %(day)s",
    "closed": "select count(*) from audit_event where type = 'case.closed'"
    " and business_date = %(day)s",
    "cured": "select count(*) from casework_case where closed_on = %(day)s"
    " and close_code in ('CURED', 'PAID_FULL', 'ARRANGEMENT_COMPLETED')",
    "contacts": f"select count(*) from contact_attempt where (at {_AT}",
    "talks": f"select count(*) from contact_attempt where conversation and (at {_AT}",
    "refused": "select count(*) from contact_decision where verdict <> 'allow'"
    f" and (asked_at {_AT}",
    "promised": "select count(*) from casework_promise where made_on = %(day)s",
    "kept": "select count(*) from casework_verdict where after = 'kept'"
    " and as_of = %(day)s",
    "partly": "select count(*) from casework_verdict where after = 'partially_kept'"
    " and as_of = %(day)s",
    "broken": "select count(*) from casework_verdict where after = 'broken'"
    " and as_of = %(day)s",
    "complaints": "select count(*) from casework_result where code = 'COMPLAINT'"
    " and business_date = %(day)s",
    "holds": f"select count(*) from casework_hold where (from_at {_AT}",
    "asked": "select count(*) from relief_relief where asked_on = %(day)s",
    "cash": "select coalesce(sum(amount), 0)::bigint from ledger_payment"
    " where paid_on = %(day)s",
    "cash_of_cases": "select coalesce(sum(y.amount), 0)::bigint from ledger_payment y"
    " where y.paid_on = %(day)s and exists (select from casework_loan m"
    " where m.loan_id = y.loan_id and m.since <= y.paid_on"
    " and (m.until is null or m.until >= y.paid_on))",
    "given_up": "select coalesce(sum(amount), 0)::bigint from ledger_waiver"
    " where waived_on = %(day)s and not moved and ends_on is null",
}
_MONEY: Final = frozenset({"cash", "cash_of_cases", "given_up"})
NAMES: Final[Mapping[str, str]] = {
    "opened": gettext_noop("cases opened"),
    "reopened": gettext_noop("cases opened again"),
    "closed": gettext_noop("cases closed"),
    "cured": gettext_noop("of these cured or paid"),
    "contacts": gettext_noop("contacts"),
    "talks": gettext_noop("of these talks with the customer"),
    "refused": gettext_noop("refused by the gate"),
    "promised": gettext_noop("promises made"),
    "kept": gettext_noop("promises kept"),
    "partly": gettext_noop("promises kept in part"),
    "broken": gettext_noop("promises broken"),
    "complaints": gettext_noop("complaints"),
    "holds": gettext_noop("holds placed"),
    "asked": gettext_noop("requests for relief"),
    "cash": gettext_noop("cash of the ledger, yuan"),
    "cash_of_cases": gettext_noop("cash of loans in cases, yuan"),
    "given_up": gettext_noop("given up, yuan"),
}
# Lists of the whole life: a name and how often, the most frequent first.
_LISTS: Final[Mapping[str, str]] = {
    "gate refusals by rule": "select r, count(*) from contact_decision d,"
    " unnest(d.rules) r where verdict <> 'allow' group by r",
    "results": "select code, count(*) from casework_result group by code",
    "promises by how they stand": "select state, count(*) from casework_promise"
    " group by state",
    "relief by kind and how it stands": "select kind || ' ' || state, count(*)"
    " from relief_relief group by 1",
    "holds by kind": "select kind, count(*) from casework_hold group by kind",
    "cases closed by code": "select close_code, count(*) from casework_case"
    " where lifecycle = 'closed' group by close_code",
    "assignments by method": "select method, count(*) from casework_assignment"
    " group by method",
    "events by type": "select type, count(*) from audit_event"
    " where type ~ '^(case|promise|assignment|waiver|arrangement|settlement|gate)'"
    " group by type",
}
_LIST_NAMES: Final = (
    gettext_noop("gate refusals by rule"),
    gettext_noop("results"),
    gettext_noop("promises by how they stand"),
    gettext_noop("relief by kind and how it stands"),
    gettext_noop("holds by kind"),
    gettext_noop("cases closed by code"),
    gettext_noop("assignments by method"),
    gettext_noop("events by type"),
    gettext_noop("what only the town saw"),
)


@dataclass(frozen=True, slots=True)
class Report:
    """A whole life; money in fen, times in seconds by step."""

    size: Mapping[str, Any]
    days: Mapping[date, Mapping[str, int]]
    lists: Mapping[str, Mapping[str, int]]
    open_cases: int
    events: int
    steps: Sequence[tuple[str, int, float, float, float]] = field(default=())

    @property
    def totals(self) -> Mapping[str, int]:
        """Every count summed over the days."""
        return {name: sum(each[name] for each in self.days.values()) for name in COUNTS}

    def as_json(self, *, with_times: bool = True) -> str:
        """All of it for programs; without times the same size tells the same."""
        told: dict[str, Any] = {
            "size": self.size,
            "totals": self.totals,
            "open_cases": self.open_cases,
            "events": self.events,
            "days": {str(day): counts for day, counts in self.days.items()},
            "lists": self.lists,
        }
        if with_times:
            told["steps"] = [
                dict(
                    zip(
                        ("step", "times", "seconds", "median", "p95"), each, strict=True
                    )
                )
                for each in self.steps
            ]
        return json.dumps(told, ensure_ascii=False, indent=1, default=str)


def keep(floor: Floor) -> None:
    """Count the day that ends, before the next one changes what is seen of it."""
    for name, statement in COUNTS.items():
        (found,) = reading.rows(statement, {"day": floor.day})[0]
        floor.counts[floor.day, f"= {name}"] = int(found)


def report(floor: Floor, *, size_of: Any, events: int) -> Report:
    """Everything that was counted, and the lists of the whole life."""
    days: dict[date, dict[str, int]] = {}
    seen: dict[str, int] = {}
    for (day, name), many in sorted(floor.counts.items(), key=str):
        if name.startswith("= "):
            days.setdefault(day, {})[name[2:]] = many
        else:
            seen[name] = seen.get(name, 0) + many
    lists = {
        name: {
            key: int(many) for key, many in sorted(reading.rows(statement), key=_most)
        }
        for name, statement in _LISTS.items()
    }
    open_cases = reading.rows(
        "select count(*) from casework_case where lifecycle <> 'closed'"
    )[0][0]
    return Report(
        size=asdict(size_of) | {"until": str(size_of.until)},
        days=dict(sorted(days.items())),
        lists={**lists, "what only the town saw": seen},
        open_cases=int(open_cases),
        events=events,
        steps=_steps(floor),
    )


def _most(row: tuple[str, int]) -> tuple[int, str]:
    return (-row[1], row[0])


def _steps(floor: Floor) -> list[tuple[str, int, float, float, float]]:
    found = []
    for name, took in floor.took.items():
        ordered = sorted(took)
        p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
        found.append((name, len(took), sum(took), median(took), p95))
    return sorted(found, key=lambda each: -each[2])


def plain(name: str, many: int) -> str:
    """A count as people read it; money in yuan."""
    return f"{many / 100:,.2f}" if name in _MONEY else f"{many:,}"


def command(told: Report) -> str:
    """What to type to live the same again."""
    size = told.size
    return (
        f"daihou town --live {size['days']} --loans {size['loans']}"
        f" --months {size['past']} --collectors {size['collectors']}"
        f" --seed {size['seed']} --until {size['until']}"
    )


def lines(told: Report) -> list[str]:
    """The report as Markdown, in the language spoken now."""
    size = told.size
    begun = gettext(
        "%(collectors)s collectors, %(loans)s loans, %(days)s days up to %(until)s,"
        " seed %(seed)s. Every law held after every morning and every evening; the"
        " log of %(events)s events verifies."
    )
    found = [
        gettext("Made by `%(command)s`.") % {"command": command(told)},
        "",
        begun % {**size, "loans": f"{size['loans']:,}", "events": f"{told.events:,}"},
        "",
        gettext("%(cases)s cases are open at the end.")
        % {"cases": f"{told.open_cases:,}"},
        "",
        f"| {gettext('in all')} | |",
        "|---|---:|",
    ]
    totals = told.totals
    found += [
        f"| {gettext(NAMES[name])} | {plain(name, totals[name])} |" for name in COUNTS
    ]
    for name, counts in told.lists.items():
        found += ["", f"## {gettext(name)}", "", "| | |", "|---|---:|"]
        found += [f"| {key} | {many:,} |" for key, many in counts.items()]
    found += ["", f"## {gettext('day by day')}", "", *_day_by_day(told)]
    head = (
        *(gettext("step"), gettext("times"), gettext("seconds")),
        *(gettext("median, ms"), gettext("95th, ms")),
    )
    found += [
        "",
        f"## {gettext('how long it took')}",
        "",
        _row(head),
        "|---|" + "---:|" * 4,
    ]
    found += [
        f"| {name} | {times:,} | {whole:,.1f} | {mid * 1000:,.1f} | {p95 * 1000:,.1f} |"
        for name, times, whole, mid, p95 in told.steps
    ]
    return found


_SHOWN: Final = (
    *("opened", "closed", "contacts", "talks", "refused", "promised", "kept", "partly"),
    *("broken", "complaints", "asked", "cash_of_cases", "given_up"),
)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _day_by_day(told: Report) -> list[str]:
    head = [gettext("day"), *(gettext(NAMES[name]) for name in _SHOWN)]
    rows = [
        _row([str(day), *(plain(name, counts[name]) for name in _SHOWN)])
        for day, counts in told.days.items()
    ]
    return [_row(head), "|---|" + "---:|" * len(_SHOWN), *rows]
