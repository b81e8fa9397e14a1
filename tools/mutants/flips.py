"""Every comparison of the engine, and the engine loaded so that one can be flipped.

Each comparison is rewritten once, at import: `a < b` becomes `(a <= b if one asks for
number 7 else a < b)`. A process that has everything loaded can so be any mutant, and a
mutant costs a fork instead of a start.
"""

import ast
import copy
import importlib.machinery
import importlib.util
import operator
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ENGINE = "daihou.engine"
FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
RESULT: dict[str, Callable[[Any, Any], Any]] = {
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "In": lambda one, many: one in many,
    "NotIn": lambda one, many: one not in many,
    "Is": operator.is_,
    "IsNot": operator.is_not,
}
_ORDERS = frozenset({"Lt", "LtE", "Gt", "GtE"})


@dataclass(frozen=True)
class Site:
    """One operator of one comparison, and what it reads like when flipped."""

    number: int
    path: str  # below the engine
    line: int
    function: str
    text: str
    flipped: str

    @property
    def name(self) -> str:
        """What stays the same when lines move."""
        return f"{self.path}:{self.function}: {self.text} -> {self.flipped}"


@dataclass
class Switch:
    """Which site is flipped (0: none), and which would have made a difference."""

    on: int = 0
    told: set[int] = field(default_factory=set)

    def see(self, numbers: Sequence[int], how: Sequence[str], *values: Any) -> Any:
        """Compare as written; note each operator whose flip would say otherwise."""
        pairs = [*zip(how, values[:-1], values[1:], strict=True)]
        said = _chain(pairs)
        if len(pairs) == 1 and how[0] not in _ORDERS:
            self.told.add(numbers[0])  # the opposite; and asking twice may use it up
            return said
        for place, number in enumerate(numbers):
            other = FLIPPED[getattr(ast, how[place])].__name__
            turned = [*pairs]
            turned[place] = (other, *pairs[place][1:])
            if bool(_chain(turned)) != bool(said):
                self.told.add(number)
        return said


def _chain(pairs: Sequence[tuple[str, Any, Any]]) -> Any:
    """Evaluate a chain of comparisons; what is not reached is not compared."""
    said: Any = True
    for how, left, right in pairs:
        said = RESULT[how](left, right)
        if not said:
            return said
    return said


class _Rewriter(ast.NodeTransformer):
    """Rewrites the comparisons of one module, numbering them as they stand."""

    def __init__(self, path: str, first: int, *, watch: bool) -> None:
        self.path, self.next, self.watch = path, first, watch
        self.within: list[str] = []
        self.sites: list[Site] = []

    def _named(self, node: Any) -> Any:
        self.within.append(node.name)
        self.generic_visit(node)
        self.within.pop()
        return node

    visit_FunctionDef = visit_ClassDef = visit_AsyncFunctionDef = _named

    def visit_Assert(self, node: ast.Assert) -> ast.Assert:
        """Leave an assertion as it is: it says what cannot happen."""
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Put every flip of a comparison beside it."""
        numbers = range(self.next, self.next + len(node.ops))
        self.next += len(node.ops)
        for place, number in enumerate(numbers):
            text, flipped = ast.unparse(node), ast.unparse(_flip(node, place))
            function = ".".join(self.within) or "module"
            self.sites.append(
                Site(number, self.path, node.lineno, function, text, flipped)
            )
        self.generic_visit(node)
        if self.watch:
            return _watched(node, numbers)
        written: ast.expr = node
        for place, number in enumerate(numbers):
            asked = ast.parse(f"__switch__.on == {number}", mode="eval").body
            written = ast.IfExp(asked, _flip(node, place), written)
        return written


def _flip(node: ast.Compare, place: int) -> ast.Compare:
    turned = copy.deepcopy(node)
    turned.ops[place] = FLIPPED[type(node.ops[place])]()
    return turned


def _watched(node: ast.Compare, numbers: Sequence[int]) -> ast.expr:
    """Return a call that compares and sees."""
    how = tuple(type(each).__name__ for each in node.ops)
    call = ast.parse(f"__switch__.see({tuple(numbers)}, {how})", mode="eval").body
    assert isinstance(call, ast.Call)
    call.args += [node.left, *node.comparators]
    if len(numbers) > 1:
        return call
    asked = ast.parse(f"{numbers[0]} in __switch__.told", mode="eval").body
    return ast.IfExp(asked, copy.deepcopy(node), call)


def rewrite(
    source: str, path: str, first: int, *, watch: bool
) -> tuple[ast.Module, list[Site]]:
    """Return a module with its comparisons rewritten, and their sites from `first`."""
    rewriter = _Rewriter(path, first, watch=watch)
    tree = rewriter.visit(ast.parse(source))
    return ast.fix_missing_locations(tree), rewriter.sites


def sites(engine: Path) -> list[Site]:
    """Return all comparisons below the engine's folder, numbered from 1."""
    found: list[Site] = []
    for path in sorted(engine.rglob("*.py")):
        name = path.relative_to(engine).as_posix()
        text = path.read_text("utf-8")
        found += rewrite(text, name, len(found) + 1, watch=False)[1]
    return found


class _Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module of the engine with its comparisons rewritten."""

    def __init__(self, name: str, path: str, finder: "Finder") -> None:
        super().__init__(name, path)
        self.finder = finder

    def get_code(self, fullname: str) -> CodeType:
        """Compile anew: what is cached on disk is not rewritten."""
        source = Path(self.path).read_text("utf-8")
        name = Path(self.path).relative_to(self.finder.engine).as_posix()
        first = self.finder.first.get(name, 0)
        tree, _ = rewrite(source, name, first, watch=self.finder.watch)
        return compile(tree, self.path, "exec")

    def exec_module(self, module: ModuleType) -> None:
        """Run the module with the switch in its reach."""
        module.__dict__["__switch__"] = self.finder.switch
        super().exec_module(module)


class Finder:
    """Finds the engine's modules before Python does."""

    def __init__(self, source: Path, *, watch: bool) -> None:
        self.engine = source / "daihou" / "engine"
        self.switch, self.watch = Switch(), watch
        self.first: dict[str, int] = {}
        self.sites = sites(self.engine)
        for site in reversed(self.sites):
            self.first[site.path] = site.number

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module of the engine is; nothing of any other."""
        if name != ENGINE and not name.startswith(f"{ENGINE}."):
            return None
        place = self.engine.joinpath(*name.split(".")[2:])
        package = place.is_dir()
        file = place / "__init__.py" if package else place.with_suffix(".py")
        if not file.is_file():
            return None
        return importlib.util.spec_from_file_location(
            name,
            file,
            loader=_Loader(name, str(file), self),
            submodule_search_locations=[str(place)] if package else None,
        )


def install(source: Path, *, watch: bool) -> Finder:
    """Load the engine below `source` rewritten from now on."""
    assert not any(name.startswith(ENGINE) for name in sys.modules), "too late"
    finder = Finder(source, watch=watch)
    sys.meta_path.insert(0, finder)  # type: ignore[arg-type]
    return finder
