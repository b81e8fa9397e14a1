"""Portfolio figures of any panel: a file, or an Arrow, pandas or polars frame.

from daihou.columnar.portfolio import roll_matrix
roll_matrix("panel.parquet", id="loan", period="month", status="bucket").content()
"""

from daihou.columnar.portfolio.migration import (
    migration,
    roll_matrices,
    roll_matrix,
)
from daihou.columnar.portfolio.panel import Panel, panel
from daihou.columnar.portfolio.vintage import vintage
from daihou.engine.metrics.matrix import RollMatrix
from daihou.engine.metrics.vintage import Vintage

__all__ = [
    "Panel",
    "RollMatrix",
    "Vintage",
    "migration",
    "panel",
    "roll_matrices",
    "roll_matrix",
    "vintage",
]
