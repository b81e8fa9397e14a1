"""The work list of the desk: one person's day in groups, with why each stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from daihou.kit import numbers
from daihou.rooms.casework.pages import case_words as words
from daihou.rooms.casework.queries import desk
from daihou.rooms.casework.queries.desk import WorkLine
from daihou.rooms.ledger import door as ledger
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True)
class Item:
    """One row: who, how much, why it stands there."""

    number: str
    name: str
    amount: int
    currency: str
    whole: str
    line: str
    bucket: str
    current: bool
    url: str
    at: datetime | None
    expected: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that stand there for one reason; `total` with those not shown."""

    code: str
    title: str
    total: int
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Worklist:
    """The list of a day; `next` and `previous` are addresses beside the one shown."""

    groups: Sequence[Group]
    left: int
    done: int
    cut: int
    next: str
    previous: str

    @property
    def first(self) -> str:
        """The number of the first case, '' in an empty list."""
        return self.groups[0].items[0].number if self.groups else ""


def midnight(today: date) -> datetime:
    """The instant at which a local day begins."""
    return datetime.combine(today, time(0), timezone.get_current_timezone())


def lines_of(
    person: people.Person, *, today: date, at: datetime, limit: int = desk.SHOWN
) -> Sequence[WorkLine]:
    """The rows of somebody's day."""
    return desk.worklist(
        person.username,
        scope=person.scope,
        today=today,
        at=at,
        midnight=midnight(timezone.localdate(at)),
        limit=limit,
    )


def worklist(
    person: people.Person,
    *,
    current: str,
    today: date,
    at: datetime,
    limit: int = desk.SHOWN,
) -> Worklist:
    """The list with one case marked; four queries."""
    lines = lines_of(person, today=today, at=at, limit=limit)
    names = ledger.reading.names_of(line.customer_id for line in lines)
    items = [_item(line, names, current=current, today=today) for line in lines]
    groups = []
    for code in desk.GROUPS:
        mine = [
            (line, item)
            for line, item in zip(lines, items, strict=True)
            if line.group == code
        ]
        if mine:
            total = mine[0][0].total
            groups.append(Group(code, _title(code), total, [each for _l, each in mine]))
    left = sum(group.total for group in groups)
    urls = [item.url for group in groups for item in group.items]
    numbers_ = [item.number for group in groups for item in group.items]
    place = numbers_.index(current) if current in numbers_ else -1
    return Worklist(
        groups=groups,
        left=left,
        done=desk.done_on(person.username, today),
        cut=left - len(items),
        next=urls[place + 1] if place + 1 < len(urls) else "",
        previous=urls[place - 1] if place > 0 else "",
    )


def address(number: str) -> str:
    """The desk with this case open."""
    return f"{reverse('casework:desk')}?case={number}" if number else _desk()


def _desk() -> str:
    return str(reverse("casework:desk"))


def _item(
    line: WorkLine, names: Mapping[int, str], *, current: str, today: date
) -> Item:
    parts = numbers.money_parts(line.overdue_total, currency=line.currency)
    return Item(
        number=line.number,
        name=names.get(line.customer_id, line.number),
        amount=line.overdue_total,
        currency=line.currency,
        whole=f"{parts.sign}{parts.whole}",
        line=why(line, today=today),
        bucket=line.delinquency,
        current=line.number == current,
        url=address(line.number),
        at=line.item_due_at if line.group == "callback" else line.next_at,
        expected=line.expected_value,
    )


def why(line: WorkLine, *, today: date) -> str:
    """In a few words, why the case stands in today's list."""
    if line.group == "promised":
        return _promise(line, today=today)
    if line.group == "callback" and line.item_due_at:
        local = timezone.localtime(line.item_due_at)
        return str(gettext("%(time)s, as agreed") % {"time": f"{local:%H:%M}"})
    if line.group == "broken":
        if line.broken > 1:
            return str(gettext("Broken %(n)s times; offer a plan") % {"n": line.broken})
        return str(gettext("Broken, the first time"))
    if line.group == "work" and line.item_kind:
        return words.item_word(line.item_kind)
    return words.said(line.because) or words.action_word(line.action)


def _promise(line: WorkLine, *, today: date) -> str:
    money = numbers.money_text(line.promise_amount or 0, currency=line.currency)
    if line.promise_paid:
        came = numbers.money_text(line.promise_paid, currency=line.currency)
        return str(
            gettext("%(came)s of %(money)s came") % {"came": came, "money": money}
        )
    if line.promise_due_on and line.promise_due_on < today:
        return str(gettext("%(money)s, in grace") % {"money": money})
    return str(gettext("Promised %(money)s") % {"money": money})


def _title(code: str) -> str:
    titles = {
        "promised": gettext("Promises due today"),
        "callback": gettext("Callbacks"),
        "broken": gettext("Broken, to contact"),
        "new": gettext("New today"),
        "work": gettext("To work today"),
    }
    return str(titles[code])


def marked(listed: Worklist, number: str) -> Worklist:
    """The same list with another case marked as the one that is open."""
    groups = [
        replace(
            group,
            items=[
                replace(each, current=each.number == number) for each in group.items
            ],
        )
        for group in listed.groups
    ]
    flat = [item for group in groups for item in group.items]
    place = next((n for n, item in enumerate(flat) if item.current), -1)
    return replace(
        listed,
        groups=groups,
        next=flat[place + 1].url if place + 1 < len(flat) else "",
        previous=flat[place - 1].url if place > 0 else "",
    )
