"""Where the book is settled: on this machine, or on Spark.

`DAIHOU_BOOK` says which: `local` (or nothing), `spark-local[N]` for Spark on N cores of
this machine, `spark://host:port` for a cluster. The rules are the same text, and so are
the positions, bit for bit.
"""

import re
import shutil
from collections.abc import Callable
from datetime import date
from importlib.util import find_spec
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from daihou.columnar.settle import Settler
from daihou.nightly.errors import NightError

VARIABLE: Final = "DAIHOU_BOOK"
_LOCAL: Final = re.compile(r"spark-local\[(\d{1,3}|\*)\]")
_CLUSTER: Final = re.compile(r"spark://[^\s,]+(,[^\s,]+)*")
_A_CORE: Final = 2  # partitions for each core of this machine


class Settling(Protocol):
    """Settles the facts of a book at the end of a day."""

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """Positions of every loan paid out by `as_of`, by loan."""

    def shut(self) -> None:
        """Let go of what was started."""


class OneMachine:
    """Settles here, with a thread a core."""

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """See `Settling`."""
        return settler.positions(as_of)

    def shut(self) -> None:
        """Nothing was started."""


class OnSpark:
    """Settles on Spark; the session is started for the first day and then kept."""

    def __init__(self, master: str, *, partitions: int | None = None) -> None:
        """`master` as Spark writes it; `partitions` None: as Spark is set up."""
        self.master = master
        self.partitions = partitions
        self._session: Any = None

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """See `Settling`; facts go to Spark through this process."""
        from daihou.columnar.spark import session, settle_on_spark
        from daihou.tables.positions import POSITIONS

        if self._session is None:
            self._session = session(self.master)
        frame: Callable[[pa.Table], Any] = self._session.createDataFrame
        found = settle_on_spark(
            *(frame(settler.loans), frame(settler.demands), frame(settler.payments)),
            settler.policies_on(as_of),
            as_of=as_of,
            calendar=settler.calendar,
            pauses=settler.pauses,
            waivers=frame(settler.waivers),
            rate_steps=frame(_one_a_day(settler.rate_steps)),
            partitions=self.partitions,
        )
        return found.toArrow().cast(POSITIONS).sort_by("loan_id")

    def shut(self) -> None:
        """Stop the session."""
        if self._session is not None:
            self._session.stop()
            self._session = None


def _one_a_day(steps: pa.Table) -> pa.Table:
    """The last step of a loan and day: on Spark rows have no order to tell it by."""
    loan, day = (steps[name].to_numpy() for name in ("loan_id", "begins_on"))
    if len(loan) < 2:
        return steps
    last = np.append((loan[1:] != loan[:-1]) | (day[1:] != day[:-1]), True)
    return steps.filter(pa.array(last))


def settling(named: str) -> Settling:
    """The engine `DAIHOU_BOOK` names.

    NightError: it names none ("book_engine"), or Spark cannot run here ("no_spark").
    """
    given = named.strip()
    if given in ("", "local"):
        return OneMachine()
    if local := _LOCAL.fullmatch(given):
        cores = local[1]
        _must_run()
        count = None if cores == "*" else int(cores) * _A_CORE
        return OnSpark(f"local[{cores}]", partitions=count)
    if _CLUSTER.fullmatch(given):
        _must_run()
        return OnSpark(given)
    raise NightError("book_engine", variable=VARIABLE, named=given)


def _must_run() -> None:
    if find_spec("pyspark") is None:
        raise NightError("no_spark", variable=VARIABLE, lacking="pyspark")
    if shutil.which("java") is None:
        raise NightError("no_spark", variable=VARIABLE, lacking="Java 17")
