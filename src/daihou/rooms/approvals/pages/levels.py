"""Who decides what: the tables in force, those to come, and the form for another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from daihou.engine.basics.errors import MoneyError
from daihou.engine.basics.money import DIGITS, to_major, to_minor
from daihou.kit.refusal import Refused
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.kinds import all_kinds, kind_of, known
from daihou.rooms.approvals.own import amount_words, role_word
from daihou.rooms.approvals.pages import words
from daihou.rooms.approvals.queries import LevelRow, LevelsOf
from daihou.rooms.people import door as people

SPARE = 2  # empty rows under those there are


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row in words."""

    step: int
    least: str
    below: str
    role: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """One table in words; `state` is now, later or before."""

    kind: str
    code: str
    currency: str
    from_on: date | None
    rows: tuple[ShownRow, ...]
    state: str
    proposal_id: int | None


@dataclass(frozen=True, slots=True)
class Entered:
    """One row of the form, as it was typed."""

    step: str
    least: str
    below: str
    role: str


@dataclass(frozen=True, slots=True)
class LevelsForm:
    """The form for one kind and currency."""

    code: str
    kind: str
    currency: str
    counts: str
    rows: tuple[Entered, ...]
    roles: tuple[tuple[str, str], ...]
    from_on: str


def tables(*, on: date) -> tuple[ShownTable, ...]:
    """Every kind with the table in force on a day, and those that come later."""
    found = queries.levels_of()
    shown = []
    for kind in all_kinds():
        own = [table for table in found if table.kind == kind.code]
        for currency in sorted({table.currency for table in own}):
            of_one = [table for table in own if table.currency == currency]
            now = next((table for table in of_one if table.from_on <= on), None)
            later = [table for table in of_one if table.from_on > on]
            shown += [_shown(table, "later") for table in reversed(later)]
            shown += [_shown(now, "now")] if now else []
        if not own:
            shown.append(_without(kind.code))
    return tuple(shown)


def _without(code: str) -> ShownTable:
    """A kind that has no table: whoever holds its permission decides."""
    kind = kind_of(code)
    whoever = _("whoever may %(task)s") % {
        "task": people.permission_word(kind.permission)
    }
    roles = [role_word(role) for role in kind.levels] or [whoever]
    rows = [ShownRow(step, "", "", role) for step, role in enumerate(roles, start=1)]
    return ShownTable(
        kind=str(kind.name),
        code=code,
        currency="",
        from_on=None,
        rows=tuple(rows),
        state="now",
        proposal_id=None,
    )


def _shown(table: LevelsOf, state: str) -> ShownTable:
    counts = str(kind_of(table.kind).counts) if known(table.kind) else ""

    def amount(minor: int | None) -> str:
        return amount_words(minor, currency=table.currency, counts=counts)

    return ShownTable(
        kind=words.kind_word(table.kind),
        code=table.kind,
        currency=table.currency,
        from_on=table.from_on,
        rows=tuple(
            ShownRow(
                step=row.step,
                least=amount(row.least),
                below=amount(row.below),
                role=role_word(row.role),
            )
            for row in table.rows
        ),
        state=state,
        proposal_id=table.proposal_id,
    )


def form(kind: str, currency: str, *, on: date) -> LevelsForm:
    """The form with the rows of the newest table, and some empty ones."""
    table = queries.newest_levels(kind, currency)
    rows = [_entered(row, currency) for row in table.rows] if table else []
    rows += [Entered("", "", "", "")] * (SPARE if rows else SPARE + 1)
    return LevelsForm(
        code=kind,
        kind=words.kind_word(kind),
        currency=currency,
        counts=str(kind_of(kind).counts),
        rows=tuple(rows),
        roles=tuple(people.role_names().items()),
        from_on=on.isoformat(),
    )


def _entered(row: LevelRow, currency: str) -> Entered:
    def text(minor: int | None) -> str:
        if minor is None:
            return ""
        return str(to_major(minor, currency)) if currency else str(minor)

    return Entered(str(row.step), text(row.least), text(row.below), row.role)


def read_currency(text: str) -> str:
    """A currency there is, or none."""
    return text if text in DIGITS else ""


def read_rows(posted: Mapping[str, list[str]], currency: str) -> list[LevelRow]:
    """The rows of a posted form, those without a step left out; Refused when unread."""
    columns = [posted.get(name, []) for name in ("step", "least", "below", "role")]
    rows = []
    for step, least, below, role in zip(*columns, strict=False):
        if not step.strip():
            continue
        rows.append(
            LevelRow(
                step=_whole(step),
                least=_amount(least, currency) or 0,
                below=_amount(below, currency),
                role=role.strip()[:40],
            )
        )
    return rows


def _whole(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Refused(
            "not_a_number", _("“%(text)s” is no whole number.") % {"text": text[:40]}
        )
    return int(text)


def _amount(text: str, currency: str) -> int | None:
    text = text.replace(",", "").replace("，", "").strip()
    if not text:
        return None
    if not currency:
        return _whole(text)
    try:
        return to_minor(text, currency)
    except MoneyError:
        raise Refused(
            "not_an_amount",
            _("“%(text)s” is no amount in %(currency)s; write it like 10000.00.")
            % {"text": text[:40], "currency": currency},
        ) from None
