"""Cases of clocks, caps and provisions that a lawyer can read, as questions."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from daihou.engine.caps.lpr import LprTable
from daihou.engine.clocks.values import Calendar
from daihou.engine.rulebook.law import Lawbook
from daihou.packs import caps, clocks, holidays, law_files, lpr, provision
from daihou.packs.questions import answer_line

KINDS = ("clocks", "caps", "provision")


@dataclass(frozen=True, slots=True)
class Case:
    """A question as JSON, and what its answer must say."""

    file: str
    name: Mapping[str, str]
    question: str
    ask: Mapping[str, Any]
    expect: Mapping[str, Any]

    @property
    def line(self) -> bytes:
        """The question as one line of JSON."""
        return json.dumps(self.ask).encode()


def all_cases() -> Iterator[Case]:
    """Yield every case of the packaged rule book, in order of file."""
    for place in law_files.jurisdictions(law_files.packaged()):
        folder = place / "cases"
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            kind = file.name.split("_")[0]
            if kind not in KINDS:
                continue
            name = f"{place.name}/cases/{file.name}"
            content = law_files.read_file(file, name=name)
            law_files.check(content, schema="law_questions.json", name=name)
            assert content["question"] == kind, name
            usual = content.get("usual", {})
            for row in content["cases"]:
                ask = {**usual, **row["ask"]}
                yield Case(name, row["name"], kind, ask, row["expect"])


def answered(
    case: Case,
    law: Lawbook,
    *,
    language: str,
    calendar: Calendar | None = None,
    rates: LprTable | None = None,
) -> dict[str, Any]:
    """Return the answer to a case under a law book, as the command gives it.

    The calendar and the list of LPR are those that ship, unless others are given.
    """

    def answer(content: dict[str, Any]) -> dict[str, Any]:
        if case.question == "clocks":
            days_off = calendar or holidays.holidays()
            return clocks.answer(content, law, days_off, language=language)
        if case.question == "caps":
            table = rates or lpr.known()
            return caps.answer(content, law, table, language=language)
        return provision.answer(content, law, language=language)

    found = json.loads(answer_line(case.line, answer, language=language))
    assert isinstance(found, dict)
    return found


def differences(case: Case, answer: Mapping[str, Any]) -> list[str]:
    """Return what the answer says otherwise than the case; empty when nothing."""
    said = []
    for name, wanted in case.expect.items():
        if name == "error":
            found: Any = str(answer.get("error", "")).split(":")[0]
        elif name == "rules":
            found = [each for each in wanted if each in answer.get("rules", ())]
        elif name == "heard":
            found = [each["why"] for each in answer.get("events", ())]
        elif isinstance(wanted, dict):
            inside = answer.get(name) or {}
            found = {key: inside.get(key) for key in wanted}
        else:
            found = answer.get(name)
        if found != wanted:
            said.append(f"{name}: {found!r}, not {wanted!r}")
    if "error" in answer and "error" not in case.expect:
        said.append(answer["error"])
    return said
