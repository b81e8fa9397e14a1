"""What one strategy does otherwise than another on the same day: figures and a list."""

from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from daihou.columnar.strategy.columns import coded
from daihou.columnar.strategy.stepping import Steps
from daihou.engine.strategy.inputs import BUCKETS, OUTBOUND
from daihou.nightly.strategy.counts import added, sums

Array = np.ndarray[Any, Any]
COMPARED: Final = ("segment", "queue", "action")
MOST_FLOWS: Final = 200


def compare(
    was: Steps, becomes: Steps, *, as_of: date
) -> tuple[dict[str, Any], pa.Table]:
    """Return the summary of `kit.steps.Rehearsed` and the moves, largest overdue first.

    Both nights share their words and their customers.
    """
    assert was.words is becomes.words and was.customers is becomes.customers
    moved = was.open_case != becomes.open_case
    for name in COMPARED:
        moved |= was.texts[name] != becomes.texts[name]
    places = np.flatnonzero(moved)
    overdue = was.customers.number("overdue_total")
    outstanding = was.customers.number("outstanding_total")
    queues = _lines(was, becomes, "queue")
    _measure(queues, becomes)
    summary = {
        "as_of": as_of.isoformat(),
        "customers": len(was.customers),
        "moved": len(places),
        "overdue": int(overdue[places].sum()),
        "outstanding": int(outstanding[places].sum()),
        "buckets": _buckets(was, places),
        "segments": _lines(was, becomes, "segment"),
        "queues": queues,
        "actions": _lines(was, becomes, "action"),
        "rows": [
            {"code": code, "customers": n, "overdue": late, "outstanding": owed}
            for code, n, late, owed in sums(
                becomes, "row_id", np.flatnonzero(becomes.version >= 0)
            )
        ],
        "work": _work(was, becomes),
        "flows": {name: _flows(was, becomes, name) for name in COMPARED},
        "breaks": _breaks(becomes, queues),
        "alarms": {
            "was": int(np.count_nonzero(was.texts["alarm"])),
            "becomes": int(np.count_nonzero(becomes.texts["alarm"])),
        },
    }
    order = places[np.lexsort((places, -overdue[places]))]
    return summary, _moves(was, becomes, order)


def _buckets(steps: Steps, places: Array) -> list[dict[str, Any]]:
    """Who moves, by bucket; every bucket has a line."""
    at = _bucket(steps)[places]
    customers = np.bincount(at, minlength=len(BUCKETS))
    overdue, outstanding = (
        added(at, steps.customers.number(name)[places], len(BUCKETS))
        for name in ("overdue_total", "outstanding_total")
    )
    return [
        {
            "code": code,
            "moved": int(customers[row]),
            "overdue": int(overdue[row]),
            "outstanding": int(outstanding[row]),
        }
        for row, code in enumerate(BUCKETS)
    ]


def _bucket(steps: Steps) -> Array:
    return coded(steps.customers.columns["bucket"]).codes


def _lines(was: Steps, becomes: Steps, name: str) -> list[dict[str, Any]]:
    """How many customers and how much overdue a code had, and would have."""
    every = np.arange(len(was.customers))
    sides = [
        {code: (n, late) for code, n, late, _ in sums(steps, name, every) if code}
        for steps in (was, becomes)
    ]
    return [
        {
            "code": code,
            "was": sides[0].get(code, (0, 0))[0],
            "becomes": sides[1].get(code, (0, 0))[0],
            "was_overdue": sides[0].get(code, (0, 0))[1],
            "becomes_overdue": sides[1].get(code, (0, 0))[1],
        }
        for code in sorted(sides[0].keys() | sides[1].keys())
    ]


def _work(was: Steps, becomes: Steps) -> list[dict[str, Any]]:
    """How much of what each queue had to do, and would have."""
    size = len(was.words.texts)
    texts, nothing = was.words.texts, was.words.place("none")
    counts: list[dict[int, int]] = []
    for steps in (was, becomes):
        action = steps.texts["action"].astype(np.int64)
        acts = (action != nothing) & (action != 0)
        pairs = steps.texts["queue"][acts].astype(np.int64) * size + action[acts]
        known, many = np.unique(pairs, return_counts=True)
        counts.append(dict(zip(known.tolist(), many.tolist(), strict=True)))
    lines = [
        {
            "queue": texts[pair // size],
            "action": texts[pair % size],
            "was": counts[0].get(pair, 0),
            "becomes": counts[1].get(pair, 0),
        }
        for pair in counts[0].keys() | counts[1].keys()
    ]
    return sorted(lines, key=lambda line: (line["queue"], line["action"]))


def _measure(queues: list[dict[str, Any]], becomes: Steps) -> None:
    """Set beside each queue what it can hold, and by how much it would not."""
    known = {
        queue.code: queue.most
        for version in becomes.versions
        for queue in version.strategy.queues
    }
    for line in queues:
        most = known.get(line["code"])
        line["most"] = most
        line["over"] = max(0, line["becomes"] - most) if most is not None else 0


def _flows(was: Steps, becomes: Steps, name: str) -> list[dict[str, Any]]:
    """From where to where, the most customers first; at most `MOST_FLOWS`."""
    one, other = was.texts[name].astype(np.int64), becomes.texts[name]
    differ = np.flatnonzero(one != other)
    size = len(was.words.texts)
    pairs, at = np.unique(one[differ] * size + other[differ], return_inverse=True)
    customers = np.bincount(at, minlength=len(pairs))
    overdue = added(at, was.customers.number("overdue_total")[differ], len(pairs))
    texts = was.words.texts
    lines = [
        {
            "was": texts[pair // size],
            "becomes": texts[pair % size],
            "customers": int(customers[row]),
            "overdue": int(overdue[row]),
        }
        for row, pair in enumerate(pairs.tolist())
    ]
    lines.sort(key=lambda line: (-line["customers"], line["was"], line["becomes"]))
    return lines[:MOST_FLOWS]


def _breaks(becomes: Steps, queues: list[dict[str, Any]]) -> dict[str, Any]:
    """What the version would break: capacities, and people who must be left alone."""
    outbound = becomes.words.places_of(sorted(OUTBOUND))
    speaks = np.isin(becomes.texts["action"], outbound)
    columns = becomes.customers.columns
    held, promise = coded(columns["held"]), coded(columns["promise_state"])
    return {
        "capacity": [
            {"queue": each["code"], "customers": each["becomes"], "most": each["most"]}
            for each in queues
            if each["over"]
        ],
        "held": int(np.count_nonzero(speaks & (held.codes == held.words.index("yes")))),
        "promise": int(
            np.count_nonzero(speaks & (promise.codes == promise.words.index("live")))
        ),
    }


def _moves(was: Steps, becomes: Steps, places: Array) -> pa.Table:
    texts = pa.array(was.words.texts)
    made: dict[str, Any] = {
        "customer_id": was.customers.customer_id[places],
        "dpd": was.customers.number("dpd")[places],
        "bucket": pa.array(BUCKETS).take(pa.array(_bucket(was)[places])),
        "overdue": was.customers.number("overdue_total")[places],
        "outstanding": was.customers.number("outstanding_total")[places],
    }
    for side, steps in (("was", was), ("becomes", becomes)):
        for name in ("row_id", *COMPARED):
            codes = pa.array(steps.texts[name][places])
            made[f"{side}_{name}"] = texts.take(codes)
        made[f"{side}_open_case"] = steps.open_case[places]
    return pa.table(made)
