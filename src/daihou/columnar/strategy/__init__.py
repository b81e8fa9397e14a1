"""Strategies for the whole book: columns in, rows of tables and steps out."""

from daihou.columnar.strategy.columns import MISSING, Coded, Columns
from daihou.columnar.strategy.compiled import CONFLICT, NO_ROW, Compiled, compile_table

__all__ = [
    "CONFLICT",
    "MISSING",
    "NO_ROW",
    "Coded",
    "Columns",
    "Compiled",
    "compile_table",
]
