"""Cases of the gate that a lawyer can read, made into requests and answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daihou.engine.rulebook.law import Lawbook, Pack
from daihou.packs import law_files
from daihou.packs.law_fields import zone_named


@dataclass(frozen=True, slots=True)
class Case:
    """A contact as JSON, and what the gate must answer."""

    file: str
    name: Mapping[str, str]
    request: Mapping[str, Any]
    verdict: str
    until: datetime | None
    rules: tuple[str, ...]
    unknown: str | None

    @property
    def line(self) -> bytes:
        """The request as one line of JSON."""
        return json.dumps(self.request).encode()


def of_the_gate(book: Lawbook) -> Iterator[Case]:
    """Yield every case of the packaged rule book: of its rules, then of its packs."""
    for rule in book.rules.values():
        pack = book.packs[rule.jurisdiction]
        for each in rule.vectors:
            yield _case(dict(each), pack, f"{rule.id}.yaml")
    for place in law_files.jurisdictions(law_files.packaged()):
        folder = place / "cases"
        if not folder.is_dir():
            continue
        files = (each for each in folder.iterdir() if each.name.startswith("gate_"))
        for file in sorted(files, key=lambda each: each.name):
            name = f"{place.name}/cases/{file.name}"
            content = law_files.read_file(file, name=name)
            law_files.check(content, schema="gate_cases.json", name=name)
            for each in content["cases"]:
                yield _case(each, book.packs[place.name], name)


def _case(row: Mapping[str, Any], pack: Pack, file: str) -> Case:
    request = _base(pack)
    contact = dict(row["contact"])
    request["person"].update(contact.pop("person", {}))
    request.update(contact)
    zone = ZoneInfo(_zone_of(request, pack))
    request["at"] = _instant(request["at"], zone)
    request["history"] = [
        past for each in row.get("past", ()) for past in _past(each, zone)
    ]
    request["consents"] = [
        {
            name: _instant(said, zone) if name.endswith("_at") else said
            for name, said in each.items()
        }
        for each in row.get("consents", ())
    ]
    expect = row["expect"]
    until = expect.get("until")
    return Case(
        file=file,
        name=row["name"],
        request=request,
        verdict=expect["verdict"],
        until=datetime.fromisoformat(_instant(until, zone)) if until else None,
        rules=tuple(expect.get("rules", ())),
        unknown=expect.get("unknown"),
    )


def _base(pack: Pack) -> dict[str, Any]:
    """A call to the borrower, to collect, with nothing known of anybody."""
    person = {
        "id": "p",
        "role": "borrower",
        "time_zone": pack.example_zone,
        "flags": [],
        "refused": False,
    }
    return {
        "id": "case",
        "jurisdiction": pack.jurisdiction,
        "purpose": "collect",
        "channel": "call",
        "licence": pack.example_licence,
        "person": person,
        "debtor_flags": [],
        "debtor_unreachable": False,
        "contact_point": "n",
        "debt": "d",
    }


def _past(row: Mapping[str, Any], zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    usual = {
        "person": "p",
        "contact_point": "n",
        "debt": "d",
        "channel": "call",
        "connected": False,
        "conversation": False,
        "failed": False,
        "actor": "staff",
    }
    for at in row["at"]:
        yield usual | dict(row) | {"at": _instant(at, zone)}


def _zone_of(request: Mapping[str, Any], pack: Pack) -> str:
    """The person's zone; for one that does not exist, the pack's."""
    named = str(request["person"]["time_zone"])
    return named if zone_named(named) is not None else pack.example_zone


def _instant(text: str, zone: ZoneInfo) -> str:
    """Return an instant with its offset; without one it is on the person's clock."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone)
    return found.isoformat()
