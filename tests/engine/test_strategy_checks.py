"""Overlaps, gaps and rows never reached: exact, against trying every case."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from daihou.engine.strategy import deciding
from daihou.engine.strategy.checking import check_strategy
from daihou.engine.strategy.checks import Finding, check
from daihou.engine.strategy.table import Hit, Input, Kind, Output, Row, Table, Value
from daihou.packs import strategies
from tests.parity.strategy_tables import tables

DAYS = Input("dpd", Kind.INTEGER, least=0)
HELD = Input("held", Kind.FLAG)
OUTPUTS = (Output("action", Kind.TEXT), Output("priority", Kind.INTEGER))
# Beyond every number that the random tables name, and the words besides.
EVERY: dict[str, list[Value]] = {
    "number": list(range(8)),
    "days": [*range(8), None],
    "word": ["x", "y", "z"],
    "free": ["x", "y", "z", "other"],
    "flag": [True, False],
}


def table(hit: Hit, *rows: tuple[tuple[str, ...], tuple[Value, ...]]) -> Table:
    made = tuple(Row(f"R{at}", *row) for at, row in enumerate(rows, 1))
    return Table("t", {}, hit, (DAYS, HELD), OUTPUTS, made)


def kinds(findings: tuple[Finding, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind, each.rows) for each in findings]


def every_case(made: Table) -> list[dict[str, Value]]:
    names = [each.name for each in made.inputs]
    return [
        dict(zip(names, values, strict=True))
        for values in product(*(EVERY[name] for name in names))
    ]


def test_a_table_that_answers_everything_has_no_findings() -> None:
    made = table(
        Hit.UNIQUE, (("0", "-"), ("none", 1)), ((">= 1", "yes"), ("pause", 1)),
        ((">= 1", "no"), ("call", 2)),
    )  # fmt: skip
    assert check(made) == ()


def test_a_gap_is_shown_by_a_case() -> None:
    made = table(Hit.FIRST, (("0", "-"), ("none", 1)), ((">= 3", "no"), ("call", 1)))
    found = [each for each in check(made) if each.kind == "gap"]
    assert {each.example["dpd"] for each in found} == {1, 3}
    for each in found:
        assert not deciding.matching(made, each.example)
        assert "dpd = " in each.say("en") and "dpd = " in each.say("zh")


def test_a_row_behind_wider_ones_is_never_reached() -> None:
    made = table(
        Hit.FIRST,
        (("-", "yes"), ("pause", 1)),
        (("-", "no"), ("call", 1)),
        (("5", "-"), ("visit", 1)),
    )
    assert kinds(check(made)) == [("unreachable", ("R3",))]


def test_priority_decides_which_row_is_taken() -> None:
    made = table(Hit.PRIORITY, (("5", "-"), ("visit", 1)), (("-", "-"), ("call", 2)))
    assert kinds(check(made)) == [("unreachable", ("R1",))]
    tied = table(Hit.PRIORITY, (("5", "-"), ("visit", 1)), (("-", "-"), ("call", 1)))
    assert kinds(check(tied)) == [("overlap", ("R1", "R2"))]


def test_any_lets_rows_overlap_that_say_the_same() -> None:
    same = table(Hit.ANY, (("-", "yes"), ("call", 1)), (("-", "-"), ("call", 1)))
    assert check(same) == ()
    other = table(Hit.ANY, (("-", "yes"), ("call", 1)), (("-", "-"), ("stop", 1)))
    (found,) = check(other)
    assert found.kind == "overlap"
    assert {row.id for row in deciding.matching(other, found.example)} == {"R1", "R2"}


def test_cells_that_cannot_be_read_are_told_and_left_out() -> None:
    made = table(Hit.FIRST, (("soon", "-"), ("none", 1)), (("-", "-"), ("none", "x")))
    assert kinds(check(made))[:2] == [("cell", ("R1",)), ("cell", ("R2",))]


@given(tables(unknown=True))
def test_findings_are_those_that_trying_every_case_finds(
    made: tuple[Table, Any],
) -> None:
    asked = made[0]
    cases = every_case(asked)
    findings = check(asked)
    hits = [deciding.matching(asked, case) for case in cases]
    gaps = [each for each in findings if each.kind == "gap"]
    assert bool(gaps) == any(not rows for rows in hits)
    assert all(not deciding.matching(asked, each.example) for each in gaps)
    lost = {each.rows[0] for each in findings if each.kind == "unreachable"}
    reached: set[str] = set()
    for rows in hits:
        if asked.hit in (Hit.FIRST, Hit.PRIORITY):
            reached |= {row.id for row in deciding.chosen(asked, rows)}
        else:
            reached |= {row.id for row in rows}
    assert lost == {row.id for row in asked.rows} - reached
    pairs = {each.rows for each in findings if each.kind == "overlap"}
    assert pairs == brute_overlaps(asked, hits)


def brute_overlaps(asked: Table, hits: list[tuple[Row, ...]]) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for rows in hits:
        for one, other in product(rows, rows):
            if asked.rows.index(one) >= asked.rows.index(other):
                continue
            clash = {
                Hit.UNIQUE: True,
                Hit.ANY: one.values != other.values,
                Hit.PRIORITY: one.values[1] == other.values[1]
                and one.values != other.values,
            }.get(asked.hit, False)
            if clash:
                found.add((one.id, other.id))
    return found


def test_a_table_too_intertwined_says_that_it_was_not_looked_at_to_the_end() -> None:
    inputs = tuple(Input(f"f{at}", Kind.FLAG) for at in range(16))
    rows = tuple(
        Row(f"R{at}", tuple("yes" if at == to else "-" for to in range(16)), ())
        for at in range(16)
    )
    made = Table("t", {}, Hit.FIRST, inputs, (), rows)
    assert "bound" in {each.kind for each in check(made, most_nodes=10)}
    assert {each.kind for each in check(made)} == {"gap"}


def test_the_strategy_that_ships_has_no_findings() -> None:
    for each in strategies.shipped().values():
        assert check_strategy(each) == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("queue: early", "queue: nowhere"), "nowhere"),
        (("journey: gentle", "journey: nowhere"), "nowhere"),
        (("then: talk, otherwise: over", "then: gone, otherwise: over"), "gone"),
        (("when: {held: yes}", "when: {held: yes, dpd: 900}"), "hold"),
        (("{id: rest, do: wait, days: 7}", "{id: rest, do: wait}"), "days"),
    ],
)
def test_what_leads_nowhere_is_found(change: tuple[str, str], words: str) -> None:
    file = strategies.shipped_text("consumer")
    assert change[0] in file
    broken = strategies.read(file.replace(*change), name="broken")
    assert any(words in each.say("en") for each in check_strategy(broken))


def test_a_circle_within_one_day_is_found() -> None:
    text = """
id: x
title: {zh: 甲, en: x}
table: {hit: first, inputs: [dpd], rows: []}
journeys:
  - id: j
    title: {zh: 甲, en: x}
    steps:
      - {id: a, do: condition, when: {dpd: 0}, then: b, otherwise: b}
      - {id: b, do: condition, when: {dpd: 1}, then: a, otherwise: a}
      - {id: c, do: stop, code: never}
"""
    found = check_strategy(strategies.read(text, name="x"))
    said = [each.say("en") for each in found if "Journey" in each.say("en")]
    assert len([each for each in said if "go round" in each]) == 2
    assert len([each for each in said if "no step leads" in each]) == 1
