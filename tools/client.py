"""Make the specification of the API, and the Python client from it.

python tools/client.py            write them
python tools/client.py --check    complain of what is stale
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SPEC = ROOT / "docs" / "reference" / "openapi.json"
CLIENT = ROOT / "clients" / "python" / "daihou_client"
MADE = '"""{about}\n\nMade from the specification by `python tools/client.py`; do not edit.\n"""\n'
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
FORMATS = {"decimal": "Decimal", "date": "date", "date-time": "datetime"}
WIDTH = 88
Json = Mapping[str, Any]


def specification() -> dict[str, Any]:
    """What the site says of itself; no database is needed to tell."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {
            "DAIHOU_TEST_HOME": home,
            "DJANGO_SETTINGS_MODULE": "daihou.config.settings_test",
        }
        import django

        django.setup()
        from daihou.config import api

        return api.specification()


def kind_of(schema: Json) -> str:
    """A JSON schema as a Python type."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for joined in ("anyOf", "oneOf", "allOf"):
        if joined in schema:
            kinds = [kind_of(each) for each in schema[joined]]
            return " | ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return f"Literal[{', '.join(repr(each) for each in schema['enum'])}]"
    if "const" in schema:
        return f"Literal[{schema['const']!r}]"
    match schema.get("type"):
        case "null":
            return "None"
        case "array":
            return f"list[{kind_of(schema.get('items', {}))}]"
        case "object":
            more = schema.get("additionalProperties")
            inner = kind_of(more) if isinstance(more, dict) else "Any"
            return f"dict[str, {inner}]"
        case str() as plain:
            return FORMATS.get(schema.get("format", ""), PLAIN[plain])
    return "Any"


def text_of(told: Json) -> str:
    """A description as one paragraph of a docstring."""
    return " ".join(str(told.get("description") or told.get("title") or "").split())


def said(text: str, indent: int) -> list[str]:
    """A docstring: one line, or the first sentence and then the rest."""
    space = " " * indent
    if len(text) + indent + 6 <= WIDTH:
        return [f'{space}"""{text}"""']
    first, _, rest = text.partition(". ")
    if not rest or len(first) + indent + 4 > WIDTH:
        lines = textwrap.wrap(text, WIDTH - indent - 3)
        return [
            f'{space}"""{lines[0]}',
            *(space + each for each in lines[1:]),
            f'{space}"""',
        ]
    lines = textwrap.wrap(rest, WIDTH - indent)
    return [f'{space}"""{first}.', "", *(space + each for each in lines), f'{space}"""']


def taken_kind(schema: Json) -> str:
    """What may be given where one is sent: a date or amount as text as well."""
    kind = kind_of(schema)
    return re.sub(r"\b(Decimal|date)\b", r"\1 | str", kind)


def shapes(document: Json) -> str:
    """The module of dataclasses."""
    lines = [MADE.format(about="What is sent to the API and answered by it.")]
    lines += [
        "from dataclasses import dataclass, field",
        "from datetime import date, datetime",
        "from decimal import Decimal",
        "from typing import Any, Literal",
        "",
    ]
    names = [name for name in document["components"]["schemas"] if name != "Problem"]
    lines += [f"__all__ = {sorted(names)!r}", ""]
    ordered = list(_in_order(document["components"]["schemas"], names))
    for name in ordered:
        lines += _shape(name, document["components"]["schemas"][name])
    return "\n".join(lines) + "\n"


def _in_order(schemas: Json, names: list[str]) -> Iterator[str]:
    """Each shape after those it is made of."""
    done: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        for other in re.findall(r'schemas/(\w+)"', json.dumps(schemas[name])):
            visit(other)
        done.append(name)

    for name in sorted(names):
        visit(name)
    yield from done


def _shape(name: str, shape: Json) -> list[str]:
    needed = set(shape.get("required", ()))
    sent = shape.get("additionalProperties") is False
    properties = shape["properties"]
    lines = ["", "@dataclass(frozen=True, slots=True, kw_only=True)", f"class {name}:"]
    lines += [*said(text_of(shape) or name, 4), ""]
    for field in sorted(properties, key=lambda field: field not in needed):
        schema = properties[field]
        kind = taken_kind(schema) if sent else kind_of(schema)
        usual = "" if field in needed else _usual(schema, kind)
        lines.append(f"    {field}: {kind}{usual}")
    return [*lines, ""]


def _usual(schema: Json, kind: str) -> str:
    """What a field holds when nothing is given; a new list or object each time."""
    outer = kind.partition("[")[0]
    if schema.get("default") is None and outer in {"dict", "list"}:
        return f" = field(default_factory={outer})"
    return f" = {schema.get('default')!r}"


def client(document: Json) -> str:
    """The module of the client: one method an operation."""
    body: list[str] = []
    used: set[str] = set()
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            body += _method(method.upper(), path, told, used)
    kinds, text = ", ".join(sorted(used)), "\n".join(body)
    return "\n".join(
        [
            MADE.format(about="One method for each operation of the API."),
            "from collections.abc import Iterator, Mapping, Sequence",
            f"from datetime import date{', datetime' if 'datetime' in text else ''}",
            f"from typing import {'Any, Literal' if 'Literal[' in text else 'Any'}",
            "",
            "from daihou_client.decoding import decode, encode",
            f"from daihou_client.shapes import {kinds}",
            "from daihou_client.transport import Transport",
            "",
            "",
            "class Client:",
            '    """The API of one lender, as the person of one token."""',
            "",
            "    def __init__(self, address: str, *, token: str,",
            '        language: str = "zh-CN", transport: Transport | None = None) -> None:',
            '        """`address` is where the site is, without `/api`."""',
            "        self._at = transport or Transport(address, token, language)",
            *body,
        ]
    )


def _arguments(told: Json) -> tuple[list[str], list[str], list[str]]:
    """What a method takes, and which of it goes into the path and the query."""
    first, later, path, query = [], [], [], []
    for each in told["parameters"]:
        name = each["name"]
        if each["in"] == "header" or name == "dry_run":
            continue
        (path if each["in"] == "path" else query).append(name)
        kind = taken_kind(each["schema"])
        if each["in"] == "path":
            first.append(f"{name}: {kind if kind == 'int' else f'{kind} | int'}")
        elif each["required"]:
            later.insert(0, f"{name}: {kind}")
        elif "default" in each["schema"]:
            later.append(f"{name}: {kind} = {each['schema']['default']!r}")
        else:
            later.append(f"{name}: {kind} | None = None")
    return [*first, *_body(told), "*", *later], path, query


def _body(told: Json) -> list[str]:
    content = told.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return ["files: Sequence[tuple[str, bytes]]"]
    if "application/json" in content:
        kind = kind_of(content["application/json"]["schema"])
        return [f"body: {kind.replace('dict[', 'Mapping[', 1)}"]
    return []


def _method(method: str, path: str, told: Json, used: set[str]) -> list[str]:
    name = told["operationId"]
    arguments, in_path, in_query = _arguments(told)
    writes = any(each["name"] == "dry_run" for each in told["parameters"])
    answer = kind_of(told["responses"]["200"]["content"]["application/json"]["schema"])
    pages = answer.removesuffix("Page") if name.startswith("list_") else ""
    named = f"{answer} {pages} {' '.join(_body(told))}"
    used |= set(re.findall(r"\b[A-Z]\w+", named)) - {"Mapping", "Sequence", "Any"}
    given = []
    if in_path:
        given.append(f"path_values={{{', '.join(f'{n!r}: {n}' for n in in_path)}}}")
    query = [f"{n!r}: {n}" for n in in_query]
    if writes:
        query.append("'dry_run': dry_run or None")
        arguments += ["key: str | None = None", "dry_run: bool = False"]
        given += ["key=key", "writes=True"]
    given += [f"query={{{', '.join(query)}}}"] if query else []
    content = told.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        fields = content["multipart/form-data"]["schema"]["properties"]
        named = [field for field in fields if field != "files"]
        at = arguments.index("*") + 1
        arguments[at:at] = [_form_field(field, fields[field]) for field in named]
        values = ", ".join(f"{field!r}: {field}" for field in named)
        given += [f"content={{{values}}}", "files=files"]
    elif content:
        given.append("content=encode(body)")
    if arguments[-1] == "*":
        arguments.pop()
    about = text_of({"description": f"{told['summary']}. {told['description']}"})
    head = f"    def {name}({', '.join(['self', *arguments])}) -> {answer}:"
    call = f"self._at.call({', '.join([repr(method), repr(path), *given])})"
    lines = ["", head, *said(about, 8)]
    lines += [f"        return decode({answer}, {call})"]
    return lines + _each(name, answer, arguments)


def _form_field(name: str, schema: Json) -> str:
    usual = f" = {schema['default']!r}" if "default" in schema else ""
    return f"{name}: {kind_of(schema)}{usual}"


def _each(name: str, answer: str, arguments: list[str]) -> list[str]:
    """A walk over all pages of a list."""
    if not answer.endswith("Page") or "cursor: str = ''" not in arguments:
        return []
    one = answer.removesuffix("Page")
    kept = [each for each in arguments if not each.startswith(("cursor:", "limit:"))]
    if kept[-1] == "*":
        kept.pop()
    named = [each.partition(":")[0] for each in kept if each != "*"]
    split = kept.index("*") if "*" in kept else len(kept)
    passed = [n if i < split else f"{n}={n}" for i, n in enumerate(named)]
    more = ", ".join([*passed, "cursor=cursor", "limit=500"])
    single = name.removeprefix("list_").removesuffix("s")
    single = {"deliverie": "delivery"}.get(single, single)
    return [
        "",
        f"    def each_{single}({', '.join(['self', *kept])}) -> Iterator[{one}]:",
        f'        """Every page of `{name}`, one thing after the other."""',
        '        cursor = ""',
        "        while True:",
        f"            page = self.{name}({more})",
        "            yield from page.items",
        "            if not page.has_more:",
        "                return",
        '            cursor = page.next_cursor or ""',
    ]


def _formatted(code: str) -> str:
    ruff = str(ROOT / ".venv" / "bin" / "ruff")
    sort = [ruff, "check", "-q", "--fix", "--stdin-filename", "clients/x.py", "-"]
    form = [ruff, "format", "-q", "--stdin-filename", "clients/x.py", "-"]
    for command in (form, sort, form):
        done = subprocess.run(
            command, cwd=ROOT, input=code, capture_output=True, text=True, check=False
        )
        code = done.stdout
    return code


def made() -> dict[Path, str]:
    """Every file with what it must hold."""
    document = json.loads(json.dumps(specification()))
    return {
        SPEC: json.dumps(document, ensure_ascii=False, indent=1) + "\n",
        CLIENT / "shapes.py": _formatted(shapes(document)),
        CLIENT / "client.py": _formatted(client(document)),
    }


def main(arguments: list[str]) -> int:
    stale = []
    for path, text in made().items():
        if path.exists() and path.read_text("utf-8") == text:
            continue
        if "--check" in arguments:
            stale.append(str(path.relative_to(ROOT)))
        else:
            path.write_text(text, "utf-8")
    if stale:
        print(f"Stale: {', '.join(stale)}. Run `make docs`.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
