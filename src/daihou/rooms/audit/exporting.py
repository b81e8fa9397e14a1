"""The whole log as lines that can be checked without this system."""

import json
from contextlib import ExitStack
from typing import TextIO

from daihou.kit import seals
from daihou.rooms.audit.verifying import (
    EVENTS,
    HEADS,
    SEALED,
    SEALS,
    one_moment,
    rows,
)


def write_out(file: TextIO) -> int:
    """Write every event, head, sealed chain and seal, one JSON object a line.

    An event and a seal go out as the exact `text` their `hash` is taken of; returns
    how many lines were written.
    """
    lines = 0
    with ExitStack() as stack:
        one_moment(stack)
        for *_where, hashed, text in rows(EVENTS):
            lines += _line(file, kind="event", hash=hashed, text=text)
        for kind, name, count, hashed in rows(HEADS):
            lines += _line(file, kind="head", chain=[kind, name, count, hashed])
        for number, *chain in rows(SEALED):
            lines += _line(file, kind="sealed", seal=number, chain=chain)
        for number, on, at, by, chains, root, previous, hashed in rows(SEALS):
            made = seals.DaySeal(
                number=number,
                on=on,
                at=at,
                by=by,
                chains=chains,
                root=root,
                previous=previous,
            )
            lines += _line(file, kind="seal", hash=hashed, text=made.text)
    return lines


def _line(file: TextIO, **kept: object) -> int:
    file.write(json.dumps(kept, ensure_ascii=False) + "\n")
    return 1
