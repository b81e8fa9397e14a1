"""The mutants are what they say, and the work tree stays as it is."""

import ast

import pytest

from tools.mutants import flips, page

SOURCE = """
def late(days, *, grace):
    assert days >= 0
    return days > grace

class Book:
    def within(self, first, day, last):
        return first <= day < last

    def other(self, part, parts):
        return part in parts and any(each == part for each in parts if each is not None)
"""


def loaded(*, watch: bool) -> tuple[dict, flips.Switch, list[flips.Site]]:
    """The source above, run with its switch."""
    tree, found = flips.rewrite(SOURCE, "book.py", 1, watch=watch)
    switch = flips.Switch()
    names: dict = {"__switch__": switch}
    exec(compile(tree, "book.py", "exec"), names)  # noqa: S102 - our own text above
    return names, switch, found


def test_every_operator_has_a_number_and_a_name():
    _, _, found = loaded(watch=False)
    assert [(each.number, each.function, each.flipped) for each in found] == [
        (1, "late", "days >= grace"),
        (2, "Book.within", "first < day < last"),
        (3, "Book.within", "first <= day <= last"),
        (4, "Book.other", "part not in parts"),
        (5, "Book.other", "each != part"),
        (6, "Book.other", "each is None"),
    ]


@pytest.mark.parametrize("on", range(7))
def test_one_flip_at_a_time(on):
    names, switch, _ = loaded(watch=False)
    switch.on = on
    assert names["late"](3, grace=3) is (on == 1)
    book = names["Book"]()
    assert book.within(1, 1, 2) is (on != 2)
    assert book.within(1, 2, 2) is (on == 3)
    assert book.other(7, [None, 7]) is (on not in (4, 5, 6))
    assert book.other(7, [7]) is (on not in (4, 5, 6))


def test_a_boundary_is_seen_only_by_who_comes_to_it():
    names, switch, _ = loaded(watch=True)
    assert names["late"](4, grace=3)
    assert not names["late"](2, grace=3)
    assert switch.told == set()
    assert not names["late"](3, grace=3)
    assert not names["late"](3, grace=3)
    assert switch.told == {1}
    book = names["Book"]()
    assert book.within(1, 2, 3) and not book.within(1, 0, 3)
    assert switch.told == {1}
    assert not book.within(1, 3, 3) and book.within(1, 1, 3)
    assert switch.told == {1, 2, 3}


@pytest.mark.parametrize("watch", [False, True])
def test_a_generator_is_asked_once(watch):
    names, _, _ = loaded(watch=watch)
    assert names["Book"]().other(7, iter([7, 7]))


def test_every_comparison_of_the_engine_can_be_flipped(tmp_path):
    found = flips.sites(page.ENGINE)
    assert len(found) > 500
    assert len({each.number for each in found}) == len(found)
    for each in found:
        assert ast.parse(each.flipped, mode="eval")
        assert each.text != each.flipped


def test_the_score_leaves_out_what_changes_nothing():
    sites = [
        {"name": name, "by": by, "path": "a/b.py", "line": 1, "function": "f"}
        | {
            "text": "x < y",
            "flipped": "x <= y",
            "reached": by is not None,
            "endless": False,
        }
        for name, by in [("one", "t"), ("two", "cases: C1"), ("three", None), ("4", "")]
    ]
    result = {"flips": sites, "why": {"three": "same"}, "cases": True}
    said = page.summary(result)
    assert said["score"] == round(2 / 3, 4)
    assert (said["equivalent"], said["survived"]) == (1, 1)
    assert said["first_by_a_published_case"] == 1
    (line,) = page.survivors(result)
    assert line.startswith("a/b.py:1 f: x < y -> x <= y")
    assert "| `three` | same |" in page.mutants(result)
