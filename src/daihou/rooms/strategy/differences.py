"""What is different between two contents: plain, and told in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.utils.translation import gettext, pgettext

from daihou.rooms.strategy import document, words
from daihou.rooms.strategy.document import Doc

_MOST: Final = 300  # told in a proposal; the page of the comparison has them all


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different.

    `part` is table, row, journey, queue, arm or strategy; `id` names which, `name` what
    of it, `did` is added, gone, moved or changed; `was` and `now` are as typed.
    """

    part: str
    id: str
    did: str
    name: str = ""
    was: str = ""
    now: str = ""


def between(before: Doc, after: Doc) -> tuple[Change, ...]:
    """Everything that is different, in the order of the page."""
    return tuple(_found(before, after))


def plain(before: Doc, after: Doc) -> list[dict[str, str]]:
    """The same as plain JSON for a proposal; a very long list is cut."""
    return [asdict(each) for each in between(before, after)[:_MOST]]


def _found(before: Doc, after: Doc) -> Iterator[Change]:
    for tongue in ("zh", "en"):
        yield from _value("strategy", "", f"title_{tongue}", before, after, tongue)
    was, now = before["table"], after["table"]
    if was["hit"] != now["hit"]:
        yield Change("table", "", "changed", "hit", was["hit"], now["hit"])
    yield from _columns(was["inputs"], now["inputs"])
    yield from _things("row", was["rows"], now["rows"], key="id")
    for part, name, key in (
        ("journey", "journeys", "id"),
        ("queue", "queues", "code"),
    ):
        yield from _things(part, before.get(name, []), after.get(name, []), key=key)
    yield from _experiment(before.get("experiment"), after.get("experiment"))


def _value(
    part: str, id: str, name: str, before: Doc, after: Doc, tongue: str
) -> Iterator[Change]:
    was, now = before["title"][tongue], after["title"][tongue]
    if was != now:
        yield Change(part, id, "changed", name, was, now)


def _columns(was: Sequence[str], now: Sequence[str]) -> Iterator[Change]:
    for name in was:
        if name not in now:
            yield Change("column", name, "gone")
    for name in now:
        if name not in was:
            yield Change("column", name, "added")


def _things(
    part: str, was: Sequence[Doc], now: Sequence[Doc], *, key: str
) -> Iterator[Change]:
    """Things of a list by their key: which came and went, moved, or say otherwise."""
    old = {each[key]: each for each in was}
    new = {each[key]: each for each in now}
    for name in old:
        if name not in new:
            yield Change(part, name, "gone")
    kept_before = [name for name in old if name in new]
    kept_after = [name for name in new if name in old]
    moved = _moved(kept_before, kept_after)
    for name, each in new.items():
        if name not in old:
            yield Change(part, name, "added", now=_short(part, each))
            continue
        if name in moved:
            first, second = list(old).index(name) + 1, list(new).index(name) + 1
            yield Change(part, name, "moved", was=str(first), now=str(second))
        before, after = _flat(old[name]), _flat(each)
        for field in dict.fromkeys((*before, *after)):
            one, other = before.get(field, ""), after.get(field, "")
            if one != other and field != key:
                yield Change(part, name, "changed", field, one, other)


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest names that, lifted out, leave the others in their old order."""
    place = {name: n for n, name in enumerate(before)}
    best: list[tuple[int, int]] = []  # length and link of the longest run up to here
    for n, name in enumerate(after):
        longest = (1, -1)
        for m in range(n):
            if place[after[m]] < place[name] and best[m][0] + 1 > longest[0]:
                longest = (best[m][0] + 1, m)
        best.append(longest)
    stays: set[str] = set()
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    while at >= 0:
        stays.add(after[at])
        at = best[at][1]
    return set(after) - stays


def _flat(thing: Doc) -> dict[str, str]:
    """The fields of a thing by dotted name: `when.dpd`, `steps.2.days`."""
    found: dict[str, str] = {}
    waiting: list[tuple[str, Any]] = [(str(name), each) for name, each in thing.items()]
    while waiting:
        name, each = waiting.pop(0)
        if isinstance(each, Mapping):
            waiting = [(f"{name}.{k}", v) for k, v in each.items()] + waiting
        elif isinstance(each, list):
            inner = [(f"{name}.{n}", v) for n, v in enumerate(each, start=1)]
            waiting = inner + waiting
        else:
            found[name] = str(each)
    return found


def _short(part: str, thing: Doc) -> str:
    if part != "row":
        return str(thing.get("title", {}).get(words.tongue(), ""))
    asked = "; ".join(f"{n} {t}" for n, t in thing.get("when", {}).items())
    answered = "; ".join(f"{n} {t}" for n, t in thing.get("then", {}).items())
    return f"{asked or '-'} → {answered}"


def _experiment(was: Doc | None, now: Doc | None) -> Iterator[Change]:
    if was and not now:
        yield Change("experiment", was["id"], "gone")
    elif now and not was:
        yield Change("experiment", now["id"], "added")
    elif was and now:
        for field in ("id", "salt"):
            if was[field] != now[field]:
                yield Change(
                    "experiment", now["id"], "changed", field, was[field], now[field]
                )
        before, after = ", ".join(was.get("rows", [])), ", ".join(now.get("rows", []))
        if before != after:
            yield Change("experiment", now["id"], "changed", "rows", before, after)
        yield from _things("arm", was["arms"], now["arms"], key="code")


# -- in words ------------------------------------------------------------------------


def told(change: Change | Mapping[str, str]) -> str:
    """One change as a sentence in the reader's language."""
    one = change if isinstance(change, Change) else Change(**change)
    known = {
        "what": words.part(one.part),
        "id": one.id if one.part != "column" else words.input_title(one.id),
        "field": words.field(one.name),
        "was": one.was or pgettext("value", "nothing"),
        "now": one.now or pgettext("value", "nothing"),
    }
    text = str(_sentence(one) % known)
    return f"{text}: {one.now}" if one.did == "added" and one.now else text


def _sentence(one: Change) -> str:
    texts: dict[str, str] = {
        "added": gettext("%(what)s %(id)s is new"),
        "gone": gettext("%(what)s %(id)s is left out"),
        "moved": gettext("%(what)s %(id)s moves from place %(was)s to place %(now)s"),
    }
    changed: str = gettext("%(what)s %(id)s, %(field)s: %(was)s becomes %(now)s")
    if not one.id:
        changed = gettext("%(field)s: %(was)s becomes %(now)s")
    return texts.get(one.did, changed)


def grid(before: Doc, after: Doc) -> dict[str, Any]:
    """Both tables as one: every column and row of either, cells with what was.

    Rows stand in the order of the second; those left out follow where they were.
    """
    one, other = before["table"], after["table"]
    inputs = [*other["inputs"], *(n for n in one["inputs"] if n not in other["inputs"])]
    old = {row["id"]: row for row in one["rows"]}
    new = {row["id"]: row for row in other["rows"]}
    order, waiting = [], [name for name in old if name not in new]
    places = list(old)
    for name in new:
        if name in old:
            earlier = [w for w in waiting if places.index(w) < places.index(name)]
            order += earlier
            waiting = [w for w in waiting if w not in earlier]
        order.append(name)
    order += waiting
    rows = []
    for name in order:
        was, now = old.get(name), new.get(name)
        did = "same" if was and now else ("gone" if was else "new")
        rows.append({"id": name, "did": did, "cells": _cells(was, now, inputs)})
    return {"inputs": inputs, "outputs": list(document.COLUMNS), "rows": rows}


def _cells(was: Doc | None, now: Doc | None, inputs: Sequence[str]) -> list[Any]:
    made = []
    for part, names, none in (
        ("when", inputs, "-"),
        ("then", document.COLUMNS, ""),
    ):
        for name in names:
            first = (was or {}).get(part, {}).get(name, none) if was else None
            second = (now or {}).get(part, {}).get(name, none) if now else None
            made.append((first, second))
    return made
