"""Turn the keys of personal data: a new one seals, and all that was sealed follows it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from daihou.kit import keyring, secret_places
from daihou.kit.refusal import NotFound, Refused
from daihou.kit.secret_places import Place
from daihou.rooms.ledger.actions.canaries import Doing
from daihou.rooms.ledger.actions.takein import hold_intake

Say = Callable[[str, int], None]  # the table and column, and how many are done


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One key of the ring, and how many values in the database it has sealed."""

    id: str
    made_at: str
    newest: bool
    values: int
    by_place: Mapping[str, int]


def listed() -> tuple[KeyLine, ...]:
    """Every key, oldest first; also one that sealed values and is not in the ring.

    Counts the whole of every table that holds sealed values.
    """
    held = keyring.ring()
    counts: dict[str, dict[str, int]] = {key.id: {} for key in held.keys}
    with connection.cursor() as cursor:
        for place in secret_places.all_places():
            for key, values in secret_places.count(cursor, place).items():
                counts.setdefault(key, {})[f"{place.table}.{place.column}"] = values
    made = {key.id: key.made_at for key in held.keys}
    return tuple(
        KeyLine(
            id=key,
            made_at=made.get(key, "?"),
            newest=key == held.newest,
            values=sum(by_place.values()),
            by_place=by_place,
        )
        for key, by_place in counts.items()
    )


def missing() -> tuple[str, ...]:
    """Keys that sealed values which nobody can open: they are not in the ring."""
    known = {key.id for key in keyring.ring().keys}
    return tuple(line.id for line in listed() if line.id not in known)


def add_key(*, doing: Doing) -> str:
    """Put a new key into the ring and return its id; it seals from now on."""
    key = keyring.add_key(at=doing.at)
    with transaction.atomic():
        doing.event(
            type="keys.added",
            subject_type="keys",
            subject_id="ring",
            payload={"key": key.id},
        )
    return key.id


def reseal_all(*, doing: Doing, say: Say = lambda _place, _done: None) -> int:
    """Seal what older keys sealed with the newest, in batches; returns how many.

    Each batch is a transaction: broken off, the next call does what is left. An
    intake that runs is waited for, so that neither waits for the other crosswise.
    """
    total = 0
    for place in secret_places.all_places():
        total += _reseal(place, say)
    if total:
        with transaction.atomic():
            doing.event(
                type="keys.resealed",
                subject_type="keys",
                subject_id="ring",
                payload={"key": keyring.ring().newest, "values": total},
            )
    return total


def _reseal(place: Place, say: Say) -> int:
    done, after = 0, -1
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            hold_intake()
            values, after = secret_places.reseal_batch(cursor, place, after=after)
        if after < 0:
            return done
        done += values
        say(f"{place.table}.{place.column}", done)


def drop_key(key_id: str, *, doing: Doing) -> None:
    """Take an old key out of the ring for good; refused while it is of use.

    Backups taken while it sealed can be restored, but not read, without it.
    """
    lines = {line.id: line for line in listed()}
    held = {key.id for key in keyring.ring().keys}
    if key_id not in held:
        raise NotFound("key_unknown", _("There is no key %(key)s.") % {"key": key_id})
    if lines[key_id].newest:
        raise Refused("key_seals", _("This key seals; add another one first."))
    if lines[key_id].values:
        raise Refused(
            "key_in_use",
            _("%(count)s values are still sealed with it; run: daihou keys rotate")
            % {"count": lines[key_id].values},
        )
    keyring.drop_key(key_id)
    with transaction.atomic():
        doing.event(
            type="keys.dropped",
            subject_type="keys",
            subject_id="ring",
            payload={"key": key_id},
        )
