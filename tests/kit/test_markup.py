"""Cells drawn by the hundred say what Django would have said, and run nothing."""

import pytest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from daihou.kit.markup import fill

PARTS = [
    "plain",
    "<script>alert(1)</script>",
    "\"quoted\" & 'so'",
    SafeString("<b>ours</b>"),
    gettext_lazy("Overdue"),
    -12,
    None,
    "{}",
]


@pytest.mark.parametrize("part", PARTS, ids=repr)
def test_it_says_what_django_says(part: object) -> None:
    made = fill('<td title="{}">{}</td>', part, part)
    assert made == format_html('<td title="{}">{}</td>', part, part)
    assert isinstance(made, SafeString)


def test_what_was_filled_is_not_escaped_again() -> None:
    assert fill("<p>{}</p>", fill("<b>{}</b>", "<")) == "<p><b>&lt;</b></p>"
