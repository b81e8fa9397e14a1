"""The navigation in groups, and the words for what no person did."""

from itertools import groupby

import pytest
from django.utils import translation

from daihou.kit import actors, shell


def test_lines_of_a_group_stand_together_in_the_order_of_a_day() -> None:
    together = [group for group, _lines in groupby(e.group for e in shell.entries())]
    assert together == [group for group in shell.Group if group in together]
    assert together[0] is shell.Group.TODAY
    assert len(together) >= 4


def test_no_group_is_longer_than_a_glance_and_a_phone_bar_holds_the_first() -> None:
    many = {
        group: len(list(lines))
        for group, lines in groupby(e.group for e in shell.entries())
    }
    assert max(many.values()) <= 7
    assert many[shell.Group.TODAY] <= 4


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_no_person_did_has_a_word(language: str) -> None:
    with translation.override(language):
        assert actors.actor_word("casework") != "casework"
        assert actors.actor_word("mei", names={"mei": "Mei"}) == "Mei"
        assert actors.actor_word("bola", names={"mei": "Mei"}) == "bola"
