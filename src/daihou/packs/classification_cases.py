"""Cases of classification that a lawyer can read, made into questions and answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from daihou.engine.rulebook.law import Lawbook, Pack
from daihou.packs import law_files
from daihou.packs.classification_json import Question, read

_PREFIX = "class_"
_USUAL: Mapping[str, Mapping[str, Any]] = {
    "cn": {"loan": "L-1", "customer": "C-1", "balance": 1000},
    "in": {"loan": "L-1"},
    "eu": {"loan": "L-1", "exposure": 20000},
}


@dataclass(frozen=True, slots=True)
class Case:
    """A question and what is expected: `class`, and what else the case says.

    `title` is its name by language; `row` the day or count of days of a table.
    """

    file: str
    name: str
    question: Question
    expect: Mapping[str, Any]
    title: Mapping[str, str]
    row: str = ""


def of_classification(book: Lawbook) -> Iterator[Case]:
    """Yield every case of the packs, one for each day or count of days in a table."""
    for place in law_files.jurisdictions(law_files.packaged()):
        folder = place / "cases"
        if not folder.is_dir():
            continue
        files = [each for each in folder.iterdir() if each.name.startswith(_PREFIX)]
        for file in sorted(files, key=lambda each: each.name):
            name = f"{place.name}/cases/{file.name}"
            content = law_files.read_file(file, name=name)
            law_files.check(content, schema="class_cases.json", name=name)
            licence = content.get("licence", book.packs[place.name].example_licence)
            for row in content["cases"]:
                yield from _cases(row, book.packs[place.name], name, licence)


def _cases(
    row: Mapping[str, Any], pack: Pack, file: str, licence: str
) -> Iterator[Case]:
    """Yield the cases of a row: one, or one for each entry of its table."""
    title = row["name"]
    told = f"{file}: {title['en']}"
    asked = {
        "jurisdiction": pack.jurisdiction,
        "licence": row.get("licence", licence),
        "as_of": row.get("as_of"),
    }
    usual = dict(_USUAL[pack.jurisdiction])
    claim = usual | dict(row.get("claim", {}))
    others = [
        usual | {"loan": f"L-{place}"} | dict(each)
        for place, each in enumerate(row.get("others", ()), start=2)
    ]
    if others:
        asked["others"] = others
    if "days" in row:
        for day, expected in row["days"].items():
            question = read({**asked, "as_of": day, "claim": claim})
            yield Case(
                file, f"{told}: {day}", question, {"class": expected}, title, str(day)
            )
    elif "by_dpd" in row:
        for dpd, expected in row["by_dpd"].items():
            question = read({**asked, "claim": {**claim, "dpd": int(dpd)}})
            yield Case(
                file, f"{told}: {dpd}", question, {"class": expected}, title, str(dpd)
            )
    else:
        question = read({**asked, "claim": claim})
        yield Case(file, told, question, row["expect"], title)
