"""Reads the golden lives: one contract, events, and what an expert expects of it.

Each case is a loan in the form of `daihou settle` (docs/how-to/settle.md) with a
name, the rule it rests on, and what must be so on some days. `base` takes the rest
from the case of that name.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from daihou.engine.ledger.life.events import Event
from daihou.engine.ledger.life.front import Contract
from daihou.packs import loan_json
from daihou.packs.reading import read_yaml

FOLDER = Path(__file__).with_name("lives")
OURS = ("name", "source", "note", "base", "expect")


@dataclass(frozen=True)
class Life:
    """One case: a contract, what happened, and what is expected on each day."""

    name: str
    source: str
    note: str
    contract: Contract
    events: tuple[Event, ...]
    known_at: datetime | None
    given: Mapping[str, Any]  # the loan as it would be sent
    expect: Mapping[date, Mapping[str, Any]]


def lives() -> Iterator[Life]:
    """Yield every case of every file."""
    for file in sorted(FOLDER.glob("*.yaml")):
        content = read_yaml(file.read_text(encoding="utf-8"), name=file.name)
        bases = content["bases"]
        for case in content["cases"]:
            yield _life(case, bases)


def _base(name: str, bases: Mapping[str, Any]) -> dict[str, Any]:
    """Return a base with what it takes from another."""
    own = dict(bases[name])
    further = own.pop("base", None)
    return own if further is None else _base(further, bases) | own


def _life(case: Mapping[str, Any], bases: Mapping[str, Any]) -> Life:
    given = _base(case["base"], bases)
    own = {name: value for name, value in case.items() if name not in OURS}
    events = [*given.get("events", ()), *own.pop("events", ())]
    for number, event in enumerate(events, 1):
        event.setdefault("id", number)
    given |= own
    given["events"] = events
    given["as_of"] = max(case["expect"])
    file = loan_json.read(json.dumps(given))
    return Life(
        name=case["name"],
        source=case["source"],
        note=case.get("note", ""),
        contract=file.contract,
        events=file.events,
        known_at=file.known_at,
        given=given,
        expect={
            date.fromisoformat(day): values for day, values in case["expect"].items()
        },
    )
