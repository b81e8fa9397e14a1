"""Where sealed values lie in the database, so that a new key reaches all of them.

A room registers its columns at start-up; who turns the keys knows none of the rooms.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from django.db import connection

from daihou.kit import keyring, secret

BATCH: Final = 2_000  # rows written in one transaction


class Cursor(Protocol):
    """What is needed of a cursor of Django."""

    def execute(self, query: Any, params: Any = None, /) -> Any: ...
    def fetchall(self) -> Any: ...
    def fetchone(self) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Place:
    """One column of sealed texts (kind text), or of JSON that holds some (json).

    `about` is what they were sealed as; of JSON by the name they stand under, `*` for
    every other name and for all below `attributes`. `key` is the column of whole numbers that names a row.
    """

    table: str
    column: str
    about: str | Mapping[str, str] = ""
    key: str = "id"
    kind: str = "text"

    def about_of(self, name: str) -> str:
        """What the value under `name` was sealed as."""
        if isinstance(self.about, str):
            return self.about
        return self.about.get(name, self.about.get("*", ""))


_places: dict[tuple[str, str], Place] = {}


def register(place: Place) -> None:
    """Name a column that holds sealed values; the same one again replaces it."""
    assert place.kind in {"text", "json"}, place
    _places[place.table, place.column] = place


def all_places() -> Sequence[Place]:
    """Every column that was registered, by table and name."""
    return [_places[name] for name in sorted(_places)]


def anything_sealed() -> bool:
    """Whether any registered column holds a sealed value; False before migration."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for place in all_places():
            if place.table not in there:
                continue
            text, start = _form(place)
            cursor.execute(
                f"select exists(select from {place.table} where {text} like %s)",
                [f"{start}%"],
            )
            if cursor.fetchone()[0]:
                return True
    return False


keyring.ask_before_making(anything_sealed)


def _form(place: Place) -> tuple[str, str]:
    """How a statement names a column as text, and how a sealed value begins in it."""
    if place.kind == "json":
        return f"{place.column}::text", f'%"{secret.FORM}.'
    return place.column, f"{secret.FORM}."


def count(cursor: Cursor, place: Place) -> dict[str, int]:
    """How many sealed values of a place each key has sealed."""
    form = secret.FORM
    if place.kind == "text":
        cursor.execute(
            f"select split_part({place.column}, '.', 2), count(*) from {place.table}"
            f" where {place.column} like '{form}.%%' group by 1"
        )
    else:
        cursor.execute(
            f"select found[1], count(*) from {place.table}, lateral regexp_matches("
            f"{place.column}::text, '\"{form}\\.(k[0-9a-z]+)\\.', 'g') found group by 1"
        )
    return {str(key): int(rows) for key, rows in cursor.fetchall()}


def reseal_batch(cursor: Cursor, place: Place, *, after: int) -> tuple[int, int]:
    """Seal the next rows behind the key `after` anew; (values, last key or -1 at end).

    Call it in a transaction of its own: what is done stays done, and whoever begins
    again from the start finds only what is left.
    """
    newest = keyring.ring().newest
    text, start = _form(place)
    # Keys are told apart by their id; a row may hold values of both.
    cursor.execute(
        f"select {place.key}, {text} from {place.table} where {place.key} > %s"
        f" and {text} like %s and {text} ~ %s order by {place.key} limit {BATCH}"
        " for update",
        [after, start + "%", rf"{secret.FORM}\.(?!{newest}\.)"],
    )
    rows = cursor.fetchall()
    if not rows:
        return 0, -1
    done, changed = 0, []
    for key, held in rows:
        if place.kind == "text":
            new, count = secret.reseal(held, about=place.about_of("")), 1
        else:
            content, count = _resealed(json.loads(held), place, "")
            new = json.dumps(content, ensure_ascii=False)
        done += count
        changed.append((int(key), new))
    cast = "::jsonb" if place.kind == "json" else ""
    cursor.execute(
        f"update {place.table} held set {place.column} = new.value{cast} from"
        f" unnest(%s::bigint[], %s::text[]) as new(key, value)"
        f" where held.{place.key} = new.key",
        [[key for key, _ in changed], [value for _, value in changed]],
    )
    return done, changed[-1][0]


def _resealed(value: Any, place: Place, name: str) -> tuple[Any, int]:
    """The same JSON with every old sealed text anew, and how many there were."""
    if isinstance(value, str):
        if not secret.is_sealed(value):
            return value, 0
        new = secret.reseal(value, about=place.about_of(name))
        return new, int(new != value)
    if isinstance(value, list):
        made = [_resealed(each, place, name) for each in value]
        return [each for each, _ in made], sum(count for _, count in made)
    if isinstance(value, dict):
        done = 0
        for inner, each in value.items():
            # What a sender calls its own columns is no name of ours.
            known = "*" if "attributes" in {name, inner} or name == "*" else inner
            value[inner], count = _resealed(each, place, known)
            done += count
    else:
        done = 0
    return value, done
