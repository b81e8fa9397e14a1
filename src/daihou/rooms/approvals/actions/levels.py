"""The table of levels, changed the way everything here is: proposed, then decided."""

from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _

from daihou.kit.refusal import Refused
from daihou.rooms.approvals import queries
from daihou.rooms.approvals.actions.proposing import day_of, propose
from daihou.rooms.approvals.kinds import Deed, Values, known
from daihou.rooms.approvals.models import LevelTable
from daihou.rooms.approvals.queries.levels import LevelRow, kept_row, read_row
from daihou.rooms.approvals.values import Proposal
from daihou.rooms.people import door as people

KIND = "approvals.levels"
FROM_ON = "from_on"
MOST_ROWS = 20


def row_name(number: int) -> str:
    """The name of a row as a field of the difference; `number` counts from 1."""
    return f"row {number:02d}"


def propose_levels(
    *,
    kind: str,
    currency: str,
    rows: Sequence[LevelRow],
    from_on: date,
    deed: Deed,
) -> Proposal:
    """Propose another table for a kind from a day on; another person decides.

    Refused when a role or the kind is unknown, steps leave a gap, or a row ends before
    it begins.
    """
    people.require(deed.by, people.Permission.MANAGE_APPROVALS)
    _check(kind, rows, from_on=from_on, deed=deed)
    before = _fields(kind, currency)
    after: dict[str, object] = {FROM_ON: from_on.isoformat()}
    for number, row in enumerate(rows, start=1):
        after[row_name(number)] = _told(row, currency)
    for name in before.keys() - after.keys():
        after[name] = None  # a row that goes
    return propose(
        kind=KIND,
        subject_type="levels",
        subject_id=f"{kind}/{currency}",
        title=f"{kind} {currency}".strip(),
        after=after,
        deed=deed,
    )


def _check(kind: str, rows: Sequence[LevelRow], *, from_on: date, deed: Deed) -> None:
    if not known(kind):
        raise Refused(
            "kind_unknown",
            _("There is no kind of proposal %(kind)s.") % {"kind": kind},
        )
    if from_on < day_of(deed):
        raise Refused(
            "from_past",
            _("Levels count from today or later; what was decided stays decided."),
        )
    if not rows or len(rows) > MOST_ROWS:
        raise Refused(
            "rows_number",
            _("A table has 1 to %(most)s rows.") % {"most": MOST_ROWS},
        )
    if {row.step for row in rows} != set(range(1, max(row.step for row in rows) + 1)):
        raise Refused(
            "steps_gap", _("The steps are counted 1, 2, 3 without leaving one out.")
        )
    for row in rows:
        if row.least < 0 or (row.below is not None and row.below <= row.least):
            raise Refused(
                "row_empty",
                _("A row ends before it begins: step %(step)s.") % {"step": row.step},
            )
        if row.role and row.role not in people.role_names():
            raise Refused(
                "role_unknown",
                _("There is no role %(role)s. Choose one of the list.")
                % {"role": row.role},
            )


def _fields(kind: str, currency: str) -> dict[str, object]:
    """The table made last as fields of a difference."""
    table = queries.newest_levels(kind, currency)
    if table is None:
        return {}
    fields: dict[str, object] = {FROM_ON: table.from_on.isoformat()}
    for number, row in enumerate(table.rows, start=1):
        fields[row_name(number)] = _told(row, currency)
    return fields


def _told(row: LevelRow, currency: str) -> dict[str, object]:
    """A row as a value of a difference, which has to say of what it speaks."""
    return kept_row(row) | {"currency": currency}


def current(subject_id: str, names: Collection[str]) -> Values:
    """What the named fields of a table are now; a row there is not is None."""
    kind, _slash, currency = subject_id.partition("/")
    fields = _fields(kind, currency)
    return {name: fields.get(name) for name in names}


def make_table(proposal: Proposal, deed: Deed) -> None:
    """Carry an approved table out: a new one beside the old, from its day on."""
    kind, _slash, currency = proposal.subject_id.partition("/")
    fields = _fields(kind, currency) | dict(proposal.after)
    on = date.fromisoformat(str(fields.pop(FROM_ON)))
    rows = [fields[name] for name in sorted(fields) if fields[name] is not None]
    LevelTable.objects.create(
        kind=kind,
        currency=currency,
        from_on=on,
        rows=[kept_row(read_row(row)) for row in rows],  # type: ignore[arg-type]
        proposal_id=proposal.id,
    )
