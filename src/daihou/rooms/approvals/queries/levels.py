"""Who decides what by its amount: the table in force on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daihou.rooms.approvals.kinds import all_kinds, kind_of, known
from daihou.rooms.approvals.models import LevelTable
from daihou.rooms.people import door as people


@dataclass(frozen=True, slots=True, order=True)
class LevelRow:
    """At step `step`, from `least` on and below `below` (None: no end), `role` decides.

    Amounts are minor units of the table's currency, or a count where it has none.
    """

    step: int
    least: int
    below: int | None
    role: str

    def counts(self, amount: int) -> bool:
        """Whether the row is meant for this amount."""
        return self.least <= amount and (self.below is None or amount < self.below)


@dataclass(frozen=True, slots=True)
class LevelsOf:
    """One table: of which kind and currency, since when, made by which proposal."""

    kind: str
    currency: str
    from_on: date
    rows: tuple[LevelRow, ...]
    proposal_id: int | None


def read_row(row: Mapping[str, object]) -> LevelRow:
    """A row as it is kept."""
    below = row["below"]
    return LevelRow(
        step=int(str(row["step"])),
        least=int(str(row["from"])),
        below=None if below is None else int(str(below)),
        role=str(row["role"]),
    )


def kept_row(row: LevelRow) -> dict[str, object]:
    """A row as plain JSON."""
    return {
        "step": row.step,
        "from": row.least,
        "below": row.below,
        "role": row.role,
    }


def _table(row: LevelTable) -> LevelsOf:
    return LevelsOf(
        kind=row.kind,
        currency=row.currency,
        from_on=row.from_on,
        rows=tuple(sorted(map(read_row, row.rows), key=_order)),
        proposal_id=row.proposal_id,
    )


def _order(row: LevelRow) -> tuple[int, int]:
    return row.step, row.least


def levels_of() -> Sequence[LevelsOf]:
    """Every table there ever was, the newest of each kind first."""
    order = ("kind", "currency", "-from_on", "-id")
    return [_table(row) for row in LevelTable.objects.order_by(*order)]


def newest_levels(kind: str, currency: str) -> LevelsOf | None:
    """The table that was made last for a kind, in force yet or not."""
    rows = LevelTable.objects.filter(kind=kind, currency=currency)
    row = rows.order_by("-from_on", "-id").first()
    return _table(row) if row else None


def rows_in_force(kind: str, currency: str, *, on: date) -> tuple[LevelRow, ...]:
    """The rows that decide on a day; none when no table was made."""
    rows = LevelTable.objects.filter(kind=kind, currency=currency, from_on__lte=on)
    row = rows.order_by("-from_on", "-id").first()
    return _table(row).rows if row else ()


def levels_for(
    kind: str, *, amount: int | None, currency: str, on: date
) -> tuple[str, ...]:
    """The roles that decide one after the other; "" is the kind's own permission.

    Without a row for the amount whoever holds the permission decides, alone. An
    amount in a currency that has no table, where the kind has one in another, is
    beyond every amount: who was trusted with 10,000 of one was not with 10,000 of
    the other.
    """
    rows = rows_in_force(kind, currency, on=on)
    if not rows and currency:
        rows = _strictest(kind, on=on)
        meant = [row for row in rows if row.below is None]
    else:
        meant = [row for row in rows if row.counts(amount or 0)]
    roles = [row.role for row in sorted(meant, key=_order)]
    return tuple(dict.fromkeys(roles)) or _usual(kind)


def _usual(kind: str) -> tuple[str, ...]:
    """The roles a kind comes with while it never had a table; else whoever may."""
    usual = kind_of(kind).levels if known(kind) else ()
    if usual and LevelTable.objects.filter(kind=kind).exists():
        return ("",)
    return usual or ("",)


def _strictest(kind: str, *, on: date) -> tuple[LevelRow, ...]:
    """The longest table of a kind that is in force in any currency."""
    tables = LevelTable.objects.filter(kind=kind, currency__gt="", from_on__lte=on)
    currencies = sorted(set(tables.values_list("currency", flat=True)))
    found = [rows_in_force(kind, currency, on=on) for currency in currencies]
    return max(found, key=len, default=())


def decides_something(person: people.Person) -> bool:
    """Whether anything may ever wait for this person: by permission, or by a table."""
    if person.reads_only:
        return False
    permissions = {kind.permission for kind in all_kinds()}
    permissions.add(people.Permission.DECIDE_LATE)
    if permissions & person.permissions:
        return True
    roles = {row.role for table in levels_of() for row in table.rows if row.role}
    roles |= {role for kind in all_kinds() for role in kind.levels}
    return person.role in roles
