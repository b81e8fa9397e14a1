"""Functions, modules and templates stay small; old offenders may only shrink."""

import ast
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS = Path(__file__).with_name("too_long.yaml")
FUNCTION, MODULE, TEMPLATE = 50, 400, 150
CODE = ("src", "tools", "tests", "bench")


def python_files() -> Iterator[Path]:
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def function_lengths(code: str) -> dict[str, int]:
    """Lines of each function, from its `def` to its last line.

    Neither decorators nor the docstring count: they tell, they do nothing.
    """
    found = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if ast.get_docstring(node):
                text = node.body[0]
                lines -= (text.end_lineno or 0) - text.lineno + 1
            found[node.name] = max(lines, found.get(node.name, 0))
    return found


def too_long() -> dict[str, int]:
    found = {}
    for path in python_files():
        code = path.read_text("utf-8")
        if (lines := code.count("\n")) > MODULE:
            found[named(path)] = lines
        for name, length in function_lengths(code).items():
            if length > FUNCTION:
                found[f"{named(path)}::{name}"] = length
    for path in sorted((ROOT / "src").rglob("templates/**/*.html")):
        if (lines := path.read_text("utf-8").count("\n")) > TEMPLATE:
            found[named(path)] = lines
    return found


def test_nothing_new_is_too_long_and_old_offenders_only_shrink():
    allowed = yaml.safe_load(EXCEPTIONS.read_text("utf-8")) or {}
    found = too_long()
    grown = {name: n for name, n in found.items() if n > allowed.get(name, 0)}
    assert not grown, f"Too long: {grown}. Split it."
    slack = {name: n for name, n in allowed.items() if found.get(name, 0) < n}
    assert not slack, f"These became shorter; write that down in {EXCEPTIONS}: {slack}"


def test_the_measure_sees_a_long_function():
    body = "    x = 1\n" * (FUNCTION + 1)
    assert function_lengths(f"def f():\n    '''Why.'''\n{body}") == {"f": FUNCTION + 2}


def test_every_module_opens_with_a_docstring_of_one_sentence():
    bare = []
    for path in python_files():
        code = path.read_text("utf-8")
        text = ast.get_docstring(ast.parse(code)) if code.strip() else "Empty."
        first = (text or "").split("\n\n")[0].strip()
        if not first.endswith((".", ":", "?")) or first.count(". ") > 0:
            bare.append(named(path))
    assert not bare, f"No opening sentence: {bare}"
