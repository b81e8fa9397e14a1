"""The mapping editor: a form over the sample's columns, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language, gettext

from daihou.rooms.intake import door, upload
from daihou.rooms.intake.mapping import drafting, files
from daihou.rooms.intake.mapping.drafting import Field, RuleForm
from daihou.rooms.intake.mapping.errors import MappingError
from daihou.rooms.intake.prepare import table_of
from daihou.rooms.intake.readers import Raw, read_file
from daihou.tables.intake import TABLES


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One rule with the columns its file offers (none without a sample)."""

    number: int
    form: RuleForm
    offered: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A contract table as it would be read: columns with how full they are."""

    preview: door.Preview
    columns: Sequence[tuple[str, float, bool]]


@dataclass(frozen=True, slots=True)
class Editor:
    """Everything the editor draws; `problem` says why there is no preview."""

    name: str
    basis: str
    source: str
    description: str
    rules: Sequence[RuleSheet]
    sample: upload.Kept | None
    shown: Sequence[Shown]
    faults: Sequence[door.Fault]
    problem: str
    text: str
    tables: Sequence[str]


def editor(
    name: str, *, given: QueryDict | None, sample: upload.Kept | None, whole: bool
) -> Editor:
    """The editor of a mapping: as it is saved, as the form has it, or as guessed.

    The sample's personal values are masked unless the reader may see them `whole`.
    """
    saved = files.content_of(name, folders=settings.INTAKE_MAPPINGS)
    raws = _raws(sample)
    if given is not None and "rules" in given:
        forms = read_form(given)
        source, description = given.get("source", ""), given.get("description", "")
    elif saved is not None:
        forms = [
            drafting.rule_form(rule, place=place)
            for place, rule in enumerate(saved["tables"])
        ]
        source = str(saved.get("source", ""))
        description = str(saved.get("description", ""))
    else:
        forms = [_guess(raw) for raw in raws]
        source, description = (given.get("source", "") if given else ""), ""
    content = content_of(name, forms, source=source, description=description)
    shown, faults, problem = _preview(content, sample, whole=whole)
    return Editor(
        name=name,
        basis=str(saved["version"]) if saved else "",
        source=source,
        description=description,
        rules=[
            RuleSheet(number, form, _offered(form, raws))
            for number, form in enumerate(forms)
        ],
        sample=sample,
        shown=shown,
        faults=faults,
        problem=problem,
        text=files.text_of(content) if forms else "",
        tables=list(TABLES),
    )


def content_of(
    name: str, forms: Sequence[RuleForm], *, source: str, description: str
) -> dict[str, Any]:
    """The mapping as its file has it, with the version still to be said."""
    content: dict[str, Any] = {"mapping": name, "version": "draft"}
    if description.strip():
        content["description"] = description.strip()
    if source.strip():
        content["source"] = source.strip()
    saved = files.content_of(name, folders=settings.INTAKE_MAPPINGS) or {}
    content |= {key: saved[key] for key in ("refers_to", "encoding") if key in saved}
    content["tables"] = [drafting.content_of(form) for form in forms]
    return content


def read_form(given: QueryDict) -> list[RuleForm]:
    """The rules as they were sent; a rule whose table is no table is left out."""
    count = given.get("rules", "0")
    numbers = range(int(count) if count.isdecimal() and len(count) < 3 else 0)
    dropped = set(given.getlist("drop"))
    made = [_rule(given, number) for number in numbers if str(number) not in dropped]
    if given.get("add", "") in TABLES:
        empty = [Field(column) for column in TABLES[given["add"]]]
        made.append(
            RuleForm(
                given["add"], "*", "", distinct=False, attributes="none", fields=empty
            )
        )
    return [rule for rule in made if rule is not None]


def _rule(given: QueryDict, number: int) -> RuleForm | None:
    def at(name: str) -> str:
        return given.get(f"{number}.{name}", "").replace("\0", "")[:2_000]

    table = at("table")
    if table not in TABLES:
        return None
    known = _kept(given, number)
    fields = [
        Field(
            column,
            how=at(f"how.{column.name}"),
            what=at(f"what.{column.name}"),
            turn=at(f"turn.{column.name}"),
            more=known[1].get(column.name, {}),
        )
        for column in TABLES[table]
    ]
    return RuleForm(
        table=table,
        file=at("file") or "*",
        where=at("where"),
        distinct=bool(at("distinct")),
        attributes=at("attributes") or "none",
        fields=fields,
        more=known[0],
        place=int(at("place")) if at("place").isdecimal() else -1,
    )


def _kept(given: QueryDict, number: int) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the form does not show of the rule it came from: as it is saved."""
    place = given.get(f"{number}.place", "")
    saved = files.content_of(given.get("name", ""), folders=settings.INTAKE_MAPPINGS)
    if saved is None or not place.isdecimal() or int(place) >= len(saved["tables"]):
        return {}, {}
    form = drafting.rule_form(saved["tables"][int(place)], place=int(place))
    if form.table != given.get(f"{number}.table", ""):
        return {}, {}
    return form.more, {each.column.name: each.more for each in form.fields}


def _raws(sample: upload.Kept | None) -> list[Raw]:
    if sample is None:
        return []
    sent = [read_file(path, name=name) for path, name in sample.files]
    return [raw for file in sent for raw in file.raws]


def _guess(raw: Raw) -> RuleForm:
    return drafting.guess(raw, table=table_of(raw) or drafting.best_table(raw))


def _offered(form: RuleForm, raws: Sequence[Raw]) -> Sequence[str]:
    """The columns of the files this rule reads, and those it names already."""
    mine = [raw for raw in raws if form.file in ("*", raw.file)] or list(raws)
    names = [name for raw in mine for name in raw.data.column_names]
    named = [each.how for each in form.fields if each.how and each.how[:1] != "="]
    return list(dict.fromkeys([*names, *named]))


def not_begun(content: Mapping[str, Any]) -> str:
    """What to do first where a table says of no column where it comes from, or nothing."""
    rules = content["tables"]
    if rules and all(rule["columns"] for rule in rules):
        return ""
    return str(gettext("Say for each table where at least one column comes from."))


def _preview(
    content: Mapping[str, Any], sample: upload.Kept | None, *, whole: bool
) -> tuple[list[Shown], list[door.Fault], str]:
    if sample is None:
        return [], [], ""
    if told := not_begun(content):
        return [], [], told
    folder = Path(settings.DAIHOU_HOME) / "intake" / "drafts"
    language = get_language() or "zh-hans"
    try:
        mapping = files.check(content, folder=folder)
        order = door.Order(files=list(sample.files), source="preview", mapping=mapping)
        tables, faults = door.preview(order, language=language, whole=whole)
    except MappingError as error:
        return [], [], error.say(language)
    shown = [
        Shown(
            preview=each,
            columns=[
                (name, each.filled[name], name in each.required)
                for name in each.columns
            ],
        )
        for each in tables
    ]
    return shown, faults, ""
