"""Where the book is worked on: on this machine, or on Spark.

`DAIHOU_BOOK` says which: `local` (or nothing), `spark-local[N]` for Spark on N cores of
this machine, `spark://host:port` for a cluster. The rules are the same text, and so is
what comes of them, bit for bit.
"""

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.util import find_spec
from threading import Lock
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from daihou.columnar.classification import ClassBook, Classes, classify_book
from daihou.columnar.portfolio.months import Inputs, make_month
from daihou.columnar.providing import Given, provided
from daihou.columnar.settle import Settler
from daihou.columnar.strategy.facts import Customers
from daihou.columnar.strategy.stepping import Before, Lexicon, Steps, Version, step_all
from daihou.engine.classification.rules import ClassificationRules
from daihou.engine.provision.rules import ProvisionRules
from daihou.engine.strategy.journey import IsWorking
from daihou.kit.kept import Kept
from daihou.nightly.errors import NightError
from daihou.nightly.stores.months import MonthFiles, Row

VARIABLE: Final = "DAIHOU_BOOK"
_LOCAL: Final = re.compile(r"spark-local\[([1-9]\d{0,2}|\*)\]")
_CLUSTER: Final = re.compile(r"spark://[^\s,]+(,[^\s,]+)*")
_A_CORE: Final = 2  # partitions for each core of this machine
_HELD: Final = 64  # answers about all months


class Engine(Protocol):
    """Does what concerns the whole book at once."""

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """Positions of every loan paid out by `as_of`, by loan."""

    def classes(
        self, book: ClassBook, rules: ClassificationRules, *, as_of: date
    ) -> Classes:
        """The class of every claim; see `classify_book`."""

    def steps(
        self,
        versions: Sequence[Version],
        customers: Customers,
        before: Before,
        *,
        as_of: date,
        is_working: IsWorking,
        words: Lexicon | None = None,
    ) -> Steps:
        """The next step of every customer; see `step_all`."""

    def provided(
        self,
        given: Given,
        rules: Mapping[str, ProvisionRules],
        opening_rules: Mapping[str, ProvisionRules],
    ) -> pa.Table:
        """Provisions needed and how they moved; see `columnar.providing`."""

    def month(self, given: Inputs) -> pa.Table:
        """The month, counted; see `make_month`."""

    def months(self, files: MonthFiles, rows: Sequence[Row]) -> MonthFiles:
        """What figures read of these counted months."""

    def shut(self) -> None:
        """Let go of what was started; it is started again when it is asked."""


class OneMachine:
    """Works here, with a thread a core where that is worth it."""

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """See `Engine`."""
        return settler.positions(as_of)

    def classes(
        self, book: ClassBook, rules: ClassificationRules, *, as_of: date
    ) -> Classes:
        """See `Engine`."""
        return classify_book(book, rules, as_of=as_of)

    def steps(
        self,
        versions: Sequence[Version],
        customers: Customers,
        before: Before,
        *,
        as_of: date,
        is_working: IsWorking,
        words: Lexicon | None = None,
    ) -> Steps:
        """See `Engine`."""
        return step_all(
            *(versions, customers, before),
            as_of=as_of,
            is_working=is_working,
            words=words,
        )

    def provided(
        self,
        given: Given,
        rules: Mapping[str, ProvisionRules],
        opening_rules: Mapping[str, ProvisionRules],
    ) -> pa.Table:
        """See `Engine`."""
        return provided(given, rules, opening_rules)

    def month(self, given: Inputs) -> pa.Table:
        """See `Engine`."""
        return make_month(given)

    def months(self, files: MonthFiles, rows: Sequence[Row]) -> MonthFiles:
        """See `Engine`."""
        return files

    def shut(self) -> None:
        """Nothing was started."""


class OnSpark:
    """Works on Spark; facts go there through this process.

    The session is started for the first question and then kept, for all threads.
    """

    def __init__(self, master: str, *, partitions: int | None = None) -> None:
        """`master` as Spark writes it; `partitions` None: as Spark is set up."""
        self.master = master
        self.partitions = partitions
        self._session: Any = None
        self._lock = Lock()
        self._held: Kept[Any] = Kept(_HELD)

    def session(self) -> Any:
        """The running session."""
        from daihou.columnar.spark import session

        with self._lock:
            if self._session is None:
                self._session = session(self.master)
            return self._session

    def positions(self, settler: Settler, as_of: date) -> pa.Table:
        """See `Engine`."""
        from daihou.columnar.spark.pieces import gathered
        from daihou.columnar.spark.positions import settle_on_spark
        from daihou.tables.positions import POSITIONS

        frame: Callable[[pa.Table], Any] = self.session().createDataFrame
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
        return gathered(found, POSITIONS, "loan_id")

    def classes(
        self, book: ClassBook, rules: ClassificationRules, *, as_of: date
    ) -> Classes:
        """See `Engine`."""
        from daihou.columnar.spark.classes import classify_on_spark

        return classify_on_spark(
            self.session(), book, rules, as_of=as_of, partitions=self.partitions
        )

    def steps(
        self,
        versions: Sequence[Version],
        customers: Customers,
        before: Before,
        *,
        as_of: date,
        is_working: IsWorking,
        words: Lexicon | None = None,
    ) -> Steps:
        """See `Engine`."""
        from daihou.columnar.spark.steps import step_on_spark

        return step_on_spark(
            *(self.session(), versions, customers, before),
            as_of=as_of,
            is_working=is_working,
            words=words,
            partitions=self.partitions,
        )

    def provided(
        self,
        given: Given,
        rules: Mapping[str, ProvisionRules],
        opening_rules: Mapping[str, ProvisionRules],
    ) -> pa.Table:
        """See `Engine`."""
        from daihou.columnar.spark.provisions import provided_on_spark

        return provided_on_spark(
            self.session(), given, rules, opening_rules, partitions=self.partitions
        )

    def month(self, given: Inputs) -> pa.Table:
        """See `Engine`."""
        from daihou.columnar.spark.months import month_on_spark

        return month_on_spark(self.session(), given, partitions=self.partitions)

    def months(self, files: MonthFiles, rows: Sequence[Row]) -> MonthFiles:
        """See `Engine`."""
        from daihou.nightly.stores.months_spark import MonthsOnSpark

        return MonthsOnSpark(
            files,
            rows,
            session=self.session,
            held=self._held,
            partitions=self.partitions,
        )

    def shut(self) -> None:
        """Stop the session."""
        with self._lock:
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


def engine(named: str) -> Engine:
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
    for package in ("pyspark", "ibis"):
        if find_spec(package) is None:
            raise NightError("no_spark", variable=VARIABLE, lacking=package)
    if shutil.which("java") is None:
        raise NightError("no_spark", variable=VARIABLE, lacking="Java 17")
