"""How long rows of contact are kept: with the classes of the retention schedule."""

from typing import Final

from daihou.rooms.ledger import door as ledger

_GONE: Final = ledger.personal.GONE


def _day(column: str) -> str:
    return f"({column} at time zone 'UTC')::date"


ROWS: Final = (
    ledger.personal.Theirs(
        data_class="contact_history",
        table="contact_attempt",
        on=_day("h.at"),
        triggers=("contact.Attempt:attempt_kept",),
    ),
    # An answer stays as long as the contact that rests on it.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="contact_decision",
        on=(
            "greatest("
            + _day("h.asked_at")
            + f", (select max({_day('a.at')}) from contact_attempt a"
            " where a.decision_id = h.id))"
        ),
        triggers=("contact.Decision:decision_kept",),
    ),
    # That there was an attempt at a refused act stays, without what was written.
    ledger.personal.Theirs(
        data_class="contact_history",
        table="contact_compliance_item",
        on=_day("h.closed_at"),
        where=(
            "h.state = 'closed' and (h.words <> '' or h.words_digest <> ''"
            f" or h.reason <> '{_GONE}')"
        ),
        empty=f"words = '', words_digest = '', reason = '{_GONE}'",
        triggers=("contact.ComplianceItem:item_final",),
    ),
    # How good a number is goes with the number.
    ledger.personal.Theirs(
        data_class="contact_points",
        table="contact_point_standing",
        on=_day("coalesce(h.last_tried_at, h.since_at, h.restored_at)"),
        triggers=("contact.PointStanding:point_standing_kept",),
    ),
    ledger.personal.Theirs(
        data_class="consents",
        table="contact_consent",
        on=_day("coalesce(h.withdrawn_at, h.recorded_at)"),
        triggers=("contact.Consent:consent_kept",),
    ),
    ledger.personal.Theirs(
        data_class="person_flags",
        table="contact_flag",
        on=_day("coalesce(h.lifted_at, h.raised_at)"),
        triggers=("contact.PersonFlag:flag_kept",),
    ),
)


def register() -> None:
    """Put the rows under the schedule; called once at start-up."""
    for each in ROWS:
        ledger.personal.register_rows(each)
