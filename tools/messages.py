"""Collect, check and compile the texts on screen, without the GNU tools.

python tools/messages.py update [--prune]   add new texts to the catalogs
python tools/messages.py check              complain of missing and stale ones
python tools/messages.py compile            make the .mo files Django reads
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

SOURCE = Path(__file__).resolve().parents[1] / "src" / "daihou"
CATALOGS = ("zh_Hans",)  # English stands in the code itself
HEADER = {
    "Project-Id-Version": "daihou",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
# Function name -> position of (context, singular, plural) among its arguments.
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_noop": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
CALL_IN_TEMPLATE = re.compile(r"\b(n?p?gettext|_)\(")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@dataclass(frozen=True, order=True)
class Text:
    """One translatable text as the code asks for it."""

    singular: str
    context: str | None = None
    plural: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        return (self.context or "", self.singular)


def collect(source: Path = SOURCE) -> dict[tuple[str, str], tuple[Text, set[str]]]:
    """Every text in the package, with the files that hold it."""
    found: dict[tuple[str, str], tuple[Text, set[str]]] = {}
    for path in sorted(source.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            code = path.read_text("utf-8")
            short = path.relative_to(source)
            texts = [*in_python(code), *in_command(code, short), *in_api(code, short)]
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            texts = in_template(path.read_text("utf-8"))
        else:
            continue
        place = path.relative_to(source).as_posix()
        for text in texts:
            known, places = found.setdefault(text.key, (text, set()))
            if text.plural and not known.plural:
                found[text.key] = (text, places)
            places.add(place)
    return found


def in_python(code: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            text = _of_call(node)
            if text:
                yield text


def in_command(code: str, place: Path) -> Iterator[Text]:
    """What a command says of itself: its help and that of its options."""
    if place.parent.as_posix() != "config/commands" and place.name != "cli.py":
        return
    tree = ast.parse(code)
    if not place.name.startswith("_") and place.name != "cli.py":
        yield Text((ast.get_docstring(tree) or "").split("\n")[0])
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(each, ast.Call)
            and getattr(each.func, "attr", "") in {"command", "group"}
            for each in node.decorator_list
        ):
            yield Text(ast.get_docstring(node) or "")
        if isinstance(node, ast.Call):
            for keyword in node.keywords:
                if keyword.arg == "help" and isinstance(keyword.value, ast.Constant):
                    yield Text(str(keyword.value.value))


def in_api(code: str, place: Path) -> Iterator[Text]:
    """What the reference says of operations and of what they take and give."""
    own = place.parts[:1] == ("rooms",) and "api" in (place.stem, *place.parts)
    if not own and place.parts[:2] != ("kit", "api"):
        return
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and any(
            isinstance(each, ast.Call)
            and getattr(each.func, "attr", "") in {"read", "write", "reckon"}
            for each in node.decorator_list
        ):
            summary, _, rest = (ast.get_docstring(node) or "").partition("\n")
            told = (" ".join(each.split()) for each in (summary, rest))
            yield from (Text(each) for each in told if each)
        shape = {"Schema", "Given"} & {getattr(each, "id", "") for each in _bases(node)}
        if shape and not node.name.endswith(("Filter", "Paging", "Form")):
            yield Text(" ".join((ast.get_docstring(node) or "").split()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Router":
            for keyword in node.keywords:
                if keyword.arg == "tags":
                    yield from (Text(each) for each in ast.literal_eval(keyword.value))


def _bases(node: ast.AST) -> list[ast.expr]:
    return node.bases if isinstance(node, ast.ClassDef) else []


def in_template(template: str) -> Iterator[Text]:
    from django.utils.translation.template import templatize

    for line in templatize(template).splitlines():
        for match in CALL_IN_TEMPLATE.finditer(line):
            text = _of_call(_call_at(line, match))
            if text:
                yield text


def _call_at(line: str, match: re.Match[str]) -> ast.Call:
    """The call that starts at the match: up to the first bracket that closes it."""
    for end in (m.end() for m in re.finditer(r"\)", line[match.start() :])):
        try:
            node = ast.parse(line[match.start() : match.start() + end], mode="eval")
        except SyntaxError:
            continue
        if isinstance(node.body, ast.Call):
            return node.body
    raise ValueError(f"This text cannot be read: {line.strip()[:120]}")


def _of_call(node: ast.Call) -> Text | None:
    name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
    if name not in CALLS:
        return None
    parts = [None if place is None else _constant(node, place) for place in CALLS[name]]
    return Text(parts[1], parts[0], parts[2]) if parts[1] else None


def _constant(node: ast.Call, place: int) -> str | None:
    argument = node.args[place] if place < len(node.args) else None
    value = argument.value if isinstance(argument, ast.Constant) else None
    return value if isinstance(value, str) else None


def catalog_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def read_catalog(language: str) -> polib.POFile:
    path = catalog_path(language)
    return polib.pofile(str(path), wrapwidth=0) if path.exists() else polib.POFile()


def update(language: str, *, prune: bool) -> None:
    """Add what is new, keep what is translated; `prune` drops what is not used."""
    catalog = read_catalog(language)
    known = {(e.msgctxt or "", e.msgid): e for e in catalog if not e.obsolete}
    result = polib.POFile(wrapwidth=0)
    result.metadata = HEADER | {"Language": language}
    found = collect()
    for key in sorted(found.keys() | (set() if prune else known.keys())):
        entry = known.get(key) or polib.POEntry(msgid=key[1], msgctxt=key[0] or None)
        if key in found:
            text, places = found[key]
            if text.plural and not entry.msgid_plural:
                entry.msgid_plural = text.plural
                entry.msgstr_plural = {0: entry.msgstr}
                entry.msgstr = ""
            entry.occurrences = [(place, "") for place in sorted(places)]
        entry.flags = []
        result.append(entry)
    catalog_path(language).parent.mkdir(parents=True, exist_ok=True)
    result.save(str(catalog_path(language)))


def complaints(language: str) -> list[str]:
    """What is missing, stale or spoilt in a catalog; empty when all is well."""
    found = collect()
    known = {(e.msgctxt or "", e.msgid): e for e in read_catalog(language)}
    said = [f"stale: {key[1]!r}" for key in sorted(known.keys() - found.keys())]
    for key, (_text, places) in sorted(found.items()):
        where = ", ".join(sorted(places))
        entry = known.get(key)
        if entry is None or not entry.translated():
            said.append(f"not translated: {key[1]!r} ({where})")
            continue
        asked = set(PLACEHOLDER.findall(entry.msgid + (entry.msgid_plural or "")))
        for told in entry.msgstr_plural.values() or [entry.msgstr]:
            if not set(PLACEHOLDER.findall(told)) <= asked or (
                not entry.msgid_plural and set(PLACEHOLDER.findall(told)) != asked
            ):
                said.append(f"other placeholders: {key[1]!r} -> {told!r} ({where})")
    return said


def compile_catalog(language: str) -> None:
    source = catalog_path(language)
    target = source.with_suffix(".mo")
    if source.exists() and (
        not target.exists() or target.stat().st_mtime < source.stat().st_mtime
    ):
        read_catalog(language).save_as_mofile(str(target))


def main(arguments: list[str]) -> int:
    said: list[str] = []
    for language in CATALOGS:
        if arguments[:1] == ["update"]:
            update(language, prune="--prune" in arguments)
            compile_catalog(language)
        elif arguments[:1] == ["compile"]:
            compile_catalog(language)
        elif arguments[:1] == ["check"]:
            said += [f"{language}: {line}" for line in complaints(language)]
        else:
            print(__doc__)
            return 2
    print(
        "\n".join([*said, "Run `make messages`, then translate."]) if said else "",
        end="",
    )
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
