"""Questions given to others: the list, one, and the form that gives one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from daihou.kit.refusal import NotFound
from daihou.rooms.people import door as people
from daihou.rooms.reporting import question as questions
from daihou.rooms.reporting import words
from daihou.rooms.reporting.pages.lab import title_of
from daihou.rooms.reporting.queries import lab, standing
from daihou.rooms.reporting.queries.standing import Line


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its words; `word` is empty where its figure is gone."""

    line: Line
    word: str
    who: str
    owner: str
    every: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The list, and whether mail goes at all."""

    rows: Sequence[Row]
    mail_goes: bool


@dataclass(frozen=True, slots=True)
class One:
    """One question and its last mails: who, on which day, what became of it."""

    row: Row
    sent: Sequence[tuple[str, standing.Sent, str]]
    mail_goes: bool


@dataclass(frozen=True, slots=True)
class Form:
    """What is given, and to whom it may be."""

    address: str
    title: str
    roles: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    every: Sequence[tuple[str, str]]
    mail_goes: bool


def listing(*, person: people.Person) -> Listing:
    """The questions given to a person or by them."""
    names, roles = people.names(), people.role_names()
    units = {choice.code: choice.name for choice in people.unit_choices()}
    rows = [_row(line, names, roles, units) for line in standing.given_to(person)]
    return Listing(rows, standing.mail_goes())


def one(standing_id: int, *, person: people.Person) -> One:
    """One question, or NotFound; what was sent is for who gave it."""
    line = standing.one(standing_id, person=person)
    names, roles = people.names(), people.role_names()
    units = {choice.code: choice.name for choice in people.unit_choices()}
    sent = standing.sent_of(line.id) if line.mine else ()
    return One(
        _row(line, names, roles, units),
        [(names.get(e.login, e.login), e, outcome_word(e.outcome)) for e in sent],
        standing.mail_goes(),
    )


def form(asked: QueryDict, *, person: people.Person) -> Form:
    """The form for the question of an address."""
    question = questions.read(asked)
    title = title_of(question, lab.months(), words.keys(officers=True))
    return Form(
        address=question.address(),
        title=title,
        roles=list(people.role_names().items()),
        units=[(choice.code, choice.name) for choice in people.unit_choices()],
        every=[(code, every_word(code)) for code in ("", "day", "week", "month")],
        mail_goes=standing.mail_goes(),
    )


def _row(
    line: Line,
    names: Mapping[str, str],
    roles: Mapping[str, str],
    units: Mapping[str, str],
) -> Row:
    who = [roles.get(each, each) for each in line.roles]
    who += [units.get(each, each) for each in line.units]
    try:
        word = words.name(questions.read(line.query).metric)
    except NotFound:
        word = ""
    return Row(
        line=line,
        word=word,
        who=("，" if words.chinese() else ", ").join(who),
        owner=names.get(line.owner, line.owner),
        every=every_word(line.every),
    )


def every_word(every: str) -> str:
    """How often a mail goes."""
    kinds = {
        "": gettext("no mail"),
        "day": gettext("every day"),
        "week": gettext("every Monday"),
        "month": gettext("on the 1st of each month"),
    }
    return kinds[every]


def outcome_word(outcome: str) -> str:
    """What became of a mail."""
    kinds = {
        "sent": pgettext("mail", "sent"),
        "no_address": gettext("not sent: no mail address"),
        "refused": gettext("not sent: the address was refused"),
        "failed": gettext("not sent: the figures could not be counted"),
        "unknown": gettext("not sent: the figure is no longer defined"),
    }
    return kinds.get(outcome, outcome)
