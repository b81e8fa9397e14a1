"""Random decision tables, their facts, and the same tables in zen-engine's own text."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from daihou.engine.strategy.table import Hit, Input, Kind, Output, Row, Table, Value

WORDS = ("x", "y", "z")
INPUTS = (
    Input("number", Kind.INTEGER, least=0),
    Input("days", Kind.INTEGER, least=0, may_be_unknown=True),
    Input("word", Kind.TEXT, WORDS),
    Input("free", Kind.TEXT),
    Input("flag", Kind.FLAG),
)
OUTPUTS = (Output("answer", Kind.TEXT), Output("priority", Kind.INTEGER))
small = st.integers(0, 5)


@st.composite
def number_cells(draw: st.DrawFn) -> tuple[str, str]:
    """A cell of numbers in our text and in that of zen-engine."""
    one, other = sorted((draw(small), draw(small)))
    forms = [
        ("-", ""),
        (f"{one}", f"{one}"),
        (f">= {one}", f">= {one}"),
        (f"> {one}", f"> {one}"),
        (f"< {other}", f"< {other}"),
        (f"<= {one}", f"<= {one}"),
        (f"!= {one}", f"!= {one}"),
        (f"{one}..{other}", f"[{one}..{other}]"),
        (f"in ({one}, {other})", f"{one}, {other}"),
    ]
    if one < other:
        forms += [
            (f"[{one}..{other})", f"[{one}..{other})"),
            (f"({one}..{other}]", f"({one}..{other}]"),
        ]
    return draw(st.sampled_from(forms))


@st.composite
def word_cells(draw: st.DrawFn) -> tuple[str, str]:
    """A cell of words."""
    one, other = draw(st.sampled_from(WORDS)), draw(st.sampled_from(WORDS))
    return draw(
        st.sampled_from(
            [
                ("-", ""),
                (one, f'"{one}"'),
                (f"in ({one}, {other})", f'"{one}", "{other}"'),
                (f"not in ({one}, {other})", f'not in ["{one}", "{other}"]'),
            ]
        )
    )


flag_cells = st.sampled_from([("-", ""), ("yes", "true"), ("no", "false")])
CELLS = {
    "number": number_cells(),
    "days": number_cells(),
    "word": word_cells(),
    "free": word_cells(),
    "flag": flag_cells,
}


@st.composite
def tables(
    draw: st.DrawFn, *, hits: Sequence[Hit] = tuple(Hit), unknown: bool = True
) -> tuple[Table, list[list[str]]]:
    """A table, and the cells of each row as zen-engine writes them."""
    names = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, unique=True))
    rows, theirs = [], []
    for at in range(draw(st.integers(0, 8))):
        pairs = [draw(CELLS[name]) for name in names]
        ours = [pair[0] for pair in pairs]
        if unknown and draw(st.booleans()):
            place = draw(st.integers(0, len(names) - 1))
            text = ours[place]
            ours[place] = draw(
                st.sampled_from(["?", text if text == "-" else f"{text} or ?"])
            )
        values: tuple[Value, ...] = (
            draw(st.sampled_from(["a", "b"])),
            draw(st.integers(0, 1)),
        )
        rows.append(Row(f"R{at}", tuple(ours), values))
        theirs.append([pair[1] for pair in pairs])
    columns = tuple(next(e for e in INPUTS if e.name == name) for name in names)
    hit = draw(st.sampled_from(list(hits)))
    return Table("t", {}, hit, columns, OUTPUTS, tuple(rows)), theirs


def facts(*, unknown: bool = True) -> st.SearchStrategy[dict[str, Value]]:
    """What is so of one case; `days` and the words may not be known."""
    none: st.SearchStrategy[Any] = st.none() if unknown else st.nothing()
    return st.fixed_dictionaries(
        {
            "number": small,
            "days": small | none,
            "word": st.sampled_from(WORDS) | none,
            "free": st.sampled_from((*WORDS, "other")) | none,
            "flag": st.booleans() | none,
        }
    )


def zen_content(table: Table, cells: Sequence[Sequence[str]]) -> str:
    """The table as a graph of zen-engine: in, the table, out."""
    rules = [
        {"_id": row.id}
        | {column.name: text for column, text in zip(table.inputs, own, strict=True)}
        | {"row": f'"{row.id}"'}
        for row, own in zip(table.rows, cells, strict=True)
    ]
    content = {
        "hitPolicy": "collect" if table.hit is Hit.COLLECT else "first",
        "inputs": [
            {"id": e.name, "name": e.name, "type": "expression", "field": e.name}
            for e in table.inputs
        ],
        "outputs": [{"id": "row", "name": "row", "type": "expression", "field": "row"}],
        "rules": rules,
    }
    at = {"x": 0, "y": 0}
    nodes: list[Mapping[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in", "position": at},
        {
            "id": "table",
            "type": "decisionTableNode",
            "name": "table",
            "position": at,
            "content": content,
        },
        {"id": "out", "type": "outputNode", "name": "out", "position": at},
    ]
    edges = [
        {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return json.dumps({"nodes": nodes, "edges": edges})
