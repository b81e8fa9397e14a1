"""The reference of the API as a page: what the specification says, set for people."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext

Json = Mapping[str, Any]
Said = Sequence[tuple[str, bool]]  # a text in pieces, and which of them are code
_REF: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is: a word, and the object it is one of, if it is."""

    word: str
    schema: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter or one field of an object."""

    name: str
    place: str
    kind: Kind
    required: bool
    about: Said


@dataclass(frozen=True, slots=True)
class Op:
    """One operation."""

    id: str
    method: str
    path: str
    summary: str
    about: Said
    scope: str
    writes: bool
    parameters: Sequence[Field]
    takes: Kind | None
    gives: Kind | None


@dataclass(frozen=True, slots=True)
class Group:
    """The operations of one room."""

    name: str
    operations: Sequence[Op]


@dataclass(frozen=True, slots=True)
class Shape:
    """One object that is sent or answered."""

    name: str
    about: Said
    fields: Sequence[Field]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    title: str
    version: str
    about: Said
    groups: Sequence[Group]
    shapes: Sequence[Shape]
    refusals: Sequence[tuple[str, str]]


def page_of(document: Json) -> Reference:
    """The page of an OpenAPI document, in the language spoken now."""
    groups: dict[str, list[Op]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            groups.setdefault(told["tags"][0], []).append(_op(method, path, told))
    return Reference(
        title=document["info"]["title"],
        version=document["info"]["version"],
        about=said(gettext(document["info"]["description"])),
        groups=[Group(gettext(name), groups[name]) for name in sorted(groups)],
        shapes=[
            Shape(name, said(gettext(_line(shape))), list(_fields(shape)))
            for name, shape in document["components"]["schemas"].items()
        ],
        refusals=[
            (name.removeprefix("Refused"), gettext(answer["description"]))
            for name, answer in sorted(document["components"]["responses"].items())
        ],
    )


def said(text: str) -> Said:
    """A text in pieces; what stands between two backquotes is code."""
    return [(each, at % 2 == 1) for at, each in enumerate(text.split("`")) if each]


def _line(shape: Json) -> str:
    """The description of a shape on one line, or its title where it has none."""
    return " ".join((shape.get("description") or shape.get("title", "-")).split())


def _op(method: str, path: str, told: Json) -> Op:
    names = {each["name"] for each in told["parameters"]}
    content = told.get("requestBody", {}).get("content", {})
    body = next(iter(content.items()), None)
    answer = told["responses"]["200"].get("content", {}).get("application/json")
    about = " ".join(told["description"].split())
    return Op(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        summary=gettext(told["summary"]),
        about=said(gettext(about)) if about else [],
        scope=told["x-scope"],
        writes="Idempotency-Key" in names,
        parameters=[
            Field(
                name=each["name"],
                place=each["in"],
                kind=_kind(each["schema"]),
                required=each["required"],
                about=said(gettext(each["description"]))
                if each.get("description")
                else [],
            )
            for each in told["parameters"]
        ],
        takes=_body(*body) if body else None,
        gives=_kind(answer["schema"]) if answer else None,
    )


def _body(media_type: str, content: Json) -> Kind:
    kind = _kind(content["schema"])
    if media_type == "application/json":
        return kind
    fields = ", ".join(content["schema"].get("properties", {}))
    return Kind(media_type, note=fields)


def _fields(shape: Json) -> Iterator[Field]:
    needed = shape.get("required", ())
    for name, told in shape.get("properties", {}).items():
        about = told.get("description", "")
        yield Field(
            name=name,
            place="",
            kind=_kind(told),
            required=name in needed,
            about=said(gettext(about)) if about else [],
        )


def _kind(schema: Json) -> Kind:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_REF)
        return Kind(name, schema=name)
    for joined in ("anyOf", "oneOf", "allOf"):
        if joined in schema:
            kinds = [_kind(each) for each in schema[joined]]
            named = next((each.schema for each in kinds if each.schema), "")
            return Kind(" | ".join(each.word for each in kinds), schema=named)
    if schema.get("type") == "array":
        inner = _kind(schema.get("items", {}))
        return Kind(f"[{inner.word}]", schema=inner.schema, note=inner.note)
    if "enum" in schema:
        return Kind(" | ".join(str(each) for each in schema["enum"]))
    word = str(schema.get("format") or schema.get("type") or "any")
    if "const" in schema:
        word = str(schema["const"])
    return Kind(word, note=_note(schema))


def _note(schema: Json) -> str:
    """Limits and an example, as short as they can be said."""
    said = []
    if "default" in schema and schema["default"] not in ("", None):
        said.append(f"= {schema['default']}")
    if "maximum" in schema and schema["maximum"] < 10**9:
        said.append(f"{schema.get('minimum', 0)} … {schema['maximum']}")
    if "maxLength" in schema:
        said.append(f"≤ {schema['maxLength']}")
    said += [str(each) for each in schema.get("examples", ())]
    return ", ".join(said)
