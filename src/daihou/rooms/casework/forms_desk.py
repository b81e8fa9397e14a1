"""What the desk and the pages of cases send, read into values or refused."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from daihou.engine.basics.errors import UserError
from daihou.engine.basics.money import Money
from daihou.kit.refusal import Refused
from daihou.rooms.casework import codes
from daihou.rooms.casework.actions.desk import Outcome


def outcome(given: Mapping[str, str], *, currency: str) -> Outcome:
    """The outcome that was typed; Refused with what to change."""
    code = given.get("code", "")
    known = codes.BY_CODE.get(code)
    if known is None or known.own:
        raise Refused("result_missing", _("Choose what came of it."), field="code")
    decision = whole(given.get("decision", ""))
    if not decision and given.get("came") != "1":
        raise Refused(
            "decision_missing",
            _("Call or write first: C or S asks the gate. Or say that they came."),
            field="decision",
        )
    amount = due_on = None
    if known.promise:
        amount = money(given.get("amount", ""), currency=currency)
        due_on = day(given.get("due_on", ""))
        if amount is None or due_on is None:
            raise Refused(
                "promise_empty",
                _("A promise has an amount and a date."),
                field="amount",
            )
    note = given.get("note", "").replace("\0", "").strip()
    if code == "REFUSE" and not note:
        raise Refused(
            "result_note_open",
            _("Note: write down why they refuse to pay."),
            field="note",
        )
    return Outcome(
        code=code,
        version=whole(given.get("version", "")),
        decision_id=decision,
        amount=amount,
        due_on=due_on,
        follow_up_at=moment(given.get("next_at", "")),
        note=note,
    )


def whole(text: str) -> int:
    """A number of ours; 0 for anything else."""
    plain = text.strip()
    fits = plain.isascii() and plain.isdigit() and len(plain) < 19
    return int(plain) if fits else 0


def money(text: str, *, currency: str) -> int | None:
    """An amount as people write it, in minor units; None for an empty field."""
    plain = text.replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    try:
        minor = Money.parse(plain, currency).minor
    except (UserError, ValueError):
        raise Refused(
            "amount_unreadable",
            _("“%(text)s” is no amount. Write it like 1200.50.") % {"text": text[:40]},
            field="amount",
        ) from None
    if minor <= 0:
        raise Refused(
            "amount_not_positive", _("The amount must be above zero."), field="amount"
        )
    return minor


def day(text: str) -> date | None:
    """A date; None for an empty field."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            "date_unreadable",
            _("“%(text)s” is no date. Write it like 2026-03-31.") % {"text": text[:40]},
            field="date",
        ) from None


def moment(text: str) -> datetime | None:
    """A local date and time; None for an empty field."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            "time_unreadable",
            _("“%(text)s” is no time. Write it like 2026-03-31T14:30.")
            % {"text": text[:40]},
            field="next_at",
        ) from None
    return found if found.tzinfo else timezone.make_aware(found)
