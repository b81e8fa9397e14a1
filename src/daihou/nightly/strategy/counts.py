"""What a night came to in figures: customers and money by row, queue, action, arm."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from daihou.columnar.strategy.stepping import DAYS, TEXTS, Steps

Array = np.ndarray[Any, Any]
_JSON = ("journey_sets", "because")


def table_of(steps: Steps) -> pa.Table:
    """The rows of strategy_step: one for each customer with anything to do."""
    kept = steps.kept
    versions = np.array([each.id for each in steps.versions] or [0], np.int64)
    made: dict[str, Any] = {
        "customer_id": pa.array(steps.customers.customer_id[kept]),
        # Nobody's customer is kept for its alarm alone; the first version is asked why.
        "version_id": pa.array(versions[np.maximum(steps.version[kept], 0)]),
        "priority": pa.array(steps.priority[kept]),
        "open_case": pa.array(steps.open_case[kept]),
    }
    texts = pa.array(steps.words.texts)
    for name in TEXTS:
        column = texts.take(pa.array(steps.texts[name][kept]))
        if name in _JSON:
            column = pa.compute.if_else(pa.compute.equal(column, ""), "{}", column)
        made[name] = column
    for name in DAYS:
        made[name] = pa.array(steps.days[name][kept])
    return pa.table(made)


def counts_of(steps: Steps) -> dict[str, Any]:
    """Customers and money in minor units.

    `rows` and `arms` by version and code, over every customer; `queues`, `actions`,
    `segments` over those with anything to do.
    """
    kept = steps.kept
    found: dict[str, Any] = {
        plural: _by_text(steps, name, kept)
        for plural, name in (
            ("queues", "queue"),
            ("actions", "action"),
            ("segments", "segment"),
        )
    }
    for plural, name in (("rows", "row_id"), ("arms", "arm")):
        found[plural] = {
            str(version.id): _by_text(steps, name, np.flatnonzero(steps.version == at))
            for at, version in enumerate(steps.versions)
        }
    return found


def _by_text(steps: Steps, name: str, places: Array) -> dict[str, dict[str, int]]:
    return {
        code: {"customers": customers, "overdue": overdue, "outstanding": outstanding}
        for code, customers, overdue, outstanding in sums(steps, name, places)
        if code
    }


def sums(steps: Steps, name: str, places: Array) -> Iterator[tuple[str, int, int, int]]:
    """For each text: how many customers, overdue and outstanding, exact."""
    codes, at = np.unique(steps.texts[name][places], return_inverse=True)
    many = np.bincount(at, minlength=len(codes))
    money = [
        added(at, steps.customers.number(column)[places], len(codes))
        for column in ("overdue_total", "outstanding_total")
    ]
    for row, code in enumerate(codes.tolist()):
        overdue, outstanding = (int(each[row]) for each in money)
        yield steps.words.texts[code], int(many[row]), overdue, outstanding


def added(at: Array, amounts: Array, size: int) -> Array:
    """Sums of whole numbers by place, exact (a weighted count would be of floats)."""
    found = np.zeros(size, np.int64)
    np.add.at(found, at, amounts)
    return found
