"""The small language of mapping files: text, exact decimals, dates; nothing else.

An expression is parsed by Python's own parser, checked node by node against a short
list, and turned into closures; nothing is ever evaluated as Python. Columns are
read by name, or with `col("name with blanks")`. Empty cells are null: arithmetic
with null is null, `concat` reads it as empty text.
"""

import ast
import calendar
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, DecimalException, localcontext
from typing import Any

from daihou.rooms.intake.mapping.errors import ExpressionError

Value = str | Decimal | date | bool | None
Row = Sequence[str | None]
Step = Callable[[Row], Any]

_MATHS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv,
}
_COMPARE: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def number(value: Any) -> Decimal | None:
    """Read text as an exact decimal; thousands separators are not accepted."""
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool | date):
        raise ExpressionError("not_a_number", value=value)
    try:
        result = Decimal(str(value))
    except DecimalException as error:
        raise ExpressionError("not_a_number", value=value) from error
    if not result.is_finite() or abs(result.adjusted()) > 30:
        raise ExpressionError("not_a_number", value=value)
    return result


def day(value: Any, form: str | None = None) -> date | None:
    """Read text as a date, ISO or in the given strptime form."""
    if value is None:
        return None
    if isinstance(value, date):
        return value
    try:
        if form is None:
            return date.fromisoformat(str(value)[:10])
        return datetime.strptime(str(value), form).date()  # noqa: DTZ007
    except ValueError as error:
        raise ExpressionError("not_a_date", value=value, form=form or "ISO") from error


def add_months(value: Any, months: Any) -> date | None:
    """The same day so many months on; a month that is too short ends it."""
    begin, step = day(value), number(months)
    if begin is None or step is None:
        return None
    years, month = divmod(begin.year * 12 + begin.month - 1 + int(step), 12)
    if not 1 <= years <= 9999:
        raise ExpressionError("no_such_day", begin=begin, step=step, unit="months")
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(begin.day, last))


def _add_days(value: Any, days: Any) -> date | None:
    begin, step = day(value), number(days)
    if begin is None or step is None:
        return None
    try:
        return begin + timedelta(int(step))
    except OverflowError as error:
        raise ExpressionError(
            "no_such_day", begin=begin, step=step, unit="days"
        ) from error


def _month_end(value: Any) -> date | None:
    begin = day(value)
    if begin is None:
        return None
    return begin.replace(day=calendar.monthrange(begin.year, begin.month)[1])


def _round(value: Any, places: Any = 0) -> Decimal | None:
    exact = number(value)
    if exact is None:
        return None
    return exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_EVEN)


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _known(values: Sequence[Any]) -> list[Decimal]:
    return [exact for exact in map(number, values) if exact is not None]


def written(value: Any) -> str | None:
    """A value as the cell it becomes."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        text = format(value, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text
    return value.isoformat() if isinstance(value, date) else (str(value) or None)


def _text(value: Any) -> str:
    return written(value) or ""


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "concat": lambda *values: "".join(map(_text, values)),
    "number": number,
    "text": _text,
    "date": day,
    "add_days": _add_days,
    "add_months": add_months,
    "month_end": _month_end,
    "round": _round,
    "abs": lambda value: None if value is None else abs(number(value) or Decimal(0)),
    "min": lambda *values: min(_known(values), default=None),
    "max": lambda *values: max(_known(values), default=None),
    "coalesce": _coalesce,
    "upper": lambda value: _text(value).upper(),
    "lower": lambda value: _text(value).lower(),
    "trim": lambda value: _text(value).strip(),
    "left": lambda value, n: _text(value)[: int(n)],
    "right": lambda value, n: _text(value)[-int(n) :],
    "replace": lambda value, old, new: _text(value).replace(old, new),
    "length": lambda value: Decimal(len(_text(value))),
}


class Expression:
    """One expression, ready for any number of rows of the same columns."""

    def __init__(self, text: str, columns: Sequence[str]) -> None:
        if len(text) > 2000:
            raise ExpressionError("too_long")
        self.text = text
        self.used: list[str] = []
        self._columns = {name: place for place, name in enumerate(columns)}
        try:
            tree = ast.parse(text.strip(), mode="eval")
        except (SyntaxError, ValueError, RecursionError) as error:
            raise ExpressionError("unreadable", text=text, error=error) from error
        self._step = self._compile(tree.body, depth=0)

    def __call__(self, row: Row) -> Any:
        """The value for one row; raises ExpressionError where there is none."""
        with localcontext() as context:
            context.prec = 40
            try:
                return self._step(row)
            except ExpressionError:
                raise
            except (DecimalException, TypeError, ValueError, OverflowError) as error:
                raise ExpressionError("failed", text=self.text, error=error) from error

    def _compile(self, node: ast.AST, *, depth: int) -> Step:
        if depth > 40:
            raise ExpressionError("too_deep")
        kind = type(node).__name__
        method = getattr(self, f"_{kind.lower()}", None)
        if method is None:
            raise ExpressionError("not_part", what=kind)
        step: Step = method(node, depth + 1)
        return step

    def _constant(self, node: ast.Constant, _depth: int) -> Step:
        value: Any = node.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = Decimal(str(value))
        if value is not None and not isinstance(value, str | Decimal | bool):
            raise ExpressionError("not_part", what=repr(value))
        return lambda _row: value

    def _name(self, node: ast.Name, _depth: int) -> Step:
        return self._column(node.id)

    def _column(self, name: str) -> Step:
        if name not in self._columns:
            known = ", ".join(self._columns)
            raise ExpressionError("no_column", name=name, known=known)
        self.used.append(name)
        return operator.itemgetter(self._columns[name])

    def _call(self, node: ast.Call, depth: int) -> Step:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise ExpressionError("plain_calls")
        name = node.func.id
        if name == "col":
            if len(node.args) == 1 and isinstance(node.args[0], ast.Constant):
                return self._column(str(node.args[0].value))
            raise ExpressionError("col")
        steps = [self._compile(arg, depth=depth) for arg in node.args]
        if name == "when" and len(steps) == 3:
            test, yes, no = steps
            return lambda row: yes(row) if test(row) else no(row)
        if name not in _FUNCTIONS:
            known = ", ".join(sorted([*_FUNCTIONS, "when", "col"]))
            raise ExpressionError("no_function", name=name, known=known)
        function = _FUNCTIONS[name]
        return lambda row: function(*(step(row) for step in steps))

    def _binop(self, node: ast.BinOp, depth: int) -> Step:
        apply = _MATHS.get(type(node.op))
        if apply is None:
            raise ExpressionError("only", known="+ - * / // %")
        left = self._compile(node.left, depth=depth)
        right = self._compile(node.right, depth=depth)

        def step(row: Row) -> Decimal | None:
            a, b = number(left(row)), number(right(row))
            return None if a is None or b is None else apply(a, b)

        return step

    def _unaryop(self, node: ast.UnaryOp, depth: int) -> Step:
        inner = self._compile(node.operand, depth=depth)
        if isinstance(node.op, ast.Not):
            return lambda row: not inner(row)
        if isinstance(node.op, ast.USub):
            return lambda row: (
                None if inner(row) is None else -(number(inner(row)) or 0)
            )
        raise ExpressionError("only", known="- not")

    def _boolop(self, node: ast.BoolOp, depth: int) -> Step:
        steps = [self._compile(value, depth=depth) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda row: all(step(row) for step in steps)
        return lambda row: any(step(row) for step in steps)

    def _compare(self, node: ast.Compare, depth: int) -> Step:
        if len(node.ops) != 1:
            raise ExpressionError("two_values")
        left = self._compile(node.left, depth=depth)
        if isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._among(node, left)
        right = self._compile(node.comparators[0], depth=depth)
        apply = _COMPARE.get(type(node.ops[0]))
        if apply is None:
            raise ExpressionError("only", known="== != < <= > >= in")
        ordered = not isinstance(node.ops[0], ast.Eq | ast.NotEq)

        def step(row: Row) -> bool:
            a, b = _alike(left(row), right(row))
            if ordered and (a is None or b is None):
                return False
            return bool(apply(a, b))

        return step

    def _among(self, node: ast.Compare, left: Step) -> Step:
        among = node.comparators[0]
        if not isinstance(among, ast.List | ast.Tuple | ast.Set) or not all(
            isinstance(item, ast.Constant) for item in among.elts
        ):
            raise ExpressionError("after_in")
        values = {str(item.value) for item in among.elts}  # type: ignore[attr-defined]
        wanted = isinstance(node.ops[0], ast.In)
        return lambda row: (_text(left(row)) in values) is wanted


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Read a cell as what it is compared with: a number or a date."""
    for kind, read in ((Decimal, number), (date, day)):
        if isinstance(a, kind) or isinstance(b, kind):
            return read(a), read(b)
    return a, b
